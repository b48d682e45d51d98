package typeset

import (
	"errors"
	"fmt"
	"image/color"
)

// Table is a table over the width of the text. Its rows have as many cells as it
// has columns.
type Table struct {
	// Columns are the widths of the columns, as shares of their sum.
	Columns []float64
	// Header is the row that says what the columns hold; it is shown again on every
	// page. Without it RowHeaders must be set.
	Header []Cell
	// RowHeaders tells that the first cell of each row says what the row holds.
	RowHeaders bool
	Rows       [][]Cell
	// Style is that of cells without one of their own.
	Style *Style
	// Plain draws no lines between the rows.
	Plain bool
}

// Cell is one cell of a table.
type Cell struct {
	Text  string
	Style *Style
	// Note stands below the text, smaller and in gray.
	Note string
}

// Cells returns cells with these texts.
func Cells(texts ...string) []Cell {
	cells := make([]Cell, len(texts))
	for i, text := range texts {
		cells[i].Text = text
	}
	return cells
}

// The room around the text of a cell, in points.
const (
	cellPadding = 3.0
	cellGap     = 8.0 // between columns
)

// Table puts a table in.
func (d *Document) Table(t *Table) {
	if d.err == nil {
		d.fail(t.check())
	}
	if d.err != nil {
		return
	}
	w := &tableWriter{Document: d, table: t, structure: d.add("Table")}
	sum := 0.0
	for _, share := range t.Columns {
		sum += share
	}
	x := d.o.Margin
	for _, share := range t.Columns {
		width := d.width() * share / sum
		w.columns = append(w.columns, column{x, width - cellGap})
		x += width
	}
	if len(t.Header) > 0 {
		w.header = w.lay(t.Header, true)
		w.row(w.header)
	}
	for _, cells := range t.Rows {
		if d.err != nil {
			return
		}
		w.row(w.lay(cells, false))
	}
	d.Space(defaultSize)
}

// check refuses tables that nobody could read aloud.
func (t *Table) check() error {
	if n := len(t.Columns); n < 1 || n > maxColumns {
		return fmt.Errorf("a table of %d columns; 1 to %d are possible", n, maxColumns)
	}
	for _, share := range t.Columns {
		if !(share > 0 && share < 1e6) {
			return fmt.Errorf("a column of the width %g", share)
		}
	}
	if len(t.Header) == 0 && !t.RowHeaders {
		return fmt.Errorf("a table without Header or RowHeaders says nowhere what its cells hold")
	}
	if n := len(t.Header); n > 0 && n != len(t.Columns) {
		return fmt.Errorf("a header of %d cells in a table of %d columns", n, len(t.Columns))
	}
	for i, row := range t.Rows {
		if len(row) != len(t.Columns) {
			return fmt.Errorf("row %d has %d cells in a table of %d columns", i+1, len(row), len(t.Columns))
		}
	}
	return nil
}

// tableWriter writes one table.
type tableWriter struct {
	*Document
	table     *Table
	structure *element
	columns   []column
	header    *row // nil without one
	ruled     bool // there is a line at the current place
}

type column struct{ x, width float64 }

// row is a row that was laid out, or what is left of it.
type row struct {
	element *element // nil where it is shown once more
	cells   []cell
	header  bool
}

type cell struct {
	element *element
	lines   []line
}

// lay lays a row out and puts it into the structure.
func (w *tableWriter) lay(cells []Cell, header bool) *row {
	r := &row{element: w.structure.add("TR"), header: header}
	for i := range cells {
		style := &Style{}
		if w.table.Style != nil {
			*style = *w.table.Style
		}
		if cells[i].Style != nil {
			*style = *cells[i].Style
		}
		e := &element{kind: "TD"}
		switch {
		case header:
			e.kind, e.attributes, style.Bold = "TH", "<</O/Table/Scope/Column>>", true
		case w.table.RowHeaders && i == 0:
			e.kind, e.attributes = "TH", "<</O/Table/Scope/Row>>"
		}
		r.element.children = append(r.element.children, e)
		c := cell{element: e}
		if cells[i].Text != "" {
			c.lines = w.lines(cells[i].Text, style, w.columns[i].width)
		}
		if cells[i].Note != "" {
			note := &Style{Size: style.size() * 0.85, Color: color.Gray{0x66}, Align: style.Align}
			c.lines = append(c.lines, w.lines(cells[i].Note, note, w.columns[i].width)...)
		}
		r.cells = append(r.cells, c)
	}
	return r
}

func (r *row) height() float64 {
	height := 0.0
	for _, c := range r.cells {
		height = max(height, heightOf(c.lines))
	}
	return height + 2*cellPadding
}

// row draws a row: on this page if it fits, else on the next one if it fits there,
// else on as many as it needs.
func (w *tableWriter) row(r *row) {
	whole := w.top() - w.bottom()
	if w.header != nil && !r.header {
		whole -= w.header.height()
	}
	divided := r.height() > whole
	for w.err == nil {
		p, left := w.page(), w.y-w.bottom()
		if r.height() <= left+0.001 {
			w.paint(p, r)
			return
		}
		if divided {
			if part := r.cutOff(left); part != nil {
				w.paint(p, part)
			} else if w.y == w.top() {
				w.fail(errors.New("a page has no room for a line of the table"))
			}
		}
		w.newPage()
		w.ruled = false
		if w.header != nil && !r.header {
			w.paint(w.page(), &row{cells: w.header.cells, header: true})
		}
	}
}

// cutOff takes from every cell the lines that have a height, and returns them as
// a row; nil if not one has it.
func (r *row) cutOff(height float64) *row {
	part := &row{element: r.element, header: r.header, cells: make([]cell, len(r.cells))}
	some := false
	for i := range r.cells {
		c := &r.cells[i]
		n := fitting(c.lines, height-2*cellPadding)
		part.cells[i] = cell{c.element, c.lines[:n]}
		c.lines = c.lines[n:]
		some = some || n > 0
	}
	if !some {
		return nil
	}
	return part
}

// paint draws a row that fits.
func (w *tableWriter) paint(p *page, r *row) {
	height := r.height()
	if r.header && !w.table.Plain {
		p.fill(w.o.Margin, w.y-height, w.width(), height, color.Gray{0xee})
	} else if !w.table.Plain && !w.ruled {
		p.fill(w.o.Margin, w.y, w.width(), 0.5, color.Gray{0xbb})
	}
	for i, c := range r.cells {
		if len(c.lines) == 0 {
			continue
		}
		if r.element == nil {
			p.BeginArtifact("/Type/Pagination")
		} else {
			p.tagged(c.element)
		}
		x := w.columns[i].x
		if !w.table.Plain {
			x += cellGap / 2
		}
		w.stack(p, c.lines, x, w.y-cellPadding, w.columns[i].width)
		p.EndMarked()
	}
	w.y -= height
	if !w.table.Plain {
		p.fill(w.o.Margin, w.y, w.width(), 0.5, color.Gray{0xbb})
		w.ruled = true
	}
}
