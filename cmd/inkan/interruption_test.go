package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"

	"github.com/rogpeppe/go-internal/testscript"
)

// scriptInterruptions (interruptions) writes files to which an append stopped: at its beginning,
// before its first byte, in the middle, at its end; and one whose record
// belongs to another file.
func scriptInterruptions(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: interruptions")
	}
	write := func(name string, data []byte) { ts.Check(os.WriteFile(ts.MkAbs(name), data, 0o644)) }
	original := []byte(ts.ReadFile("contract.pdf"))
	added := append([]byte("90 0 obj\n<<>>\nendobj\n"), bytes.Repeat([]byte("% added\n"), 80)...)
	record := func(original []byte) []byte {
		return fmt.Appendf(nil, "inkan-append 1\nlength %d\ndigest SHA-256 %x\nadded %d\nadded-digest SHA-256 %x\nend\n",
			len(original), sha256.Sum256(original), len(added), sha256.Sum256(added))
	}
	whole := append(bytes.Clone(original), added...)
	for name, f := range map[string]struct{ file, record []byte }{
		"begun.pdf":   {original, record(original)[:20]},
		"nothing.pdf": {original, record(original)},
		"torn.pdf":    {whole[:len(original)+len(added)/2], record(original)},
		"ended.pdf":   {whole, record(original)},
		"other.pdf":   {original, record(added)},
		"newer.pdf":   {original, bytes.Replace(record(original), []byte("append 1"), []byte("append 2"), 1)},
	} {
		write(name, f.file)
		write(name+".inkan-append", f.record)
		write("lost-"+name, f.file)
	}
}
