package contract

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Commitment stands for a personal value in a record: HMAC-SHA-256 of the value, keyed
// with a random salt of 16 bytes. Without the salt, which is in the Disclosure, it says
// nothing of the value. Within one record the same value has the same commitment, so
// that an identification can be compared with a consent.
type Commitment struct{ Digest }

// IsZero tells whether there is no value.
func (c Commitment) IsZero() bool { return c.Digest.IsZero() }

// commit computes a commitment.
func commit(salt []byte, value string) Commitment {
	m := hmac.New(sha256.New, salt)
	m.Write([]byte(value))
	return Commitment{Digest(m.Sum(nil))}
}

// Disclosure holds the personal values of a record with their salts. It is a file of its own: who
// gets the record without it learns none of them, and deleting it deletes them.
type Disclosure struct {
	Version int         `json:"v"`
	Record  ID          `json:"recordId"`
	Values  []Disclosed `json:"values"`
}

// Disclosed is one value.
type Disclosed struct {
	Commitment Commitment `json:"commitment"`
	Salt       Salt       `json:"salt"`
	Value      string     `json:"value"`
}

// Salt is what keeps a commitment from being guessed; JSON has its hexadecimal digits.
type Salt [16]byte

// MarshalText implements encoding.TextMarshaler.
func (s Salt) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(s[:])), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Salt) UnmarshalText(text []byte) error { return unhex(s[:], text, "a salt") }

// ReadDisclosure reads a disclosure and checks every commitment.
func ReadDisclosure(in io.Reader) (*Disclosure, error) {
	d := &Disclosure{}
	if err := decode(in, d, "the disclosure"); err != nil {
		return nil, err
	}
	return d, d.Check()
}

// Check checks that every value is the one that was committed to.
func (d *Disclosure) Check() error {
	if d.Version != Version {
		return fmt.Errorf("contract: the disclosure is of version %d; this program reads version %d", d.Version, Version)
	}
	for i, v := range d.Values {
		if commit(v.Salt[:], v.Value) != v.Commitment {
			return fail(ErrRecord, "value %d of the disclosure is not the one that was committed to", i+1)
		}
	}
	return nil
}

// Value returns the value of a commitment.
func (d *Disclosure) Value(c Commitment) (string, bool) {
	if d == nil {
		return "", false
	}
	i := slices.IndexFunc(d.Values, func(v Disclosed) bool { return v.Commitment == c })
	if i < 0 || c.IsZero() {
		return "", false
	}
	return d.Values[i].Value, true
}

// commit returns the commitment to a value, the one it has already if it has one.
func (d *Disclosure) commit(random io.Reader, value string) (Commitment, error) {
	if value == "" {
		return Commitment{}, nil
	}
	if len(value) > maxTextBytes {
		return Commitment{}, fail(ErrLimit, "a personal value is longer than %d bytes", maxTextBytes)
	}
	if !isText(value) { // bytes that are no UTF-8 would not be the same when they are read again
		return Commitment{}, fail(ErrOptions, "the personal value %.60q holds a control character, or bytes that are no UTF-8", value)
	}
	if i := slices.IndexFunc(d.Values, func(v Disclosed) bool { return v.Value == value }); i >= 0 {
		return d.Values[i].Commitment, nil
	}
	if random == nil {
		random = rand.Reader
	}
	v := Disclosed{Value: value}
	if _, err := io.ReadFull(random, v.Salt[:]); err != nil {
		return Commitment{}, errors.New("contract: no random bytes for a salt")
	}
	v.Commitment = commit(v.Salt[:], value)
	d.Values = append(d.Values, v)
	return v.Commitment, nil
}
