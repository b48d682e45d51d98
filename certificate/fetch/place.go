package fetch

import (
	"net/url"
	"strings"

	"github.com/inkan-go/inkan/certificate"
)

// place is where a certificate says that something can be had: a URL, or why it is
// not asked.
type place struct {
	url  *url.URL
	text string // as it may be shown
	skip error
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
			list = append(list, place{text: shorten(redactText(text)), skip: &SkippedError{Form: "URL over the limit"}})
		default:
			list = append(list, parsePlace(text))
		}
	}
	return list
}

func parsePlace(text string) place {
	u, err := url.Parse(text)
	if err != nil {
		return place{text: "(malformed URL)", skip: &SkippedError{Form: "malformed URL"}}
	}
	return place{url: u, text: redact(u)}
}

// crlPlaces lists where CRLs for a certificate are. Directory names, and names
// relative to the issuer, need a directory to ask.
func crlPlaces(c *certificate.Certificate) ([]place, error) {
	points, err := c.CRLDistributionPoints()
	var urls []string
	var others []place
	for _, p := range points {
		urls = append(urls, p.URLs...)
		for _, name := range p.Names {
			others = append(others, place{text: shorten(name.String()), skip: &SkippedError{Form: "directory name"}})
		}
		if p.Relative {
			others = append(others, place{text: "(relative to the issuer)", skip: &SkippedError{Form: "relative name"}})
		}
	}
	if len(others) > maxURLs {
		others = others[:maxURLs]
	}
	return append(places(urls), others...), err
}
