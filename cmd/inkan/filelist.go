package main

import (
	"errors"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
)

// errNoPDF is why a folder cannot be judged.
var errNoPDF = errors.New("no file ending in .pdf is in this folder")

// pdfFiles yields the named files, and of every folder the files below it that end in
// .pdf, in the order of their names. Links inside folders are not followed. An error
// stands for what could not be listed. Nothing is kept, so there may be any number.
func pdfFiles(names []string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, name := range names {
			info, err := os.Stat(name)
			if err != nil || !info.IsDir() {
				if !yield(name, nil) { // opening it tells what is wrong
					return
				}
				continue
			}
			found := false
			err = filepath.WalkDir(name, func(path string, entry fs.DirEntry, err error) error {
				switch {
				case err != nil:
					found = true
					if !yield(path, err) {
						return fs.SkipAll
					}
				case entry.Type().IsRegular() && strings.EqualFold(filepath.Ext(path), ".pdf"):
					if found = true; !yield(path, nil) {
						return fs.SkipAll
					}
				}
				return nil
			})
			if err == nil && !found && !yield(name, errNoPDF) {
				return
			}
		}
	}
}
