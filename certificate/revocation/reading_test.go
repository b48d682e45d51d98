package revocation

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/algorithm"
	"github.com/inkan-go/inkan/internal/testpki"
)

// Copies share what was read and verified, in all sets, and nothing that was trusted.
func TestSharedReading(t *testing.T) {
	w := newWork(t)
	e := *w.crls(1, w.pki.Intermediate, nil).items[0].evidence
	list, response, err := e.Read()
	require.NoError(t, err)
	require.Nil(t, response)

	a, b := e, e
	first, second := NewSet(&a), NewSet(&b)
	require.Same(t, list, first.items[0].crl)
	require.Same(t, first.items[0].reading, second.items[0].reading)
	require.Equal(t, Good, w.judge(first, Options{}).Status)
	require.Len(t, e.read.checked, 1)
	require.Equal(t, Good, w.judge(second, Options{}).Status)
	require.Len(t, e.read.checked, 1)

	// The same list for another issuer of the name is judged anew.
	stranger := *w.pki.Intermediate.Certificate
	forger, err := w.pki.Issue(&testpki.Request{Profile: testpki.AuthorityProfile, KeyType: testpki.P256, Role: testpki.OtherRole, Subject: stranger.RawSubject})
	require.NoError(t, err)
	other := NewSet(&e).Judge(w.leaf, forger.Certificate, Options{Time: w.pki.Now()})
	require.Equal(t, Unknown, other.Status)
	require.True(t, has(other, BadSignature))

	// Other bytes, or another kind, are not what was read.
	b.Raw = append([]byte(nil), e.Raw...)
	require.NotSame(t, list, NewSet(&b).items[0].crl)
	b.Raw = []byte{0x30, 0}
	require.Error(t, NewSet(&b).items[0].err)
	a.Kind = KindOCSP
	require.Error(t, NewSet(&a).items[0].err)

	// Nor is a signature remembered whose key may take its parameters from others.
	stranger.PublicKey = &algorithm.DSAKey{}
	before := len(e.read.checked)
	require.NotNil(t, e.read.checkSignature(&stranger, &list.signed))
	require.Len(t, e.read.checked, before)
	stranger.PublicKey = nil
	require.NotNil(t, e.read.checkSignature(&stranger, &list.signed))
	require.Len(t, e.read.checked, before)
}
