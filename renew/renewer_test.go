package renew_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/renew"
	"github.com/inkan-go/inkan/tsa"
	"github.com/inkan-go/inkan/verify"
)

// TestRenew: a file whose last time stamp expires within the margin gets one more, once;
// what was there does not change.
func TestRenew(t *testing.T) {
	o := newOffice(t)
	short, long := o.stamper(in(11)), o.stamper(in(60))
	name, before := o.file("a.pdf", pades.BLTA, short)

	dry, err := o.renewer(nil, func(o *renew.Options) { o.DryRun = true }).File(t.Context(), name)
	require.NoError(t, err)
	require.Equal(t, renew.Due, dry.Outcome)
	require.Equal(t, before, o.read(name))

	r := o.renewer(long)
	result, err := r.File(t.Context(), name)
	require.NoError(t, err)
	require.Equal(t, renew.Renewed, result.Outcome)
	require.Equal(t, []int{1, 0, 0}, []int{result.Stamps, result.Lost, result.Unknown})
	require.Equal(t, verify.TotalPassed, result.Indication)
	require.WithinDuration(t, in(11), result.Before.Deadline, time.Hour)
	require.WithinDuration(t, in(60), result.Now.Deadline, time.Hour)
	after := o.read(name)
	require.True(t, bytes.HasPrefix(after, before))
	require.Equal(t, 2, o.renewals(name))
	require.NoFileExists(t, name+".inkan-append")

	result, err = r.File(t.Context(), name)
	require.NoError(t, err)
	require.Equal(t, renew.Kept, result.Outcome)
	require.Zero(t, result.Stamps)
	require.Equal(t, after, o.read(name))

	text, err := json.Marshal(result)
	require.NoError(t, err)
	var read renew.Result
	require.NoError(t, json.Unmarshal(text, &read))
	require.Equal(t, result, &read)
	require.Contains(t, string(text), `{"schema":"inkan.renew/1","file":`)
	require.Contains(t, string(text), `"outcome":"kept"`)
}

// TestDue: what is due by margin, level and retention.
func TestDue(t *testing.T) {
	o := newOffice(t)
	short, long := o.stamper(in(11)), o.stamper(in(60))
	month := 31 * 24 * time.Hour
	for what, c := range map[string]struct {
		level  pades.Level
		stamps tsa.Timestamper
		change func(*renew.Options)
		want   renew.Outcome
	}{
		"within the default margin":        {pades.BLTA, short, func(*renew.Options) {}, renew.Renewed},
		"outside a margin":                 {pades.BLTA, short, func(o *renew.Options) { o.Margin = 9 * month }, renew.Kept},
		"within a margin":                  {pades.BLTA, short, func(o *renew.Options) { o.Margin = 12 * month }, renew.Renewed},
		"thrown away before":               {pades.BLTA, short, func(o *renew.Options) { o.Verify.RetainUntil = in(10) }, renew.Kept},
		"kept for longer":                  {pades.BLTA, short, func(o *renew.Options) { o.Verify.RetainUntil = in(12) }, renew.Renewed},
		"a signature alone":                {pades.BB, nil, func(*renew.Options) {}, renew.Kept},
		"a signature alone, to be raised":  {pades.BB, nil, func(o *renew.Options) { o.Raise = true }, renew.Raised},
		"a time stamp that expires":        {pades.BT, short, func(*renew.Options) {}, renew.Raised},
		"one that lasts, to be raised":     {pades.BLT, long, func(o *renew.Options) { o.Raise = true }, renew.Raised},
		"archived already, nothing to add": {pades.BLTA, long, func(o *renew.Options) { o.Raise = true }, renew.Kept},
	} {
		t.Run(what, func(t *testing.T) {
			o := *o
			o.T, o.dir = t, t.TempDir()
			name, before := o.file("a.pdf", c.level, c.stamps)
			r := o.renewer(long, c.change)
			result, err := r.File(t.Context(), name)
			require.NoError(t, err)
			require.Equal(t, c.want, result.Outcome, "%+v", result)
			after := o.read(name)
			require.True(t, bytes.HasPrefix(after, before))
			require.Equal(t, c.want != renew.Kept, len(after) > len(before))
			if c.want == renew.Kept {
				return
			}
			again, err := r.File(t.Context(), name)
			require.NoError(t, err)
			require.Equal(t, renew.Kept, again.Outcome)
		})
	}
}

