package renew

import (
	"context"
	"errors"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/tsa"
)

// counter counts the stamps that are bought for one file. It is not safe for concurrent
// use.
type counter struct {
	tsa           tsa.Timestamper
	made, unknown int
	authority     *certificate.Certificate // that made the last stamp, for this file or another; nil before
}

// Timestamp asks for one stamp.
func (c *counter) Timestamp(ctx context.Context, r *tsa.Request) (*tsa.Response, error) {
	response, err := c.tsa.Timestamp(ctx, r)
	switch {
	case err == nil:
		c.made++
		if response.Verification != nil {
			c.authority = response.Verification.Certificate
		}
	case !errors.Is(err, tsa.ErrNoStamp):
		c.unknown++
	}
	return response, err
}

// Authority returns who made the last stamp: package pades gathers what its stamp will
// need before it asks for one.
func (c *counter) Authority() *certificate.Certificate { return c.authority }
