package certificate_test

import (
	"bytes"
	"encoding/asn1"
	"hash/maphash"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/testpki"
)

// replaceOnce replaces bytes in DER that stand two or three sequences deep, and
// mends the lengths of the sequences around them.
func replaceOnce(t testing.TB, der, old, replacement []byte) []byte {
	t.Helper()
	require.Equal(t, 1, bytes.Count(der, old))
	at := bytes.Index(der, old)
	return rebuild(t, der, at, len(old), replacement)
}

// rebuild copies the element der, replacing length bytes at an offset in it.
func rebuild(t testing.TB, der []byte, at, length int, replacement []byte) []byte {
	t.Helper()
	if at == 0 && length == len(der) {
		return replacement
	}
	var element asn1.RawValue
	rest, err := asn1.Unmarshal(der, &element)
	require.NoError(t, err)
	require.Empty(t, rest)
	header := len(der) - len(element.Bytes)
	var content []byte
	for inner, offset := element.Bytes, header; len(inner) > 0; {
		var child asn1.RawValue
		after, err := asn1.Unmarshal(inner, &child)
		require.NoError(t, err)
		if offset <= at && at < offset+len(child.FullBytes) {
			content = append(content, rebuild(t, child.FullBytes, at-offset, length, replacement)...)
		} else {
			content = append(content, child.FullBytes...)
		}
		inner, offset = after, offset+len(child.FullBytes)
	}
	out, err := asn1.Marshal(asn1.RawValue{Class: element.Class, Tag: element.Tag, IsCompound: element.IsCompound, Bytes: content})
	require.NoError(t, err)
	return out
}

func cn(tag uint8, value string) testpki.Attribute {
	return testpki.Attribute{Type: asn1.ObjectIdentifier{2, 5, 4, 3}, Tag: tag, Value: []byte(value)}
}

func name(t testing.TB, rdns ...[]testpki.Attribute) certificate.Name {
	t.Helper()
	n, err := certificate.ParseName(testpki.NameOf(rdns...))
	require.NoError(t, err)
	return n
}

func TestNameString(t *testing.T) {
	one := func(tag uint8, value string) [][]testpki.Attribute { return [][]testpki.Attribute{{cn(tag, value)}} }
	uid := testpki.Attribute{Type: asn1.ObjectIdentifier{1, 2, 3, 4}, Value: []byte("x")}
	for _, test := range []struct {
		want string
		rdns [][]testpki.Attribute
	}{
		{"CN=山田太郎,O=印鑑,C=JP", [][]testpki.Attribute{{testpki.Country("JP")}, {testpki.Organization("印鑑")}, {testpki.CommonName("山田太郎")}}},
		{"CN=a+1.2.3.4=x,C=JP", [][]testpki.Attribute{{testpki.Country("JP")}, {cn(12, "a"), uid}}},
		{`CN=a\,b\+c\"d\\e\<f\>g\;h`, one(12, `a,b+c"d\e<f>g;h`)},
		{`CN=\ a\ `, one(12, " a ")},
		{`CN=\ `, one(12, " ")},
		{`CN=\#a#`, one(12, "#a#")},
		{`CN=a\00b`, one(12, "a\x00b")},
		{`CN=a\1B[31m\C2\9B`, one(12, "a\x1b[31m\u009b")},
		{`CN=a\E2\80\AEfdp`, one(12, "a\u202efdp")},
		{"CN=#02012a", one(2, "\x2a")},
		{"CN=Müller", one(20, "M\xfcller")},
		{"CN=Müller", one(20, "Müller")},
		{"CN=é", one(19, "\xe9")},
		{"CN=岡島", one(30, "\x5c\xa1\x5c\xf6")},
		{"CN=岡\uFFFD", one(30, "\x5c\xa1\x5c")},
		{"CN=\uFFFD", one(30, "\xd8\x00")},
		{"CN=\uFFFD", one(28, "\x00\x11\x00\x00")},
		{"CN=A\uFFFD", one(28, "\x00\x00\x00A\x00")},
		{"", nil},
	} {
		t.Run(test.want, func(t *testing.T) {
			require.Equal(t, test.want, name(t, test.rdns...).String())
		})
	}
	for _, person := range testpki.JapaneseNames() {
		utf8 := name(t, []testpki.Attribute{testpki.CommonName(person)})
		bmp := name(t, []testpki.Attribute{testpki.CommonName(person).BMPString()})
		require.Equal(t, person, utf8.CommonName())
		require.Equal(t, person, bmp.CommonName())
		require.True(t, utf8.Equal(bmp))
	}
}

