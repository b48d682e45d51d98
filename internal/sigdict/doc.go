// Package sigdict reads what a PDF says about its signatures: signature fields
// and their dictionaries, ByteRange and Contents with their places in the file,
// locks and permissions, the document security store (ISO 32000-2, 12.7.5.5 and
// 12.8).
//
// It reads and does not judge: a damaged dictionary is returned with the damage
// named, so that it can be counted, and nothing is verified here.
package sigdict
