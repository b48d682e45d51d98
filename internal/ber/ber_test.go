package ber

import (
	"bytes"
	"encoding/asn1"
	"encoding/hex"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func unhex(t testing.TB, s string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	require.NoError(t, err)
	return b
}

func TestRead(t *testing.T) {
	tests := []struct {
		name, in, content, rest string
		want                    Element
	}{
		{"short", "0402abcd ff", "abcd", "ff", Element{Tag: 4}},
		{"empty", "0500", "", "", Element{Tag: 5}},
		{"long length", "048101aa", "aa", "", Element{Tag: 4, NonMinimal: true}},
		{"leading zeros", "0484000000 01aa", "aa", "", Element{Tag: 4, NonMinimal: true}},
		{"sixteen length octets", "0490" + strings.Repeat("00", maxLengthOctets-1) + "01aa", "aa", "", Element{Tag: 4, NonMinimal: true}},
		{"context", "a003020101", "020101", "", Element{Class: ContextSpecific, Tag: 0, Constructed: true}},
		{"high tag", "bf1f00", "", "", Element{Class: ContextSpecific, Tag: 31, Constructed: true}},
		{"high tag two octets", "5f810000", "", "", Element{Class: Application, Tag: 128}},
		{"high tag form of a low tag", "1f0401aa", "aa", "", Element{Tag: 4, NonMinimal: true}},
		{"indefinite", "3080 0101ff 0000 aa", "0101ff", "aa", Element{Tag: 16, Constructed: true, Indefinite: true}},
		{"indefinite nested", "3080 3080 0000 0500 0000", "308000000500", "", Element{Tag: 16, Constructed: true, Indefinite: true}},
		{"zeros inside a definite one", "3080 04020000 0000", "04020000", "", Element{Tag: 16, Constructed: true, Indefinite: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := unhex(t, tt.in)
			e, rest, err := Read(in)
			require.NoError(t, err)
			require.Equal(t, tt.content, hex.EncodeToString(e.Content))
			require.Equal(t, tt.rest, hex.EncodeToString(rest))
			require.Equal(t, in, append(append([]byte(nil), e.Raw...), rest...))
			e.Raw, e.Content = nil, nil
			require.Equal(t, tt.want, e)
		})
	}
}

func TestReadRefuses(t *testing.T) {
	tests := []struct {
		name, in string
		want     error
	}{
		{"nothing", "", ErrMalformed},
		{"one byte", "30", ErrMalformed},
		{"content cut", "0402aa", ErrMalformed},
		{"length cut", "0482ff", ErrMalformed},
		{"length 2^64-1", "0488ffffffffffffffff", ErrMalformed},
		{"length 2^63", "04888000000000000000", ErrMalformed},
		{"seventeen length octets", "0491" + strings.Repeat("00", maxLengthOctets) + "01aa", ErrLimit},
		{"tag cut", "1f81", ErrMalformed},
		{"tag with leading zeros", "1f800400", ErrMalformed},
		{"tag too large", "1f8180808000" + "00", ErrLimit},
		{"primitive indefinite", "0480 0000", ErrMalformed},
		{"indefinite not closed", "3080 0500", ErrMalformed},
		{"constructed BOOLEAN", "2103 0101ff", ErrMalformed},
		{"primitive SEQUENCE", "1000", ErrMalformed},
		{"end-of-contents alone", "0000", ErrMalformed},
		{"tag 0 with a length", "000100", ErrMalformed},
		{"tag 0 with a long length", "3080 008100 0000", ErrMalformed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := Read(unhex(t, tt.in))
			require.ErrorIs(t, err, tt.want)
		})
	}
	e, _, err := Read(unhex(t, "1fffffff7f00"))
	require.NoError(t, err, "the largest tag")
	require.EqualValues(t, maxTag-1, e.Tag)
}

// TestDeepNesting: input that would overflow a recursive reader is refused at once.
func TestDeepNesting(t *testing.T) {
	start := time.Now()
	_, _, err := Read(bytes.Repeat([]byte{0x30, 0x80}, 4<<20))
	require.ErrorIs(t, err, ErrLimit)
	require.Less(t, time.Since(start), time.Second)

	nested := func(levels int, head, tail []byte) []byte {
		return slicesRepeat(head, levels, tail)
	}
	_, _, err = Read(nested(maxDepth, []byte{0x30, 0x80}, []byte{0, 0}))
	require.NoError(t, err)
	_, _, err = Read(nested(maxDepth+1, []byte{0x30, 0x80}, []byte{0, 0}))
	require.ErrorIs(t, err, ErrLimit)

	definite := func(levels int) []byte {
		b := []byte{}
		for range levels {
			b = append(AppendLength([]byte{0x30}, len(b)), b...)
		}
		return b
	}
	for _, f := range []func([]byte) error{
		func(b []byte) error { _, err := ToDER(b); return err },
		func(b []byte) error { _, err := IsDER(b); return err },
		func(b []byte) error { _, err := HasDERLengths(b); return err },
	} {
		require.NoError(t, f(definite(maxDepth-1)))
		require.ErrorIs(t, f(definite(maxDepth)), ErrLimit)
	}
	segments := nested(maxDepth, []byte{0x24, 0x80}, []byte{0, 0})
	e, _, err := Read(segments)
	require.NoError(t, err)
	_, err = e.OctetString()
	require.NoError(t, err)
	e.Content = segments // one level more
	_, err = e.OctetString()
	require.ErrorIs(t, err, ErrLimit)
}

