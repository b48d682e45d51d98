package pades

import (
	"crypto/sha256"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/internal/pdf"
)

// storeArray is one of the arrays of a security store, with the name that it has in
// a VRI dictionary.
type storeArray struct{ key, related pdf.Name }

// The arrays of a security store (ISO 32000-2, tables 261 and 262).
const (
	certificatesArray = iota
	responsesArray
	listsArray
	arrays
)

// storeArrays returns the arrays in the order of their numbers.
func storeArrays() [arrays]storeArray {
	return [arrays]storeArray{{"Certs", "Cert"}, {"OCSPs", "OCSP"}, {"CRLs", "CRL"}}
}

// material is what a security store is to hold: DER values, each once.
type material struct {
	values [arrays][][]byte
	have   map[[sha256.Size]byte]bool
}

func (m *material) add(array int, der []byte) {
	sum := sha256.Sum256(der)
	if m.have[sum] {
		return
	}
	if m.have == nil {
		m.have = make(map[[sha256.Size]byte]bool)
	}
	m.have[sum] = true
	m.values[array] = append(m.values[array], der)
}

func (m *material) addCertificate(c *certificate.Certificate) { m.add(certificatesArray, c.Raw) }

// addEvidence adds a CRL or an OCSP response in the form that the store wants.
func (m *material) addEvidence(e *revocation.Evidence) error {
	own := *e // others may have it, too
	list, response, err := own.Read()
	if err != nil {
		return err
	}
	if list != nil {
		m.add(listsArray, list.Raw)
		return nil
	}
	der, err := wholeResponse(response.Raw)
	if err != nil {
		return err
	}
	m.add(responsesArray, der)
	return nil
}

func (m *material) merge(other *material) {
	for array, values := range other.values {
		for _, der := range values {
			m.add(array, der)
		}
	}
}

func (m *material) empty() bool {
	for _, values := range m.values {
		if len(values) > 0 {
			return false
		}
	}
	return true
}

// wholeResponse puts a BasicOCSPResponse, as signatures hold it, into the
// OCSPResponse that a security store holds (RFC 6960, 4.2.1).
func wholeResponse(der []byte) ([]byte, error) {
	outer, first := cryptobyte.String(der), cryptobyte.String(nil)
	if outer.ReadASN1(&first, cbasn1.SEQUENCE) && first.PeekASN1Tag(cbasn1.ENUM) {
		return der, nil
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Enum(0) // successful
		b.AddASN1(cbasn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier([]int{1, 3, 6, 1, 5, 5, 7, 48, 1, 1}) // id-pkix-ocsp-basic
				b.AddASN1OctetString(der)
			})
		})
	})
	return b.Bytes()
}