// TestNotKept: every way in which a file stays what it was, with the error of it.
func TestNotKept(t *testing.T) {
	o := newOffice(t)
	short, shorter := o.stamper(in(11)), o.stamper(in(10))
	name, sound := o.file("a.pdf", pades.BLTA, short)
	altered := bytes.Replace(sound, []byte("Service contract"), []byte("Servile contract"), 1)
	require.NotEqual(t, sound, altered)
	errDown := errors.New("out of order")
	for what, c := range map[string]struct {
		data                  []byte
		tsa                   tsa.Timestamper
		want                  renew.Outcome
		says                  string
		stamps, lost, unknown int
	}{
		"no PDF":             {[]byte("text"), short, renew.Failed, "not a PDF", 0, 0, 0},
		"not signed":         {testpdf.Contract(1, testpdf.Table).Bytes(), short, renew.Unsigned, "neither a signature", 0, 0, 0},
		"broken":             {altered, short, renew.Unprovable, "nothing in it passes", 0, 0, 0},
		"no stamp":           {sound, stamps(func(context.Context, *tsa.Request) (*tsa.Response, error) { return nil, tsa.ErrNoStamp }), renew.Failed, "no stamp was made", 0, 0, 0},
		"perhaps a stamp":    {sound, stamps(func(context.Context, *tsa.Request) (*tsa.Response, error) { return nil, errDown }), renew.Failed, "out of order", 0, 0, 1},
		"prolongs nothing":   {sound, shorter, renew.Futile, "lasts longer", 1, 1, 0},
		"the same authority": {sound, short, renew.Futile, "lasts longer", 1, 1, 0},
	} {
		t.Run(what, func(t *testing.T) {
			o.write(name, c.data)
			result, err := o.renewer(c.tsa).File(t.Context(), name)
			var not *renew.NotKeptError
			require.ErrorAs(t, err, &not)
			require.NotErrorIs(t, err, os.ErrNotExist)
			require.Equal(t, c.want, not.Outcome)
			require.Equal(t, c.want, result.Outcome)
			require.Contains(t, err.Error(), name)
			require.Contains(t, result.Error, c.says)
			require.NotContains(t, result.Error, name)
			require.Equal(t, []int{c.stamps, c.lost, c.unknown}, []int{result.Stamps, result.Lost, result.Unknown})
			require.Equal(t, c.data, o.read(name))
			require.NoFileExists(t, name+".inkan-append")
		})
	}
	_, err := o.renewer(short).File(t.Context(), filepath.Join(o.dir, "missing.pdf"))
	require.ErrorIs(t, err, os.ErrNotExist)
	var unreadable *verify.UnreadableError
	require.ErrorAs(t, err, &unreadable)
}

// TestFutileOnce: where one file shows that stamps of an authority prolong nothing, no
// more are bought for others.
func TestFutileOnce(t *testing.T) {
	o := newOffice(t)
	short := o.stamper(in(11))
	r := o.renewer(short)
	bought := 0
	for i := range 3 {
		name, _ := o.file(string(rune('a'+i))+".pdf", pades.BLTA, short)
		result, err := r.File(t.Context(), name)
		require.Error(t, err)
		require.Equal(t, renew.Futile, result.Outcome)
		bought += result.Stamps
	}
	require.Equal(t, 1, bought)
}

// TestPolicyOfLevel: a file below the level that a policy demands is raised to it.
func TestPolicyOfLevel(t *testing.T) {
	o := newOffice(t)
	name, _ := o.file("a.pdf", pades.BB, nil)
	archive := func(o *renew.Options) { o.Verify.Policy, o.Raise = verify.Archive(), true }
	result, err := o.renewer(o.stamper(in(60)), archive).File(t.Context(), name)
	require.NoError(t, err)
	require.Equal(t, renew.Raised, result.Outcome)
	report, err := verify.File(t.Context(), name, &verify.Options{Trust: o.server.PKI.Pool(), Source: o.source, Policy: verify.Archive()})
	require.NoError(t, err)
	require.True(t, report.Passed())
}

