package tsa_test

import (
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"testing"

	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/tsa"
)

// BenchmarkRespond makes tokens; BenchmarkRawKey is what its key alone takes.
func BenchmarkRespond(b *testing.B) {
	for _, kind := range []testpki.KeyType{testpki.P256, testpki.Ed25519, testpki.RSA2048} {
		b.Run(kind.String(), func(b *testing.B) {
			r := responder(b, kind)
			query, err := (&tsa.Query{Hash: crypto.SHA256, Imprint: digest(), CertReq: true}).Marshal()
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := r.Respond(b.Context(), query); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkRawKey(b *testing.B) {
	for _, kind := range []testpki.KeyType{testpki.P256, testpki.Ed25519, testpki.RSA2048} {
		b.Run(kind.String(), func(b *testing.B) {
			key := authority(b, kind, nil).Key
			var options crypto.SignerOpts = crypto.SHA256
			message := sha256.Sum256(data)
			if kind == testpki.Ed25519 {
				options = crypto.Hash(0)
			}
			for b.Loop() {
				if _, err := key.Sign(rand.Reader, message[:], options); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkParseToken(b *testing.B) {
	der := stamp(b, authority(b, testpki.RSA2048, nil), testpki.Token{})
	b.SetBytes(int64(len(der)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := tsa.ParseToken(der); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerifyToken(b *testing.B) {
	token := parse(b, stamp(b, authority(b, testpki.RSA2048, nil), testpki.Token{}))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := token.Verify(digest()); err != nil {
			b.Fatal(err)
		}
	}
}
