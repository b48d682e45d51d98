package xmp_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/xmp"
)

// texts returns the text of every element of an XML document, by its local name.
func texts(t *testing.T, data []byte) map[string]string {
	t.Helper()
	all := make(map[string]string)
	var open []string
	for d := xml.NewDecoder(bytes.NewReader(data)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		require.NoError(t, err)
		switch token := token.(type) {
		case xml.StartElement:
			open = append(open, token.Name.Local)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if text := string(bytes.TrimSpace(token)); text != "" {
				for _, name := range open {
					all[name] += text
				}
			}
		}
	}
}

func TestPacket(t *testing.T) {
	p := xmp.Packet{
		Title: "A <b> & \"c\"\x00", Author: "山田太郎", Language: "ja", Tool: "tool", Producer: "producer",
		Created:  time.Date(2026, 4, 1, 9, 0, 0, 999, time.FixedZone("", 9*3600)),
		Modified: time.Date(2026, 4, 2, 9, 0, 0, 0, time.FixedZone("", -3600)),
		Part:     3, Conformance: "B", Accessible: 1,
	}
	got := texts(t, p.Bytes())
	require.Equal(t, "A <b> & \"c\"\uFFFD", got["title"])
	require.Equal(t, "山田太郎", got["creator"])
	require.Equal(t, "ja", got["language"])
	require.Equal(t, "2026-04-01T09:00:00+09:00", got["CreateDate"])
	require.Equal(t, "2026-04-02T09:00:00-01:00", got["ModifyDate"])
	require.Equal(t, "31", got["part"], "of PDF/A, and of PDF/UA")
	require.Equal(t, "B", got["conformance"])
	require.Contains(t, got, "schemas")
	require.Equal(t, p.Bytes(), p.Bytes())

	empty := texts(t, (&xmp.Packet{}).Bytes())
	require.Empty(t, empty)
}
