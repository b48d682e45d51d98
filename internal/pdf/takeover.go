package pdf

import "slices"

// takeOver takes over what was read of the file as it was before bytes were appended to it, so
// that objects which stay the same are not read again. It does so only where nothing about
// either was odd: anomalies, damage, and what is decrypted, belong to the File that met them.
func (f *File) takeOver(before *File) {
	if before == nil || !f.continues(before) {
		return
	}
	before.log.mu.Lock()
	odd := len(before.log.list) > 0
	before.log.mu.Unlock()
	if odd {
		return
	}
	before.cache.mu.Lock()
	defer before.cache.mu.Unlock()
	f.cache.mu.Lock()
	defer f.cache.mu.Unlock()
	for at, known := range before.cache.objects {
		if _, read := f.cache.objects[at]; known.object != nil && !read {
			f.cache.objects[at] = known
		}
	}
	f.cache.keep(before.cache.cost)
}

// continues tells whether the file is another one, in which nothing is odd either, and sections
// that belong to further revisions.
func (f *File) continues(before *File) bool {
	for _, x := range []*File{f, before} {
		if x.Damage != nil || x.Repaired || x.encryption != nil {
			return false
		}
	}
	f.log.mu.Lock()
	defer f.log.mu.Unlock()
	n := len(before.Revisions)
	return len(f.log.list) == 0 && f.Base == before.Base && f.Size > before.Size && len(f.Revisions) > n && len(f.Sections) > len(before.Sections) &&
		slices.EqualFunc(f.Revisions[:n], before.Revisions, func(a, b Revision) bool {
			return a.StartXref == b.StartXref && a.End == b.End && slices.Equal(a.Sections, b.Sections)
		}) &&
		slices.EqualFunc(f.Sections[:len(before.Sections)], before.Sections, func(a, b *Section) bool { return a.Offset == b.Offset && a.End == b.End })
}
