package xmp

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPacketLimit(t *testing.T) {
	const packet = `<rdf:RDF xmlns:rdf="` + resources + `"></rdf:RDF>`
	for n, ok := range map[int]bool{maxPacket: true, maxPacket + 1: false} {
		_, err := Edit([]byte(packet+strings.Repeat(" ", n-len(packet))), nil)
		require.Equal(t, ok, err == nil, "%d bytes: %v", n, err)
	}
}
