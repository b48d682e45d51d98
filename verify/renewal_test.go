package verify_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpki"
)

// TestNextAction: protection lasts as long as the longest proof over a signature, and
// a file as long as its first signature.
func TestNextAction(t *testing.T) {
	w := newWorld(t)
	three, twelve, thirty := w.stamper(years(3), nil), w.stamper(years(12), nil), w.stamper(years(30), nil)
	ltv := w.ltv(days(1))
	key, err := testpki.FixedKeys(testpki.TimeStamperRole, testpki.RSA2048)
	require.NoError(t, err)
	weak, err := w.stamps.Issue(&testpki.Request{Profile: testpki.TimeStamperProfile, Key: key, Issuer: w.stamps.Root, NotAfter: years(20)})
	require.NoError(t, err)
	for _, tt := range []struct {
		name string
		file []byte
		want time.Time
		why  string
	}{
		{"the signer's own certificate", w.file(w.signature(nil, nil), ltv), years(10), "of the signer"},
		{"time stamp of the signature", w.file(w.signature(nil, []at{{twelve, days(1)}}), ltv), years(12), "of the time-stamping authority"},
		{"the longer of two", w.file(w.signature(nil, []at{{three, days(1)}, {twelve, days(1)}}), ltv), years(12), "of the time-stamping authority"},
		{"document time stamp", w.file(w.signature(nil, []at{{three, days(1)}}), ltv, w.document(at{thirty, days(2)})), years(30), "of the time-stamping authority"},
		{"content time stamps protect nothing", w.file(w.signature([]at{{thirty, days(1)}}, nil), ltv), years(10), "of the signer"},
		{"an algorithm", w.file(w.signature(nil, nil), ltv, w.document(at{weak, days(2)})), time.Date(2029, 1, 1, 0, 0, 0, 0, time.UTC), "RSA with 2048 bits"},
		{"a second signature after the document time stamp", w.file(w.signature(nil, nil), ltv, w.document(at{thirty, days(2)}), w.signature(nil, nil)), years(10), "of the signer"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := w.judgeAt(tt.file, days(3))
			require.True(t, r.Passed(), "%+v", r.Signatures[0].Findings)
			require.NotNil(t, r.NextAction)
			require.Equal(t, tt.want.Format(time.RFC3339), r.NextAction.Deadline.Format(time.RFC3339))
			require.Contains(t, r.NextAction.Why, tt.why)
		})
	}
	require.Nil(t, w.judgeAt(w.file(w.signature(nil, nil)), days(3)).NextAction, "nothing passed")
}
