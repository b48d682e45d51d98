package main

import (
	"encoding/json"
	"io"

	"github.com/inkan-go/inkan/pades"
)

// fieldsSchema names the form of the list of fields in JSON.
const fieldsSchema = "inkan.fields/1"

// fieldsJSON is the list of the signature fields of a file. Fields may be added to it;
// none changes its meaning.
type fieldsJSON struct {
	Schema string      `json:"schema"`
	File   string      `json:"file"`
	Fields []fieldJSON `json:"fields"`
}

type fieldJSON struct {
	Name      string       `json:"name"`
	Tooltip   string       `json:"tooltip"`
	Signed    bool         `json:"signed"`
	Timestamp bool         `json:"timestamp"` // a document time stamp
	Flags     int64        `json:"flags"`     // ISO 32000-2, Table 227
	Widgets   []widgetJSON `json:"widgets"`
	Lock      *lockJSON    `json:"lock,omitempty"`
	Requires  []string     `json:"requires"` // as --require takes it, for reading
	Proposes  []string     `json:"proposes"`
	SeedError string       `json:"seed_error"` // why what is asked cannot be understood
}

type widgetJSON struct {
	Page  int        `json:"page"` // from 1; 0 where it is on none
	Rect  [4]float64 `json:"rect"` // X, Y, width and height, as --visible takes them; zeros where nothing is shown
	Flags int64      `json:"flags"`
}

type lockJSON struct {
	Action     string   `json:"action"`
	Fields     []string `json:"fields"`
	Permission int      `json:"permission"` // 1 to 3; 0 where there is none
}

// writeFieldsJSON writes the list on one line.
func writeFieldsJSON(w io.Writer, file string, fields []*pades.Field) error {
	out := fieldsJSON{Schema: fieldsSchema, File: file, Fields: []fieldJSON{}}
	for _, f := range fields {
		j := fieldJSON{Name: f.Name, Tooltip: f.Tooltip, Signed: f.Signed, Timestamp: f.Timestamp, Flags: f.Flags, Widgets: []widgetJSON{}}
		for _, p := range f.Widgets {
			j.Widgets = append(j.Widgets, widgetJSON{p.Page, [4]float64{p.Rect.X, p.Rect.Y, p.Rect.Width, p.Rect.Height}, p.Flags})
		}
		if l := f.Lock; l != nil {
			j.Lock = &lockJSON{string(l.Action), append([]string{}, l.Fields...), int(l.Permission)}
		}
		demanded, proposed := describeSeeds(f.SeedValues)
		j.Requires, j.Proposes = append([]string{}, demanded...), append([]string{}, proposed...)
		if f.SeedError != nil {
			j.SeedError = reasonText(f.SeedError)
		}
		out.Fields = append(out.Fields, j)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(out)
}