func slicesRepeat(head []byte, n int, tail []byte) []byte {
	return append(bytes.Repeat(head, n), bytes.Repeat(tail, n)...)
}

func TestOctetString(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"primitive", "0402abcd", "abcd"},
		{"implicit", "8002abcd", "abcd"},
		{"segments", "2480 0401ab 0401cd 0000", "abcd"},
		{"segments of segments", "2480 2480 0401ab 0000 2403 0401cd 0000", "abcd"},
		{"implicit segments", "a080 0401ab 0401cd 0000", "abcd"},
		{"no segment", "2400", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e, _, err := Read(unhex(t, tt.in))
			require.NoError(t, err)
			got, err := e.OctetString()
			require.NoError(t, err)
			require.Equal(t, tt.want, hex.EncodeToString(got))
		})
	}
	e, _, err := Read(unhex(t, "2480 0201ab 0000"))
	require.NoError(t, err)
	_, err = e.OctetString()
	require.ErrorIs(t, err, ErrMalformed)
}

func TestToDER(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"as it is", "3003020101", "3003020101"},
		{"indefinite", "3080 020101 0000", "3003020101"},
		{"long length", "30 8103 020101", "3003020101"},
		{"set sorted", "3106 020102 020101", "3106 020101 020102"},
		{"set inside", "3080 3180 0500 020101 0000 0000", "3007 3105 020101 0500"},
		{"octet string", "2480 0401aa 0401bb 0000", "0402aabb"},
		{"bit string", "2380 030200aa 030204b0 0000", "030304aab0"},
		{"UTF8String of octet strings", "2c80 0401c3 0401a9 0000", "0c02c3a9"},
		{"TRUE", "010101", "0101ff"},
		{"high tag", "bf8148 80 0500 0000", "bf8148 02 0500"},
		{"implicit string stays", "a080 0401aa 0000", "a003 0401aa"},
		{"several", "0500 048101aa", "0500 0401aa"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in, want := unhex(t, tt.in), strings.ReplaceAll(tt.want, " ", "")
			got, err := ToDER(in)
			require.NoError(t, err)
			require.Equal(t, want, hex.EncodeToString(got))
			ok, err := IsDER(in)
			require.NoError(t, err)
			require.Equal(t, bytes.Equal(in, got), ok)
			ok, err = IsDER(got)
			require.NoError(t, err)
			require.True(t, ok)
		})
	}
	for _, bad := range []string{"0102ffff", "0100", "2380 030204b0 030200aa 0000", "2380 0300 0000", "2c80 020101 0000", "3080"} {
		_, err := ToDER(unhex(t, bad))
		require.ErrorIs(t, err, ErrMalformed, bad)
	}
}

func TestHasDERLengths(t *testing.T) {
	for in, want := range map[string]bool{
		"3106 020102 020101":            true, // unsorted, but that is another matter
		"3003 020101":                   true,
		"3080 020101 0000":              false,
		"3005 3080 0000 05":             false,
		"3004 02810101":                 false,
		"3007 0405 3080 0000 00":        true, // inside a string nothing is an element
		"30 81 80" + hexOctets(0x80-2):  true,
		"30 8200 80" + hexOctets(0x7e):  false,
		"3003 1f020100":                 false,
		"30 82 0100" + hexOctets(0x100): true,
	} {
		got, err := HasDERLengths(unhex(t, in))
		if in != "3003 1f020100" && in != "3005 3080 0000 05" {
			require.NoError(t, err, in)
		}
		require.Equal(t, want, got, in)
	}
}

// hexOctets returns an OCTET STRING of total length n, in hexadecimal.
func hexOctets(n int) string {
	if n >= 0x82 {
		n -= 3
		return hex.EncodeToString(append([]byte{4, 0x81, byte(n)}, make([]byte, n)...))
	}
	if n == 0x7e {
		return hex.EncodeToString(append([]byte{4, 0x7e}, make([]byte, 0x7e)...))
	}
	return hex.EncodeToString(append([]byte{4, byte(n)}, make([]byte, n)...))
}

