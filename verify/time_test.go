package verify_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/inkan-go/inkan/verify"
	"github.com/stretchr/testify/require"
)

// TestTimeText: what is written is read back; "" is no time at all, and nothing else is.
func TestTimeText(t *testing.T) {
	for _, want := range []string{"", "2026-04-01T09:00:00Z", "2026-04-01T09:00:00+09:00", "2026-04-01T00:10:00.25Z"} {
		var read verify.Time
		require.NoError(t, json.Unmarshal([]byte(`"`+want+`"`), &read))
		require.Equal(t, want == "", read.IsZero())
		require.Equal(t, want, read.String())
		written, err := json.Marshal(read)
		require.NoError(t, err)
		require.Equal(t, `"`+want+`"`, string(written))
	}
	for _, bad := range []string{`"yesterday"`, `"2026-04-01"`, `"2026-04-01T09:00:00"`, `7`} {
		read := verify.Time{Time: time.Unix(1, 0)}
		require.Error(t, json.Unmarshal([]byte(bad), &read), bad)
	}
}
