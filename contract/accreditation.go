package contract

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/tsa"
)

// Regime is who accredits time-stamping services.
type Regime string

// The regimes of Japan. A bundle may name others.
const (
	JADAC Regime = "JADAC" // Nihon Data Communications Association (日本データ通信協会), until 2023
	MIC   Regime = "MIC"   // the Minister of Internal Affairs and Communications (総務大臣認定)
)

// Accreditation says by which regime a time stamp was accredited when it was made.
type Accreditation struct {
	Regime Regime `json:"regime"`
	List   string `json:"listVersion"` // of the bundle that says so
}

// Bundle is a list of accredited time-stamping services, which the user supplies. It is
// by certificate and time: neither a policy OID nor a name makes a stamp accredited.
type Bundle struct {
	Version  int       `json:"v"`
	List     string    `json:"listVersion"` // such as the date of the list
	Services []Service `json:"services"`
}

// Service is one accredited service.
type Service struct {
	Operator string `json:"operator"`
	Service  string `json:"service"`
	// Certificates are the SHA-256 digests of the certificates of its time-stamping units.
	Certificates []Digest `json:"certs"`
	Regime       Regime   `json:"regime"`
	// From and To are the first and the last day of the accreditation in Japan Standard
	// Time, YYYY-MM-DD; an empty To is open.
	From string `json:"from"`
	To   string `json:"to,omitempty"`
}

// ReadBundle reads a bundle.
func ReadBundle(in io.Reader) (*Bundle, error) {
	b := &Bundle{}
	if err := decode(in, b, "the bundle of accredited services"); err != nil {
		return nil, err
	}
	return b, b.check()
}

func (b *Bundle) check() error {
	if b.Version != Version || b.List == "" {
		return fmt.Errorf("contract: the bundle of accredited services is of version %d with the list %q; version %d with a name of its list is read",
			b.Version, b.List, Version)
	}
	for _, s := range b.Services {
		switch {
		case s.Operator == "" || s.Regime == "" || len(s.Certificates) == 0:
			return fmt.Errorf("contract: the service %q of %q lacks its operator, its regime or its certificates", s.Service, s.Operator)
		case !isDate(s.From) || s.To != "" && (!isDate(s.To) || s.To < s.From):
			return fmt.Errorf("contract: the service %q is accredited from %q to %q; want days as YYYY-MM-DD, in order", s.Service, s.From, s.To)
		}
	}
	return nil
}

// At tells by which regime a time-stamping certificate was accredited at a time; nil
// means that it was not, as does a nil Bundle.
func (b *Bundle) At(tsa *certificate.Certificate, at time.Time) *Accreditation {
	if b == nil || tsa == nil {
		return nil
	}
	return b.atDigest(tsa.Fingerprint(), at)
}

func (b *Bundle) atDigest(tsa Digest, at time.Time) *Accreditation {
	day := at.In(japan).Format(time.DateOnly)
	for _, s := range b.Services {
		if slices.Contains(s.Certificates, tsa) && s.From <= day && (s.To == "" || day <= s.To) {
			return &Accreditation{s.Regime, b.List}
		}
	}
	return nil
}

// Regime is At as package verify wants it: the regime, or "".
func (b *Bundle) Regime(tsa *certificate.Certificate, at time.Time) string {
	if a := b.At(tsa, at); a != nil {
		return string(a.Regime)
	}
	return ""
}

// accredited hands out stamps of accredited services only.
type accredited struct {
	tsa.Timestamper
	bundle *Bundle
}

// Accredited returns a Timestamper that refuses the stamps of others than the accredited
// services of a bundle, with an error that wraps ErrNotAccredited. Such a stamp was made,
// and may have to be paid.
func Accredited(t tsa.Timestamper, b *Bundle) tsa.Timestamper { return accredited{t, b} }

// Timestamp implements tsa.Timestamper.
func (a accredited) Timestamp(ctx context.Context, r *tsa.Request) (*tsa.Response, error) {
	response, err := a.Timestamper.Timestamp(ctx, r)
	if err != nil {
		return nil, err
	}
	cert, err := response.Token.Certificate()
	if err != nil {
		return nil, fail(ErrNotAccredited, "%w", err)
	}
	if a.bundle.At(cert, response.Token.Time) == nil {
		return nil, fail(ErrNotAccredited, "%s is in no list of accredited services for %s; use an accredited service, or a newer list",
			cert.Subject, response.Token.Time.Format(time.RFC3339))
	}
	return response, nil
}
