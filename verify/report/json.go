package report

import (
	"encoding/json"
	"io"

	"github.com/inkan-go/inkan/verify"
)

// JSON writes one report as one line. Characters are written as they are, not
// escaped for use inside HTML.
func JSON(w io.Writer, r *verify.Report) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(r)
}
