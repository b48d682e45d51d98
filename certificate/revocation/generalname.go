package revocation

import (
	"bytes"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/certificate"
)

// generalName is one GeneralName as written (RFC 5280, 4.2.1.6).
type generalName struct {
	tag     cbasn1.Tag
	content []byte
	name    certificate.Name // directoryName only
}

const (
	tagDirectoryName = cbasn1.Tag(4) | constructed
	tagURI           = cbasn1.Tag(6 | 0x80)
)

type generalNames []generalName

// parseGeneralNames reads a GeneralNames with its tag and length.
func parseGeneralNames(der []byte) (generalNames, bool) {
	s := cryptobyte.String(der)
	var list cryptobyte.String
	if !s.ReadASN1(&list, cbasn1.SEQUENCE) || !s.Empty() {
		return nil, false
	}
	return readGeneralNames(list)
}

// readGeneralNames reads the content of a GeneralNames.
func readGeneralNames(list cryptobyte.String) (generalNames, bool) {
	var names generalNames
	for !list.Empty() {
		var content cryptobyte.String
		n := generalName{}
		if len(names) == maxGeneralNames || !list.ReadAnyASN1(&content, &n.tag) {
			return nil, false
		}
		n.content = content
		if n.tag == tagDirectoryName {
			var err error
			if n.name, err = certificate.ParseName(content); err != nil {
				return nil, false
			}
		}
		names = append(names, n)
	}
	return names, len(names) > 0
}

// work returns what it costs to compare with the names, in comparisons of short ones.
func (list generalNames) work() int {
	const short = 64 // bytes
	sum := 0
	for _, n := range list {
		sum += 1 + len(n.content)/short
	}
	return sum
}

func (list generalNames) directory() (names []certificate.Name) {
	for _, n := range list {
		if n.tag == tagDirectoryName {
			names = append(names, n.name)
		}
	}
	return names
}

func (list generalNames) urls() (urls []string) {
	for _, n := range list {
		if n.tag == tagURI {
			urls = append(urls, string(n.content))
		}
	}
	return urls
}

// hasName tells whether the directory name is in the list.
func (list generalNames) hasName(name certificate.Name) bool {
	for _, n := range list {
		if n.tag == tagDirectoryName && n.name.Equal(name) {
			return true
		}
	}
	return false
}

// meets tells whether the lists have a name in common.
func (list generalNames) meets(other generalNames) bool {
	for _, a := range list {
		for _, b := range other {
			if a.equal(b) {
				return true
			}
		}
	}
	return false
}

func (n generalName) equal(o generalName) bool {
	switch {
	case n.tag != o.tag:
		return false
	case n.tag == tagDirectoryName:
		return n.name.Equal(o.name)
	case n.tag == tagURI:
		return bytes.Equal(n.content, o.content) || foldURL(n.content) == foldURL(o.content)
	}
	return bytes.Equal(n.content, o.content)
}

// foldURL lowers scheme and host, whose case does not count (RFC 5280, 7.4).
func foldURL(raw []byte) string {
	text := string(raw)
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok {
		return text
	}
	host, path, _ := strings.Cut(rest, "/")
	return strings.ToLower(scheme) + "://" + strings.ToLower(host) + "/" + path
}
