// Package renew keeps signed PDF files provable for years: it judges a file with package
// verify and, where the proof ends soon, renews it with package pades before it does. At
// the level B-LTA (EN 319 142-1, 6.1) that means adding what judging the file takes, and
// a document time stamp over all of it.
//
//	r, err := renew.New(&renew.Options{Verify: &verify.Options{Trust: pool}, Extend: &pades.ExtendOptions{TSA: client, Revocation: source}})
//	result, err := r.File(ctx, "contract.pdf")
//
// Any number of files may be renewed by any number of goroutines. Work that was killed is
// begun again by doing the same once more.
//
// # What happens to a file
//
// It is changed in place, and only behind its end. Before a time stamp is bought, a record
// beside it tells that it is being renewed (pades.Document.Reserve), so that no other
// process renews it too. The renewed document is judged before it is written: what makes
// a verdict worse, or prolongs nothing, is not written. Where the process is killed, the
// next call finds the record, brings the file in order and says so in Result.Interrupted:
// the file is then what it was, or renewed. Only for such a file may a stamp have been
// bought in vain that nobody could count.
//
// # What it does not decide
//
// Whether a signature is valid, until when, and what keeps it so: packages verify and
// pades do. Nor for how long files must be kept.
package renew
