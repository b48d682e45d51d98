package fetch

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// Directory is a cache of files in a directory, for several goroutines and several
// processes at once. A file appears whole or not at all, under a name that is a
// digest; a damaged one counts as absent. The oldest make room for new ones; between
// two counts other processes may go over the limit by a few files. Files that the
// cache did not write stay untouched.
type Directory struct {
	root    *os.Root
	most    int64 // bytes
	entries int   // files

	mu    sync.Mutex
	total int64 // bytes as last counted, and put since then
	count int   // files, likewise
	puts  int   // since they were last counted
}

// DirectoryOptions limit a [Directory].
type DirectoryOptions struct {
	MaxBytes int64 // of all files together; 0 means 512 MiB
}

// OpenDirectory opens a cache in an existing directory. Nothing outside it is read
// or written, also by way of symbolic links.
func OpenDirectory(name string, o *DirectoryOptions) (*Directory, error) {
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, fmt.Errorf("fetch: cache: %w", err)
	}
	d := &Directory{root: root, most: defaultDirectoryBytes, entries: maxDirectoryEntries}
	if o != nil && o.MaxBytes > 0 {
		d.most = o.MaxBytes
	}
	return d, nil
}

// Close gives the directory back. The cache is not used afterwards.
func (d *Directory) Close() error { return d.root.Close() }

// A file is a head of fixed size and the answer. The head is a mark, the times of
// retrieval and expiry in nanoseconds since 1970, and the digest of the key, both
// times and the answer.
const (
	entryMark = "inkan f1"
	headBytes = len(entryMark) + 8 + 8 + sha256.Size
	entryEnd  = ".fetched"
	partEnd   = ".part"
)

func entryName(key Key) string { return hex.EncodeToString(key[:]) + entryEnd }

func entryDigest(key Key, times, raw []byte) []byte {
	h := sha256.New()
	h.Write(key[:])
	h.Write(times)
	h.Write(raw)
	return h.Sum(nil)
}

// Get implements [Cache].
func (d *Directory) Get(key Key) *Entry {
	name := entryName(key)
	if info, err := d.root.Lstat(name); err != nil || !info.Mode().IsRegular() {
		return nil // a link, or a pipe, which would not let itself be opened
	}
	file, err := d.root.Open(name)
	if err != nil {
		return nil
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() < int64(headBytes) || info.Size() > d.most {
		return nil
	}
	data := make([]byte, info.Size())
	if _, err := io.ReadFull(file, data); err != nil {
		return nil
	}
	return decodeEntry(key, data)
}

func encodeEntry(key Key, e *Entry) []byte {
	out := append(make([]byte, 0, headBytes+len(e.Raw)), entryMark...)
	out = binary.BigEndian.AppendUint64(out, uint64(e.Retrieved.UnixNano()))
	out = binary.BigEndian.AppendUint64(out, uint64(e.Expires.UnixNano()))
	out = append(out, entryDigest(key, out[len(entryMark):], e.Raw)...)
	return append(out, e.Raw...)
}

func decodeEntry(key Key, data []byte) *Entry {
	if len(data) < headBytes || string(data[:len(entryMark)]) != entryMark {
		return nil
	}
	times := data[len(entryMark) : len(entryMark)+16]
	raw := data[headBytes:]
	if string(entryDigest(key, times, raw)) != string(data[headBytes-sha256.Size:headBytes]) {
		return nil
	}
	at := func(b []byte) time.Time { return time.Unix(0, int64(binary.BigEndian.Uint64(b))).UTC() }
	return &Entry{Raw: raw, Retrieved: at(times), Expires: at(times[8:])}
}

// Put implements [Cache]. An entry over the limit is not kept.
func (d *Directory) Put(key Key, e *Entry) error {
	data := encodeEntry(key, e)
	if int64(len(data)) > d.most {
		return nil
	}
	name := entryName(key)
	part := name + "." + rand.Text() + partEnd
	if err := d.write(part, data); err != nil {
		_ = d.root.Remove(part) // the error to tell is the one above
		return fmt.Errorf("fetch: cache: %w", err)
	}
	if err := d.root.Rename(part, name); err != nil {
		_ = d.root.Remove(part) // the error to tell is the one above
		return fmt.Errorf("fetch: cache: %w", err)
	}
	return d.added(int64(len(data)))
}

// write needs no sync: what a crash leaves half written fails its digest.
func (d *Directory) write(name string, data []byte) error {
	file, err := d.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Close())
}

// added counts a new file and tidies up when the limits may be passed, at first, and
// from time to time because of other processes.
func (d *Directory) added(bytes int64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.total += bytes
	d.count++
	d.puts++
	if d.puts > 1 && d.puts < countEvery && d.total <= d.most && d.count <= d.entries {
		return nil
	}
	return d.tidy()
}

// tidy counts the files and removes the oldest entries until the rest keeps the limits, and what other
// processes left unfinished long ago.
func (d *Directory) tidy() error {
	files, total, err := d.files()
	if err != nil {
		return fmt.Errorf("fetch: cache: %w", err)
	}
	count := len(files)
	for _, f := range files {
		if total <= d.most && count <= d.entries {
			break
		}
		if err := d.root.Remove(f.Name()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("fetch: cache: %w", err)
		}
		total -= f.Size()
		count--
	}
	d.total, d.count, d.puts = total, count, 1
	return nil
}

// files lists the entries, oldest first, and their size in all.
func (d *Directory) files() (list []fs.FileInfo, total int64, err error) {
	dir, err := d.root.Open(".")
	if err != nil {
		return nil, 0, err
	}
	defer dir.Close()
	for {
		some, err := dir.ReadDir(256)
		for _, e := range some {
			if !ownName(e.Name()) {
				continue
			}
			info, err := e.Info()
			if err != nil || !info.Mode().IsRegular() {
				continue // removed by another process
			}
			if strings.HasSuffix(e.Name(), partEnd) {
				if time.Since(info.ModTime()) > staleTemporary {
					_ = d.root.Remove(e.Name()) // another process may have done it
				}
				continue
			}
			list = append(list, info)
			total += info.Size()
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, 0, err
		}
	}
	slices.SortFunc(list, func(a, b fs.FileInfo) int { return a.ModTime().Compare(b.ModTime()) })
	return list, total, nil
}

// ownName tells the files of the cache from those that somebody else put there.
func ownName(name string) bool {
	digest, rest, ok := strings.Cut(name, ".")
	if raw, err := hex.DecodeString(digest); !ok || err != nil || len(raw) != sha256.Size {
		return false
	}
	rest = "." + rest
	return rest == entryEnd || strings.HasPrefix(rest, entryEnd+".") && strings.HasSuffix(rest, partEnd)
}
