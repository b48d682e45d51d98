package sendonce_test

import (
	"io"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/sendonce"
)

func TestPost(t *testing.T) {
	var sent atomic.Bool
	r, err := sendonce.Post(t.Context(), "https://tsa.example/a", []byte("query"), &sent)
	require.NoError(t, err)
	require.False(t, sent.Load())
	_, ok := r.Body.(io.WriterTo)
	require.False(t, ok, "nothing reads past the watch")
	again, err := r.GetBody()
	require.NoError(t, err)
	require.False(t, sent.Load())
	b, err := io.ReadAll(again)
	require.NoError(t, err)
	require.Equal(t, "query", string(b))
	require.True(t, sent.Load())
	require.EqualValues(t, 5, r.ContentLength)
	require.NoError(t, again.Close())

	for _, bad := range []string{"", "tsa.example", "ftp://tsa.example", "https://", "http://secret\x7f"} {
		_, err := sendonce.Post(t.Context(), bad, nil, &sent)
		require.Error(t, err, bad)
		require.NotContains(t, err.Error(), "secret")
	}
}

func TestToLoopback(t *testing.T) {
	for text, want := range map[string]bool{
		"http://127.0.0.1:80/": true, "http://127.9.9.9/": true, "http://[::1]/": true, "http://[::ffff:127.0.0.1]/": true,
		"http://localhost/": true, "http://LOCALHOST:1/": true, "http://localhost.example/": false, "http://10.0.0.1/": false,
		"http://127.0.0.1.example/": false, "http:///": false,
	} {
		u, err := url.Parse(text)
		require.NoError(t, err)
		require.Equal(t, want, sendonce.ToLoopback(u), text)
	}
}
