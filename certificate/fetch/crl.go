package fetch

import (
	"context"
	"net/http"

	"github.com/inkan-go/inkan/certificate"
)

// CRLs asks for the CRLs of every distribution point of q.Certificate, for different
// points may have CRLs of different scope; their number is limited. The URLs of one
// point are ways to the same CRL (RFC 5280, 4.2.1.13): they are asked until one has
// a CRL that is not out of date.
//
// Delta CRLs are asked for where the certificate (4.2.1.15) or a CRL that was found
// (5.2.6) says where they are, unless [Client.NoDeltas] is set. To get none of them is
// no error; to get nothing else is one, and what was found stands in the answer.
func (c *Client) CRLs(ctx context.Context, q Query) (*Answer, error) {
	answer := &Answer{}
	if q.Certificate == nil {
		return answer, errNoCertificate
	}
	points, err := q.Certificate.CRLDistributionPoints()
	c.askPoints(ctx, answer, q, crlPlaces(points))
	found := len(answer.Evidence) > 0
	if !c.NoDeltas && ctx.Err() == nil {
		c.askPoints(ctx, answer, q, answer.deltaPlaces(q.Certificate))
	}
	if found {
		return answer, nil
	}
	return answer, c.failed(ctx, answer, q.Certificate, KindCRL, err)
}

// askPoints asks the places of distribution points.
func (c *Client) askPoints(ctx context.Context, answer *Answer, q Query, list []place) {
	answered := map[int]bool{}
	for _, p := range list {
		if p.url != nil && answered[p.point] {
			continue
		}
		entry, attempt := c.ask(ctx, answer, q, &request{kind: KindCRL, method: http.MethodGet}, p)
		if entry != nil {
			answer.Evidence = append(answer.Evidence, evidenceIn(entry, attempt, nil))
			answered[p.point] = !entry.Expires.IsZero()
		}
	}
}

// deltaPlaces lists where delta CRLs are that go with the certificate and the CRLs of
// the answer. What is malformed names none.
func (a *Answer) deltaPlaces(c *certificate.Certificate) []place {
	points, _ := c.FreshestCRL()
	for _, e := range a.Evidence {
		list, _, err := e.Read()
		if err != nil {
			continue
		}
		more, _ := list.FreshestCRL()
		points = append(points, more...)
	}
	return crlPlaces(points)
}
