package draw

import "strconv"

// XObjects are the external objects (ISO 32000-2, 8.8) that contents with the same
// resources paint under the names X1, X2 and so on. The zero value has none and is
// ready. It is for one goroutine.
type XObjects struct {
	list []xobject
}

type xobject struct {
	of        any // what it was made from
	reference string
}

// Paint paints the external object made from of as the unit square transformed by m.
// Write adds it to the file and returns the reference to it; it is called when the
// object is painted for the first time.
func (x *XObjects) Paint(c *Content, of any, m Matrix, write func() (reference string, err error)) error {
	number := 0
	for i := range x.list {
		if x.list[i].of == of {
			number = i + 1
		}
	}
	if number == 0 {
		reference, err := write()
		if err != nil {
			return err
		}
		x.list = append(x.list, xobject{of, reference})
		number = len(x.list)
	}
	c.Save()
	c.Transform(m)
	c.XObject("X" + strconv.Itoa(number))
	c.Restore()
	return nil
}

// AppendResources appends the entry of a resource dictionary; nothing where none was
// painted.
func (x *XObjects) AppendResources(dst []byte) []byte {
	if len(x.list) == 0 {
		return dst
	}
	dst = append(dst, "/XObject<<"...)
	for i := range x.list {
		dst = strconv.AppendInt(append(dst, "/X"...), int64(i+1), 10)
		dst = append(append(dst, ' '), x.list[i].reference...)
	}
	return append(dst, ">>"...)
}
