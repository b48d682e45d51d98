package pdf

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
)

// TestPasswordSpellings: what users type becomes the bytes that programs hash.
func TestPasswordSpellings(t *testing.T) {
	for _, c := range []struct {
		revision int
		password string
		want     []string
	}{
		{3, "plain", []string{"plain"}},
		{4, "h\u00f4tel \u20ac", []string{"h\xf4tel \xa0", "h\u00f4tel \u20ac"}},
		{4, "\u30d1\u30b9", []string{"\u30d1\u30b9"}}, // not in PDFDocEncoding
		{6, "plain", []string{"plain"}},
		{6, "I\u00adX", []string{"IX", "I\u00adX"}},             // RFC 4013, 3: soft hyphen
		{6, "\u00aa", []string{"a", "\u00aa"}},                  // compatibility
		{6, "\u2168", []string{"IX", "\u2168"}},                 // Roman numeral nine
		{6, "a\u3000b", []string{"a b", "a\u3000b"}},            // wide space
		{6, "\uff8a\uff9f", []string{"\u30d1", "\uff8a\uff9f"}}, // half-width kana
		{6, strings.Repeat("x", 200), []string{strings.Repeat("x", 127)}},
	} {
		h := handler{Encryption: Encryption{Revision: c.revision}}
		var got []string
		for _, s := range h.spellings(c.password) {
			got = append(got, string(s))
		}
		require.Equal(t, c.want, got, "%q", c.password)
	}
}

// At most maxEncryptions encryption dictionaries are tried, chain after chain.
func TestEncryptionLimit(t *testing.T) {
	encrypted := testpdf.Contract(1, testpdf.Table).Encrypted(testpdf.Encryption{Revision: 3}).Bytes()
	f, err := openBytes(encrypted)
	require.NoError(t, err)
	f.encryptionsOpened = maxEncryptions - 1
	require.NoError(t, f.openEncryption())
	require.ErrorIs(t, f.openEncryption(), ErrLimit)
}

// FuzzEncryption reads and updates files with any encryption dictionary.
func FuzzEncryption(f *testing.F) {
	seeds := 0
	for revision := 2; revision <= 6; revision++ {
		for _, e := range []testpdf.Encryption{{Revision: revision}, {Revision: revision, Metadata: true, Mixed: true, Permissions: -4}} {
			data := testpdf.Contract(1, testpdf.Table).Encrypted(e).Bytes()
			from := bytes.Index(data, []byte("/Encrypt<<")) + len("/Encrypt")
			to := bytes.LastIndex(data, []byte(">>\nstartxref"))
			if from < 0 || to < from {
				f.Fatal("no encryption dictionary in the seed")
			}
			f.Add(data[from:to], "")
			seeds++
		}
	}
	if seeds != 10 {
		f.Fatal("seeds are missing")
	}
	plain := testpdf.Contract(1, testpdf.Table)
	f.Fuzz(func(t *testing.T, dict []byte, password string) {
		file := plain
		file.Trailer += "/Encrypt" + string(dict)
		data := file.Bytes()
		opened, err := Open(bytes.NewReader(data), int64(len(data)), &Options{Password: password})
		if err != nil {
			return
		}
		v := opened.Latest()
		for e := range v.Entries() {
			o, err := v.Object(Reference{e.Number, e.Generation})
			if err != nil {
				continue
			}
			if s, ok := o.Value.(*Stream); ok {
				_, _ = v.Stream(s)
			}
		}
		e := opened.Encryption()
		if e == nil {
			return
		}
		_ = e.String()
		// What is written is read again.
		u := NewUpdate(v)
		note := u.New()
		u.Put(note, []byte("(a note)"))
		u.PutStream(u.New(), []byte("<<>>"), []byte("data"))
		tail, err := u.Build()
		if err != nil {
			return
		}
		data = append(data, tail.Bytes...)
		again, err := Open(bytes.NewReader(data), int64(len(data)), &Options{Password: password})
		require.NoError(t, err)
		text, err := again.Latest().Text(note)
		require.NoError(t, err)
		require.Equal(t, "a note", text)
	})
}
