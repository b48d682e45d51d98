package fetch

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestForbiddenAddresses(t *testing.T) {
	for kind, list := range map[string][]string{
		"unspecified":         {"0.0.0.0", "0.255.255.255", "::"},
		"loopback":            {"127.0.0.1", "127.255.255.254", "::1"},
		"private":             {"10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fd00:ec2::254"},
		"shared":              {"100.64.0.1", "100.127.255.255", "100.100.100.200"},
		"link-local":          {"169.254.169.254", "fe80::1", "fe80::1%eth0"},
		"multicast":           {"224.0.0.1", "239.255.255.255", "ff02::1"},
		"reserved":            {"240.0.0.1", "255.255.255.255", "4000::1", "5f00::1"},
		"documentation":       {"192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"},
		"benchmarking":        {"198.18.0.1", "198.19.255.255"},
		"cloud host":          {"168.63.129.16"},
		"IPv4-mapped":         {"::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:10.0.0.1"},
		"IPv4-compatible":     {"::127.0.0.1", "::8.8.8.8"},
		"NAT64":               {"64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1"},
		"6to4":                {"2002:7f00:1::1"},
		"6to4 relay":          {"192.88.99.1"},
		"protocol assignment": {"192.0.0.170", "2001::1", "2001:10::1"},
		"site-local":          {"fec0::1"},
		"zoned":               {"2600::1%eth0"},
		"": {"8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "11.0.0.1",
			"128.0.0.1", "169.253.255.255", "192.167.1.1", "223.255.255.255", "2600::1", "2001:4860:4860::8888", "2a00::1"},
	} {
		for _, text := range list {
			require.Equal(t, kind, forbidden(netip.MustParseAddr(text)), text)
		}
	}
	require.Equal(t, "invalid", forbidden(netip.Addr{}))
}

func TestForbiddenHosts(t *testing.T) {
	for _, host := range []string{
		"localhost", "LOCALHOST.", "a.localhost", "printer", "printer.local", "x.internal", "nas.home.arpa",
		"2130706433", "0x7f000001", "127.0.0.1", "::1", "metadata.google.internal", "",
		"127.1", "0177.0.0.1", "0x7f.0.0.1", "127.0.0.0x1", "127.0.0.1.", "8.8.8.08", "①②⑦.⓪.⓪.①", "127。0。0。1", "ｌｏｃａｌｈｏｓｔ.example",
		"localhost..", ".localhost", "a..example", ".", "a.example\t", "a b.example",
	} {
		err := forbiddenHost(host)
		require.ErrorIs(t, err, ErrForbiddenAddress, host)
		var refused *AddressError
		require.ErrorAs(t, err, &refused)
		require.Equal(t, host, refused.Host)
		require.Contains(t, err.Error(), refused.Kind)
	}
	for _, host := range []string{"ca.example", "crl.example.co.jp", "8.8.8.8", "2600::1", "localhost.example", "xlocal.example", "1.2.3.example", "xn--eckwd4c7c.xn--zckzah", "a_b.example."} {
		require.NoError(t, forbiddenHost(host), host)
	}
}
