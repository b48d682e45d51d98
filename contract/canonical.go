package contract

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"

	"github.com/gowebpki/jcs"
)

// canonical returns v as canonical JSON (RFC 8785): the same value has the same bytes,
// whoever writes it.
func canonical(v any) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	out, err := jcs.Transform(plain)
	if err != nil {
		return nil, fmt.Errorf("contract: canonical JSON: %w", err)
	}
	return out, nil
}

// digestOf is the digest of a tag, which tells what is hashed, and of v as canonical JSON.
func digestOf(tag string, v any) (Digest, error) {
	data, err := canonical(v)
	if err != nil {
		return Digest{}, err
	}
	return sha256.Sum256(append([]byte(tag), data...)), nil
}

// decode reads JSON of a limited size that has no other fields than v and nothing
// behind it.
func decode(r io.Reader, v any, what string) error {
	data, err := io.ReadAll(io.LimitReader(r, maxStateBytes+1))
	if err != nil {
		return fmt.Errorf("contract: reading %s: %w", what, err)
	}
	if len(data) > maxStateBytes {
		return fail(ErrLimit, "%s is longer than %d bytes", what, maxStateBytes)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("contract: %s cannot be read: %w", what, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("contract: something follows %s", what)
	}
	return nil
}
