package vectors_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/inkan-go/inkan/internal/vectors"
	"github.com/inkan-go/inkan/verify"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// flips is how many bits each of the two tests flips; INKAN_FLIPS sets another
// number.
func flips(t *testing.T) int {
	text := os.Getenv("INKAN_FLIPS")
	if text == "" {
		return 1500
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err)
	return n
}

type passing struct {
	file    string
	data    []byte
	ranges  [][4]int64
	report  string
	options *verify.Options
}

func soundVectors(t *testing.T, maker *vectors.Maker) []passing {
	var all []passing
	for _, v := range vectors.All() {
		if v.Expect.Indication != verify.TotalPassed {
			continue
		}
		data, err := os.ReadFile(filepath.Join(folder, v.File))
		require.NoError(t, err)
		options, err := v.Options(maker)
		require.NoError(t, err)
		report, err := verify.Reader(context.Background(), bytes.NewReader(data), int64(len(data)), options)
		require.NoError(t, err)
		p := passing{file: v.File, data: data, report: relevant(t, report), options: options}
		for _, s := range report.Signatures {
			p.ranges = append(p.ranges, [4]int64(s.ByteRange))
		}
		all = append(all, p)
	}
	require.Greater(t, len(all), 40)
	return all
}

// relevant is the report as JSON without the warnings, which tell for example
// of bytes behind the CMS object, and without what unsigned attributes say.
func relevant(t *testing.T, r *verify.Report) string {
	c := *r
	c.Findings, c.Signatures, c.NextAction = nil, nil, nil
	for _, s := range r.Signatures {
		s := *s
		s.Findings = nil
		if s.Kind != verify.KindTimestamp {
			s.Timestamps, s.BestTime, s.Level = nil, verify.Time{}, ""
		}
		c.Signatures = append(c.Signatures, &s)
	}
	text, err := json.Marshal(&c)
	require.NoError(t, err)
	return string(text)
}

// TestFlipSigned: no bit of a signed range can change and leave the verdict.
func TestFlipSigned(t *testing.T) {
	eachFlip(t, func(r *rand.Rand, p passing) int64 {
		s := p.ranges[r.IntN(len(p.ranges))]
		at := r.Int64N(s[1] + s[3])
		if at >= s[1] {
			at += s[2] - s[1] // behind the gap
		}
		return at
	}, func(t *testing.T, p passing, got *verify.Report, err error) {
		assert.Error(t, err)
		assert.False(t, got != nil && got.Intact)
	})
}

// TestFlipContents: a bit of /Contents may change only where the verdict and
// all that it rests on stay as they were: the case of a hexadecimal digit, or
// the padding behind the CMS object.
func TestFlipContents(t *testing.T) {
	eachFlip(t, func(r *rand.Rand, p passing) int64 {
		s := p.ranges[r.IntN(len(p.ranges))]
		return s[1] + r.Int64N(s[2]-s[1])
	}, func(t *testing.T, p passing, got *verify.Report, err error) {
		if err == nil {
			assert.Equal(t, p.report, relevant(t, got))
		}
	})
}

func eachFlip(t *testing.T, choose func(*rand.Rand, passing) int64, judge func(*testing.T, passing, *verify.Report, error)) {
	maker, err := vectors.NewMaker()
	require.NoError(t, err)
	all := soundVectors(t, maker)
	const seed1, seed2 = 20260401, 1
	t.Logf("seed %d, %d", seed1, seed2)
	r := rand.New(rand.NewPCG(seed1, seed2))
	for range flips(t) {
		p := all[r.IntN(len(all))]
		at, bit := choose(r, p), byte(1)<<r.IntN(8)
		data := bytes.Clone(p.data)
		data[at] ^= bit
		got, err := verify.Reader(context.Background(), bytes.NewReader(data), int64(len(data)), p.options)
		if judge(t, p, got, err); t.Failed() {
			t.Fatalf("%s: byte %d, bit %#x", p.file, at, bit)
		}
	}
}
