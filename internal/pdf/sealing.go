package pdf

import (
	"fmt"
	"io"
)

// sealer encrypts what an update writes.
type sealer struct {
	e      *encryption
	random io.Reader
}

// object encrypts what is to be written as one object.
func (s *sealer) object(o *newObject) (err error) {
	if s.e == nil {
		return nil
	}
	if o.stream {
		if o.data, err = s.stream(o.ref, o.body, o.data); err != nil {
			return err
		}
	}
	if !o.sealed {
		o.body, err = s.body(o.ref, o.body)
	}
	return err
}

// body returns a value, written in clear, with every string encrypted for the
// object ref, but for signature values.
func (s *sealer) body(ref Reference, clear []byte) ([]byte, error) {
	if s.e == nil || s.e.Strings == Identity {
		return clear, nil
	}
	p := parser{lexer: lexer{buf: clear, eof: true}}
	v, err := p.value(0)
	if err != nil {
		return nil, fmt.Errorf("%w: object %v: %v", ErrUpdate, ref, err) //nolint:errorlint // a syntax error is of no use to callers
	}
	exempt := make(map[int]bool)
	signatureValues(v, exempt)
	return s.strings(ref, clear, exempt)
}

// signatureValues collects where the values of signatures begin.
func signatureValues(o Object, exempt map[int]bool) {
	switch v := o.(type) {
	case *Array:
		for _, item := range v.Items {
			signatureValues(item, exempt)
		}
	case *Dict:
		signature := isSignature(v)
		for _, e := range v.Entries {
			if signature && e.Key == "Contents" {
				exempt[int(e.ValueSpan.Start)] = true
			}
			signatureValues(e.Value, exempt)
		}
	}
}

// strings copies tokens and replaces strings by encrypted ones, save those that
// begin where exempt says.
func (s *sealer) strings(ref Reference, clear []byte, exempt map[int]bool) ([]byte, error) {
	out := make([]byte, 0, len(clear)+64)
	l := lexer{buf: clear, eof: true}
	copied := 0
	for {
		if l.skipSpace(); l.pos >= len(clear) {
			return append(out, clear[copied:]...), nil
		}
		start := l.pos
		var token String
		var err error
		switch c := clear[l.pos]; {
		case c == '(':
			token, err = l.literal()
		case c == '<' && (l.pos+1 >= len(clear) || clear[l.pos+1] != '<'):
			token, err = l.hexString()
		case c == '<' || c == '>':
			l.pos += min(2, len(clear)-l.pos)
			continue
		default:
			l.pos++
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%w: object %v: %v", ErrUpdate, ref, err) //nolint:errorlint // as above
		}
		if exempt[start] {
			continue
		}
		sealed, err := s.e.encrypt(s.e.Strings, ref, token.Value, s.random)
		if err != nil {
			return nil, err
		}
		out = AppendHex(append(out, clear[copied:start]...), sealed)
		copied = l.pos
	}
}

// stream returns the data of a stream, encrypted as its dictionary asks.
func (s *sealer) stream(ref Reference, dict, data []byte) ([]byte, error) {
	if s.e == nil {
		return data, nil
	}
	p := parser{lexer: lexer{buf: dict, eof: true}}
	v, err := p.value(0)
	d, ok := v.(*Dict)
	if err != nil || !ok {
		return nil, fmt.Errorf("%w: the dictionary of stream %v cannot be read", ErrUpdate, ref)
	}
	steps, err := filterSteps(d, directOnly{})
	if err != nil {
		return nil, fmt.Errorf("%w: stream %v: %w", ErrUpdate, ref, err)
	}
	c, err := s.e.streamCipher(d, steps)
	if err != nil {
		return nil, fmt.Errorf("%w: stream %v: %w", ErrUpdate, ref, err)
	}
	return s.e.encrypt(c, ref, data, s.random)
}