func TestNameEqual(t *testing.T) {
	type rdns = [][]testpki.Attribute
	jp := testpki.Country("JP")
	for _, test := range []struct {
		name string
		a, b rdns
		want bool
	}{
		{"same", rdns{{jp}, {cn(12, "a")}}, rdns{{jp}, {cn(12, "a")}}, true},
		{"string type", rdns{{cn(12, "a")}}, rdns{{cn(19, "a")}}, true},
		{"case", rdns{{cn(12, "Straße ÄÖ k")}}, rdns{{cn(12, "STRAßE äö K")}}, true},
		{"case beyond ASCII", rdns{{cn(12, "\u212a")}}, rdns{{cn(12, "k")}}, true},
		{"spaces", rdns{{cn(12, "  a   b ")}}, rdns{{cn(12, "a b")}}, true},
		{"set in another order", rdns{{jp, cn(12, "a")}}, rdns{{cn(12, "a"), jp}}, true},
		{"RDNs in another order", rdns{{jp}, {cn(12, "a")}}, rdns{{cn(12, "a")}, {jp}}, false},
		{"set or sequence", rdns{{jp, cn(12, "a")}}, rdns{{jp}, {cn(12, "a")}}, false},
		{"value", rdns{{cn(12, "a")}}, rdns{{cn(12, "b")}}, false},
		{"type", rdns{{cn(12, "JP")}}, rdns{{jp}}, false},
		{"repeated in the set", rdns{{cn(12, "a"), cn(12, "a")}}, rdns{{cn(12, "a"), cn(12, "b")}}, false},
		{"not a string", rdns{{cn(2, "a")}}, rdns{{cn(12, "#020161")}}, false},
		{"prefix", rdns{{jp}}, rdns{{jp}, {cn(12, "a")}}, false},
		{"quotes do not confuse", rdns{{cn(12, `a",2.5.4.3=b`)}}, rdns{{cn(12, "a")}, {cn(12, "b")}}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, b := name(t, test.a...), name(t, test.b...)
			require.Equal(t, test.want, a.Equal(b))
			require.Equal(t, test.want, b.Equal(a))
			// A pool finds anchors by a key made of the name: it must agree.
			pool := certificate.NewPool()
			anchor := changed(t, func(c *testpki.Template) { c.Subject = testpki.NameOf(test.a...) })
			leaf := changed(t, func(c *testpki.Template) { c.Issuer = testpki.NameOf(test.b...) })
			pool.Add(anchor)
			_, err := certificate.BuildPath(t.Context(), leaf, certificate.PathOptions{Anchors: pool, Purpose: certificate.Signing, Time: testpki.Now()})
			var failure *certificate.PathError
			require.ErrorAs(t, err, &failure)
			require.Equal(t, test.want, failure.Reason == certificate.BadSignature)
		})
	}
}

func TestParseNameRefuses(t *testing.T) {
	for _, der := range [][]byte{
		nil, {0x31, 0}, {0x30, 2, 0x31, 0}, {0x30, 4, 0x31, 2, 0x30, 0}, {0x30, 0, 0},
		{0x30, 9, 0x31, 7, 0x30, 5, 6, 3, 0x55, 4, 3},
	} {
		_, err := certificate.ParseName(der)
		require.Error(t, err)
	}
}

// Names are compared in one pass as they are by the library's own functions.
func TestFold(t *testing.T) {
	slow := func(text string) string {
		return strings.Map(func(r rune) rune {
			least := r
			for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
				least = min(least, next)
			}
			return least
		}, strings.Join(strings.Fields(text), " "))
	}
	for r := rune(0x80); r <= unicode.MaxRune; r++ {
		if utf8.ValidRune(r) {
			if slow(string(r)) != certificate.Fold(string(r)) {
				t.Fatalf("%U", r)
			}
		}
	}
	for _, text := range []string{"", " ", "  é ", "é\t\u3000 é", "株式会社 印鑑 ", "\xff", "ﬁé", "Straße  STRASSE"} {
		require.Equal(t, slow(text), certificate.Fold(text), "%q", text)
	}
}

// Whatever way a value takes to be compared, names that are equal have one hash.
func TestNameHashOfEqualNames(t *testing.T) {
	seed := maphash.MakeSeed()
	long := strings.Repeat("Long Name, ", 20) + "Kk"
	for _, text := range []string{"Inkan", long} {
		same := []certificate.Name{
			name(t, []testpki.Attribute{cn(12, text)}),
			name(t, []testpki.Attribute{cn(19, strings.ToLower(text))}),
			name(t, []testpki.Attribute{cn(22, strings.ToUpper(text))}),
			name(t, []testpki.Attribute{cn(12, "  "+text+" ")}),
		}
		for _, n := range same {
			require.True(t, same[0].Equal(n))
			require.True(t, n.Equal(same[0]))
			require.Equal(t, same[0].Hash(seed), n.Hash(seed))
		}
		other := name(t, []testpki.Attribute{cn(12, text+"x")})
		require.False(t, other.Equal(same[0]))
		require.NotEqual(t, same[0].Hash(seed), other.Hash(seed))
	}
}
