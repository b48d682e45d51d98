package contract

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
)

// Digest is a SHA-256 digest; JSON has it as 64 lower-case hexadecimal digits, the
// zero Digest as "".
type Digest [sha256.Size]byte

// IsZero tells whether there is no digest.
func (d Digest) IsZero() bool { return d == Digest{} }

// String returns the hexadecimal digits.
func (d Digest) String() string {
	if d.IsZero() {
		return ""
	}
	return hex.EncodeToString(d[:])
}

// MarshalText implements encoding.TextMarshaler.
func (d Digest) MarshalText() ([]byte, error) {
	if d.IsZero() {
		return nil, nil
	}
	return hex.AppendEncode(nil, d[:]), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Digest) UnmarshalText(text []byte) error {
	*d = Digest{}
	if len(text) == 0 {
		return nil
	}
	return unhex(d[:], text, "a SHA-256 digest")
}

// ID identifies a contract or a document: 128 random bits, as 32 lower-case
// hexadecimal digits in JSON and on the pages (文書ID, 締結証明書ID). It is random, not
// a digest, so that it says nothing of what it stands on.
type ID [16]byte

// NewID returns a new ID. A nil random is crypto/rand.Reader.
func NewID(random io.Reader) (ID, error) {
	if random == nil {
		random = rand.Reader
	}
	var id ID
	if _, err := io.ReadFull(random, id[:]); err != nil {
		return ID{}, fmt.Errorf("contract: no random bytes: %w", err)
	}
	return id, nil
}

// IsZero tells whether there is no ID.
func (id ID) IsZero() bool { return id == ID{} }

// String returns the hexadecimal digits.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// MarshalText implements encoding.TextMarshaler.
func (id ID) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, id[:]), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (id *ID) UnmarshalText(text []byte) error { return unhex(id[:], text, "an ID") }

// unhex reads lower-case hexadecimal digits, exactly as many as fill to.
func unhex(to, text []byte, what string) error {
	if len(text) != 2*len(to) {
		return fmt.Errorf("contract: %s has %d characters, not %d", what, len(text), 2*len(to))
	}
	for _, c := range text {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return fmt.Errorf("contract: %s has %q in it, not only the digits 0-9a-f", what, c)
		}
	}
	_, err := hex.Decode(to, text)
	return err
}
