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
			if info, err := os.Stat(name); err != nil || !info.IsDir() {
				if !yield(name, nil) { // opening it tells what is wrong
					return
				}
				continue
			}
			if !folderFiles(name, yield) {
				return
			}
		}
	}
}

// folderFiles yields the files of one folder, and tells whether to go on.
func folderFiles(folder string, yield func(string, error) bool) bool {
	found, more := false, true
	_ = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error { // its errors are yielded
		if err == nil && (!entry.Type().IsRegular() || !strings.EqualFold(filepath.Ext(path), ".pdf")) {
			return nil
		}
		if found, more = true, yield(path, err); !more {
			return fs.SkipAll
		}
		return nil
	})
	if !found {
		return yield(folder, errNoPDF)
	}
	return more
}
