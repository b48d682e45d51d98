package csc

import (
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// text is a JSON string, or a number or truth value that a service writes for one: numbers and SCAL come as either.
type text string

// UnmarshalJSON implements json.Unmarshaler.
func (t *text) UnmarshalJSON(b []byte) error {
	switch {
	case string(b) == "null":
		return nil
	case len(b) > 0 && b[0] == '"':
		var s string
		err := json.Unmarshal(b, &s)
		*t = text(s)
		return err
	case len(b) > 0 && (b[0] == '{' || b[0] == '['):
		return errors.New("a string was expected")
	}
	*t = text(b)
	return nil
}

// number returns the text as a number that is not negative; 0 when it is none.
func (t text) number() int {
	n, err := strconv.Atoi(string(t))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// names returns a bounded list of short texts.
func names(list []text) ([]string, error) {
	if len(list) > maxNames {
		return nil, failf(ErrResponse, "a list of %d names, more than %d", len(list), maxNames)
	}
	out := make([]string, 0, len(list))
	for _, t := range list {
		if len(t) > maxIDBytes {
			return nil, failf(ErrResponse, "a name of %d bytes, more than %d", len(t), maxIDBytes)
		}
		out = append(out, string(t))
	}
	return out, nil
}

// decode reads Base64, with or without padding, line breaks allowed.
func decode(t text) ([]byte, error) {
	s := strings.TrimRight(strings.NewReplacer("\r", "", "\n", "", " ", "").Replace(string(t)), "=")
	return base64.RawStdEncoding.DecodeString(s)
}

// encode writes digests as the API wants them.
func encode(list [][]byte) []string {
	out := make([]string, len(list))
	for i, b := range list {
		out[i] = base64.StdEncoding.EncodeToString(b)
	}
	return out
}

func dotted(oid asn1.ObjectIdentifier) string { return oid.String() }
