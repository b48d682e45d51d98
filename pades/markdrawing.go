package pades

import (
	"context"
	"math"

	"github.com/inkan-go/inkan/internal/pdf"
)

// size is how large something is displayed, in points.
type size struct{ width, height float64 }

func (r Rect) size() size { return size{math.Round(r.Width*1e4) / 1e4, math.Round(r.Height*1e4) / 1e4} }

// leaves tells whether a rectangle leaves a page of that size.
func (r Rect) leaves(width, height float64) bool {
	const slack = 0.01 // points
	return r.X < -slack || r.Y < -slack || r.X+r.Width > width+slack || r.Y+r.Height > height+slack
}

// drawMarks draws every stamp, and writes one form for each drawing and rotation.
func (u *amendment) drawMarks(ctx context.Context, stamps []Stamp) error {
	objects := u.drawn()
	type turned struct {
		stream   *AppearanceStream
		size     size
		quarters int
	}
	forms := make(map[turned]string)
	for i := range stamps {
		marks := u.marksOf(i)
		streams, err := u.drawStamp(ctx, stamps[i].Appearance, marks, objects)
		if err != nil {
			return err
		}
		for j, m := range marks {
			key := turned{streams[j], m.rect.size(), m.page.geometry.quarters}
			if forms[key] == "" {
				forms[key] = key.stream.form(objects, key.size.width, key.size.height, m.page.geometry)
			}
			m.form = forms[key]
		}
	}
	return objects.err
}

func (u *amendment) marksOf(stamp int) []*pageMark {
	var marks []*pageMark
	for _, m := range u.marks {
		if m.stamp == stamp {
			marks = append(marks, m)
		}
	}
	return marks
}

// drawStamp returns the drawing of each mark of one stamp.
func (u *amendment) drawStamp(ctx context.Context, a Appearance, marks []*pageMark, objects ObjectWriter) ([]*AppearanceStream, error) {
	var requests []AppearanceRequest // of different sizes or pages
	type asked struct {
		size
		page int
	}
	places := make(map[asked]int) // in requests
	each, byPage := a.(PageAppearance)
	which := make([]int, len(marks))
	for i, m := range marks {
		key := asked{size: m.rect.size()}
		if byPage {
			key.page = m.number
		}
		at, known := places[key]
		if !known {
			at = len(requests)
			places[key] = at
			requests = append(requests, AppearanceRequest{
				Width: key.width, Height: key.height, Time: u.now, PDFA: u.pdfa, Objects: objects, Page: key.page, Pages: u.pageCount,
			})
		}
		which[i] = at
	}
	drawn, err := drawEach(ctx, a, each, requests)
	if err != nil {
		return nil, failf(ErrOptions, "the stamp cannot be drawn: %w", err)
	}
	streams := make([]*AppearanceStream, len(marks))
	for i := range marks {
		if streams[i] = drawn[which[i]]; streams[i] == nil {
			return nil, failf(ErrOptions, "the stamp draws nothing")
		}
	}
	return streams, nil
}

func drawEach(ctx context.Context, a Appearance, each PageAppearance, requests []AppearanceRequest) ([]*AppearanceStream, error) {
	if each != nil {
		drawn, err := each.DrawPages(ctx, requests)
		if err == nil && len(drawn) != len(requests) {
			err = failf(ErrOptions, "%d drawings for %d pages", len(drawn), len(requests))
		}
		return drawn, err
	}
	drawn := make([]*AppearanceStream, len(requests))
	for i := range requests {
		var err error
		if drawn[i], err = a.Draw(ctx, &requests[i]); err != nil {
			return nil, err
		}
	}
	return drawn, nil
}

// putPages writes the pages with their marks.
func (u *amendment) putPages(stamps []Stamp) {
	w := &contentWriter{objects: &pdf.Adder{To: u.update}, known: make(map[string]string), anew: make(map[*pageEnding]string)}
	for _, page := range u.pages {
		for _, m := range page.marks {
			page.resources.name(m.form)
		}
	}
	same := make(map[string][]byte) // references to resources, by content
	for _, page := range u.pages {
		if page.resources.ref == nil {
			body := page.resources.body()
			if same[string(body)] == nil {
				same[string(body)] = []byte(w.objects.Add(body))
			}
			page.resources.ref = same[string(body)]
		}
		var behind, onTop []byte
		for _, m := range page.marks {
			layer := &onTop
			if stamps[m.stamp].Behind {
				layer = &behind
			}
			*layer = m.paint(*layer, page.resources.name(m.form), stamps[m.stamp].Across)
		}
		edit := pdf.Edit(page.object).Set("Contents", w.array(page.contents, behind, onTop))
		u.update.Replace(page.object, edit.Set("Resources", page.resources.ref).Bytes())
	}
}
