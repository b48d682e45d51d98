package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNumbers(t *testing.T) {
	for want, list := range map[string][]int64{
		"":              nil,
		"4":             {4},
		"4, 5":          {5, 4, 4},
		"1-3, 7, 9, 10": {10, 9, 7, 3, 2, 1},
	} {
		require.Equal(t, want, numbers(list))
	}
	require.Equal(t, "9223372036854775806, 9223372036854775807", numbers([]int64{1<<63 - 1, 1<<63 - 2}))
}
