package renew

import (
	"errors"
	"time"

	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify"
)

// DefaultMargin is how long before the end of the proof a file is renewed if
// Options.Margin does not say. Work that is done once a year then misses none.
const DefaultMargin = 365 * 24 * time.Hour

// Options say what is renewed, and how. They are not changed.
type Options struct {
	// Verify says by what files are judged, and Trust in it must name anchors. Its
	// RetainUntil leaves files alone that stay provable until then. At must be zero: what
	// is renewed is renewed now. What its Policy demands of the level and of time stamps is
	// not asked for, since renewing is what brings it.
	Verify *verify.Options
	// Extend says who makes time stamps and where validation data come from. Its level
	// may be zero, which means BLTA; no other level renews.
	Extend *pades.ExtendOptions
	// Margin is how long before the end of its proof a file is due; 0 means
	// DefaultMargin.
	Margin time.Duration
	// Raise also raises files to BLTA whose proof lasts longer than that, but does not
	// rest on a document time stamp over their validation data.
	Raise bool
	// Wait is how long another process that is working on a file is waited for; 0 means a
	// minute, a negative value not at all.
	Wait time.Duration
	// Interrupted, if not nil, is called with a file to which something was being appended
	// when another process stopped, and what Result.Interrupted will say. It is called
	// before the trace of that is removed, from several goroutines at a time. What it
	// writes down is known even if this process stops as well.
	Interrupted func(file, state string)
	// DryRun changes no file and buys no stamp.
	DryRun bool
}

// check tells what is missing or does not fit together.
func (o *Options) check() error {
	switch {
	case o == nil || o.Verify == nil || o.Verify.Trust == nil:
		return errors.New("renew: nobody is trusted, so nothing is provable: set Verify.Trust")
	case !o.Verify.At.IsZero():
		return errors.New("renew: files are judged as of now: leave Verify.At zero")
	case o.Margin < 0:
		return errors.New("renew: the margin is negative")
	case o.DryRun:
		return nil
	case o.Extend == nil || o.Extend.TSA == nil || o.Extend.Revocation == nil:
		return errors.New("renew: set Extend.TSA, who makes time stamps, and Extend.Revocation, where validation data come from")
	case o.Extend.Level != 0 && o.Extend.Level != pades.BLTA:
		return errors.New("renew: only the level B-LTA renews: leave Extend.Level zero")
	}
	return nil
}
