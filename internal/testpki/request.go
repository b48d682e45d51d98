package testpki

import (
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/bits"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Profile is what a certificate is made for.
type Profile int

// The profiles.
const (
	// SignerProfile signs documents: keyUsage digitalSignature and nonRepudiation,
	// and noRevAvail (RFC 9608), so that no revocation evidence is asked for.
	SignerProfile Profile = iota
	// TimeStamperProfile signs time-stamp tokens: extendedKeyUsage critical and
	// timeStamping alone (RFC 3161, 2.3), and noRevAvail.
	TimeStamperProfile
	// AuthorityProfile issues certificates and CRLs.
	AuthorityProfile
)

// Request says what certificate [PKI.Issue] shall make. The zero value asks for a
// signer with an RSA-2048 key below the intermediate authority.
type Request struct {
	Profile Profile
	Subject []byte // DER Name; nil means 山田太郎 at a company
	KeyType KeyType
	Role    Role          // whose fixed key; "" means the one that suits the profile
	Key     crypto.Signer // instead of KeyType and Role
	// RestrictToPSS writes an RSA key as one for RSASSA-PSS alone (RFC 4055, 1.2).
	RestrictToPSS bool
	Issuer        *Identity // nil means the intermediate authority
	// NotBefore and NotAfter are the validity period. Zero means a day before the
	// present, and 10 years (authorities: 20 years) after it.
	NotBefore, NotAfter time.Time
	// Change, if not nil, alters the certificate just before it is signed.
	Change func(*Template)

	selfSigned bool
}

func (r *Request) subject() []byte {
	if r.Subject != nil {
		return r.Subject
	}
	if r.Profile == TimeStamperProfile {
		return Name(Country("JP"), Organization("Inkan Test"), CommonName("Inkan Test TSA"))
	}
	return Person("山田太郎")
}

func (r *Request) role() Role {
	switch {
	case r.Role != "":
		return r.Role
	case r.Profile == TimeStamperProfile:
		return TimeStamperRole
	case r.Profile == AuthorityProfile:
		return OtherRole
	}
	return SignerRole
}

func (r *Request) validity(now time.Time) (from, to time.Time) {
	from, to = now.AddDate(0, 0, -1), now.AddDate(10, 0, 0)
	if r.Profile == AuthorityProfile {
		to = now.AddDate(20, 0, 0)
	}
	if !r.NotBefore.IsZero() {
		from = r.NotBefore
	}
	if !r.NotAfter.IsZero() {
		to = r.NotAfter
	}
	return from.UTC().Truncate(time.Second), to.UTC().Truncate(time.Second)
}

func (r *Request) extensions(spki []byte, issuer *Identity) ([]pkix.Extension, error) {
	list := []pkix.Extension{SubjectKeyID(keyID(spki))}
	if issuer != nil {
		list = append(list, AuthorityKeyID(issuer.Certificate.SubjectKeyID))
	}
	switch r.Profile {
	case SignerProfile:
		return append(list, KeyUsage(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment), NoRevAvail()), nil
	case TimeStamperProfile:
		timeStamping := asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 8}
		return append(list, KeyUsage(x509.KeyUsageDigitalSignature), ExtendedKeyUsage(true, timeStamping), NoRevAvail()), nil
	case AuthorityProfile:
		return append(list, KeyUsage(x509.KeyUsageCertSign|x509.KeyUsageCRLSign), BasicConstraints(true, -1)), nil
	}
	return nil, fmt.Errorf("testpki: profile %d is not known", r.Profile)
}

// publicKeyInfo returns the DER of a SubjectPublicKeyInfo.
func publicKeyInfo(public crypto.PublicKey, pss bool) ([]byte, error) {
	key, isRSA := public.(*rsa.PublicKey)
	if !pss || !isRSA {
		der, err := x509.MarshalPKIXPublicKey(public)
		if err != nil {
			return nil, fmt.Errorf("testpki: %w", err)
		}
		return der, nil
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10})
		})
		b.AddASN1BitString(x509.MarshalPKCS1PublicKey(key))
	})
	return b.Bytes()
}

// SubjectKeyID makes the extension of RFC 5280, 4.2.1.2.
func SubjectKeyID(id []byte) pkix.Extension {
	return extension(asn1.ObjectIdentifier{2, 5, 29, 14}, false, func(b *cryptobyte.Builder) { b.AddASN1OctetString(id) })
}

// AuthorityKeyID makes the extension of RFC 5280, 4.2.1.1.
func AuthorityKeyID(id []byte) pkix.Extension {
	return extension(asn1.ObjectIdentifier{2, 5, 29, 35}, false, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.Tag(0).ContextSpecific(), func(b *cryptobyte.Builder) { b.AddBytes(id) })
		})
	})
}

// KeyUsage makes the critical extension of RFC 5280, 4.2.1.3.
func KeyUsage(usage x509.KeyUsage) pkix.Extension {
	length := bits.Len(uint(usage))
	octets := make([]byte, 1+(length+7)/8)
	octets[0] = byte((8 - length%8) % 8)
	for i := range length {
		if usage&(1<<i) != 0 {
			octets[1+i/8] |= 0x80 >> (i % 8)
		}
	}
	return extension(asn1.ObjectIdentifier{2, 5, 29, 15}, true, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.BIT_STRING, func(b *cryptobyte.Builder) { b.AddBytes(octets) })
	})
}

// ExtendedKeyUsage makes the extension of RFC 5280, 4.2.1.12.
func ExtendedKeyUsage(critical bool, purposes ...asn1.ObjectIdentifier) pkix.Extension {
	return extension(asn1.ObjectIdentifier{2, 5, 29, 37}, critical, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			for _, id := range purposes {
				b.AddASN1ObjectIdentifier(id)
			}
		})
	})
}

// BasicConstraints makes the critical extension of RFC 5280, 4.2.1.9; a negative
// length is none.
func BasicConstraints(isCA bool, pathLength int) pkix.Extension {
	return extension(asn1.ObjectIdentifier{2, 5, 29, 19}, true, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			if isCA {
				b.AddASN1Boolean(true)
			}
			if pathLength >= 0 {
				b.AddASN1Int64(int64(pathLength))
			}
		})
	})
}

// NoRevAvail makes the extension of RFC 9608.
func NoRevAvail() pkix.Extension { return Null(asn1.ObjectIdentifier{2, 5, 29, 56}, false) }

// Null makes an extension whose value is NULL.
func Null(id asn1.ObjectIdentifier, critical bool) pkix.Extension {
	return extension(id, critical, func(b *cryptobyte.Builder) { b.AddASN1NULL() })
}

func extension(id asn1.ObjectIdentifier, critical bool, value cryptobyte.BuilderContinuation) pkix.Extension {
	var b cryptobyte.Builder
	value(&b)
	return pkix.Extension{Id: id, Critical: critical, Value: b.BytesOrPanic()}
}
