package fetch

import (
	"net/url"
	"strings"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/redact"
)

// place is where a certificate says that something can be had: a URL, or why it is
// not asked.
type place struct {
	url     *url.URL
	written string // as it stands in the certificate
	text    string // as it may be shown
	skip    error
	point   int // which distribution point of a list names it
}

// places reads URLs. The same one twice is one place.
func places(urls []string) []place {
	var list []place
	seen := map[string]bool{}
	for _, text := range urls {
		text = strings.TrimSpace(text)
		if seen[text] {
			continue
		}
		seen[text] = true
		switch {
		case len(list) == maxURLs:
			return append(list, place{text: "further places", skip: &SkippedError{Form: "over the limit"}})
		case len(text) > maxURLBytes:
			list = append(list, place{written: text, text: redact.Short(redact.Text(text)), skip: &SkippedError{Form: "URL over the limit"}})
		default:
			list = append(list, parsePlace(text))
		}
	}
	return list
}

func parsePlace(text string) place {
	u, err := url.Parse(text)
	if err != nil {
		return place{written: text, text: "(malformed URL)", skip: &SkippedError{Form: "malformed URL"}}
	}
	return place{url: u, written: text, text: redact.URL(u)}
}

// crlPlaces lists where the CRLs of distribution points are. Directory names, and names
// relative to the issuer, need a directory to ask.
func crlPlaces(points []certificate.DistributionPoint) []place {
	var urls []string
	var others []place
	pointOf := map[string]int{}
	for i, p := range points {
		for _, u := range p.URLs {
			u = strings.TrimSpace(u)
			if _, known := pointOf[u]; !known {
				pointOf[u] = i
			}
			urls = append(urls, u)
		}
		for _, name := range p.Names {
			others = append(others, place{text: redact.Short(name.String()), skip: &SkippedError{Form: "directory name"}})
		}
		if p.Relative {
			others = append(others, place{text: "(relative to the issuer)", skip: &SkippedError{Form: "relative name"}})
		}
	}
	if len(others) > maxURLs {
		others = others[:maxURLs]
	}
	list := places(urls)
	for i := range list {
		list[i].point = pointOf[list[i].written]
	}
	return append(list, others...)
}
