// Package contracts is a program as a vendor may have it: it signs the contracts of its
// customers. How it is tested with package verifytest stands in its test.
package contracts

import (
	"bytes"
	"context"

	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/tsa"
)

// Service signs contracts so that they stay provable.
type Service struct {
	Signer     *pades.Signer
	TSA        tsa.Timestamper
	Revocation fetch.Source
}

// Conclude returns the contract, signed in the name of the one who agreed to it.
func (s *Service) Conclude(ctx context.Context, contract []byte, party string) ([]byte, error) {
	doc, err := pades.NewDocument(bytes.NewReader(contract), int64(len(contract)), nil)
	if err != nil {
		return nil, err
	}
	options := &pades.SignOptions{Level: pades.BLTA, Name: party, Reason: "契約締結", TSA: s.TSA, Revocation: s.Revocation}
	if err := doc.Sign(ctx, s.Signer, options); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if _, err := doc.WriteTo(&out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
