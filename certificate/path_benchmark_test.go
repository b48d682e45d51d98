package certificate_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/testpki"
)

// BenchmarkPath measures a path of three certificates against its two signature
// checks alone; "x-raw" is the ratio of the medians, from the same run.
func BenchmarkPath(b *testing.B) {
	for _, kind := range []testpki.KeyType{testpki.RSA2048, testpki.P256, testpki.Ed25519} {
		b.Run(kind.String(), func(b *testing.B) {
			pki, err := testpki.New(&testpki.Options{KeyType: kind})
			require.NoError(b, err)
			leaf := issue(b, pki, testpki.Request{}).Certificate
			chain := []*certificate.Certificate{leaf, pki.Intermediate.Certificate, pki.Root.Certificate}
			o := certificate.PathOptions{
				Anchors: pki.Pool(), Purpose: certificate.Signing, Time: pki.Now(), Candidates: chain[:2],
				Revocation: alwaysGood{},
			}
			var raw, path []time.Duration
			b.ReportAllocs()
			for b.Loop() {
				start := time.Now()
				for i, c := range chain[:2] {
					if err := c.CheckSignatureFrom(chain[i+1]); err != nil {
						b.Fatal(err)
					}
				}
				middle := time.Now()
				if _, err := certificate.BuildPath(b.Context(), leaf, o); err != nil {
					b.Fatal(err)
				}
				raw, path = append(raw, middle.Sub(start)), append(path, time.Since(middle))
			}
			slices.Sort(raw)
			slices.Sort(path)
			b.ReportMetric(float64(path[len(path)/2])/float64(raw[len(raw)/2]), "x-raw")
		})
	}
}

// alwaysGood stands for a checker whose evidence has been judged already.
type alwaysGood struct{}

func (alwaysGood) CheckRevocation(context.Context, *certificate.RevocationQuery) certificate.Revocation {
	return certificate.Revocation{Status: certificate.RevocationGood}
}
