// Package layers holds tests only: they read the sources of the module and fail
// when an import runs upward, when a package that others link gains a dependency
// outside golang.org/x, or when a rule of the house for files and functions is broken.
//
// They parse the files themselves. A test that asked the go command would be cached
// and pass wrongly.
package layers
