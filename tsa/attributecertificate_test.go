package tsa_test

import (
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/ber"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/tsa"
)

// timeAttributeCertificate is an AttributeCertificate (RFC 5755, 4.1) as member of
// CertificateChoices: somebody's word on the clock of a time-stamping authority. Its
// signature is nobody's.
func timeAttributeCertificate(name []byte) []byte {
	names := element(0x30, element(0xa4, name))
	at := func(text string) []byte { return element(24, []byte(text)) }
	algorithm := element(0x30, element(6, []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11}), []byte{5, 0})
	attribute := element(0x30, element(6, []byte{0x2a, 0x83, 0x08, 1}), element(0x31, at("20260401000000Z")))
	info := element(0x30,
		[]byte{2, 1, 1}, // version 2
		element(0x30, element(0xa1, element(0xa4, name))), // holder
		element(0xa0, names),                              // issuer
		algorithm, []byte{2, 1, 7},
		element(0x30, at("20260401000000Z"), at("20260402000000Z")),
		element(0x30, attribute),
	)
	return element(0xa2, info, algorithm, element(3, make([]byte, 257)))
}

// inside applies change to the content of the element at the start of b.
func inside(t testing.TB, b []byte, change func(content []byte) []byte) []byte {
	t.Helper()
	e, rest, err := ber.Read(b)
	require.NoError(t, err)
	return append(element(e.Raw[0], change(e.Content)), rest...)
}

// after applies change to what follows the first n elements of b.
func after(t testing.TB, b []byte, n int, change func(rest []byte) []byte) []byte {
	t.Helper()
	rest := b
	for range n {
		var err error
		_, rest, err = ber.Read(rest)
		require.NoError(t, err)
	}
	head := len(b) - len(rest)
	return append(b[:head:head], change(rest)...)
}

// withCertificates changes the content of the certificates of a token.
func withCertificates(t testing.TB, token []byte, change func([]byte) []byte) []byte {
	t.Helper()
	return inside(t, token, func(b []byte) []byte { // ContentInfo
		return after(t, b, 1, func(b []byte) []byte {
			return inside(t, b, func(b []byte) []byte { // [0]
				return inside(t, b, func(b []byte) []byte { // SignedData
					return after(t, b, 3, func(b []byte) []byte { return inside(t, b, change) })
				})
			})
		})
	})
}

// Some authorities put a time attribute certificate into their tokens.
func TestTimeAttributeCertificate(t *testing.T) {
	id := authority(t, testpki.RSA2048, nil)
	member := timeAttributeCertificate(id.Certificate.RawSubject)
	for name, change := range map[string]func([]byte) []byte{
		"before":                      func(b []byte) []byte { return append(member[:len(member):len(member)], b...) },
		"after":                       func(b []byte) []byte { return append(b[:len(b):len(b)], member...) },
		"malformed":                   func(b []byte) []byte { return append(b[:len(b):len(b)], 0xa2, 2, 4, 0) },
		"of a kind that nobody knows": func(b []byte) []byte { return append(b[:len(b):len(b)], 0xa9, 2, 5, 0) },
	} {
		t.Run(name, func(t *testing.T) {
			r := responderOf(id)
			server := httptest.NewServer(handler(func(query []byte) []byte {
				reply, err := r.Respond(t.Context(), query)
				if err != nil {
					return nil
				}
				return inside(t, reply, func(b []byte) []byte {
					return after(t, b, 1, func(token []byte) []byte { return withCertificates(t, token, change) })
				})
			}))
			defer server.Close()
			response, err := (&tsa.Client{URL: server.URL, Now: testpki.Now}).Timestamp(t.Context(), request())
			require.NoError(t, err)
			require.Empty(t, response.Verification.Findings)
			require.Equal(t, id.Certificate, response.Verification.Certificate)
			choices := response.Token.SignedData.Certificates
			require.Len(t, choices, len(id.Chain)+1)
			kinds := map[cms.CertificateKind]int{}
			for _, c := range choices {
				kinds[c.Kind]++
			}
			require.Equal(t, len(id.Chain), kinds[cms.X509Certificate])
			require.Equal(t, response.Token.Raw, parse(t, response.Token.Raw).Raw)
		})
	}
}

// A token may come in BER, with lengths that are not known at the start.
func TestTokenInBER(t *testing.T) {
	r := responder(t, testpki.P256)
	server := httptest.NewServer(handler(func(query []byte) []byte {
		reply, err := r.Respond(t.Context(), query)
		if err != nil {
			return nil
		}
		indefinite := func(b []byte) []byte {
			e, rest, err := ber.Read(b)
			require.NoError(t, err)
			out := append([]byte{e.Raw[0], 0x80}, e.Content...)
			return append(append(out, 0, 0), rest...)
		}
		return indefinite(inside(t, reply, func(b []byte) []byte {
			return after(t, b, 1, func(token []byte) []byte {
				return indefinite(inside(t, token, func(b []byte) []byte { return after(t, b, 1, indefinite) }))
			})
		}))
	}))
	t.Cleanup(server.Close)
	response, err := (&tsa.Client{URL: server.URL, Now: testpki.Now}).Timestamp(t.Context(), request())
	require.NoError(t, err)
	require.Equal(t, byte(0x80), response.Token.Raw[1])
}
