package renew

import (
	"errors"
	"fmt"

	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify"
)

// Schema names the JSON form of a Result. Fields may be added to it; none changes its
// meaning.
const Schema = "inkan.renew/1"

// Result is what became of one file. It is data.
type Result struct {
	Schema  string  `json:"schema"`
	File    string  `json:"file"`
	Outcome Outcome `json:"outcome"`
	// Error says why the file is not provable for longer; "" where that is as it should be.
	Error string `json:"error"`
	// Indication is the verdict on the file as it is now.
	Indication verify.Indication `json:"indication"`
	// Before and Now are until when the file was and is provable; nil where that is not
	// known.
	Before *verify.NextAction `json:"before,omitempty"`
	Now    *verify.NextAction `json:"now,omitempty"`
	// Retention is that of the file as it is now; nil without Verify.RetainUntil.
	Retention *verify.Retention `json:"retention,omitempty"`
	// Stamps is how many time stamps were bought for the file, Lost how many of them it
	// does not hold. Unknown is after how many requests nobody knows whether a stamp was
	// made; none of them is in the file.
	Stamps  int `json:"stamps"`
	Lost    int `json:"lost"`
	Unknown int `json:"unknown"`
	// Interrupted tells of an earlier append to the file that had not ended, of this or
	// another program: "nothing" was written, "partial" was cut back, "complete" is
	// there whole. In the first two cases stamps may have been bought in vain.
	Interrupted string `json:"interrupted"`
	// Warnings are doubts that did not stop the work, made for people.
	Warnings []string `json:"warnings,omitempty"`
}

// NotKeptError tells that a file is not provable for as long as was asked. Its cause is
// nil where nothing went wrong but the file is as its Outcome says.
type NotKeptError struct {
	File    string
	Outcome Outcome
	Cause   error
}

// Error returns one line for people.
func (e *NotKeptError) Error() string {
	return fmt.Sprintf("renew: %s: %s", e.File, e.reason())
}

// reason is why, without the name of the file.
func (e *NotKeptError) reason() string {
	var unreadable *verify.UnreadableError
	switch {
	case errors.As(e.Cause, &unreadable): // below the name of the file stands once
		return pathless(unreadable.Cause).Error()
	case e.Cause != nil:
		return e.Cause.Error()
	case e.Outcome == Busy:
		return "another process is working on it"
	case e.Outcome == Unprovable:
		return "nothing in it passes any more, so there is nothing to be kept; verify it to see why"
	case e.Outcome == Unsigned:
		return "it holds neither a signature nor a document time stamp"
	case e.Outcome == Futile:
		return "stamps of the time-stamping authority prove nothing for longer than it is provable already: use an authority whose certificate lasts longer"
	}
	return e.Outcome.String()
}

// Unwrap returns the cause.
func (e *NotKeptError) Unwrap() error { return e.Cause }

// conclude returns the result with the error that belongs to it.
func (r *Result) conclude(o Outcome, cause error) (*Result, error) {
	r.Outcome = o
	if o >= Due && cause == nil {
		return r, nil
	}
	err := &NotKeptError{File: r.File, Outcome: o, Cause: cause}
	r.Error = err.reason()
	return r, err
}

// interruptions are the words for what an append left behind.
var interruptions = map[pades.AppendState]string{
	pades.AppendNothing: "nothing", pades.AppendPartial: "partial", pades.AppendComplete: "complete",
}
