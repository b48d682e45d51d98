package interop_test

import (
	"context"
	"encoding/asn1"
	"testing"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify"
	"github.com/stretchr/testify/require"
)

// TestTheyStampOurs puts document time stamps of EU DSS and pyHanko over B-B
// signatures of ours, which are B-T by that.
func TestTheyStampOurs(t *testing.T) {
	s := newServices(t)
	judges := adesPeers(t)
	id := s.signer(t, testpki.P256)
	for _, form := range testpdf.Forms {
		ours := write(t, "ours.pdf", s.sign(t, testpdf.Contract(1, form).Bytes(), "", &pades.Signer{Key: id.Key, Chain: id.Chain}, pades.BB))
		for _, maker := range judges {
			t.Run(form.String()+" "+maker.name, func(t *testing.T) {
				s.requireLevel(t, judges, maker.make(t, s.task("timestamp", ours)), pades.BT)
			})
		}
	}
}

// TestDocumentTimestampAlone: nobody signed, and the time stamp holds.
func TestDocumentTimestampAlone(t *testing.T) {
	s := newServices(t)
	judges := adesPeers(t)
	for _, form := range levelForms(t) {
		t.Run(form.name, func(t *testing.T) {
			file := write(t, "stamped.pdf", s.update(t, form.data, form.password, func(d *pades.Document) error {
				return d.Timestamp(context.Background(), &pades.TimestampOptions{TSA: s.client()})
			}))
			for _, judge := range judges {
				task := s.task("judge", file)
				task.Password = form.password
				answer := judge.do(t, task)
				require.Empty(t, answer.Error, judge.name)
				require.Empty(t, answer.Signatures)
				require.Len(t, answer.Timestamps, 1)
				require.Equal(t, "PASSED", answer.Timestamps[0].Indication, "%s: %+v", judge.name, answer)
			}
			_, err := verify.File(context.Background(), file, &verify.Options{Trust: s.pki.PKI.Pool(), Source: s.source(), Password: form.password})
			require.NoError(t, err)
		})
	}
}

// TestSignedAttributes signs with a content time stamp and a commitment.
func TestSignedAttributes(t *testing.T) {
	s := newServices(t)
	judges := adesPeers(t)
	id := s.signer(t, testpki.P256)
	for _, level := range levels() {
		t.Run(level.String(), func(t *testing.T) {
			o := s.options(level)
			o.ContentTimestamp, o.TSA = true, s.client()
			o.Commitments = []asn1.ObjectIdentifier{{1, 2, 840, 113549, 1, 9, 16, 6, 5}} // proof of approval
			data := s.update(t, testpdf.Contract(1, testpdf.Table).Bytes(), "", func(d *pades.Document) error {
				return d.Sign(context.Background(), &pades.Signer{Key: id.Key, Chain: id.Chain}, o)
			})
			answer := judges[0].do(t, s.task("judge", write(t, "signed.pdf", data)))
			require.Equal(t, "CONTENT_TIMESTAMP", answer.Timestamps[0].Kind)
			s.requireLevel(t, judges, data, level)
		})
	}
}

// TestTwoSigners: each signs at B-LTA, the second over all that the first left.
func TestTwoSigners(t *testing.T) {
	s := newServices(t)
	judges := adesPeers(t)
	for _, form := range levelForms(t) {
		if form.password != "" {
			continue
		}
		t.Run(form.name, func(t *testing.T) {
			data := form.data
			for _, key := range []testpki.KeyType{testpki.RSA2048, testpki.P384} {
				id := s.signer(t, key)
				data = s.sign(t, data, "", &pades.Signer{Key: id.Key, Chain: id.Chain}, pades.BLTA)
			}
			file := s.requireLevel(t, judges, data, pades.BLTA)
			require.Len(t, judges[1].do(t, s.judgeTask(file, "", pades.BLTA)).Signatures, 2)
			qpdfCheck(t, file)
		})
	}
}
