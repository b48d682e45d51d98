package font

import (
	"sync"

	"golang.org/x/image/font/gofont/goregular"
)

// Latin returns Go Regular, which comes with the Go project and holds Latin,
// Greek and Cyrillic letters. It is parsed when it is first asked for.
func Latin() (*Font, error) { return latin() }

var latin = sync.OnceValues(func() (*Font, error) { return Parse(goregular.TTF, 0) })
