// Package sealing shows how a program that signs documents is tested with package
// verifytest: the code stands here, the test beside it.
package sealing

import (
	"bytes"
	"context"

	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/tsa"
)

// Service signs contracts for a platform, so that they stay provable.
type Service struct {
	Signer     *pades.Signer
	TSA        tsa.Timestamper
	Revocation fetch.Source
}

// Seal returns the contract with one more signature at the level B-LTA.
func (s *Service) Seal(ctx context.Context, contract []byte, reason string) ([]byte, error) {
	doc, err := pades.NewDocument(bytes.NewReader(contract), int64(len(contract)), nil)
	if err != nil {
		return nil, err
	}
	defer doc.Close()
	err = doc.Sign(ctx, s.Signer, &pades.SignOptions{Level: pades.BLTA, TSA: s.TSA, Revocation: s.Revocation, Reason: reason})
	if err != nil {
		return nil, err
	}
	var sealed bytes.Buffer
	_, err = doc.WriteTo(&sealed)
	return sealed.Bytes(), err
}
