package pades_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/pades"
)

// TestRecoverCut: wherever an append is cut off, recovering gives the file as it was or
// with all that was appended, no record is left, and the file can be appended to again.
func TestRecoverCut(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "in.pdf")
	d, original, whole := signedAs(t, name)
	disk := &recorder{}
	d.SetStorage(disk)
	require.NoError(t, d.AppendFile(name))

	after := t.TempDir()
	cutName := filepath.Join(after, "in.pdf")
	states := map[pades.AppendState]int{}
	cuts(map[string][]byte{name: original}, disk.steps, func(at int, state map[string][]byte) {
		restore(t, after, state)
		i, err := pades.FindInterruption(cutName)
		require.NoError(t, err)
		if i == nil {
			return
		}
		told := pades.AppendUnknown
		found, err := i.Recover(t.Context(), func(s pades.AppendState) {
			require.FileExists(t, i.Record)
			told = s
		})
		require.Equal(t, found, told)
		require.NoError(t, err, "cut before step %d", at)
		states[found]++
		want := original
		if found == pades.AppendComplete {
			want = whole
		}
		got, err := os.ReadFile(cutName)
		require.NoError(t, err)
		require.True(t, bytes.Equal(want, got), "cut before step %d: %d", at, found)
		require.Equal(t, []string{"in.pdf"}, files(t, after))
	})
	require.Greater(t, states[pades.AppendPartial], 20)
	require.NotZero(t, states[pades.AppendNothing])
	require.NotZero(t, states[pades.AppendComplete])
}

// interrupted writes a file and the record of an append to it that did not end.
func interrupted(t *testing.T, data []byte) (name string, original, whole []byte) {
	t.Helper()
	name = filepath.Join(t.TempDir(), "in.pdf")
	d, original, whole := signedAs(t, name)
	var record []byte
	d.SetStorage(&recorder{fails: func(s step) error {
		if s.name == name && s.kind == "write" && record == nil {
			var err error
			record, err = os.ReadFile(name + pades.RecordSuffix)
			require.NoError(t, err)
		}
		return nil
	}})
	require.NoError(t, d.AppendFile(name))
	write(t, name+pades.RecordSuffix, record)
	if data != nil {
		write(t, name, data)
	}
	return name, original, whole
}

// TestRecoverRefuses: what an append did not write stays where it is.
func TestRecoverRefuses(t *testing.T) {
	_, original, whole := interrupted(t, nil)
	half := whole[:len(original)+(len(whole)-len(original))/2]
	for what, c := range map[string]struct {
		data []byte
		says string
	}{
		"more behind the append": {append(bytes.Clone(whole), "9 0 obj\n<<>>\nendobj\n"...), "something else"},
		"another revision":       {append(bytes.Clone(half), "\n%%EOF\r\n"...), "something else"},
		"another file":           {append([]byte("%"), whole...), "another file"},
		"a shorter file":         {original[:len(original)-1], "another file"},
	} {
		name, _, _ := interrupted(t, c.data)
		i, err := pades.FindInterruption(name)
		require.NoError(t, err)
		_, err = i.Recover(t.Context(), nil)
		require.ErrorIs(t, err, pades.ErrInterrupted, what)
		require.ErrorContains(t, err, c.says, what)
		got, err := os.ReadFile(name)
		require.NoError(t, err)
		require.Equal(t, c.data, got, what)
		require.FileExists(t, i.Record)
	}
	name, _, _ := interrupted(t, half)
	i, err := pades.FindInterruption(name)
	require.NoError(t, err)
	state, err := i.Recover(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, pades.AppendPartial, state)
	_, err = i.Recover(t.Context(), nil)
	require.ErrorIs(t, err, pades.ErrInterrupted, "the record is gone")
}

