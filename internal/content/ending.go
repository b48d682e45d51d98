package content

// Ending is the state in which content leaves what is written behind it (ISO
// 32000-2, 8.4.2 and 7.8.2). Content ought to leave none of it open.
type Ending struct {
	// Open are operators that close what the content leaves open: a path, a text
	// object, marked content, saved graphics states.
	Open []byte
	// Strays are the places of the operators Q for which there is no q. Readers
	// pass over them; behind a q of somebody else they would count.
	Strays []int
	// Cut tells that the content ends within a string, an array or an image: what
	// is written behind it would become part of that.
	Cut bool
}

// End reads content to its end. Operands and what they mean are not looked at.
func End(data []byte) *Ending {
	var e Ending
	var saved, marked, compatible, nested int
	text, path := false, false
	s := &scanner{data: data}
	for {
		t, ok := s.next()
		if !ok {
			break
		}
		if t.kind == bracket {
			nested = max(0, nested+opens(t.bytes[0]))
			continue
		}
		if t.kind != operator {
			continue
		}
		switch string(t.bytes) {
		case "q":
			saved++
		case "Q":
			if saved--; saved < 0 {
				saved = 0
				e.Strays = append(e.Strays, s.pos-1)
			}
		case "BMC", "BDC":
			marked++
		case "EMC":
			marked = max(0, marked-1)
		case "BX":
			compatible++
		case "EX":
			compatible = max(0, compatible-1)
		case "BT", "ET":
			text = t.bytes[0] == 'B'
		case "m", "l", "c", "v", "y", "re", "h", "W", "W*":
			path = true
		case "f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "n":
			path = false
		case "ID":
			s.skipImage()
		}
	}
	e.Cut = s.cut || nested > 0
	e.Open = closing(path, text, marked, compatible, saved)
	return &e
}

// opens is by how much a bracket of an array or dictionary changes the depth.
func opens(c byte) int {
	switch c {
	case '[', '<', '{':
		return 1
	case ']', '>', '}':
		return -1
	}
	return 0
}

func closing(path, text bool, marked, compatible, saved int) []byte {
	var b []byte
	if path {
		b = append(b, "n\n"...)
	}
	if text {
		b = append(b, "ET\n"...)
	}
	for _, open := range []struct {
		count int
		by    string
	}{{marked, "EMC\n"}, {compatible, "EX\n"}, {saved, "Q\n"}} {
		for range open.count {
			b = append(b, open.by...)
		}
	}
	return b
}
