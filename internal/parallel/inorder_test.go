package parallel

import (
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// TestInOrder: results come in the order of the items whatever takes longest, work runs
// at the same time but not far ahead, and the first error ends it.
func TestInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const workers = 4
		items := make([]int, 100)
		for i := range items {
			items[i] = i
		}
		var running, most, begun atomic.Int64
		do := func(i int) int {
			begun.Add(1)
			most.Store(max(most.Load(), running.Add(1)))
			defer running.Add(-1)
			time.Sleep(time.Duration(1+(i*37)%11) * time.Millisecond)
			return i
		}
		var got []int
		require.NoError(t, InOrder(slices.Values(items), workers, do, func(i int) error {
			got = append(got, i)
			require.LessOrEqual(t, begun.Load(), int64(i+1+3*workers+1), "it runs ahead")
			return nil
		}))
		require.Equal(t, items, got)
		require.EqualValues(t, workers, most.Load())

		begun.Store(0)
		stop := errors.New("stop")
		require.ErrorIs(t, InOrder(slices.Values(items), workers, do, func(i int) error {
			if i == 10 {
				return stop
			}
			return nil
		}), stop)
		require.Less(t, begun.Load(), int64(40))
		require.NoError(t, InOrder(slices.Values(items[:0]), workers, do, func(int) error { return stop }))
	})
}
