package renew

import (
	"context"
	"errors"

	"github.com/inkan-go/inkan/tsa"
)

// counter counts the stamps that are bought for one file. It is not safe for concurrent
// use.
type counter struct {
	tsa           tsa.Timestamper
	made, unknown int
}

// Timestamp asks for one stamp.
func (c *counter) Timestamp(ctx context.Context, r *tsa.Request) (*tsa.Response, error) {
	response, err := c.tsa.Timestamp(ctx, r)
	switch {
	case err == nil:
		c.made++
	case !errors.Is(err, tsa.ErrNoStamp):
		c.unknown++
	}
	return response, err
}
