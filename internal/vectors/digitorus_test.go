package vectors_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/digitorus/pdf"
	"github.com/digitorus/pkcs7"
	"github.com/inkan-go/inkan/internal/vectors"
	"github.com/inkan-go/inkan/verify"
	"github.com/stretchr/testify/require"
)

// unreadByDigitorus says why digitorus/pdf cannot read a sound vector; its
// faults are its own, and a mend there takes the file off this list.
var unreadByDigitorus = map[string]string{
	"layout-header-moved.pdf": "does not count offsets from a header that has moved",
	"layout-mixed-chain.pdf":  "panics where /Prev leads from a stream to a table",
}

// refusedByPKCS7 says the same of pkcs7.
var refusedByPKCS7 = map[string]string{
	"cms-subject-key-id.pdf":             "finds signers by issuer and serial number alone",
	"cms-unsorted-attributes.pdf":        "sorts the attributes before it hashes them",
	"cms-unknown-certificate-choice.pdf": "refuses the whole object",
}

// TestDigitorusReadsOurs lets the readers that Go programs use today read every
// sound vector: the fields, the texts, the ranges, and the CMS object where
// pkcs7 knows its algorithm.
func TestDigitorusReadsOurs(t *testing.T) {
	maker, err := vectors.NewMaker()
	require.NoError(t, err)
	read := 0
	for _, v := range vectors.All() {
		if v.Expect.Indication != verify.TotalPassed || len(v.Passwords) > 0 { // it decrypts Contents, which nobody encrypts
			continue
		}
		t.Run(v.File, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(folder, v.File))
			require.NoError(t, err)
			options, err := v.Options(maker)
			require.NoError(t, err)
			report, err := verify.Reader(context.Background(), bytes.NewReader(data), int64(len(data)), options)
			require.NoError(t, err)
			file, err := openWithDigitorus(data)
			if unreadByDigitorus[v.File] != "" {
				require.Error(t, err, "take it off the list")
				return
			}
			require.NoError(t, err)
			n := 0
			fields := file.Trailer().Key("Root").Key("AcroForm").Key("Fields")
			for i := range fields.Len() {
				signature := fields.Index(i).Key("V")
				kind := signature.Key("Type").Name()
				if kind != "Sig" && kind != "DocTimeStamp" {
					continue
				}
				ours := report.Signatures[n]
				n++
				require.Equal(t, ours.Field, fields.Index(i).Key("T").Text())
				require.Equal(t, ours.Reason, signature.Key("Reason").Text())
				require.Equal(t, ours.Name, signature.Key("Name").Text())
				require.Equal(t, ours.Location, signature.Key("Location").Text())
				ranges := signature.Key("ByteRange")
				for k, number := range ours.ByteRange {
					require.Equal(t, number, ranges.Index(k).Int64())
				}
				if kind == "DocTimeStamp" {
					continue // its content is a token
				}
				verifyWithPKCS7(t, v.File, []byte(signature.Key("Contents").RawString()), data, ours)
			}
			require.Len(t, report.Signatures, n)
			read += n
		})
	}
	require.Greater(t, read, 40)
}

// openWithDigitorus opens a file; a panic comes back as an error.
func openWithDigitorus(data []byte) (file *pdf.Reader, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("digitorus/pdf panics: %v", r)
		}
	}()
	return pdf.NewReader(bytes.NewReader(data), int64(len(data)))
}

// verifyWithPKCS7 verifies the CMS object over the signed bytes.
func verifyWithPKCS7(t *testing.T, file string, contents, data []byte, ours *verify.Signature) {
	if ours.Algorithm == "RSA-PSS" || ours.Algorithm == "Ed25519" || strings.HasPrefix(ours.Digest, "SHA3-") {
		return // pkcs7 knows none of them
	}
	object, err := pkcs7.Parse(contents)
	if err == nil {
		r := ours.ByteRange
		object.Content = append(bytes.Clone(data[:r[1]]), data[r[2]:r[2]+r[3]]...)
		err = object.Verify()
	}
	if refusedByPKCS7[file] != "" {
		require.Error(t, err, "take it off the list")
		return
	}
	require.NoError(t, err)
}
