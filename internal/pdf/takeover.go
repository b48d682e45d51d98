package pdf

import "slices"

// takeOver takes over what was read of the file as it was before bytes were appended to it, so
// that objects which stay the same are not read again. It does so only where nothing about
// either was odd: anomalies, damage, and what is decrypted, belong to the File that met them.
func (f *File) takeOver(before *File) {
	if !f.Continues(before) {
		return
	}
	before.cache.mu.Lock()
	defer before.cache.mu.Unlock()
	f.cache.mu.Lock()
	defer f.cache.mu.Unlock()
	for at, o := range before.cache.objects {
		if _, read := f.cache.objects[at]; o != nil && !read {
			f.cache.objects[at] = o
		}
	}
	f.cache.keep(before.cache.cost)
}

// Continues tells whether the file has the revisions of another one, where the first bytes of both
// are the same, and further ones, and nothing odd was met in either so far. Not so where
// something is encrypted.
func (f *File) Continues(before *File) bool {
	if before == nil {
		return false
	}
	for _, x := range []*File{f, before} {
		if x.Damage != nil || x.Repaired || x.encryption != nil || x.log.len() > 0 {
			return false
		}
	}
	n := len(before.Revisions)
	return f.Base == before.Base && f.Size > before.Size && len(f.Revisions) > n && len(f.Sections) > len(before.Sections) &&
		slices.EqualFunc(f.Revisions[:n], before.Revisions, func(a, b Revision) bool {
			return a.StartXref == b.StartXref && a.End == b.End && a.EndEOL == b.EndEOL && slices.Equal(a.Sections, b.Sections)
		}) &&
		slices.EqualFunc(f.Sections[:len(before.Sections)], before.Sections, func(a, b *Section) bool { return a.Offset == b.Offset && a.End == b.End })
}
