package pades_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/pades"
)

// signedAs opens a contract of that name, signs it, and gives the original and
// what is to be written.
func signedAs(t *testing.T, name string) (d *pades.Document, original, whole []byte) {
	t.Helper()
	original = testpdf.Contract(1, testpdf.Table).Bytes()
	write(t, name, original)
	d, err := pades.Open(name, fixed)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.Close()) })
	require.NoError(t, d.Sign(t.Context(), signer(t, nil), nil))
	return d, original, content(t, d)
}

// restore puts files into a folder that is emptied before.
func restore(t *testing.T, dir string, state map[string][]byte) {
	t.Helper()
	for _, name := range files(t, dir) {
		require.NoError(t, os.Remove(filepath.Join(dir, name)))
	}
	for name, data := range state {
		write(t, filepath.Join(dir, filepath.Base(name)), data)
	}
}

// violation tells what is wrong with a folder after an append was cut off: the
// file must be what it was or what it was to be, or have a record by which it
// becomes what it was.
func violation(t *testing.T, name string, original, whole []byte) string {
	t.Helper()
	got, err := os.ReadFile(name)
	require.NoError(t, err)
	i, err := pades.FindInterruption(name)
	require.NoError(t, err)
	state := pades.AppendNothing
	switch {
	case bytes.Equal(got, whole):
		state = pades.AppendComplete
	case !bytes.Equal(got, original):
		state = pades.AppendPartial
	}
	switch {
	case i == nil && state == pades.AppendPartial:
		return "a part of the signature without a record"
	case i == nil:
		return ""
	case i.Length < 0 && state != pades.AppendNothing:
		return "the record is not whole, but the file was touched"
	case i.Length >= 0 && (i.Length != int64(len(original)) || !bytes.Equal(got[:i.Length], original)):
		return "cutting to the length does not give the original"
	}
	found, err := i.Examine(t.Context())
	require.NoError(t, err)
	require.Equal(t, state, found, "%v", i)
	return ""
}

func TestAppendFileCut(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "in.pdf")
	d, original, whole := signedAs(t, name)
	disk := &recorder{}
	d.SetStorage(disk)
	require.NoError(t, d.AppendFile(name))
	require.Equal(t, []string{"in.pdf"}, files(t, dir))
	require.Greater(t, len(disk.steps), 12)

	before := map[string][]byte{name: original}
	records, partial := 0, 0
	after := t.TempDir()
	cutName := filepath.Join(after, "in.pdf")
	cuts(before, disk.steps, func(at int, state map[string][]byte) {
		restore(t, after, state)
		require.Empty(t, violation(t, cutName, original, whole), "cut before step %d", at)
		if len(state) == 1 {
			return
		}
		records++
		if i, err := pades.FindInterruption(cutName); err == nil && i.Length >= 0 {
			require.Contains(t, i.String(), "cut it to that length")
			partial++
			require.NoError(t, os.Truncate(cutName, i.Length))
			got, err := os.ReadFile(cutName)
			require.NoError(t, err)
			require.Equal(t, original, got)
		}
	})
	require.Greater(t, records, partial)
	require.Greater(t, partial, 20)

	// The cuts do see what is wrong: without one of the synchronisations before
	// the first byte is written, or without the one before the record goes.
	for _, missing := range []int{0, 1, 2} {
		steps := slices.Clone(disk.steps)
		seen := -1
		steps = slices.DeleteFunc(steps, func(s step) bool {
			if s.kind == "sync" || s.kind == "folder" {
				seen++
				return seen == missing
			}
			return false
		})
		found := false
		cuts(before, steps, func(_ int, state map[string][]byte) {
			restore(t, after, state)
			found = found || violation(t, cutName, original, whole) != ""
		})
		require.True(t, found, "synchronisation %d is of no use", missing)
	}
}

