package pdf

import "bytes"

// find returns the first offset from start on at which word stands, within
// limit; -1 if none.
func (f *File) find(start int64, word string, limit int64) (int64, error) {
	at, _, err := f.findAnyWithin(start, limit, word)
	return at, err
}

// findAny returns the first offset from start on at which one of the words stands; -1 if none.
func (f *File) findAny(start int64, words ...string) (int64, string, error) {
	return f.findAnyWithin(start, f.Size, words...)
}

func (f *File) findAnyWithin(start, limit int64, words ...string) (int64, string, error) {
	overlap := int64(0)
	for _, w := range words {
		overlap = max(overlap, int64(len(w))-1)
	}
	size := int64(firstWindow)
	for start < limit {
		buf, _, err := f.src.slice(start, int(min(size, limit-start)), false)
		if err != nil {
			return -1, "", err
		}
		best, word := -1, ""
		for _, w := range words {
			if i := bytes.Index(buf, []byte(w)); i >= 0 && (best < 0 || i < best) {
				best, word = i, w
			}
		}
		if best >= 0 {
			return start + int64(best), word, nil
		}
		if start+int64(len(buf)) >= limit {
			break
		}
		start += int64(len(buf)) - overlap
		size = min(size*4, scanWindow)
	}
	return -1, "", nil
}

// firstNonSpace returns the first offset from start on that holds no white
// space; -1 if none.
func (f *File) firstNonSpace(start int64) (int64, error) {
	for start < f.Size {
		buf, _, err := f.src.slice(start, scanWindow/4, false)
		if err != nil {
			return -1, err
		}
		for i, c := range buf {
			if class[c] != space {
				return start + int64(i), nil
			}
		}
		start += int64(len(buf))
	}
	return -1, nil
}
