package certificate_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/testpki"
)

// wide returns a name of one RDN with many long attributes, in the order given or
// backwards, in capitals or not: equal names that are not the same bytes.
func wide(attributes, length int, backwards, capitals bool) []byte {
	var list []testpki.Attribute
	for i := range attributes {
		if backwards {
			i = attributes - 1 - i
		}
		text := fmt.Sprintf("%0*d", length, i) + "é"
		if capitals {
			text = strings.ToUpper(text)
		}
		list = append(list, testpki.CommonName(text))
	}
	return testpki.NameOf(list)
}

func TestWideNames(t *testing.T) {
	name := func(der []byte) certificate.Name {
		n, err := certificate.ParseName(der)
		require.NoError(t, err)
		return n
	}
	a, b := name(wide(200, 10, false, false)), name(wide(200, 10, true, true))
	require.True(t, a.Equal(b))
	require.False(t, a.Equal(name(wide(200, 11, true, true))))
	twice := testpki.NameOf([]testpki.Attribute{testpki.CommonName("a"), testpki.CommonName("a"), testpki.CommonName("b")})
	other := testpki.NameOf([]testpki.Attribute{testpki.CommonName("a"), testpki.CommonName("b"), testpki.CommonName("b")})
	require.False(t, name(twice).Equal(name(other)), "as often in both")
}

// Names that take long to compare, in every certificate of a web, do not make the
// search take long.
func TestNamesThatTakeLongToCompare(t *testing.T) {
	pki := fixed(t)
	const attributes, length = 250, 15
	var web []*certificate.Certificate
	for i := range 12 {
		ca := issue(t, pki, authority(fmt.Sprint("ca", i), pki.Root, func(c *testpki.Template) {
			c.Subject, c.Issuer = wide(attributes, length, i%2 == 0, i%3 == 0), wide(attributes, length, i%2 != 0, i%3 != 0)
		}))
		web = append(web, ca.Certificate)
	}
	leaf := issue(t, pki, testpki.Request{Change: func(c *testpki.Template) { c.Issuer = wide(attributes, length, true, false) }}).Certificate
	start := time.Now()
	_, err := certificate.BuildPath(t.Context(), leaf, certificate.PathOptions{
		Anchors: pki.Pool(), Purpose: certificate.Signing, Time: pki.Now(), Candidates: web,
	})
	require.Error(t, err)
	t.Log(time.Since(start))
	require.Less(t, time.Since(start), 20*time.Second)
}

// Long constraints on long names are work, too.
func TestConstraintsThatTakeLongToCompare(t *testing.T) {
	pki := fixed(t)
	var trees, names [][]byte
	for i := range 900 {
		trees = append(trees, directoryName(wide(1, 1000+i%3, false, true)))
		names = append(names, directoryName(wide(1, 1003, false, false)))
	}
	ca := issue(t, pki, authority("constrained", pki.Root, constrain(exclude(trees...))))
	leaf := issue(t, pki, testpki.Request{Issuer: ca, Change: alsoNamed(names...)}).Certificate
	start := time.Now()
	_, err := certificate.BuildPath(t.Context(), leaf, certificate.PathOptions{
		Anchors: pki.Pool(), Purpose: certificate.Signing, Time: pki.Now(), Candidates: certificates(ca),
	})
	requireReason(t, err, certificate.LimitExceeded)
	require.Less(t, time.Since(start), 20*time.Second)
}
