package appearance

import (
	"fmt"
	"io"
	"strconv"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/pades"
)

// copier copies objects from one document into another, with all that they refer
// to. What ties them to their document, and is not needed to show them, stays
// behind.
type copier struct {
	source io.ReaderAt
	view   *pdf.View
	to     pades.ObjectWriter
	copied map[pdf.Reference]string // "" while its parts are copied
	bytes  int64
}

// left are the keys that stay behind: structure, editing data, layers.
func left(key pdf.Name) bool {
	switch key {
	case "StructParent", "StructParents", "PieceInfo", "LastModified", "Metadata", "OC", "Parent":
		return true
	}
	return false
}

// value appends a value with references to the copies of what it refers to.
func (c *copier) value(dst []byte, v pdf.Object, depth int) ([]byte, error) {
	if depth > maxPageDepth {
		return nil, fmt.Errorf("more than %d levels", maxPageDepth)
	}
	switch v := v.(type) {
	case pdf.Boolean:
		return strconv.AppendBool(append(dst, ' '), bool(v)), nil
	case pdf.Integer:
		return strconv.AppendInt(append(dst, ' '), int64(v), 10), nil
	case pdf.Real:
		return strconv.AppendFloat(append(dst, ' '), float64(v), 'f', -1, 64), nil
	case pdf.String:
		return pdf.AppendHex(dst, v.Value), nil
	case pdf.Name:
		return pdf.AppendName(dst, v), nil
	case pdf.Reference:
		reference, err := c.object(v, depth)
		return append(append(dst, ' '), reference...), err
	case *pdf.Array:
		var err error
		dst = append(dst, '[')
		for _, item := range v.Items {
			if dst, err = c.value(dst, item, depth+1); err != nil {
				return nil, err
			}
		}
		return append(dst, ']'), nil
	case *pdf.Dict:
		return c.dict(dst, v, depth, "")
	}
	return append(dst, " null"...), nil
}

// dict appends a dictionary without the key that is left out.
func (c *copier) dict(dst []byte, d *pdf.Dict, depth int, out pdf.Name) ([]byte, error) {
	var err error
	dst = append(dst, "<<"...)
	for _, entry := range d.Entries {
		if left(entry.Key) || entry.Key == out {
			continue
		}
		if dst, err = c.value(pdf.AppendName(dst, entry.Key), entry.Value, depth+1); err != nil {
			return nil, err
		}
	}
	return append(dst, ">>"...), nil
}

// object copies an object, once.
func (c *copier) object(ref pdf.Reference, depth int) (string, error) {
	if reference, ok := c.copied[ref]; ok {
		if reference == "" {
			return "", fmt.Errorf("object %v is part of itself", ref)
		}
		return reference, nil
	}
	if len(c.copied) == maxPageObjects {
		return "", fmt.Errorf("more than %d objects", maxPageObjects)
	}
	c.copied[ref] = ""
	o, err := c.view.Object(ref)
	if err != nil {
		return "", err
	}
	var reference string
	if s, ok := o.Value.(*pdf.Stream); ok {
		reference, err = c.stream(s, depth)
	} else {
		var body []byte
		if body, err = c.value(nil, o.Value, depth+1); err == nil {
			err = c.count(int64(len(body)))
			reference = c.to.Add(body)
		}
	}
	c.copied[ref] = reference
	return reference, err
}

// stream copies a stream with its data as it is encoded.
func (c *copier) stream(s *pdf.Stream, depth int) (string, error) {
	if s.Dict.Has("F") {
		return "", fmt.Errorf("the data of a stream is in another file")
	}
	dict, err := c.dict(nil, s.Dict, depth+1, "Length")
	if err != nil {
		return "", err
	}
	if err := c.count(s.Length); err != nil {
		return "", err
	}
	data := make([]byte, s.Length)
	if _, err := c.source.ReadAt(data, s.Offset); err != nil && err != io.EOF {
		return "", err
	}
	return c.to.AddStream(dict, data), nil
}

// count bounds what is copied.
func (c *copier) count(n int64) error {
	if c.bytes += n; c.bytes > maxPageBytes {
		return fmt.Errorf("more than %d bytes", maxPageBytes)
	}
	return nil
}
