package tsa_test

import (
	"errors"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/tsa"
)

// What a status means with and without a token.
func TestStatusOfTheReply(t *testing.T) {
	failure := []byte{3, 2, 5, 0x20} // badRequest
	for name, test := range map[string]struct {
		status  []byte
		token   bool
		want    error // nil: a stamp
		refused bool
		outcome tsa.Outcome
	}{
		"granted":                       {status: []byte{2, 1, 0}, token: true, outcome: tsa.OutcomeStamp},
		"granted with text":             {status: append([]byte{2, 1, 0}, element(0x30, element(12, []byte("ok")))...), token: true, outcome: tsa.OutcomeStamp},
		"granted with mods":             {status: []byte{2, 1, 1}, token: true, outcome: tsa.OutcomeStamp},
		"granted without token":         {status: []byte{2, 1, 1}, want: tsa.ErrResponse},
		"granted with a failure":        {status: append([]byte{2, 1, 0}, failure...), token: true, want: tsa.ErrResponse},
		"rejection":                     {status: append([]byte{2, 1, 2}, failure...), refused: true, outcome: tsa.OutcomeNoStamp},
		"rejection with token":          {status: append([]byte{2, 1, 2}, failure...), token: true, want: tsa.ErrResponse},
		"waiting":                       {status: []byte{2, 1, 3}, refused: true, outcome: tsa.OutcomeNoStamp},
		"revocation warning":            {status: []byte{2, 1, 4}, refused: true, outcome: tsa.OutcomeNoStamp},
		"revocation warning with token": {status: []byte{2, 1, 4}, token: true, want: tsa.ErrResponse},
		"unknown":                       {status: []byte{2, 1, 9}, refused: true, outcome: tsa.OutcomeUncertain},
		"unknown with token":            {status: []byte{2, 1, 9}, token: true, want: tsa.ErrResponse},
	} {
		t.Run(name, func(t *testing.T) {
			r := responder(t, testpki.P256)
			server := httptest.NewServer(handler(func(query []byte) []byte {
				reply, err := r.Respond(t.Context(), query)
				if err != nil {
					return nil
				}
				return inside(t, reply, func(b []byte) []byte {
					changed := element(0x30, test.status)
					if test.token {
						changed = append(changed, b[5:]...) // after SEQUENCE { INTEGER 0 }
					}
					return changed
				})
			}))
			defer server.Close()
			var last tsa.Attempt
			c := &tsa.Client{URL: server.URL, Now: testpki.Now, Observe: func(a tsa.Attempt) { last = a }}
			response, err := c.Timestamp(t.Context(), request())
			require.Equal(t, test.outcome, last.Outcome)
			if test.want != nil {
				require.ErrorIs(t, err, test.want)
			}
			var refused *tsa.RefusedError
			require.Equal(t, test.refused, errors.As(err, &refused))
			if test.outcome != tsa.OutcomeStamp {
				require.Error(t, err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, tsa.Status(test.status[2]+1), response.Status)
		})
	}
}