// TestWorse: a renewed document that would be judged worse is not written. Here the
// anchors end while it is made.
func TestWorse(t *testing.T) {
	o := newOffice(t)
	name, before := o.file("a.pdf", pades.BLTA, o.stamper(in(11)))
	long := o.stamper(in(60))
	options := o.options(nil)
	options.Verify.Trust = o.server.PKI.Pool()
	policy := verify.Default()
	policy.AnchorEnds = map[[32]byte]time.Time{}
	options.Verify.Policy = policy
	options.Extend.TSA = stamps(func(ctx context.Context, r *tsa.Request) (*tsa.Response, error) {
		policy.AnchorEnds[sha256.Sum256(o.server.PKI.Root.Certificate.Raw)] = time.Now().AddDate(-1, 0, 0)
		return long.Timestamp(ctx, r)
	})
	r, err := renew.New(options)
	require.NoError(t, err)
	result, err := r.File(t.Context(), name)
	require.ErrorContains(t, err, "judged worse")
	require.Equal(t, []int{1, 1}, []int{result.Stamps, result.Lost})
	require.Equal(t, before, o.read(name))
}

// TestChangedMeanwhile: what somebody else writes to the file while a stamp is had stays;
// and a file that changes before that is judged anew.
func TestChangedMeanwhile(t *testing.T) {
	o := newOffice(t)
	long := o.stamper(in(60))
	name, before := o.file("a.pdf", pades.BLTA, o.stamper(in(11)))
	more := append(bytes.Clone(before), "\n% more\n"...)
	result, err := o.renewer(stamps(func(ctx context.Context, r *tsa.Request) (*tsa.Response, error) {
		o.write(name, more)
		return long.Timestamp(ctx, r)
	})).File(t.Context(), name)
	require.ErrorIs(t, err, pades.ErrChanged)
	require.Equal(t, []int{1, 1}, []int{result.Stamps, result.Lost})
	require.Equal(t, more, o.read(name))
	require.NoFileExists(t, name+".inkan-append")
}

// TestRoom: when a stamp is bought the disk has room for what is to be appended.
func TestRoom(t *testing.T) {
	o := newOffice(t)
	long := o.stamper(in(60))
	var kept int64
	r := o.renewer(stamps(func(ctx context.Context, request *tsa.Request) (*tsa.Response, error) {
		records, err := filepath.Glob(filepath.Join(o.dir, "*.inkan-append"))
		require.NoError(t, err)
		require.Len(t, records, 1)
		info, err := os.Stat(records[0])
		require.NoError(t, err)
		kept = info.Size()
		return long.Timestamp(ctx, request)
	}))
	name, before := o.file("a.pdf", pades.BLTA, o.stamper(in(11)))
	_, err := r.File(t.Context(), name)
	require.NoError(t, err)
	require.GreaterOrEqual(t, kept, int64(len(o.read(name))-len(before)))
	require.Equal(t, int64(renew.LeastRoom), kept)
	require.Equal(t, int64(5<<20), renew.RoomAfter(r, 5<<20), "what another file took")
	require.Equal(t, int64(5<<20), renew.RoomAfter(r, 100))
}

// TestAttempts: a file that changes while it is judged is judged anew, maxAttempts times.
func TestAttempts(t *testing.T) {
	const maxAttempts = 3
	o := newOffice(t)
	long := o.stamper(in(60))
	name, before := o.file("a.pdf", pades.BLTA, o.stamper(in(11)))
	asked, perAttempt, changes := 0, 1<<30, 0
	clock := func(options *renew.Options) {
		options.Verify.Now = func() time.Time {
			if asked%perAttempt == 0 && asked/perAttempt < changes {
				require.NoError(t, os.Chtimes(name, time.Time{}, in(-1-asked)))
			}
			asked++
			return time.Now()
		}
	}
	_, err := o.renewer(nil, clock, func(o *renew.Options) { o.DryRun = true }).File(t.Context(), name)
	require.NoError(t, err)
	perAttempt = asked
	for changes = maxAttempts - 1; changes <= maxAttempts; changes++ {
		asked = 0
		result, err := o.renewer(long, clock).File(t.Context(), name)
		if changes == maxAttempts {
			require.ErrorIs(t, err, pades.ErrChanged)
			require.Zero(t, result.Stamps)
			require.Equal(t, before, o.read(name))
			continue
		}
		require.NoError(t, err)
		require.Equal(t, renew.Renewed, result.Outcome)
		o.write(name, before)
	}
}

