package csc

import (
	"context"
	"fmt"
	"strings"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/algorithm"
)

// Credential is a key with its certificate that the service keeps (credentials/info; 1.0.4, 11.5). It is not changed once
// read and may be shared between goroutines.
type Credential struct {
	ID          string
	Description string
	Qualifier   string // signatureQualifier, version 2: "eu_eidas_qes" and others

	Enabled    bool     // the key may sign
	Algorithms []string // object identifiers that the key signs with; empty where the service does not say it
	KeyBits    int      // 0 where the service does not say it

	// CertificateStatus is "valid", "expired", "revoked" or "suspended", or empty where the service does not say it.
	CertificateStatus string
	Certificate       *certificate.Certificate
	Chain             []*certificate.Certificate // Certificate first

	Mode    string   // how it is authorized: "implicit", "explicit" or "oauth2code", and others
	Factors []Factor // what authorizes it, where Mode is "explicit"
	// Expression says which factors are needed together, "PIN AND OTP" for example; empty means all (version 2).
	Expression string
	// BindsDigests: an authorization is for the digests it names (SCAL 2).
	BindsDigests bool
	// MaxSignatures is how many signatures one authorization is good for (multisign), at least 1.
	MaxSignatures int

	version Version
}

// Factor is one thing that authorizes the use of a credential.
type Factor struct {
	// ID is the key of [Grant.Factors]: "PIN" or "OTP" in version 1, named by the service in version 2.
	ID string
	// Type is what the service calls it in version 2, "Password" for example; in version 1 it is ID.
	Type     string
	Optional bool
	// Sent: the service sends it on request ([Client.SendOTP]).
	Sent        bool
	Format      string // "A", any characters, or "N", digits
	Label       string // for a dialogue
	Description string
}

// ListOptions narrows what Credentials returns. Nil means all of the user's.
type ListOptions struct {
	// UserID is whose credentials are wanted, where the access token is not a user's.
	UserID string
	// OnlyValid asks for credentials that can sign (version 2).
	OnlyValid bool
}

type listAnswer struct {
	IDs  []text `json:"credentialIDs"`
	Next text   `json:"nextPageToken"`
}

// Credentials lists the identifiers of the credentials, of all pages (credentials/list; 1.0.4, 11.4).
func (c *Client) Credentials(ctx context.Context, o *ListOptions) ([]string, error) {
	v, err := c.version(ctx)
	if err != nil {
		return nil, err
	}
	if o == nil {
		o = &ListOptions{}
	}
	request := map[string]any{}
	c.common(request)
	if o.UserID != "" {
		request["userID"] = o.UserID
	}
	if o.OnlyValid && v == V2 {
		request["onlyValid"] = true
	}
	var list []string
	for range maxPages {
		var answer listAnswer
		if err := c.call(ctx, v, methodList, request, &answer, nil); err != nil {
			return nil, err
		}
		for _, id := range answer.IDs {
			if id == "" || len(id) > maxIDBytes || len(list) == maxCredentials {
				return nil, failf(ErrResponse, "%s: an empty or overlong identifier, or more than %d of them", methodList, maxCredentials)
			}
			list = append(list, string(id))
		}
		if answer.Next == "" {
			return list, nil
		}
		request["pageToken"] = string(answer.Next)
	}
	return nil, failf(ErrResponse, "%s: more than %d pages", methodList, maxPages)
}

// common adds what every request about credentials may hold.
func (c *Client) common(request map[string]any) {
	if c.ClientData != "" {
		request["clientData"] = c.ClientData
	}
}

// infoReply is the answer of credentials/info in both versions.
type infoReply struct {
	Description text `json:"description"`
	Qualifier   text `json:"signatureQualifier"`
	Key         struct {
		Status text   `json:"status"`
		Algo   []text `json:"algo"`
		Len    text   `json:"len"`
	} `json:"key"`
	Cert struct {
		Status       text   `json:"status"`
		Certificates []text `json:"certificates"`
	} `json:"cert"`
	SCAL      text `json:"SCAL"`
	Multisign text `json:"multisign"`

	AuthMode text     `json:"authMode"` // version 1
	PIN      *factor1 `json:"PIN"`
	OTP      *factor1 `json:"OTP"`
	Auth     struct { // version 2
		Mode       text      `json:"mode"`
		Expression text      `json:"expression"`
		Objects    []factor2 `json:"objects"`
	} `json:"auth"`
}

// factor1 is PIN or OTP in version 1.
type factor1 struct {
	Presence    text `json:"presence"`
	Type        text `json:"type"`
	Format      text `json:"format"`
	Label       text `json:"label"`
	Description text `json:"description"`
}

// factor2 is an authentication object of version 2.
type factor2 struct {
	Type        text `json:"type"`
	ID          text `json:"id"`
	Format      text `json:"format"`
	Label       text `json:"label"`
	Description text `json:"description"`
	Generator   text `json:"generator"`
}

