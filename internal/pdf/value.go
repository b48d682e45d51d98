package pdf

import "fmt"

// The getters below resolve references and check the type. An absent object,
// or null, gives the zero value (Integer and Boolean: the default) and no
// error; another type is an ErrMalformed.

func wrongType(want string, o Object) error {
	return malformed(-1, "%s expected, not %s", want, typeName(o))
}

func typeName(o Object) string {
	switch o.(type) {
	case nil, Null:
		return "null"
	case Boolean:
		return "a boolean"
	case Integer:
		return "an integer"
	case Real:
		return "a real number"
	case String:
		return "a string"
	case Name:
		return "a name"
	case Reference:
		return "a reference"
	case *Array:
		return "an array"
	case *Dict:
		return "a dictionary"
	case *Stream:
		return "a stream"
	}
	return fmt.Sprintf("%T", o)
}

// as resolves o and returns it as a T.
func as[T Object](v *View, o Object, want string) (value T, present bool, err error) {
	if o, err = v.Resolve(o); err != nil {
		return value, false, err
	}
	if _, null := o.(Null); null {
		return value, false, nil
	}
	value, ok := o.(T)
	if !ok {
		return value, false, wrongType(want, o)
	}
	return value, true, nil
}

// Dict returns o as a dictionary.
func (v *View) Dict(o Object) (*Dict, error) {
	d, _, err := as[*Dict](v, o, "a dictionary")
	return d, err
}

// Array returns o as an array.
func (v *View) Array(o Object) (*Array, error) {
	a, _, err := as[*Array](v, o, "an array")
	return a, err
}

// StreamObject returns o as a stream; Stream decodes it.
func (v *View) StreamObject(o Object) (*Stream, error) {
	s, _, err := as[*Stream](v, o, "a stream")
	return s, err
}

// Name returns o as a name.
func (v *View) Name(o Object) (Name, error) {
	n, _, err := as[Name](v, o, "a name")
	return n, err
}

// Integer returns o as an integer, or the default where there is none.
func (v *View) Integer(o Object, otherwise int64) (int64, error) {
	n, ok, err := as[Integer](v, o, "an integer")
	if !ok {
		return otherwise, err
	}
	return int64(n), nil
}

// Boolean returns o as a boolean, or the default where there is none.
func (v *View) Boolean(o Object, otherwise bool) (bool, error) {
	b, ok, err := as[Boolean](v, o, "a boolean")
	if !ok {
		return otherwise, err
	}
	return bool(b), nil
}

// Rectangle returns the four numbers of a rectangle (7.9.5) as they stand, nil
// where o is none.
func (v *View) Rectangle(o Object) []float64 {
	a, err := v.Array(o)
	if err != nil || a.Len() != 4 {
		return nil
	}
	out := make([]float64, 4)
	for i, item := range a.Items {
		if out[i], err = v.Number(item, 0); err != nil {
			return nil
		}
	}
	return out
}

// Number returns o as a number, integer or real, or the default where there is none.
func (v *View) Number(o Object, otherwise float64) (float64, error) {
	o, err := v.Resolve(o)
	if err != nil {
		return otherwise, err
	}
	switch n := o.(type) {
	case Null:
		return otherwise, nil
	case Integer:
		return float64(n), nil
	case Real:
		return float64(n), nil
	}
	return otherwise, wrongType("a number", o)
}

// String returns the bytes of o as a string.
func (v *View) String(o Object) ([]byte, error) {
	s, _, err := as[String](v, o, "a string")
	return s.Value, err
}

// Text returns o as a text string (7.9.2.2).
func (v *View) Text(o Object) (string, error) {
	b, err := v.String(o)
	return DecodeText(b), err
}

// Stream returns the decoded data of a stream of this view; it fails with
// ErrUnsupportedFilter or ErrLimit where it cannot.
func (v *View) Stream(s *Stream) ([]byte, error) {
	if s == nil {
		return nil, nil
	}
	data, odd, err := v.f.decodeStream(s, v)
	if err != nil {
		return nil, err
	}
	for _, a := range odd {
		v.f.log.add(a)
	}
	return data, nil
}