// TestWait: a process that works on the file is waited for, and what it did is seen.
func TestWait(t *testing.T) {
	o := newOffice(t)
	long := o.stamper(in(60))
	name, _ := o.file("a.pdf", pades.BLTA, o.stamper(in(11)))
	var second *renew.Result
	var secondErr error
	var waiting sync.WaitGroup
	result, err := o.renewer(stamps(func(ctx context.Context, r *tsa.Request) (*tsa.Response, error) {
		waiting.Go(func() { second, secondErr = o.renewer(long).File(context.WithoutCancel(ctx), name) })
		time.Sleep(100 * time.Millisecond)
		return long.Timestamp(ctx, r)
	})).File(t.Context(), name)
	require.NoError(t, err)
	require.Equal(t, renew.Renewed, result.Outcome)
	waiting.Wait()
	require.NoError(t, secondErr)
	require.Equal(t, renew.Kept, second.Outcome)
	require.Zero(t, second.Stamps)
	require.Empty(t, second.Interrupted)
	require.Equal(t, 2, o.renewals(name))
}

// TestTwoAtATime: of two that renew the same file, one does.
func TestTwoAtATime(t *testing.T) {
	o := newOffice(t)
	long := o.stamper(in(60))
	name, _ := o.file("a.pdf", pades.BLTA, o.stamper(in(11)))
	var second *renew.Result
	var secondErr error
	result, err := o.renewer(stamps(func(ctx context.Context, r *tsa.Request) (*tsa.Response, error) {
		second, secondErr = o.renewer(long, func(o *renew.Options) { o.Wait = -1 }).File(ctx, name)
		return long.Timestamp(ctx, r)
	})).File(t.Context(), name)
	require.NoError(t, err)
	require.Equal(t, renew.Renewed, result.Outcome)
	require.Error(t, secondErr)
	require.Equal(t, renew.Busy, second.Outcome)
	require.Equal(t, "another process is working on it", second.Error)
	require.Zero(t, second.Stamps)
	require.Equal(t, 2, o.renewals(name))
}

// TestInterrupted: what an append left that did not end is put in order before the file
// is judged.
func TestInterrupted(t *testing.T) {
	o := newOffice(t)
	long := o.stamper(in(60))
	name, before := o.file("a.pdf", pades.BLTA, o.stamper(in(11)))

	o.write(name+".inkan-append", nil)
	dry, err := o.renewer(nil, func(o *renew.Options) { o.DryRun = true }).File(t.Context(), name)
	require.NoError(t, err)
	require.Equal(t, renew.Due, dry.Outcome)
	require.Equal(t, "nothing", dry.Interrupted)
	require.FileExists(t, name+".inkan-append")

	var told []string
	result, err := o.renewer(long, func(o *renew.Options) {
		o.Interrupted = func(file, state string) {
			require.FileExists(t, name+".inkan-append")
			told = append(told, file, state)
		}
	}).File(t.Context(), name)
	require.NoError(t, err)
	require.Equal(t, renew.Renewed, result.Outcome)
	require.Equal(t, "nothing", result.Interrupted)
	require.Equal(t, []string{name, "nothing"}, told)
	require.True(t, bytes.HasPrefix(o.read(name), before))
	require.Equal(t, 2, o.renewals(name))

	o.write(name+".inkan-append", []byte("something else\nend\n"))
	_, err = o.renewer(long).File(t.Context(), name)
	require.ErrorContains(t, err, "no record of an append")

	// What belongs to another file is not waited for.
	began := time.Now()
	o.write(name+".inkan-append", fmt.Appendf(nil, "inkan-append 1\nlength 5\ndigest SHA-256 %064d\nadded 5\nadded-digest SHA-256 %064d\nend\n", 0, 0))
	_, err = o.renewer(long).File(t.Context(), name)
	require.ErrorIs(t, err, pades.ErrInterrupted)
	require.ErrorContains(t, err, "another file")
	require.Less(t, time.Since(began), 30*time.Second)
}