// Credential reads a credential with its certificates. The service's description of the key must be that of the
// certificate's, or the error wraps [ErrCertificate]; whether the credential can sign now is told by its fields.
func (c *Client) Credential(ctx context.Context, id string) (*Credential, error) {
	v, err := c.version(ctx)
	if err != nil {
		return nil, err
	}
	request := map[string]any{"credentialID": id, "certificates": "chain", "authInfo": true}
	c.common(request)
	if c.Lang != "" {
		request["lang"] = c.Lang
	}
	var reply infoReply
	if err := c.call(ctx, v, methodCredential, request, &reply, nil); err != nil {
		return nil, err
	}
	credential := &Credential{
		ID: id, Description: string(reply.Description), Qualifier: string(reply.Qualifier),
		Enabled: reply.Key.Status == "enabled", KeyBits: reply.Key.Len.number(),
		CertificateStatus: strings.ToLower(string(reply.Cert.Status)),
		BindsDigests:      reply.SCAL == "2", MaxSignatures: max(reply.Multisign.number(), 1), version: v,
	}
	if credential.Algorithms, err = names(reply.Key.Algo); err != nil {
		return nil, err
	}
	if err := credential.readAuthorization(v, &reply); err != nil {
		return nil, err
	}
	return credential, credential.readCertificates(reply.Cert.Certificates)
}

func (k *Credential) readAuthorization(v Version, reply *infoReply) error {
	if v == V1 {
		k.Mode = string(reply.AuthMode)
		k.addFactor("PIN", reply.PIN)
		k.addFactor("OTP", reply.OTP)
		return nil
	}
	k.Mode, k.Expression = string(reply.Auth.Mode), string(reply.Auth.Expression)
	if len(reply.Auth.Objects) > maxFactors {
		return failf(ErrResponse, "%s: %d authentication objects, more than %d", methodCredential, len(reply.Auth.Objects), maxFactors)
	}
	for _, o := range reply.Auth.Objects {
		k.Factors = append(k.Factors, Factor{
			ID: string(o.ID), Type: string(o.Type), Sent: o.Type == "ChallengeResponse" || o.Generator != "",
			Format: string(o.Format), Label: string(o.Label), Description: string(o.Description),
		})
	}
	return nil
}

// addFactor adds what version 1 says about a PIN or one-time password.
func (k *Credential) addFactor(id string, f *factor1) {
	if f == nil || f.Presence == "" || f.Presence == "false" {
		return
	}
	k.Factors = append(k.Factors, Factor{
		ID: id, Type: id, Optional: f.Presence == "optional", Sent: f.Type == "online",
		Format: string(f.Format), Label: string(f.Label), Description: string(f.Description),
	})
}

func (k *Credential) readCertificates(list []text) error {
	if len(list) == 0 || len(list) > maxCertificates {
		return failf(ErrCertificate, "%q comes with %d certificates, not with 1 to %d", k.ID, len(list), maxCertificates)
	}
	for i, t := range list {
		der, err := decode(t)
		if err != nil {
			return failf(ErrCertificate, "certificate %d is not Base64", i+1)
		}
		parsed, err := certificate.Parse(der)
		if err != nil {
			return failf(ErrCertificate, "certificate %d: %w", i+1, err)
		}
		k.Chain = append(k.Chain, parsed)
	}
	k.Certificate = k.Chain[0]
	if k.Certificate.PublicKey == nil {
		return failf(ErrCertificate, "its key cannot be used: %w", k.Certificate.PublicKeyError)
	}
	if bits := algorithm.KeyBits(k.Certificate.PublicKey); k.KeyBits != 0 && bits != k.KeyBits {
		return failf(ErrCertificate, "it has a key of %d bits, the credential one of %d", bits, k.KeyBits)
	}
	return nil
}

// usable tells why the credential cannot make so many signatures at once.
func (k *Credential) usable(signatures int) error {
	switch {
	case k == nil || k.Certificate == nil:
		return failf(ErrCredential, "none given; read it with Client.Credential")
	case !k.Enabled:
		return failf(ErrCredential, "%q is disabled", k.ID)
	case k.CertificateStatus != "" && k.CertificateStatus != "valid":
		return failf(ErrCredential, "the service calls the certificate of %q %s", k.ID, plain(k.CertificateStatus))
	case signatures < 1 || signatures > min(k.MaxSignatures, maxDigests):
		return failf(ErrCredential, "%d signatures under one authorization, but %q allows 1 to %d; split them",
			signatures, k.ID, min(k.MaxSignatures, maxDigests))
	}
	return nil
}

// SendOTP asks the service to send the one-time password of a factor to the owner of the credential
// (credentials/sendOTP of version 1, credentials/getChallenge of version 2). factor is its ID, "OTP" in version 1.
func (c *Client) SendOTP(ctx context.Context, k *Credential, factor string) error {
	if err := k.usable(1); err != nil {
		return err
	}
	request := map[string]any{"credentialID": k.ID}
	c.common(request)
	method := methodSendOTP
	if k.version == V2 {
		method, request["id"] = methodGetChallenge, factor
	}
	var answer map[string]any
	err := c.call(ctx, k.version, method, request, &answer, nil)
	if err != nil {
		return fmt.Errorf("the one-time password was not sent: %w", err)
	}
	return nil
}
