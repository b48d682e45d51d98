package csc

import (
	"context"
	"crypto"
	"fmt"
	"log/slog"
	"time"

	"github.com/inkan-go/inkan/internal/algorithm"
)

// Approval is what the owner of a credential is asked to agree to.
type Approval struct {
	Credential *Credential
	// Signatures is how many signatures it is for.
	Signatures int
	// Hash and Digests are what is to be signed. Of a [Session] only the first digest is known.
	Hash    crypto.Hash
	Digests [][]byte
	// Description is shown to the owner by the service (version 1: where it supports that).
	Description string
}

// Grant is what the owner of a credential gave. Nil is a grant with nothing in it: enough where the service asks the
// owner itself ("implicit").
type Grant struct {
	// Factors hold the PIN, the one-time password and what else is asked for, by [Factor.ID]. They are sent with
	// credentials/authorize.
	Factors map[string]string
	// SAD, if not empty, is signature activation data got elsewhere: with "oauth2code" the access token of scope
	// "credential". credentials/authorize is not called then. Expires is its end, the zero time if not known.
	SAD     string
	Expires time.Time
	// InToken: the access token that HTTPClient sends authorizes the signatures itself; no SAD is sent (version 2).
	InToken bool
	// Description replaces that of the Approval.
	Description string
}

// Format implements fmt.Formatter: nothing of a grant is printed, whatever the verb.
func (g Grant) Format(f fmt.State, _ rune) { fmt.Fprint(f, "csc.Grant"+hidden) }

// LogValue implements slog.LogValuer: a handler that writes JSON would write the fields.
func (g Grant) LogValue() slog.Value { return slog.StringValue("csc.Grant" + hidden) }

// Authorization is the right to make signatures with a credential. It is safe for concurrent use; whether the service
// takes it more than once is up to the service.
type Authorization struct {
	Credential *Credential
	Signatures int
	Expires    time.Time // the zero time if not known

	sad     string
	factors secrets
}

// Format implements fmt.Formatter: the SAD is not printed, whatever the verb.
func (a *Authorization) Format(f fmt.State, _ rune) { fmt.Fprint(f, "csc.Authorization"+hidden) }

// hide returns what errors must not repeat.
func (a *Authorization) hide() secrets { return append(secrets{a.sad}, a.factors...) }

// expired returns an error when the authorization ended by our clock.
func (a *Authorization) expired(now time.Time) error {
	if a.Expires.IsZero() || now.Before(a.Expires) {
		return nil
	}
	return fmt.Errorf("%w: %w: it ended at %s; nothing was sent", ErrSADExpired, ErrAuthorization, a.Expires.UTC().Format(time.RFC3339))
}

type sadAnswer struct {
	SAD       text `json:"SAD"`
	ExpiresIn text `json:"expiresIn"`
	Handle    text `json:"handle"`
}

// Authorize asks for the right to make p.Signatures signatures (credentials/authorize; 1.0.4, 11.6). Digests that are
// given bind it to them.
func (c *Client) Authorize(ctx context.Context, p *Approval, g *Grant) (*Authorization, error) {
	if p == nil {
		return nil, failf(ErrCredential, "no approval given")
	}
	k := p.Credential
	if err := k.usable(p.Signatures); err != nil {
		return nil, err
	}
	if k.BindsDigests && len(p.Digests) == 0 {
		return nil, failf(ErrCredential, "%q is authorized for the digests to be signed (SCAL 2), and none is given", k.ID)
	}
	if g == nil {
		g = &Grant{}
	}
	if g.SAD != "" || g.InToken {
		a := &Authorization{Credential: k, Signatures: p.Signatures, Expires: g.Expires, sad: g.SAD}
		return a, a.expired(c.now())
	}
	request := map[string]any{"credentialID": k.ID, "numSignatures": p.Signatures}
	c.common(request)
	if text := first(g.Description, p.Description); text != "" {
		request["description"] = text
	}
	if err := bind(request, k.version, p.Hash, p.Digests); err != nil {
		return nil, err
	}
	hide := addFactors(request, k, g.Factors)
	c.state.authorizations.Add(1)
	started := c.now()
	var answer sadAnswer
	if err := c.call(ctx, k.version, methodAuthorize, request, &answer, hide); err != nil {
		return nil, err
	}
	return k.authorization(methodAuthorize, &answer, p.Signatures, started, hide)
}

// authorization reads the SAD of an answer.
func (k *Credential) authorization(method string, answer *sadAnswer, signatures int, started time.Time, hide secrets) (*Authorization, error) {
	switch {
	case answer.SAD == "" && answer.Handle != "":
		return nil, failf(ErrResponse, "%s: the service wants to be asked again later (authorizeCheck), which is not supported", method)
	case answer.SAD == "":
		return nil, failf(ErrResponse, "%s: no SAD", method)
	case len(answer.SAD) > maxSADBytes:
		return nil, failf(ErrResponse, "%s: a SAD of %d bytes, more than %d", method, len(answer.SAD), maxSADBytes)
	}
	life := defaultSADLife
	if answer.ExpiresIn != "" {
		life = time.Duration(min(answer.ExpiresIn.number(), int(maxSADLife/time.Second))) * time.Second
	}
	return &Authorization{Credential: k, Signatures: signatures, Expires: started.Add(life), sad: string(answer.SAD), factors: hide}, nil
}

// ExtendAuthorization renews an authorization for several signatures before the next of them
// (credentials/extendTransaction; 1.0.4, 11.7), which digests, if given, bind it to.
func (c *Client) ExtendAuthorization(ctx context.Context, a *Authorization, hash crypto.Hash, digests [][]byte) (*Authorization, error) {
	if err := a.expired(c.now()); err != nil {
		return nil, err
	}
	k := a.Credential
	request := map[string]any{"credentialID": k.ID, "SAD": a.sad}
	c.common(request)
	if err := bind(request, k.version, hash, digests); err != nil {
		return nil, err
	}
	c.state.authorizations.Add(1)
	started := c.now()
	var answer sadAnswer
	if err := c.call(ctx, k.version, methodExtend, request, &answer, a.hide()); err != nil {
		return nil, err
	}
	return k.authorization(methodExtend, &answer, a.Signatures, started, a.hide())
}

// bind adds the digests that an authorization is for.
func bind(request map[string]any, v Version, hash crypto.Hash, digests [][]byte) error {
	if len(digests) == 0 {
		return nil
	}
	oid, ok := algorithm.HashOID(algorithm.Hash(hash))
	if !ok {
		return failf(ErrCredential, "hash function %v has no identifier", hash)
	}
	for i, d := range digests {
		if len(d) != hash.Size() {
			return failf(ErrCredential, "digest %d has %d bytes, %v makes %d", i+1, len(d), hash, hash.Size())
		}
	}
	if v == V1 {
		request["hash"] = encode(digests)
		return nil
	}
	request["hashes"], request["hashAlgorithmOID"] = encode(digests), dotted(oid)
	return nil
}

// addFactors adds PIN, one-time password and what else there is, and returns them as secrets.
func addFactors(request map[string]any, k *Credential, factors map[string]string) secrets {
	var hide secrets
	var data []map[string]string
	for _, id := range sortedKeys(factors) {
		value := factors[id]
		hide = append(hide, value)
		if k.version == V1 {
			request[id] = value
			continue
		}
		data = append(data, map[string]string{"id": id, "value": value})
	}
	if data != nil {
		request["authData"] = data
	}
	return hide
}