// TestStopped: a context that ends is heeded before a stamp is bought, not afterwards.
func TestStopped(t *testing.T) {
	o := newOffice(t)
	long := o.stamper(in(60))
	name, before := o.file("a.pdf", pades.BLTA, o.stamper(in(11)))
	ctx, stop := context.WithCancel(t.Context())
	result, err := o.renewer(stamps(func(ctx context.Context, r *tsa.Request) (*tsa.Response, error) {
		stop()
		return long.Timestamp(ctx, r)
	})).File(ctx, name)
	require.NoError(t, err)
	require.Equal(t, renew.Renewed, result.Outcome)

	o.write(name, before)
	_, err = o.renewer(long).File(ctx, name)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, before, o.read(name))
}

// TestAuthorityIsForeseen: where the authority was met, and data about it cannot be had
// any more, no further stamp is bought.
func TestAuthorityIsForeseen(t *testing.T) {
	o := newOffice(t)
	long, made := o.stamper(in(60)), 0
	first, _ := o.file("a.pdf", pades.BLTA, o.stamper(in(11)))
	second, before := o.file("b.pdf", pades.BLTA, o.stamper(in(11)))
	options := o.options(stamps(func(ctx context.Context, r *tsa.Request) (*tsa.Response, error) {
		made++
		return long.Timestamp(ctx, r)
	}))
	source := &fetch.Client{Resolver: o.server, Dial: o.server.DialContext, Cache: fetch.NoCache{}, RememberFailures: -1}
	options.Extend.Revocation = source
	r, err := renew.New(options)
	require.NoError(t, err)
	_, err = r.File(t.Context(), first)
	require.NoError(t, err)
	o.server.Break(testpki.OCSPService, testpki.Unavailable)
	o.server.Break(testpki.CRLService, testpki.NotFound)
	result, err := r.File(t.Context(), second)
	require.ErrorIs(t, err, pades.ErrEvidence)
	require.Zero(t, result.Stamps)
	require.Equal(t, 1, made)
	require.Equal(t, before, o.read(second))
}

// TestStampDoesNotPass: a stamp that cannot be judged renews nothing, and says nothing of
// how long those of the authority last.
func TestStampDoesNotPass(t *testing.T) {
	o := newOffice(t)
	name, before := o.file("a.pdf", pades.BLTA, o.stamper(in(11)))
	o.server.Break(testpki.OCSPService, testpki.Unavailable)
	o.server.Break(testpki.CRLService, testpki.NotFound)
	o.source = &fetch.Client{Resolver: o.server, Dial: o.server.DialContext, RememberFailures: -1}
	r := o.renewer(o.stamper(in(60)))
	result, err := r.File(t.Context(), name)
	require.ErrorContains(t, err, "the new time stamp would not pass: INDETERMINATE")
	require.Equal(t, renew.Failed, result.Outcome)
	require.Equal(t, 1, result.Lost)
	require.Equal(t, before, o.read(name))
	o.server.Break(testpki.OCSPService, testpki.Sound)
	o.server.Break(testpki.CRLService, testpki.Sound)
	result, err = r.File(t.Context(), name)
	require.NoError(t, err)
	require.Equal(t, renew.Renewed, result.Outcome)
}

func TestOptions(t *testing.T) {
	o := newOffice(t)
	for says, change := range map[string]func(*renew.Options){
		"nobody is trusted": func(o *renew.Options) { o.Verify.Trust = nil },
		"as of now":         func(o *renew.Options) { o.Verify.At = time.Now() },
		"negative":          func(o *renew.Options) { o.Margin = -1 },
		"Extend.TSA":        func(o *renew.Options) { o.Extend.TSA = nil },
		"only the level":    func(o *renew.Options) { o.Extend.Level = pades.BT },
	} {
		options := o.options(o.stamper(in(60)))
		change(options)
		_, err := renew.New(options)
		require.ErrorContains(t, err, says)
	}
	_, err := renew.New(nil)
	require.Error(t, err)
	for outcome := renew.Failed; outcome <= renew.Renewed; outcome++ {
		text, err := outcome.MarshalText()
		require.NoError(t, err)
		var read renew.Outcome
		require.NoError(t, read.UnmarshalText(text))
		require.Equal(t, outcome, read)
	}
	require.Error(t, new(renew.Outcome).UnmarshalText([]byte("x")))
	require.Equal(t, "failed", renew.Outcome(99).String())
	var not *renew.NotKeptError
	require.False(t, errors.As(os.ErrClosed, &not))
}