func TestWriteFileCut(t *testing.T) {
	for _, old := range [][]byte{nil, []byte("old")} {
		dir := t.TempDir()
		d, original, whole := signedAs(t, filepath.Join(dir, "in.pdf"))
		out := filepath.Join(dir, "out.pdf")
		before := map[string][]byte{filepath.Join(dir, "in.pdf"): original}
		if old != nil {
			write(t, out, old)
			before[out] = old
		}
		disk := &recorder{}
		d.SetStorage(disk)
		require.NoError(t, d.WriteFile(out))
		wrong := func(steps []step) (wrong int) {
			cuts(before, steps, func(_ int, state map[string][]byte) {
				require.Equal(t, original, state[filepath.Join(dir, "in.pdf")])
				got, there := state[out]
				if there != (old != nil) && !bytes.Equal(got, whole) || there && !bytes.Equal(got, old) && !bytes.Equal(got, whole) {
					wrong++
				}
				for name := range state {
					require.True(t, before[name] != nil || name == out || strings.HasSuffix(name, ".tmp"), name)
				}
			})
			return wrong
		}
		require.Zero(t, wrong(disk.steps))
		unsafe := slices.DeleteFunc(slices.Clone(disk.steps), func(s step) bool { return s.kind == "sync" })
		require.NotZero(t, wrong(unsafe), "the cuts see a missing synchronisation")
	}
}

// TestAppendFileFails lets every step fail, each with a disk that is full for a
// moment and with one that is gone from then on.
func TestAppendFileFails(t *testing.T) {
	for _, gone := range []bool{false, true} {
		for n := 0; ; n++ {
			dir := t.TempDir()
			name := filepath.Join(dir, "in.pdf")
			d, original, whole := signedAs(t, name)
			disk := failing(n, gone)
			d.SetStorage(disk)
			err := d.AppendFile(name)
			if err == nil {
				require.Greater(t, n, 10)
				break
			}
			require.ErrorIs(t, err, errFull)
			require.Empty(t, violation(t, name, original, whole), "step %d", n)
			if gone {
				continue
			}
			got, err := os.ReadFile(name)
			require.NoError(t, err)
			if len(files(t, dir)) > 1 {
				require.Equal(t, whole, got, "only the removal of the record failed")
				continue
			}
			if bytes.Equal(got, whole) {
				continue // the folder could not be synchronised at the end
			}
			require.Equal(t, original, got, "step %d", n)
			require.NoError(t, d.AppendFile(name), "after step %d it can be tried again", n)
		}
	}
}

// TestWriteFileFails lets every step fail.
func TestWriteFileFails(t *testing.T) {
	for n := 0; ; n++ {
		dir := t.TempDir()
		d, _, whole := signedAs(t, filepath.Join(dir, "in.pdf"))
		out := filepath.Join(dir, "out.pdf")
		write(t, out, []byte("old"))
		d.SetStorage(failing(n, false))
		err := d.WriteFile(out)
		if err == nil {
			require.Greater(t, n, 10)
			return
		}
		require.ErrorIs(t, err, errFull)
		require.Equal(t, []string{"in.pdf", "out.pdf"}, files(t, dir), "step %d", n)
		got, err := os.ReadFile(out)
		require.NoError(t, err)
		if !bytes.Equal(got, whole) { // but for the last step
			require.Equal(t, "old", string(got))
		}
	}
}

func TestAppendFileRefusesRecord(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "in.pdf")
	d, original, whole := signedAs(t, name)
	record := name + pades.RecordSuffix
	i, err := pades.FindInterruption(name)
	require.NoError(t, err)
	require.Nil(t, i)
	_, err = pades.FindInterruption(filepath.Join(dir, "nothing"))
	require.ErrorIs(t, err, os.ErrNotExist)

	// A disk that goes when the first block of the signature is there.
	blocks := 0
	d.SetStorage(&recorder{fails: func(s step) error {
		if s.name == name && s.kind == "write" {
			blocks++
		}
		if blocks > 1 {
			return errFull
		}
		return nil
	}})
	require.ErrorContains(t, d.AppendFile(name), "failed as well")
	i, err = pades.FindInterruption(name)
	require.NoError(t, err)
	require.Equal(t, int64(len(original)), i.Length)
	require.Equal(t, int64(len(whole)-len(original)), i.Added)
	require.Equal(t, record, i.Record)

	// Neither this process nor another may append, under whatever name.
	other, err := pades.NewDocument(bytes.NewReader(original), int64(len(original)), fixed)
	require.NoError(t, err)
	require.NoError(t, other.Sign(t.Context(), signer(t, nil), nil))
	link := filepath.Join(t.TempDir(), "link.pdf")
	require.NoError(t, os.Symlink(name, link))
	for _, at := range []string{name, link} {
		err = other.AppendFile(at)
		require.ErrorIs(t, err, pades.ErrInterrupted)
		require.ErrorContains(t, err, "cut it to that length and remove "+record)
	}
	state, err := i.Examine(t.Context())
	require.NoError(t, err)
	require.Equal(t, pades.AppendPartial, state)

	// What the message says helps.
	require.NoError(t, os.Truncate(name, i.Length))
	require.NoError(t, os.Remove(record))
	require.NoError(t, other.AppendFile(link))
	require.Equal(t, []string{"in.pdf"}, files(t, dir))
}

