package vectors

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/inkan-go/inkan/internal/mutate"
	"github.com/inkan-go/inkan/internal/peertest"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/verify"
	"github.com/stretchr/testify/require"
)

// secondReader is qpdf: what it finds in a file is what another reader would
// show, found by code that shares nothing with ours.
type secondReader struct {
	program string
	folder  string
}

// dump is a file as qpdf reads it: objects by "obj:1 0 R", and the trailer.
type dump map[string]any

func newSecondReader(t *testing.T) *secondReader {
	return &secondReader{peertest.Program(t, "qpdf"), t.TempDir()}
}

// read returns nil where qpdf gives the file up.
func (r *secondReader) read(t *testing.T, data []byte) dump {
	name := filepath.Join(r.folder, "f.pdf")
	require.NoError(t, os.WriteFile(name, data, 0o600))
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, r.program, "--json=2", "--json-key=qpdf", "--json-stream-data=inline", "--decode-level=none", name).Output()
	if err != nil && len(out) == 0 {
		return nil
	}
	var all struct{ QPDF []dump }
	if json.Unmarshal(out, &all) != nil || len(all.QPDF) < 2 {
		return nil
	}
	return all.QPDF[1]
}

// difference walks two dumps from their trailers and collects the paths at which
// what they show differs.
type difference struct {
	before, after dump
	paths         []string
	steps         int
}

const (
	maxSteps = 100_000
	maxPath  = 24 // keys
)

var indirectly = regexp.MustCompile(`^\d+ \d+ R$`)

func resolve(d dump, v any) any {
	for range 16 {
		s, ok := v.(string)
		if !ok || !indirectly.MatchString(s) {
			break
		}
		o, _ := d["obj:"+s].(map[string]any)
		v = o["value"]
		if stream, ok := o["stream"].(map[string]any); ok {
			all, _ := stream["dict"].(map[string]any)
			all = maps.Clone(all)
			all["/(data)"] = stream["data"]
			v = all
		}
	}
	return v
}

// upward are keys that lead back to what other paths come to.
var upward = []string{"/Parent", "/P", "/Prev"}

func (d *difference) compare(path []string, a, b any) {
	if d.steps++; d.steps > maxSteps || len(path) > maxPath {
		d.paths = append(d.paths, strings.Join(path, "")+"…")
		return
	}
	if len(path) > 0 && slices.Contains(upward, path[len(path)-1]) && a == b {
		return
	}
	x, y := resolve(d.before, a), resolve(d.after, b)
	switch x := x.(type) {
	case map[string]any:
		y, ok := y.(map[string]any)
		if !ok {
			break
		}
		keys := maps.Clone(x)
		maps.Copy(keys, y)
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			d.compare(append(path[:len(path):len(path)], key), x[key], y[key])
		}
		return
	case []any:
		y, ok := y.([]any)
		if !ok {
			break
		}
		for i := range max(len(x), len(y)) {
			var p, q any
			if i < len(x) {
				p = x[i]
			}
			if i < len(y) {
				q = y[i]
			}
			d.compare(append(path[:len(path):len(path)], "["+strconv.Itoa(i)+"]"), p, q)
		}
		return
	}
	if !reflect.DeepEqual(x, y) {
		d.paths = append(d.paths, strings.Join(path, ""))
	}
}

// run compares everything.
func (d *difference) run() {
	trailer := func(d dump) any { return d["trailer"].(map[string]any)["value"] }
	d.compare(nil, trailer(d.before), trailer(d.after))
}

// beyond returns a path that differs and must not; "" where there is none.
func (d *difference) beyond(rules []*regexp.Regexp) string {
	for _, path := range d.paths {
		if !slices.ContainsFunc(rules, func(rule *regexp.Regexp) bool { return rule.MatchString(path) }) {
			return path
		}
	}
	return ""
}

// harmless says which paths may differ, by the permission of the signature. It
// knows nothing of package changes: it is written from ISO 32000-2, 12.8.2.2.2.
func harmless(permission int) []*regexp.Regexp {
	const (
		field  = `^/Root/AcroForm/Fields\[\d+\](/Kids\[\d+\])*`
		widget = `^/Root/Pages(/Kids\[\d+\])*/Annots\[\d+\]`
		filled = `/(V|AP|AS|I|TI|RV|M)([/\[].*)?$`
	)
	all := []string{
		`^/(Size|Prev|ID|XRefStm|Info|Type|W|Index|Filter|Length|DecodeParms)([/\[].*)?$`,
		`^/Root/(DSS|Metadata|Extensions)([/\[].*)?$`, `^/Root/Version$`,
	}
	if permission != 1 {
		all = append(all, field+filled, widget+filled,
			`^/Root/AcroForm/(SigFlags|NeedAppearances)$`, field+`/Ff$`, widget+`/Ff$`)
	}
	if permission == 3 {
		all = append(all, `^/Root/Pages(/Kids\[\d+\])*/Annots(\[[1-9]\d*\].*)?$`)
	}
	var out []*regexp.Regexp
	for _, text := range all {
		out = append(out, regexp.MustCompile(text))
	}
	return out
}

