// Package digest computes the digests that PDF signatures are made over: the
// bytes of a file without the gap that holds the signature itself (ISO
// 32000-2, 12.8.1). All digests of a file come from one sequential read in
// constant memory, however many signatures it carries.
//
// It does not judge whether a byte range makes sense for a signature; it
// refuses only ranges that it cannot read in one direction.
package digest
