// Package changes compares consecutive revisions of a PDF and says what kind
// of change the later one made (ISO 32000-2, 12.8.2.2.2 and 12.8.4).
//
// It fails closed. Rules walk down from the trailer through both revisions at
// once and explain what may change after a signature: values of fields and
// their appearances, signatures, annotations, validation data, descriptions of
// the file, and the structure that goes with them. Every object that the
// revision wrote or freed must be explained by a rule, and every reference to
// it, in both revisions, must be one that the rule followed, up to the trailer:
// rules look at paths, never at what an object says of itself. What is not
// explained is Other; what cannot be read is Unknown.
//
// Whether a change is permitted by an earlier signature, and whether a signature
// that was added is one, is decided by the caller.
package changes
