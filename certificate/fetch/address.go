package fetch

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
)

// special are addresses that the IANA special-purpose registries (RFC 6890) or
// common practice keep from being hosts on the public Internet. Of IPv6 only global
// unicast, 2000::/3, is public at all.
var special = [...]struct {
	prefix netip.Prefix
	name   string
}{
	{netip.MustParsePrefix("0.0.0.0/8"), "unspecified"},
	{netip.MustParsePrefix("10.0.0.0/8"), "private"},
	{netip.MustParsePrefix("100.64.0.0/10"), "shared"},
	{netip.MustParsePrefix("127.0.0.0/8"), "loopback"},
	{netip.MustParsePrefix("168.63.129.16/32"), "cloud host"},
	{netip.MustParsePrefix("169.254.0.0/16"), "link-local"},
	{netip.MustParsePrefix("172.16.0.0/12"), "private"},
	{netip.MustParsePrefix("192.0.0.0/24"), "protocol assignment"},
	{netip.MustParsePrefix("192.0.2.0/24"), "documentation"},
	{netip.MustParsePrefix("192.88.99.0/24"), "6to4 relay"},
	{netip.MustParsePrefix("192.168.0.0/16"), "private"},
	{netip.MustParsePrefix("198.18.0.0/15"), "benchmarking"},
	{netip.MustParsePrefix("198.51.100.0/24"), "documentation"},
	{netip.MustParsePrefix("203.0.113.0/24"), "documentation"},
	{netip.MustParsePrefix("224.0.0.0/4"), "multicast"},
	{netip.MustParsePrefix("240.0.0.0/4"), "reserved"},
	{netip.MustParsePrefix("::/128"), "unspecified"},
	{netip.MustParsePrefix("::1/128"), "loopback"},
	{netip.MustParsePrefix("::ffff:0:0/96"), "IPv4-mapped"},
	{netip.MustParsePrefix("::/96"), "IPv4-compatible"},
	{netip.MustParsePrefix("64:ff9b::/96"), "NAT64"},
	{netip.MustParsePrefix("64:ff9b:1::/48"), "NAT64"},
	{netip.MustParsePrefix("2001::/23"), "protocol assignment"}, // with Teredo and ORCHID
	{netip.MustParsePrefix("2001:db8::/32"), "documentation"},
	{netip.MustParsePrefix("2002::/16"), "6to4"},
	{netip.MustParsePrefix("3fff::/20"), "documentation"},
	{netip.MustParsePrefix("fc00::/7"), "private"},
	{netip.MustParsePrefix("fe80::/10"), "link-local"},
	{netip.MustParsePrefix("fec0::/10"), "site-local"},
	{netip.MustParsePrefix("ff00::/8"), "multicast"},
}

var globalUnicast = netip.MustParsePrefix("2000::/3")

// forbidden says what kind of address a is when no request may go there, else "".
func forbidden(a netip.Addr) string {
	if !a.IsValid() {
		return "invalid"
	}
	bare := a.WithZone("")
	for i := range special {
		// Contains compares IPv4-mapped addresses as IPv6.
		if special[i].prefix.Contains(bare) {
			return special[i].name
		}
	}
	switch {
	case a.Zone() != "":
		return "zoned"
	case a.Is6() && !globalUnicast.Contains(bare):
		return "reserved"
	}
	return ""
}

// localNames end names that mean something inside a network only (RFC 6761, RFC
// 6762, RFC 8375, and .internal by decision of ICANN).
var localNames = [...]string{"localhost", "localdomain", "local", "internal", "intranet", "lan", "home.arpa"}

// forbiddenHost judges the host of a URL, before anything is resolved.
func forbiddenHost(host string) error {
	if a, err := netip.ParseAddr(host); err == nil {
		if kind := forbidden(a); kind != "" {
			return &AddressError{Host: host, Address: a, Kind: kind}
		}
		return nil
	}
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	if !isHostName(name) {
		return &AddressError{Host: host, Kind: "malformed name"}
	}
	if !strings.Contains(name, ".") {
		return &AddressError{Host: host, Kind: "local name"}
	}
	for _, end := range localNames {
		if name == end || strings.HasSuffix(name, "."+end) {
			return &AddressError{Host: host, Kind: "local name"}
		}
	}
	return nil
}

// isHostName refuses what some resolver or transport may take for an address or for
// another name: numbers in other writing (127.1, 0177.0.0.1, 0x7f.1), of which the last
// label tells, characters beyond ASCII, which RFC 5280, 7.2, has as A-labels, and empty
// labels.
func isHostName(name string) bool {
	for label := range strings.SplitSeq(name, ".") {
		if label == "" {
			return false
		}
	}
	last := name[strings.LastIndexByte(name, '.')+1:]
	if strings.Trim(last, "0123456789") == "" || strings.HasPrefix(last, "0x") {
		return false
	}
	return !strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r >= 0x7f })
}

// Resolver answers with the addresses of a host. *net.Resolver is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// dial connects to an address that host resolves to and that may be asked. The
// address that was checked is the one that is dialled: a second answer of the
// resolver has no say.
func (c *Client) dial(ctx context.Context, network, hostPort string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(hostPort)
	if err != nil {
		return nil, err
	}
	addresses, err := c.resolve(ctx, host)
	if err != nil {
		return nil, err
	}
	dial := c.Dial
	if dial == nil {
		dial = (&net.Dialer{}).DialContext
	}
	var first error
	for _, a := range addresses {
		conn, err := dial(ctx, network, net.JoinHostPort(a.String(), port))
		if err == nil {
			return conn, nil
		}
		if first == nil {
			first = err
		}
		if ctx.Err() != nil {
			break
		}
	}
	return nil, first
}

// resolve returns the addresses of a host that may be asked. IPv4 addresses come in
// four bytes, so that a mapped one is judged and dialled as what it is.
func (c *Client) resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		if kind := forbidden(a); kind != "" && !c.AllowPrivate {
			return nil, &AddressError{Host: host, Address: a, Kind: kind}
		}
		return []netip.Addr{a}, nil
	}
	var resolver Resolver = net.DefaultResolver
	if c.Resolver != nil {
		resolver = c.Resolver
	}
	found, err := resolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	var allowed []netip.Addr
	var refused error
	for _, a := range found {
		a = a.Unmap()
		if kind := forbidden(a); kind != "" && !c.AllowPrivate {
			refused = &AddressError{Host: host, Address: a, Kind: kind}
			continue
		}
		if len(allowed) < maxAddresses {
			allowed = append(allowed, a)
		}
	}
	switch {
	case len(allowed) > 0:
		return allowed, nil
	case refused != nil:
		return nil, refused
	}
	return nil, fmt.Errorf("fetch: %s has no address", host)
}
