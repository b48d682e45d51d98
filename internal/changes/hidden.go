package changes

import "github.com/inkan-go/inkan/internal/pdf"

// Flags of annotations (ISO 32000-2, Table 167).
const (
	flagInvisible = 1
	flagHidden    = 1 << 1
	flagNoView    = 1 << 5
	flagToggle    = 1 << 8
)

// hidden says what keeps a reader from noticing an annotation.
func hidden(a slot) Message {
	flags, _ := a.get("F").peek().value.(pdf.Integer)
	if flags&(flagInvisible|flagHidden|flagNoView|flagToggle) != 0 {
		return say("which its flags hide")
	}
	for _, key := range []pdf.Name{"CA", "ca"} {
		if opacity, ok := number(a.get(key).peek().value); ok && opacity < 0.05 {
			return say("which its opacity hides")
		}
	}
	if strays(a) {
		return say("which readers may draw outside the area that it names")
	}
	return Message{}
}

// strays tells whether points of an annotation, which readers without an
// appearance draw it by, lie outside its rectangle.
func strays(a slot) bool {
	rect, _ := rectangle(a)
	if rect == nil {
		return false
	}
	x0, x1 := min(rect[0], rect[2])-1, max(rect[0], rect[2])+1
	y0, y1 := min(rect[1], rect[3])-1, max(rect[1], rect[3])+1
	var outside func(list slot, lists int) bool
	outside = func(list slot, lists int) bool {
		if !a.side.spend(len(list.items())) {
			return false
		}
		for i := range list.items() {
			item := list.item(i).peek()
			if lists > 0 && outside(item, lists-1) {
				return true
			}
			n, ok := number(item.value)
			if x := i%2 == 0; ok && (x && (n < x0 || n > x1) || !x && (n < y0 || n > y1)) {
				return true
			}
		}
		return false
	}
	for _, key := range []pdf.Name{"QuadPoints", "Vertices", "L", "CL", "InkList"} {
		if outside(a.get(key).peek(), 1) {
			return true
		}
	}
	return false
}
