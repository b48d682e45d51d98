package algorithm

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// PSSParams are the parameters of RSA-PSS beside its hash function (RFC 4055 §3.1).
type PSSParams struct {
	MGFHash      Hash // hash function of the mask generation function MGF1
	SaltLength   int  // in bytes
	TrailerField int  // 1, the only value defined
}

// NewPSS returns RSA-PSS as one should use it: MGF1 with the same hash function, a salt as long as the hash. With
// SHAKE256 the mask is its output and no MGF1 (RFC 8702 §3.2.1).
func NewPSS(h Hash) Signature {
	return Signature{Scheme: RSAPSS, Hash: h, PSS: &PSSParams{MGFHash: h, SaltLength: h.Size(), TrailerField: 1}}
}

// parsePSS reads the RSASSA-PSS-params. In CMS and in certificates' signatures they must be present; an absent field
// inside means its DEFAULT (SHA-1, MGF1 with SHA-1, 20 bytes, trailer 1).
func parsePSS(id pkix.AlgorithmIdentifier) (Signature, error) {
	malformed := func(what string) (Signature, error) {
		return Signature{}, fmt.Errorf("algorithm: RSA-PSS: %s: %w", what, ErrMalformed)
	}
	if parametersAbsent(id.Parameters) {
		return malformed("parameters are missing")
	}
	s := Signature{Scheme: RSAPSS, Hash: SHA1, PSS: &PSSParams{MGFHash: SHA1, SaltLength: 20, TrailerField: 1}}
	in := cryptobyte.String(id.Parameters.FullBytes)
	var seq, field cryptobyte.String
	var present bool
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !in.Empty() {
		return malformed("parameters are not a SEQUENCE")
	}
	if !seq.ReadOptionalASN1(&field, &present, explicitTag(0)) {
		return malformed("hashAlgorithm")
	} else if present {
		h, rest, err := readHash(field)
		if err != nil || !rest {
			return pssFieldError("hashAlgorithm", err)
		}
		s.Hash = h
	}
	if !seq.ReadOptionalASN1(&field, &present, explicitTag(1)) {
		return malformed("maskGenAlgorithm")
	} else if present {
		h, err := readMGF(field)
		if err != nil {
			return pssFieldError("maskGenAlgorithm", err)
		}
		s.PSS.MGFHash = h
	}
	if !seq.ReadOptionalASN1(&field, &present, explicitTag(2)) ||
		present && (!field.ReadASN1Integer(&s.PSS.SaltLength) || !field.Empty()) {
		return malformed("saltLength")
	}
	if s.PSS.SaltLength < 0 || s.PSS.SaltLength > maxSaltLength {
		return malformed("saltLength out of range")
	}
	if !seq.ReadOptionalASN1(&field, &present, explicitTag(3)) ||
		present && (!field.ReadASN1Integer(&s.PSS.TrailerField) || !field.Empty()) {
		return malformed("trailerField")
	}
	if s.PSS.TrailerField != 1 {
		return malformed("trailerField is not 1")
	}
	if !seq.Empty() {
		return malformed("bytes after the parameters")
	}
	return s, nil
}

// CheckRestriction tells whether a key may have made a signature, by the identifier that stands beside the key: under
// id-RSASSA-PSS only RSA-PSS, and where that has parameters only with the same hash functions and a salt that is not
// shorter (RFC 4055 §1.2, §3.3). Every other identifier restricts nothing here. Errors wrap ErrKeyMismatch, or what
// ParseSignature says about the parameters.
func CheckRestriction(key pkix.AlgorithmIdentifier, s Signature) error {
	if !key.Algorithm.Equal(oidRSAPSS) {
		return nil
	}
	if s.Scheme != RSAPSS || s.PSS == nil {
		return fmt.Errorf("algorithm: the key is restricted to RSA-PSS and not for %s: %w", s.Scheme, ErrKeyMismatch)
	}
	if parametersAbsent(key.Parameters) {
		return nil
	}
	demand, err := parsePSS(key)
	switch {
	case err != nil:
		return err
	case s.Hash != demand.Hash:
		return fmt.Errorf("algorithm: the key is restricted to RSA-PSS with %s, not %s: %w", demand.Hash, s.Hash, ErrKeyMismatch)
	case s.PSS.MGFHash != demand.PSS.MGFHash:
		return fmt.Errorf("algorithm: the key is restricted to MGF1 with %s, not %s: %w", demand.PSS.MGFHash, s.PSS.MGFHash, ErrKeyMismatch)
	case s.PSS.SaltLength < demand.PSS.SaltLength:
		return fmt.Errorf("algorithm: the key demands a salt of at least %d bytes, not %d: %w", demand.PSS.SaltLength, s.PSS.SaltLength, ErrKeyMismatch)
	}
	return nil // parsePSS takes only trailer field 1, in both
}

