//go:build !darwin && !dragonfly && !freebsd && !illumos && !linux && !netbsd && !openbsd && !windows

package filelock

import (
	"errors"
	"os"
)

// Lock does not exist on this system.
func Lock(*os.File) error { return errors.ErrUnsupported }