// subject is a signed file, and updates that may follow it.
type subject struct {
	data       []byte
	permission int
	form       testpdf.Form
	updates    [][]testpdf.Object
	signed     dump
	rules      []*regexp.Regexp
}

// subjects signs contracts with much that could be led astray.
func subjects(t *testing.T, m *Maker, r *secondReader) []*subject {
	var all []*subject
	for _, form := range testpdf.Forms {
		for permission := range 4 {
			d := newDraft(m, form)
			d.update(
				testpdf.Object{Number: 20, Body: "<</Type/OCG/Name(Clauses)>>"},
				testpdf.Object{Number: 21, Body: "<</Type/Annot/Subtype/Text/Rect[500 700 520 720]/Contents(a note)/P 10 0 R/F 4/AP<</N 24 0 R>>>>"},
				testpdf.Object{Number: 22, Body: "<</OCGs[20 0 R]/D<</ON[20 0 R]>>>>"},
				testpdf.Object{Number: 23, Body: "<</Type/Metadata/Subtype/XML>>", Data: []byte("<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")},
				testpdf.Object{Number: 24, Body: "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources 26 0 R>>", Data: []byte("0 0 9 9 re f")},
				testpdf.Object{Number: 25, Body: "<</Type/XObject/Subtype/Form/BBox[0 0 595 842]>>", Data: []byte("1 g 0 0 595 842 re f")},
				testpdf.Object{Number: 26, Body: "<</ExtGState<</Annots 27 0 R>>/Font 28 0 R>>"},
				testpdf.Object{Number: 27, Body: "<</Type/ExtGState/ca 1>>"},
				testpdf.Object{Number: 28, Body: "<</F2 7 0 R>>"},
				testpdf.Object{Number: 29, Body: "<</Certs[30 0 R]>>"},
				testpdf.Object{Number: 30, Body: "<<>>", Data: m.PKI.Root.Certificate.Raw},
			)
			d.annots, d.catalog = append(d.annots, 21), "/OCProperties 22 0 R/Metadata 23 0 R/DSS 29 0 R/PageLabels<</Nums[0<</S/r>>]>>"
			d.update(d.root(""), d.page(""))
			require.NoError(t, d.put(mark{field: "First", permission: permission}))
			s := &subject{data: d.data, permission: permission, form: form, rules: harmless(permission), signed: r.read(t, d.data)}
			require.NotNil(t, s.signed)
			xmp := testpdf.Object{Number: 23, Body: "<</Type/Metadata/Subtype/XML>>", Data: []byte("<x:xmpmeta xmlns:x='adobe:ns:meta/'> </x:xmpmeta>")}
			n := d.next()
			s.updates = [][]testpdf.Object{
				{xmp},
				{{Number: 8, Body: "<</Title(another)>>"}},
				{{Number: n, Body: "<<>>", Data: []byte("more")}, {Number: 29, Body: fmt.Sprintf("<</Certs[30 0 R %d 0 R]>>", n)}},
				{d.root("/Version/2.0/Extensions<</ESIC<</BaseVersion/1.7/ExtensionLevel 2>>>>")},
			}
			if permission != 1 {
				s.updates = append(s.updates, []testpdf.Object{field("Biei", widgetRect, 4), look("Biei")})
			}
			if permission == 3 {
				note := testpdf.Object{Number: 21, Body: "<</Type/Annot/Subtype/Text/Rect[500 700 520 720]/Contents(another)/P 10 0 R/F 4/AP<</N 24 0 R>>>>"}
				s.updates = append(s.updates, []testpdf.Object{note})
				d.annots = append(d.annots, n)
				s.updates = append(s.updates, []testpdf.Object{d.page(""), {Number: n, Body: "<</Type/Annot/Subtype/Square/Rect[1 1 99 99]/P 10 0 R/C[1 0 0]>>"}})
			}
			all = append(all, s)
		}
	}
	return all
}

