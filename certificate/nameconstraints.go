package certificate

import (
	"bytes"
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// nameConstraints is the extension of RFC 5280, 4.2.1.10.
type nameConstraints struct{ permitted, excluded []subtree }

// subtree is one base of names.
type subtree struct {
	generalName
	// unsupported: a minimum or maximum is given, or the form of name has no rule
	// of comparison. No name of the form passes.
	unsupported bool
}

func (c *Certificate) readNameConstraints(value cryptobyte.String) string {
	const malformed = "malformed nameConstraints"
	var body cryptobyte.String
	if !value.ReadASN1(&body, cbasn1.SEQUENCE) || !value.Empty() {
		return malformed
	}
	constraints := &nameConstraints{}
	for i, list := range []*[]subtree{&constraints.permitted, &constraints.excluded} {
		var trees cryptobyte.String
		var present bool
		if !body.ReadOptionalASN1(&trees, &present, contextClass|constructedBit|cbasn1.Tag(i)) {
			return malformed
		}
		for present && !trees.Empty() {
			tree, ok := parseSubtree(&trees)
			if !ok {
				return malformed
			}
			if len(*list) == maxListItems {
				return "too many nameConstraints"
			}
			*list = append(*list, tree)
		}
	}
	if !body.Empty() {
		return malformed
	}
	c.constraints = constraints
	return ""
}

// parseSubtree reads a GeneralSubtree.
func parseSubtree(s *cryptobyte.String) (t subtree, ok bool) {
	var body cryptobyte.String
	if !s.ReadASN1(&body, cbasn1.SEQUENCE) {
		return t, false
	}
	if t.generalName, ok = parseGeneralName(&body); !ok {
		return t, false
	}
	switch t.form {
	case mailForm, dnsForm, directoryForm, uriForm:
	case addressForm:
		if len(t.value) != 8 && len(t.value) != 32 {
			return t, false
		}
	default:
		t.unsupported = true
	}
	var minimum, maximum cryptobyte.String
	var hasMinimum, hasMaximum bool
	if !body.ReadOptionalASN1(&minimum, &hasMinimum, contextClass) ||
		!body.ReadOptionalASN1(&maximum, &hasMaximum, contextClass|1) || !body.Empty() {
		return t, false
	}
	t.unsupported = t.unsupported || hasMaximum || hasMinimum && string(minimum) != "\x00"
	return t, true
}

// checkNames checks the names of all certificates of a path against the constraints
// of all above them, the anchor's included (RFC 5280, 6.1.3 b, c and 6.1.4 g). Of
// self-issued certificates only the leaf is held to them.
func (s *search) checkNames(path []*Certificate) *PathError {
	var above []*Certificate // that have constraints
	for i := len(path) - 1; i >= 0; i-- {
		c := path[i]
		if len(above) > 0 && (i == 0 || !c.IsSelfIssued()) {
			if failure := s.checkNamesOf(c, above); failure != nil {
				failure.Certificate, failure.Depth = c, i
				return failure
			}
		}
		if c.constraints != nil {
			above = append(above, c)
		}
	}
	return nil
}

func (s *search) checkNamesOf(c *Certificate, above []*Certificate) *PathError {
	names, ok := c.constrainedNames()
	if !ok {
		return &PathError{Reason: Defective, Detail: "names are constrained, and its subjectAltName cannot be read"}
	}
	for _, n := range names {
		for _, issuer := range above {
			if s.effort.work += issuer.constraints.work(n); s.effort.work > maxPathWork {
				s.effort.gaveUp = true
				return &PathError{Reason: LimitExceeded, Detail: "too many names and constraints"}
			}
			if complaint := issuer.constraints.check(n); complaint != "" {
				return &PathError{Reason: NameConstraints, Detail: n.form.String() + " " + complaint + " " + issuer.Subject.String()}
			}
		}
	}
	return nil
}

// work returns what it costs to check a name, in comparisons of short ones.
func (l *nameConstraints) work(n generalName) int {
	const short = 16 // bytes
	sum := 0
	for _, list := range [2][]subtree{l.permitted, l.excluded} {
		for _, t := range list {
			sum += 1 + min(len(t.value), len(n.value))/short
		}
	}
	return sum
}

// check returns what is wrong with a name, to be followed by whose constraint it is.
func (l *nameConstraints) check(n generalName) string {
	host, ok := "", true
	switch n.form {
	case uriForm:
		host, ok = hostOf(string(n.value))
	case mailForm:
		ok = bytes.IndexByte(n.value, '@') >= 0
	}
	permitted, asked := false, false
	for i, list := range [2][]subtree{l.permitted, l.excluded} {
		for _, t := range list {
			switch exclude := i == 1; {
			case t.form != n.form:
			case t.unsupported:
				return "is under a constraint that is not supported, of"
			case !ok:
				return "without the name of a host is under a constraint of"
			case exclude && t.holds(n, host, true):
				return "is excluded by"
			case !exclude:
				asked = true
				permitted = permitted || t.holds(n, host, false)
			}
		}
	}
	if asked && !permitted {
		return "is not permitted by"
	}
	return ""
}

// holds tells whether the name lies in the subtree. A name with a wildcard lies in
// an excluded one when any name that it stands for does.
func (t subtree) holds(n generalName, host string, wildcard bool) bool {
	switch t.form {
	case directoryForm:
		return len(n.name) >= len(t.name) && t.name.Equal(n.name[:len(t.name)])
	case mailForm:
		return holdsMailbox(string(t.value), string(n.value))
	case dnsForm:
		return holdsHost(string(t.value), string(n.value), wildcard)
	case uriForm:
		return holdsExactHost(string(t.value), host)
	case addressForm:
		return holdsAddress(t.value, n.value)
	}
	return false
}

// holdsMailbox compares with a mailbox, a host, or a domain that begins with a period.
func holdsMailbox(tree, mailbox string) bool {
	at := strings.LastIndexByte(mailbox, '@')
	if at < 0 {
		return false
	}
	if i := strings.LastIndexByte(tree, '@'); i >= 0 {
		return tree[:i] == mailbox[:at] && strings.EqualFold(tree[i+1:], strings.TrimSuffix(mailbox[at+1:], "."))
	}
	return holdsExactHost(tree, mailbox[at+1:])
}

// holdsExactHost compares with a host, or with a domain that begins with a period. A
// period at the end makes no other host.
func holdsExactHost(tree, host string) bool {
	host = strings.TrimSuffix(host, ".")
	if strings.HasPrefix(tree, ".") {
		return len(host) > len(tree) && strings.EqualFold(host[len(host)-len(tree):], tree)
	}
	return tree == "" || strings.EqualFold(tree, host)
}

// holdsHost compares with a host name to which labels may be added on the left. A
// period in front, which is customary and not in the standard, demands one at least.
func holdsHost(tree, host string, wildcard bool) bool {
	host, tree = strings.TrimSuffix(host, "."), strings.TrimSuffix(tree, ".")
	if tree == "" || strings.EqualFold(tree, host) {
		return true
	}
	if wildcard && strings.HasPrefix(host, "*.") {
		// One label of the tree may stand in place of the asterisk.
		if label := strings.IndexByte(tree, '.'); label > 0 && strings.EqualFold(tree[label:], host[1:]) {
			return true
		}
	}
	return holdsExactHost("."+strings.TrimPrefix(tree, "."), host)
}

// hostOf returns the host of a URI, which must have one that is a name.
func hostOf(text string) (string, bool) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" {
		return "", false
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil {
		return "", false
	}
	return u.Hostname(), true
}

// holdsAddress compares with an address and its mask.
func holdsAddress(tree, address []byte) bool {
	size := len(tree) / 2
	if len(address) != size {
		return false
	}
	masked := make([]byte, size)
	base := make([]byte, size)
	for i := range masked {
		masked[i] = address[i] & tree[size+i]
		base[i] = tree[i] & tree[size+i]
	}
	return bytes.Equal(masked, base)
}
