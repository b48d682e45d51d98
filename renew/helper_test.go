package renew_test

import (
	"bytes"
	"context"
	"encoding/asn1"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/renew"
	"github.com/inkan-go/inkan/tsa"
	"github.com/inkan-go/inkan/verify"
)

// office is a folder of files, a signer and an infrastructure on the loopback interface.
type office struct {
	*testing.T
	dir    string
	server *testpki.Server
	signer *pades.Signer
	source *fetch.Client
}

func newOffice(t *testing.T) *office {
	t.Helper()
	server, err := testpki.NewServer(&testpki.Options{Now: time.Now()})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	id, err := server.Issue(&testpki.Request{})
	require.NoError(t, err)
	return &office{
		T: t, dir: t.TempDir(), server: server, signer: &pades.Signer{Key: id.Key, Chain: id.Chain},
		source: &fetch.Client{Resolver: server, Dial: server.DialContext},
	}
}

// in is so many months from now.
func in(months int) time.Time { return time.Now().AddDate(0, months, 0) }

// stamper is an authority whose certificate expires then.
func (o *office) stamper(end time.Time) *tsa.Responder {
	o.Helper()
	id, err := o.server.Issue(&testpki.Request{Profile: testpki.TimeStamperProfile, NotAfter: end})
	require.NoError(o, err)
	return &tsa.Responder{Key: id.Key, Certificate: id.Certificate, Chain: id.Chain, Policies: []asn1.ObjectIdentifier{{1, 2, 3, 4, 1}}}
}

// file writes a signed contract of that level, and returns its name and content.
func (o *office) file(name string, level pades.Level, stamps tsa.Timestamper) (string, []byte) {
	o.Helper()
	original := testpdf.Contract(1, testpdf.Table).Bytes()
	doc, err := pades.NewDocument(bytes.NewReader(original), int64(len(original)), nil)
	require.NoError(o, err)
	options := &pades.SignOptions{Level: level}
	if level >= pades.BT {
		options.TSA = stamps
	}
	if level >= pades.BLT {
		options.Revocation, options.Trust = o.source, o.server.PKI.Pool()
	}
	require.NoError(o, doc.Sign(o.Context(), o.signer, options))
	name = filepath.Join(o.dir, name)
	require.NoError(o, doc.WriteFile(name))
	return name, o.read(name)
}

func (o *office) read(name string) []byte {
	o.Helper()
	data, err := os.ReadFile(name)
	require.NoError(o, err)
	return data
}

func (o *office) write(name string, data []byte) {
	o.Helper()
	require.NoError(o, os.WriteFile(name, data, 0o600))
}

// options renew by an authority.
func (o *office) options(stamps tsa.Timestamper) *renew.Options {
	return &renew.Options{
		Verify: &verify.Options{Trust: o.server.PKI.Pool(), Source: o.source},
		Extend: &pades.ExtendOptions{TSA: stamps, Revocation: o.source, Trust: o.server.PKI.Pool()},
	}
}

// renewer renews by an authority.
func (o *office) renewer(stamps tsa.Timestamper, change ...func(*renew.Options)) *renew.Renewer {
	o.Helper()
	options := o.options(stamps)
	for _, f := range change {
		f(options)
	}
	r, err := renew.New(options)
	require.NoError(o, err)
	return r
}

// renewals is how many document time stamps a file has, all of which must pass.
func (o *office) renewals(name string) int {
	o.Helper()
	r, err := verify.File(o.Context(), name, &verify.Options{Trust: o.server.PKI.Pool(), Source: o.source})
	require.NoError(o, err)
	n := 0
	for _, s := range r.Signatures {
		if s.Kind == verify.KindTimestamp {
			n++
		}
	}
	return n
}

// stamps is an authority made of a function.
type stamps func(ctx context.Context, r *tsa.Request) (*tsa.Response, error)

func (f stamps) Timestamp(ctx context.Context, r *tsa.Request) (*tsa.Response, error) {
	return f(ctx, r)
}