func TestObjectIdentifier(t *testing.T) {
	for _, oid := range []asn1.ObjectIdentifier{{0, 0}, {1, 2, 840, 113549, 1, 7, 2}, {2, 16, 840, 1}, {2, 999, 3}, {1, 39}, {2, 5, 1<<31 - 1}} {
		der, err := asn1.Marshal(oid)
		require.NoError(t, err)
		e, _, err := Read(der)
		require.NoError(t, err)
		got, err := e.ObjectIdentifier()
		require.NoError(t, err)
		require.Equal(t, oid, got)
	}
	arcs := func(n int) string {
		return hex.EncodeToString(append([]byte{6, byte(n - 1)}, bytes.Repeat([]byte{1}, n-1)...))
	}
	for in, want := range map[string]error{"0600": ErrMalformed, "06022a80": ErrMalformed, "0603 2a8001": ErrMalformed, "0401 2a": ErrMalformed,
		"0606 2a8880808000": ErrLimit, arcs(maxArcs): nil, arcs(maxArcs + 1): ErrLimit} {
		e, _, err := Read(unhex(t, in))
		require.NoError(t, err)
		_, err = e.ObjectIdentifier()
		require.ErrorIs(t, err, want, in)
	}
}

func TestInteger(t *testing.T) {
	for in, want := range map[string]int64{"020100": 0, "02017f": 127, "0201ff": -1, "0202ff7f": -129, "02020001": 1, "02047fffffff": 1<<31 - 1} {
		e, _, err := Read(unhex(t, in))
		require.NoError(t, err)
		v, err := e.Int()
		require.NoError(t, err)
		require.EqualValues(t, want, v)
		b, err := e.BigInt()
		require.NoError(t, err)
		require.Equal(t, big.NewInt(want).String(), b.String())
	}
	e, _, err := Read(unhex(t, "02050000000001"))
	require.NoError(t, err)
	_, err = e.Int()
	require.ErrorIs(t, err, ErrLimit)
	_, err = Element{Tag: TagInteger}.BigInt()
	require.ErrorIs(t, err, ErrMalformed)
}

func TestReader(t *testing.T) {
	e, _, err := Read(unhex(t, "3080 020101 0401aa 0000"))
	require.NoError(t, err)
	r := e.Elements()
	_, err = r.Expect(Universal, TagOctetString)
	require.ErrorIs(t, err, ErrMalformed)
	_, present, err := r.Optional(ContextSpecific, 0)
	require.NoError(t, err)
	require.False(t, present)
	_, err = r.Expect(Universal, TagInteger)
	require.NoError(t, err)
	_, present, err = r.Optional(Universal, TagOctetString)
	require.NoError(t, err)
	require.True(t, present)
	require.True(t, r.Empty())
	_, err = r.Next()
	require.ErrorIs(t, err, ErrMalformed)
	children, err := e.Children()
	require.NoError(t, err)
	require.Len(t, children, 2)
	primitive := Element{Content: []byte{5, 0}}.Elements()
	require.True(t, primitive.Empty())
}

// seeds are real structures: DER made by encoding/asn1 and the same in indefinite lengths and segments.
func seeds(t testing.TB) [][]byte {
	der, err := asn1.Marshal(struct {
		OID  asn1.ObjectIdentifier
		Set  []int `asn1:"set"`
		Text string
		Bits asn1.BitString
		Time time.Time
		B    bool
		Raw  []byte `asn1:"tag:0"`
	}{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}, []int{1, 2, 300}, "印鑑", asn1.BitString{Bytes: []byte{0xa0}, BitLength: 3},
		time.Unix(0, 0).UTC(), true, []byte("content")})
	require.NoError(t, err)
	e, _, err := Read(der)
	require.NoError(t, err)
	list := [][]byte{der}
	list = append(list, append(append([]byte{0x30, 0x80}, e.Content...), 0, 0))
	list = append(list, append([]byte{0x30, 0x84, 0, 0, 0, byte(len(e.Content))}, e.Content...))
	for _, s := range []string{"2480 0401aa 2480 0401bb 0000 0000", "2380 030200aa 030204b0 0000", "3180 0500 020101 0000", "bf8148 80 0500 0000", "308030803080"} {
		list = append(list, unhex(t, s))
	}
	if len(list) < 8 {
		t.Fatal("seeds are missing")
	}
	return list
}

func FuzzBER(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		before := append([]byte(nil), b...)
		lengths, lengthsErr := HasDERLengths(b)
		slowly, slowlyErr := everyElement(b, func(e Element) bool { return !e.Indefinite && !e.NonMinimal })
		require.Equal(t, slowly, lengths)
		require.Equal(t, slowlyErr, lengthsErr)
		e, rest, err := Read(b)
		if err != nil {
			return
		}
		require.Equal(t, len(b), len(e.Raw)+len(rest))
		require.LessOrEqual(t, len(e.Content), len(e.Raw))
		_, _ = e.OctetString()
		_, _ = e.ObjectIdentifier()
		_, _ = e.BigInt()
		_, _ = e.Children()
		isDER, derErr := IsDER(e.Raw)
		der, err := ToDER(e.Raw)
		require.Equal(t, before, b, "input was written to")
		if err != nil {
			return
		}
		if derErr == nil && isDER {
			require.Equal(t, e.Raw, der)
		}
		ok, err := IsDER(der)
		require.NoError(t, err)
		require.True(t, ok)
		again, err := ToDER(der)
		require.NoError(t, err)
		require.Equal(t, der, again)
	})
}