func pssFieldError(field string, err error) (Signature, error) {
	if err == nil {
		err = ErrMalformed
	}
	return Signature{}, fmt.Errorf("algorithm: RSA-PSS: %s: %w", field, err)
}

func explicitTag(n uint8) cbasn1.Tag { return cbasn1.Tag(n).ContextSpecific().Constructed() }

// readHash reads an AlgorithmIdentifier of a hash function with absent or NULL parameters and tells whether nothing follows.
func readHash(in cryptobyte.String) (h Hash, end bool, err error) {
	var seq cryptobyte.String
	var oid asn1.ObjectIdentifier
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !seq.ReadASN1ObjectIdentifier(&oid) {
		return 0, false, ErrMalformed
	}
	if !seq.Empty() {
		var none cryptobyte.String
		if !seq.ReadASN1(&none, cbasn1.NULL) || !none.Empty() || !seq.Empty() {
			return 0, false, ErrMalformed
		}
	}
	h, ok := HashByOID(oid)
	if !ok || h == SHAKE256 { // SHAKE256 goes with an identifier of its own, and not with MGF1
		return 0, false, fmt.Errorf("hash function %v is %w", oid, ErrUnsupported)
	}
	return h, in.Empty(), nil
}

// readMGF reads MGF1 with its hash function (RFC 4055 §2.2).
func readMGF(in cryptobyte.String) (Hash, error) {
	var seq cryptobyte.String
	var oid asn1.ObjectIdentifier
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !in.Empty() || !seq.ReadASN1ObjectIdentifier(&oid) {
		return 0, ErrMalformed
	}
	if !oid.Equal(oidMGF1) {
		return 0, fmt.Errorf("mask generation function %v is %w", oid, ErrUnsupported)
	}
	h, end, err := readHash(seq)
	if err == nil && !end {
		err = ErrMalformed
	}
	return h, err
}

// pssIdentifier writes the parameters in DER: a DEFAULT is left out, so the trailer field never appears.
func (s Signature) pssIdentifier() (pkix.AlgorithmIdentifier, error) {
	none := pkix.AlgorithmIdentifier{}
	if s.PSS == nil || s.PSS.TrailerField != 1 || s.PSS.SaltLength < 0 || s.PSS.SaltLength > maxSaltLength {
		return none, fmt.Errorf("algorithm: RSA-PSS parameters are missing or out of range: %w", ErrMalformed)
	}
	if s.Hash == SHAKE256 && *s.PSS == *NewPSS(SHAKE256).PSS {
		return pkix.AlgorithmIdentifier{Algorithm: append(asn1.ObjectIdentifier(nil), oidPSSSHAKE256...)}, nil
	}
	hash, ok1 := HashOID(s.Hash)
	mgf, ok2 := HashOID(s.PSS.MGFHash)
	if !ok1 || !ok2 || s.Hash == SHAKE256 || s.PSS.MGFHash == SHAKE256 {
		return none, fmt.Errorf("algorithm: RSA-PSS with hash function %d or %d: %w", s.Hash, s.PSS.MGFHash, ErrUnsupported)
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		if s.Hash != SHA1 {
			b.AddASN1(explicitTag(0), func(b *cryptobyte.Builder) { addHash(b, hash) })
		}
		if s.PSS.MGFHash != SHA1 {
			b.AddASN1(explicitTag(1), func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1ObjectIdentifier(oidMGF1)
					addHash(b, mgf)
				})
			})
		}
		if s.PSS.SaltLength != 20 {
			b.AddASN1(explicitTag(2), func(b *cryptobyte.Builder) { b.AddASN1Int64(int64(s.PSS.SaltLength)) })
		}
	})
	der, err := b.Bytes()
	if err != nil {
		return none, fmt.Errorf("algorithm: RSA-PSS parameters: %w", err)
	}
	params := asn1.RawValue{Tag: asn1.TagSequence, IsCompound: true, FullBytes: der}
	return pkix.AlgorithmIdentifier{Algorithm: append(asn1.ObjectIdentifier(nil), oidRSAPSS...), Parameters: params}, nil
}

// addHash writes an AlgorithmIdentifier with NULL parameters, the form that RFC 4055 §2.1 prints and all readers take.
func addHash(b *cryptobyte.Builder, oid asn1.ObjectIdentifier) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid)
		b.AddASN1NULL()
	})
}
