package tsa_test

import (
	"bytes"
	"crypto"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/ber"
	"github.com/inkan-go/inkan/tsa"
)

// element returns a DER element.
func element(tag byte, contents ...[]byte) []byte {
	content := bytes.Join(contents, nil)
	return append(ber.AppendLength([]byte{tag}, len(content)), content...)
}

func TestQueryLimits(t *testing.T) {
	for n, fits := range map[int]bool{64: true, 65: false} {
		q := &tsa.Query{Hash: crypto.SHA256, Imprint: digest(), Extensions: make([]pkix.Extension, n)}
		for i := range q.Extensions {
			q.Extensions[i].Id = asn1.ObjectIdentifier{1, 2, i}
		}
		der, err := q.Marshal()
		require.NoError(t, err)
		_, err = tsa.ParseQuery(der)
		require.Equal(t, fits, err == nil, "%d extensions: %v", n, err)
	}
	for bits, fits := range map[uint]bool{8*64 - 2: true, 8*64 - 1: false} {
		der, err := (&tsa.Query{Hash: crypto.SHA256, Imprint: digest(), Nonce: new(big.Int).Lsh(big.NewInt(1), bits)}).Marshal()
		require.NoError(t, err)
		_, err = tsa.ParseQuery(der)
		require.Equal(t, fits, err == nil, "a nonce of %d bits: %v", bits+1, err)
	}
}

func TestReplyLimits(t *testing.T) {
	for n, fits := range map[int]bool{16: true, 17: false} {
		texts := bytes.Repeat(element(12, []byte("no")), n)
		reply, err := tsa.ParseReply(element(0x30, element(0x30, []byte{2, 1, 2}, element(0x30, texts))))
		require.Equal(t, fits, err == nil, "%v", err)
		if fits {
			require.Len(t, reply.Text, n)
		} else {
			require.ErrorIs(t, err, cms.ErrLimit)
		}
	}
}

func TestParseReply(t *testing.T) {
	status := func(n byte) []byte { return []byte{2, 1, n} }
	for name, test := range map[string]struct {
		der  []byte
		want *tsa.Reply // nil: malformed
	}{
		"granted":            {element(0x30, element(0x30, status(0))), &tsa.Reply{Status: tsa.Granted}},
		"waiting":            {element(0x30, element(0x30, status(3))), &tsa.Reply{Status: tsa.Waiting}},
		"last status":        {element(0x30, element(0x30, status(5))), &tsa.Reply{Status: tsa.RevocationNotification}},
		"no such status":     {element(0x30, element(0x30, status(6))), &tsa.Reply{}},
		"negative status":    {element(0x30, element(0x30, status(0xff))), &tsa.Reply{}},
		"huge status":        {element(0x30, element(0x30, []byte{2, 5, 1, 0, 0, 0, 0})), &tsa.Reply{}},
		"first bit":          {element(0x30, element(0x30, status(2), []byte{3, 2, 7, 0x80})), &tsa.Reply{Status: tsa.Rejection, Failure: tsa.BadAlgorithm}},
		"last bit":           {element(0x30, element(0x30, status(2), []byte{3, 5, 6, 0, 0, 0, 0x40})), &tsa.Reply{Status: tsa.Rejection, Failure: tsa.SystemFailure}},
		"bits beyond":        {element(0x30, element(0x30, status(2), []byte{3, 6, 0, 4, 0, 0, 0, 0xff})), &tsa.Reply{Status: tsa.Rejection, Failure: tsa.BadDataFormat}},
		"no bits":            {element(0x30, element(0x30, status(2), []byte{3, 1, 0})), &tsa.Reply{Status: tsa.Rejection}},
		"bytes not in UTF-8": {element(0x30, element(0x30, status(2), element(0x30, []byte{12, 1, 0xff}))), &tsa.Reply{Status: tsa.Rejection, Text: []string{"\uFFFD"}}},
		"segments": {element(0x30, element(0x30, status(2), element(0x30, []byte{0x2c, 6, 4, 1, 'a', 4, 1, 'b'}))),
			&tsa.Reply{Status: tsa.Rejection, Text: []string{"ab"}}},

		"nothing":         {nil, nil},
		"no status":       {element(0x30), nil},
		"empty status":    {element(0x30, element(0x30)), nil},
		"bytes after":     {append(element(0x30, element(0x30, status(0))), 0), nil},
		"another string":  {element(0x30, element(0x30, status(2), element(0x30, []byte{19, 1, 'a'}))), nil},
		"empty bits":      {element(0x30, element(0x30, status(2), []byte{3, 0})), nil},
		"too many unused": {element(0x30, element(0x30, status(2), []byte{3, 2, 8, 0})), nil},
		"a third member":  {element(0x30, element(0x30, status(0)), element(0x30), element(0x30)), nil},
		"no token":        {element(0x30, element(0x30, status(0)), element(0x30)), nil},
		"in status":       {element(0x30, element(0x30, status(0), element(4))), nil},
	} {
		reply, err := tsa.ParseReply(test.der)
		if test.want == nil {
			require.ErrorIs(t, err, cms.ErrMalformed, name)
			continue
		}
		require.NoError(t, err, name)
		require.Equal(t, test.want, reply, name)
	}
}

// The header of an answer is limited, and what is shown of a server's words.
func TestAnswersThatTalkMuch(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		size := 63 << 10
		if r.URL.Path == "/much" {
			size = 65 << 10
		}
		w.Header().Set("X-Filler", strings.Repeat("x", size))
		w.WriteHeader(http.StatusTeapot)
	}))
	t.Cleanup(server.Close)
	var status *tsa.StatusError
	_, err := (&tsa.Client{URL: server.URL}).Timestamp(t.Context(), request())
	require.ErrorAs(t, err, &status)
	_, err = (&tsa.Client{URL: server.URL + "/much"}).Timestamp(t.Context(), request())
	require.Error(t, err)
	require.NotErrorIs(t, err, tsa.ErrNoStamp)

	long := &tsa.RefusedError{Status: tsa.Rejection, Text: []string{strings.Repeat("x", 1<<20)}}
	require.Less(t, len(long.Error()), 300)
	_, err = (&tsa.Client{URL: nobody(t) + "/" + strings.Repeat("x", 1<<16)}).Timestamp(t.Context(), request())
	require.Less(t, len(err.Error()), 500)
}

func TestAccuracyLimit(t *testing.T) {
	for accuracy, fits := range map[time.Duration]bool{365 * 24 * time.Hour: true, 365*24*time.Hour + time.Microsecond: false} {
		r := responder(t, 0)
		r.Accuracy = accuracy
		require.Equal(t, fits, r.Check() == nil)
	}
}
