package certificate_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/testpki"
)

func TestNameValues(t *testing.T) {
	name, err := certificate.ParseName(testpki.NameOf(
		[]testpki.Attribute{testpki.Country("JP")},
		[]testpki.Attribute{testpki.CommonName("山田"), testpki.Organization("A")},
		[]testpki.Attribute{testpki.CommonName("太郎").BMPString()},
	))
	require.NoError(t, err)
	for attribute, want := range map[string][]string{
		"CN": {"山田", "太郎"}, "cn": {"山田", "太郎"}, "2.5.4.3": {"山田", "太郎"}, "C": {"JP"}, "O": {"A"}, "OU": nil, "": nil, "2.5.4": nil,
	} {
		require.Equal(t, want, name.Values(attribute), attribute)
	}
}