func TestInterruptionStates(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "in.pdf")
	d, original, whole := signedAs(t, name)
	var text []byte
	d.SetStorage(&recorder{fails: func(s step) error {
		if s.name == name && text == nil {
			var err error
			text, err = os.ReadFile(name + pades.RecordSuffix)
			require.NoError(t, err)
		}
		return nil
	}})
	require.NoError(t, d.AppendFile(name))
	write(t, name+pades.RecordSuffix, text)
	swapped := bytes.Clone(whole)
	swapped[0]++
	wrongTail := bytes.Clone(whole)
	wrongTail[len(wrongTail)-1]++
	for _, c := range []struct {
		data []byte
		want pades.AppendState
	}{
		{original, pades.AppendNothing}, {whole, pades.AppendComplete}, {swapped, pades.AppendUnknown},
		{whole[:len(whole)-1], pades.AppendPartial}, {append(bytes.Clone(whole), 0), pades.AppendPartial},
		{wrongTail, pades.AppendPartial}, {original[:len(original)-1], pades.AppendUnknown}, {nil, pades.AppendUnknown},
	} {
		write(t, name, c.data)
		i, err := pades.FindInterruption(name)
		require.NoError(t, err)
		got, err := i.Examine(t.Context())
		require.NoError(t, err)
		require.Equal(t, c.want, got)
	}
	i, err := pades.FindInterruption(name)
	require.NoError(t, err)
	require.NoError(t, os.Remove(name))
	_, err = i.Examine(t.Context())
	require.ErrorIs(t, err, os.ErrNotExist)
	write(t, name, original)

	// A record that was not written whole, and one that is none.
	for n := range text {
		write(t, name+pades.RecordSuffix, text[:n])
		i, err := pades.FindInterruption(name)
		require.NoError(t, err)
		require.Equal(t, int64(-1), i.Length)
		require.Contains(t, i.String(), "before it wrote anything")
		state, err := i.Examine(t.Context())
		require.NoError(t, err)
		require.Equal(t, pades.AppendNothing, state)
	}
	for _, wrong := range [][]byte{
		bytes.Replace(text, []byte("append 1"), []byte("append 2"), 1), bytes.Replace(text, []byte("SHA-256"), []byte("SHA-257"), 1),
		bytes.Replace(text, []byte("length "), []byte("length -"), 1), bytes.Replace(text, []byte("added "), []byte("added 0"), 1),
	} {
		write(t, name+pades.RecordSuffix, wrong)
		_, err := pades.FindInterruption(name)
		require.ErrorContains(t, err, "no record of an append, or one of another version")
		require.ErrorIs(t, d.AppendFile(name), pades.ErrChanged, "nothing to append: the record does not matter")
	}
	write(t, name+pades.RecordSuffix, bytes.Repeat([]byte{'0'}, pades.MaxRecord))
	i, err = pades.FindInterruption(name)
	require.NoError(t, err)
	require.Equal(t, int64(-1), i.Length)
	write(t, name+pades.RecordSuffix, bytes.Repeat([]byte{'0'}, pades.MaxRecord+1))
	_, err = pades.FindInterruption(name)
	require.ErrorContains(t, err, "no record of an append")
}
