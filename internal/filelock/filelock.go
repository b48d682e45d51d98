// Package filelock takes files for one process, until it closes them or ends.
// It knows no shared locks, and nothing of processes that do not ask for the lock.
package filelock

import "errors"

// ErrLocked tells that another process has a lock. A system, or a file system, without locks
// is errors.ErrUnsupported.
var ErrLocked = errors.New("locked by another process")