// mutant appends an update to the subject in which objects, or the bytes of the
// whole, are changed.
func (s *subject) mutant(m *mutate.Mutator, seed uint64) []byte {
	pick := seed
	choose := func(n int) int {
		pick = pick*6364136223846793005 + 1442695040888963407
		return int(pick>>33) % n
	}
	update := slices.Clone(s.updates[choose(len(s.updates))])
	if choose(4) == 0 { // objects of the whole update, text and all
		whole := testpdf.File{Form: s.form, Objects: update, Trailer: "/Root 1 0 R/Info 8 0 R"}.Append(s.data)
		return append(bytes.Clone(s.data), m.Of(whole[len(s.data):], seed)...)
	}
	for range 1 + choose(2) {
		i := choose(len(update))
		switch choose(6) {
		case 0: // an object of the signed file, changed
			o := testpdf.Contract(1, s.form).Objects[choose(9)]
			if o.Data == nil {
				o.Body = string(m.Of([]byte(o.Body), seed))
			} else {
				o.Data = m.Of(o.Data, seed)
			}
			update = append(update, o)
		case 1: // the same under another number
			o := update[i]
			o.Number = 1 + choose(testpdf.LastSize(s.data)+2)
			update = append(update, o)
		case 2:
			update = append(update, testpdf.Object{Number: 1 + choose(32), Generation: choose(2), Free: true})
		case 3:
			if update[i].Data != nil {
				update[i].Data = m.Of(update[i].Data, seed)
				break
			}
			fallthrough
		default:
			body := string(m.Of([]byte(update[i].Body), seed))
			if update[i].Data == nil || strings.HasSuffix(body, ">>") { // else there is no room for a Length
				update[i].Body = body
			}
		}
		seed++
	}
	form := s.form
	if choose(3) == 0 {
		form = testpdf.Forms[choose(3)]
	}
	return testpdf.File{Form: form, Objects: unique(update), Trailer: "/Root 1 0 R/Info 8 0 R"}.Append(s.data)
}

// unique keeps the last object of a number: a section lists each once.
func unique(objects []testpdf.Object) []testpdf.Object {
	var out []testpdf.Object
	for _, o := range objects {
		out = append(slices.DeleteFunc(out, func(p testpdf.Object) bool { return p.Number == o.Number }), o)
	}
	return out
}

// TestSecondReader changes what follows a signature. Where the signature is
// still intact, qpdf must find that the objects and the trailer that it reaches
// differ from the signed ones by nothing but allowed changes. SECOND_READER says
// how many mutants, SEED where to begin.
func TestSecondReader(t *testing.T) {
	r := newSecondReader(t)
	m, err := NewMaker()
	require.NoError(t, err)
	all := subjects(t, m, r)
	options := &verify.Options{Trust: m.PKI.Pool(), At: m.Time()}
	count, first := number(t, "SECOND_READER", 240), number(t, "SEED", 1)
	var bodies [][]byte
	for _, o := range testpdf.Contract(1, testpdf.Table).Objects {
		bodies = append(bodies, []byte(o.Body))
	}
	for _, u := range all[3].updates {
		for _, o := range u {
			bodies = append(bodies, []byte(o.Body))
		}
	}
	mutator := mutate.New(bodies)
	intact, changed := 0, 0
	for seed := first; seed < first+count; seed++ {
		s := all[seed%uint64(len(all))]
		data := s.mutant(mutator, seed)
		report, _ := verify.Reader(context.Background(), bytes.NewReader(data), int64(len(data)), options)
		if report == nil || len(report.Signatures) == 0 || !report.Signatures[0].Intact {
			continue
		}
		intact++
		d := &difference{before: s.signed, after: r.read(t, data)}
		if d.after == nil {
			fail(t, seed, data, "qpdf does not read a file whose signature is intact")
		}
		d.run()
		if slices.ContainsFunc(d.paths, func(path string) bool { return strings.HasPrefix(path, "/Root") }) {
			changed++
		}
		if path := d.beyond(s.rules); path != "" {
			fail(t, seed, data, fmt.Sprintf("P=%d %v: the signature is intact, and qpdf finds a change at %s", s.permission, s.form, path))
		}
	}
	t.Logf("%d mutants: %d intact, %d of them with another catalog or what hangs on it", count, intact, changed)
	if count >= 240 {
		require.NotZero(t, changed)
		require.Less(t, intact, int(count))
	}
}

// TestSecondReaderSees demands that the second reader notices every change of
// the matrix that is never allowed: else it could not tell of ours.
func TestSecondReaderSees(t *testing.T) {
	r := newSecondReader(t)
	m, err := NewMaker()
	require.NoError(t, err)
	for _, form := range testpdf.Forms {
		nothing := &Change{apply: func(*draft) error { return nil }}
		signed, err := nothing.Build(m, form, 1)
		require.NoError(t, err)
		for _, c := range Changes() {
			if c.Allowed != never {
				continue
			}
			data, err := c.Build(m, form, 1)
			require.NoError(t, err)
			d := &difference{before: r.read(t, signed), after: r.read(t, data)}
			d.run()
			require.NotEmpty(t, d.beyond(harmless(1)), "%s, %v: %v", c.Name, form, d.paths)
		}
	}
}

func fail(t *testing.T, seed uint64, data []byte, text string) {
	name := filepath.Join(os.TempDir(), fmt.Sprintf("second-reader-%d.pdf", seed))
	require.NoError(t, os.WriteFile(name, data, 0o600))
	require.Fail(t, text, "SECOND_READER=1 SEED=%d, %s", seed, name)
}

func number(t *testing.T, name string, otherwise uint64) uint64 {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	require.NoError(t, err, name)
	return n
}
