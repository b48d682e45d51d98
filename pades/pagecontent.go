package pades

import (
	"errors"
	"fmt"
	"math"
	"slices"
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

// pageEnding is how content ends, which decides what goes around it. Pages of the same
// content have the same.
type pageEnding struct {
	data []byte // all of the content, where it must be written anew; else nil
	open []byte // what closes what the content leaves open
}

// contentReader reads the content of pages.
type contentReader struct {
	view    *pdf.View
	endings map[string]*pageEnding // by the numbers of the streams
	streams int                    // of all pages
	bytes   int                    // of what is written anew, and of what closes content
}

// read reads the list of streams, and with onTop how their content ends.
func (r *contentReader) read(page *pdf.Indirect, onTop bool) (*pageContents, error) {
	value, _, err := follow(r.view, page.Dict().Get("Contents"), page)
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
	if r.streams += len(c.streams); r.streams > maxContentStreams {
		return nil, fmt.Errorf("the pages have more than %d streams of content", maxContentStreams)
	}
	if !onTop || len(c.streams) == 0 {
		return c, nil
	}
	key := fmt.Sprint(c.streams)
	if c.ending = r.endings[key]; c.ending == nil {
		c.ending, err = r.ending(c.streams)
		r.endings[key] = c.ending
	}
	return c, err
}

// ending reads content to its end.
func (r *contentReader) ending(streams []pdf.Reference) (*pageEnding, error) {
	var data []byte
	for _, ref := range streams {
		s, err := r.view.StreamObject(ref)
		if err != nil {
			return nil, err
		}
		part, err := r.view.Stream(s)
		if err != nil {
			return nil, err
		}
		if len(data)+len(part) > maxContentBytes {
			return nil, fmt.Errorf("it is longer than %d bytes", maxContentBytes)
		}
		data = append(append(data, part...), '\n')
	}
	end := content.End(data)
	if end.Cut {
		return nil, errors.New("it ends within a string, an array or an image, of which what follows would become a part; stamp the page behind its content")
	}
	e := &pageEnding{open: end.Open}
	if len(end.Strays) > 0 {
		e.data = data
		for _, at := range end.Strays {
			data[at] = ' ' // no reader obeys it, but behind our q it would count
		}
	}
	if r.bytes += len(e.data) + len(e.open); r.bytes > maxContentBytes {
		return nil, fmt.Errorf("what is to be mended in it, and in other pages, is longer than %d bytes", maxContentBytes)
	}
	return e, nil
}

// contentWriter writes the streams that go around the content of pages. Equal
// ones are written once.
type contentWriter struct {
	objects *pdf.Adder
	known   map[string]string      // references, by content
	anew    map[*pageEnding]string // references
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
		return newArray(items...)
	case e == nil:
		return newArray(append(items, []byte(w.stream(onTop)))...)
	case e.data != nil: // it begins with the q and ends with the Q
		items = append(items, []byte(w.mended(e)))
	default:
		items = append(items, []byte(w.stream([]byte("q\n"))))
		own()
		if len(e.open) == 0 {
			onTop = append([]byte("\nQ\n"), onTop...)
		} else {
			items = append(items, []byte(w.stream(slices.Concat([]byte{'\n'}, e.open, []byte("Q\n")))))
		}
	}
	return newArray(append(items, []byte(w.stream(onTop)))...)
}

// mended writes content anew, once.
func (w *contentWriter) mended(e *pageEnding) string {
	if w.anew[e] == "" {
		w.anew[e] = w.objects.AddStream([]byte("<<>>"), slices.Concat([]byte("q\n"), e.data, e.open, []byte("Q\n")))
	}
	return w.anew[e]
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
