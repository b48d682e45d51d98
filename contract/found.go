package contract

import (
	"io"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
	"github.com/inkan-go/inkan/tsa"
)

// found is a signature as it stands in a document.
type found struct {
	field     string
	byteRange [4]int64
	value     Digest     // of the signature value, or of the token
	token     *tsa.Token // of a document time stamp
}

// signaturesIn lists the signatures of a document, in the order of its fields.
func signaturesIn(r io.ReaderAt, size int64, password string) ([]found, error) {
	file, err := pdf.Open(r, size, &pdf.Options{Password: password})
	if err != nil {
		return nil, err
	}
	return signaturesOf(file)
}

func signaturesOf(file *pdf.File) ([]found, error) {
	form, err := sigdict.Find(file.Latest())
	if err != nil {
		return nil, err
	}
	var out []found
	for _, f := range form.Fields {
		if f.Signature == nil || f.Signature.Dict == nil {
			continue
		}
		v := found{field: f.Name}
		v.byteRange, _ = f.Signature.ByteRange.Four() // verify tells what is wrong with it
		v.value, v.token = valueOf(f.Signature.Contents.Value)
		out = append(out, v)
	}
	return out, nil
}

// valueOf is the digest of the signature value in a CMS object, or of the token that it is, or
// of what stands there where it is neither.
func valueOf(contents []byte) (Digest, *tsa.Token) {
	sd, _, err := cms.Parse(contents)
	if err != nil {
		return sum(contents), nil
	}
	if token, err := tsa.NewToken(sd); err == nil {
		return sum(token.Raw), token
	}
	if len(sd.SignerInfos) == 0 {
		return sum(contents), nil
	}
	return sum(sd.SignerInfos[0].Signature), nil
}
