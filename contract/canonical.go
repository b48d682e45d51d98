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

// decode reads JSON of a limited size. What v does not hold, what is there twice or
// otherwise spelled, and what follows, is refused: the JSON must say what v says and nothing else.
func decode(r io.Reader, v any, what string) error {
	data, err := io.ReadAll(io.LimitReader(r, maxStateBytes+1))
	if err != nil {
		return fmt.Errorf("contract: reading %s: %w", what, err)
	}
	if err := decodeKnown(data, v, what); err != nil {
		return err
	}
	said, err := jcs.Transform(data)
	if err != nil {
		return fmt.Errorf("contract: %w", because("%s cannot be read: %w", term(what), err))
	}
	understood, err := canonical(v)
	if err != nil {
		return err
	}
	if !bytes.Equal(said, understood) {
		return fail(ErrRecord, "%s says %s, which this version does not know or which is not as it is written", term(what), difference(said, understood))
	}
	return nil
}

// decodeKnown reads JSON, but for members that v does not hold.
func decodeKnown(data []byte, v any, what string) error {
	if len(data) > maxStateBytes {
		return fail(ErrLimit, "%s is longer than %d bytes", term(what), maxStateBytes)
	}
	reader := json.NewDecoder(bytes.NewReader(data))
	reader.DisallowUnknownFields()
	if err := reader.Decode(v); err != nil {
		return fmt.Errorf("contract: %w", because("%s cannot be read: %w", term(what), err))
	}
	return nil
}

// difference is where two texts part, for a message.
func difference(a, b []byte) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	from := max(0, i-20)
	return fmt.Sprintf("%.60q", a[min(from, len(a)):])
}
