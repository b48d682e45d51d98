package pades

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/inkan-go/inkan/internal/content"
	"github.com/inkan-go/inkan/internal/pdf"
)

// pageContents is the content of a page (ISO 32000-2, 7.8.2). Its streams may be
// those of other pages, too, so they stay as they are.
type pageContents struct {
	streams []pdf.Reference
	ending  *pageEnding // nil where nothing is painted on top
}

// pageEnding is how content ends, which decides what goes around it.
type pageEnding struct {
	*content.Ending
	data []byte // all of the content, where it must be written anew; else nil
}

// endingCache keeps the endings of content that several pages share, by the
// numbers of its streams.
type endingCache map[string]*pageEnding

// readContents reads the list of streams, and with onTop how their content ends.
func (u *amendment) readContents(page *pdf.Indirect, onTop bool, known endingCache) (*pageContents, error) {
	value, _, err := follow(u.view, page.Dict().Get("Contents"), page)
	if err != nil {
		return nil, err
	}
	c := &pageContents{}
	switch v := value.(type) {
	case pdf.Null:
	case *pdf.Stream:
		ref, _ := page.Dict().Get("Contents").(pdf.Reference) // it is one, since streams are never direct
		c.streams = []pdf.Reference{ref}
	case *pdf.Array:
		for _, item := range v.Items {
			if ref, ok := item.(pdf.Reference); ok {
				c.streams = append(c.streams, ref)
			}
		}
	default:
		return nil, errors.New("it is neither a stream nor an array of streams")
	}
	if !onTop || len(c.streams) == 0 {
		return c, nil
	}
	key := fmt.Sprint(c.streams)
	if c.ending = known[key]; c.ending != nil {
		return c, nil
	}
	c.ending, err = u.readEnding(c.streams)
	known[key] = c.ending
	return c, err
}

// readEnding reads content to its end.
func (u *amendment) readEnding(streams []pdf.Reference) (*pageEnding, error) {
	var data []byte
	for _, ref := range streams {
		s, err := u.view.StreamObject(ref)
		if err != nil {
			return nil, err
		}
		part, err := u.view.Stream(s)
		if err != nil {
			return nil, err
		}
		if len(data)+len(part) > maxContentBytes {
			return nil, fmt.Errorf("more than %d bytes", maxContentBytes)
		}
		data = append(append(data, part...), '\n')
	}
	e := &pageEnding{Ending: content.End(data)}
	switch {
	case e.Cut:
		return nil, errors.New("it ends within a string, an array or an image, of which what follows would become a part; stamp the page behind its content")
	case len(e.Strays) > 0:
		e.data = data
		for _, at := range e.Strays {
			data[at] = ' ' // no reader obeys it, but behind our q it would count
		}
	}
	return e, nil
}

// contentWriter writes the streams that go around the content of pages. Equal
// ones are written once.
type contentWriter struct {
	objects *pdf.Adder
	known   map[string]string
}

func (w *contentWriter) stream(data []byte) string {
	if ref := w.known[string(data)]; ref != "" {
		return ref
	}
	ref := w.objects.AddStream([]byte("<<>>"), data)
	w.known[string(data)] = ref
	return ref
}

// array writes the Contents of a page: its own content in the graphics state that a
// page begins with, and before and behind it what is painted there.
func (w *contentWriter) array(c *pageContents, behind, onTop []byte) []byte {
	var items [][]byte
	if len(behind) > 0 {
		items = append(items, []byte(w.stream(behind)))
	}
	own := func() {
		for _, ref := range c.streams {
			items = append(items, pdf.AppendReference(nil, ref))
		}
	}
	switch e := c.ending; {
	case len(onTop) == 0:
		own()
	case e == nil:
		items = append(items, []byte(w.stream(onTop)))
	case e.data != nil:
		whole := append(append([]byte("q\n"), e.data...), e.Open...)
		items = append(items, []byte(w.stream(append(append(whole, "Q\n"...), onTop...))))
	default:
		items = append(items, []byte(w.stream([]byte("q\n"))))
		own()
		end := append([]byte{'\n'}, e.Open...)
		items = append(items, []byte(w.stream(append(append(end, "Q\n"...), onTop...))))
	}
	return newArray(items...)
}

// paint appends the operators that paint a mark, whose form has that name in the
// resources, as an artifact of the page.
func (m *pageMark) paint(dst []byte, name pdf.Name, clipped bool) []byte {
	g := m.page.geometry
	r := g.toUser(m.rect)
	dst = append(dst, "/Artifact<</Type/Pagination>>BDC\nq\n"...)
	if clipped { // what lies beside the page stays unseen in readers that show more of it
		dst = append(appendOperands(dst, g.left, g.bottom, g.width, g.height), "re W n\n"...)
	}
	dst = append(appendOperands(dst, 1/g.unit, 0, 0, 1/g.unit, r[0], r[1]), "cm\n"...)
	return append(pdf.AppendName(dst, name), " Do\nQ\nEMC\n"...)
}

func appendOperands(dst []byte, numbers ...float64) []byte {
	for _, v := range numbers {
		dst = append(strconv.AppendFloat(dst, math.Round(v*1e6)/1e6, 'f', -1, 64), ' ')
	}
	return dst
}
