// Package changes compares consecutive revisions of a PDF and says what kind
// of change the later one made (ISO 32000-2, 12.8.2.2.2 and 12.8.4).
//
// It fails closed: a revision is explained only if every object that it wrote
// or freed has a reason that is on a short list of harmless ones, and anything
// else is Unknown. In this version the list holds further signatures in new or
// empty signature fields, document time stamps, validation data, and what the
// programs that write them change along with them. Whether a change is
// permitted by an earlier signature is decided by the caller.
package changes
