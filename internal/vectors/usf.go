package vectors

import "strings"

// damage is one operation of the universal signature forgery (attacks.md §1):
// the file stays as long as it was, the named token is replaced.
type damage struct {
	name  string
	apply func(p placed) []byte
}

// forgeries returns the matrix entry x operation.
func forgeries() []damage {
	var all []damage
	contents := func(name, text string) {
		all = append(all, damage{"contents-" + name, func(p placed) []byte { return p.overwrite(p.from, p.to, text) }})
	}
	contents("empty", "<>")
	contents("zero", "<00>")
	contents("null", "null")
	contents("integer", "0")
	contents("name", "/Name")
	contents("array", "[]")
	contents("string", "(signed)")
	contents("missing-object", "999999 0 R")
	contents("valueless", "")
	contents("garbage", "<"+strings.Repeat("30", 64)+">")
	all = append(all,
		damage{"contents-absent", func(p placed) []byte { return p.overwrite(p.contentsKey(), p.to, "") }},
		damage{"contents-all-zero", func(p placed) []byte {
			return p.overwrite(p.from, p.to, "<"+strings.Repeat("0", p.to-p.from-2)+">")
		}})

	ranges := func(name, text string) {
		all = append(all, damage{"byterange-" + name, func(p placed) []byte {
			return p.overwrite(p.rangeAt, p.rangeEnd, "/ByteRange"+text)
		}})
	}
	ranges("null", " null")
	ranges("empty", "[]")
	ranges("one-zero", "[0]")
	ranges("three", "[0 1 2]")
	ranges("five", "[0 1 2 3 4]")
	ranges("zeros", "[0 0 0 0]")
	ranges("negative", "[0 9 -1 9]")
	ranges("beyond", "[0 9 9 99999999]")
	ranges("reals", "[0. 9. 9. 9.]")
	ranges("int32", "[0 2147483648 0 1]")
	ranges("int64", "[0 9223372036854775808]")
	ranges("overflow", "[0 9223372036854775807 1 9]")
	ranges("name", "/None")
	ranges("string", "(0 1 2 3)")
	ranges("missing-object", " 99999 0 R")
	ranges("valueless", "")
	all = append(all, damage{"byterange-absent", func(p placed) []byte { return p.overwrite(p.rangeAt, p.rangeEnd, "") }})
	return all
}
