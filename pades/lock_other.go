//go:build !darwin && !dragonfly && !freebsd && !illumos && !linux && !netbsd && !openbsd && !windows

package pades

import (
	"errors"
	"os"
)

// lock does not exist on this system.
func lock(*os.File) error { return errors.ErrUnsupported }