// TestReservation: while it stands nobody else appends or recovers; where the process
// stops, its record tells that nothing was written.
func TestReservation(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "in.pdf")
	d, original, whole := signedAs(t, name)
	other, err := pades.Open(name, fixed)
	require.NoError(t, err)
	defer other.Close()
	require.NoError(t, other.Sign(t.Context(), signer(t, nil), nil))

	r, err := d.Reserve(name)
	require.NoError(t, err)
	require.ErrorIs(t, other.AppendFile(name), pades.ErrInterrupted)
	_, err = other.Reserve(name)
	require.ErrorIs(t, err, pades.ErrInterrupted)
	i, err := pades.FindInterruption(name)
	require.NoError(t, err)
	require.EqualValues(t, -1, i.Length)
	_, err = i.Recover(t.Context(), nil)
	require.ErrorIs(t, err, pades.ErrInterrupted)
	require.ErrorIs(t, err, pades.ErrAppending)
	require.NoError(t, r.Release())
	require.NoError(t, r.Release())
	require.Equal(t, []string{"in.pdf"}, files(t, dir))

	r, err = d.Reserve(name)
	require.NoError(t, err)
	require.NoError(t, r.Append())
	require.ErrorIs(t, r.Append(), pades.ErrOptions, "it has ended")
	got, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, whole, got)
	require.ErrorIs(t, other.AppendFile(name), pades.ErrChanged)

	// Without anything to append the record goes, and the file stays as it is.
	r, err = d.Reserve(name)
	require.NoError(t, err)
	require.NoError(t, r.Append())
	require.Equal(t, []string{"in.pdf"}, files(t, dir))
	r, err = other.Reserve(name)
	require.NoError(t, err)
	require.ErrorIs(t, r.Append(), pades.ErrChanged)
	require.Equal(t, []string{"in.pdf"}, files(t, dir))

	// A process that is no more leaves the record without its lock.
	write(t, name, original)
	write(t, name+pades.RecordSuffix, nil)
	i, err = pades.FindInterruption(name)
	require.NoError(t, err)
	state, err := i.Recover(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, pades.AppendNothing, state)
	require.Equal(t, []string{"in.pdf"}, files(t, dir))
	_, err = d.Reserve(filepath.Join(dir, "nothing.pdf"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

// readOnly is a file system on which no file can be opened to be written.
type readOnly struct{ pades.Storage }

func (readOnly) Open(name string) (pades.StoredFile, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
}

// TestReserveReadOnly: nothing is bought for a file that cannot be written.
func TestReserveReadOnly(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "in.pdf")
	d, original, _ := signedAs(t, name)
	d.SetStorage(readOnly{pades.Disk{}})
	_, err := d.Reserve(name)
	require.ErrorIs(t, err, fs.ErrPermission)
	require.Equal(t, []string{"in.pdf"}, files(t, dir))
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, original, data)
}

// TestReserveFails lets every step fail: the file stays as it is, and no record but one
// that says so.
func TestReserveFails(t *testing.T) {
	for n := 0; ; n++ {
		dir := t.TempDir()
		name := filepath.Join(dir, "in.pdf")
		d, original, whole := signedAs(t, name)
		d.SetStorage(failing(n, false))
		r, err := d.Reserve(name)
		if err == nil {
			if err = r.Room(3000); err != nil {
				require.NoError(t, r.Release())
				require.Equal(t, []string{"in.pdf"}, files(t, dir))
			} else {
				err = r.Append()
			}
		}
		if err == nil {
			require.Greater(t, n, 18)
			break
		}
		require.ErrorIs(t, err, errFull)
		require.Empty(t, violation(t, name, original, whole), "step %d", n)
	}
}

// TestReservationCut cuts the power between reserving and the end: the file is what it was or
// what it was to be, or its record tells how it becomes what it was.
func TestReservationCut(t *testing.T) {
	dir, after := t.TempDir(), t.TempDir()
	name, cutName := filepath.Join(dir, "in.pdf"), filepath.Join(after, "in.pdf")
	d, original, whole := signedAs(t, name)
	disk := &recorder{}
	d.SetStorage(disk)
	r, err := d.Reserve(name)
	require.NoError(t, err)
	require.NoError(t, r.Room(3000))
	require.NoError(t, r.Append())
	require.Equal(t, []string{"in.pdf"}, files(t, dir))
	seen := 0
	cuts(map[string][]byte{name: original}, disk.steps, func(at int, state map[string][]byte) {
		seen++
		restore(t, after, state)
		require.Empty(t, violation(t, cutName, original, whole), "cut before step %d", at)
	})
	require.Greater(t, seen, 100)
}

// TestRoom: what a reservation takes on the disk is given back, and says nothing of an append.
func TestRoom(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "in.pdf")
	d, _, whole := signedAs(t, name)
	r, err := d.Reserve(name)
	require.NoError(t, err)
	for _, size := range []int64{100, 200_000, 150_000} {
		require.NoError(t, r.Room(size))
		info, err := os.Stat(name + pades.RecordSuffix)
		require.NoError(t, err)
		require.GreaterOrEqual(t, info.Size(), size)
		i, err := pades.FindInterruption(name)
		require.NoError(t, err)
		require.EqualValues(t, -1, i.Length)
	}
	require.NoError(t, r.Append())
	require.ErrorIs(t, r.Room(1), pades.ErrOptions, "it has ended")
	got, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, whole, got)
	require.Equal(t, []string{"in.pdf"}, files(t, dir))

	// A full disk is told before anything is bought, and the record is as short as before.
	d, original, _ := signedAs(t, name)
	d.SetStorage(&recorder{fails: func(s step) error {
		if s.kind == "write" && s.offset >= 2048 {
			return errFull
		}
		return nil
	}})
	r, err = d.Reserve(name)
	require.NoError(t, err)
	require.ErrorIs(t, r.Room(1<<20), errFull)
	info, err := os.Stat(name + pades.RecordSuffix)
	require.NoError(t, err)
	require.Zero(t, info.Size())
	require.NoError(t, r.Release())
	got, err = os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, original, got)

	// A process that stopped while it had the room left zeros.
	write(t, name+pades.RecordSuffix, make([]byte, 5000))
	i, err := pades.FindInterruption(name)
	require.NoError(t, err)
	state, err := i.Recover(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, pades.AppendNothing, state)
}
