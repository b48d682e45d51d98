package vectors

import (
	"fmt"
	"regexp"

	"github.com/inkan-go/inkan/internal/testpdf"
)

// spoofs returns the dictionary attacks of attacks.md §4: an update in the given
// form that redefines the signature dictionary with the same signed values.
func spoofs(form testpdf.Form) []damage {
	update := func(p placed, objects ...testpdf.Object) []byte {
		return testpdf.File{Form: form, Objects: objects, Trailer: "/Root 1 0 R"}.Append(p.data)
	}
	forged := func(p placed) string { return withKey(p.body(), "Reason", "(Forged reason)") }
	return []damage{
		{"reason", func(p placed) []byte {
			return update(p, testpdf.Object{Number: p.number(), Body: forged(p), Plain: true})
		}},
		{"date", func(p placed) []byte {
			return update(p, testpdf.Object{Number: p.number(), Body: withKey(p.body(), "M", "(D:19990101000000Z)"), Plain: true})
		}},
		{"other-object", func(p placed) []byte {
			field, body := fieldOf(p)
			n := testpdf.LastSize(p.data)
			return update(p,
				testpdf.Object{Number: n, Body: forged(p), Plain: true},
				testpdf.Object{Number: field, Body: withKey(body, "V", fmt.Sprintf("%d 0 R", n)), Plain: true})
		}},
		{"freed", func(p placed) []byte {
			return update(p, testpdf.Object{Number: p.number(), Generation: 1, Free: true})
		}},
		{"field-emptied", func(p placed) []byte {
			field, body := fieldOf(p)
			return update(p, testpdf.Object{Number: field, Body: withKey(body, "V", "null"), Plain: true})
		}},
	}
}

// withKey sets a key of a dictionary written as text: the first occurrence is
// replaced, else the key is added.
func withKey(dict, key, value string) string {
	re := regexp.MustCompile(`/` + key + `\s*(\([^)]*\)|<[0-9A-Fa-f]*>|\d+ 0 R|\[[^\]]*\]|/\w+|[\w.]+)`)
	if at := re.FindStringIndex(dict); at != nil {
		return dict[:at[0]] + "/" + key + " " + value + dict[at[1]:]
	}
	return dict[:len(dict)-2] + "/" + key + " " + value + ">>"
}

// fieldOf finds the field whose /V is the signature, and its dictionary.
func fieldOf(p placed) (number int, body string) {
	re := regexp.MustCompile(fmt.Sprintf(`(\d+) 0 obj\s*(<<[^>]*(?:<[0-9A-Fa-f]*>[^>]*)*/V %d 0 R(?:[^>]|>[^>])*>>)\s*endobj`, p.number()))
	m := re.FindSubmatch(p.data)
	if m == nil {
		panic("vectors: no field refers to the signature")
	}
	_, err := fmt.Sscan(string(m[1]), &number)
	if err != nil {
		panic(err)
	}
	return number, string(m[2])
}
