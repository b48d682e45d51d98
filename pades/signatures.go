package pades

// Signature is a signature or document time stamp as it stands in the document. Whether it
// is right is for package verify to say.
type Signature struct {
	// Field is the fully qualified name of its field.
	Field string
	// Timestamp tells that it is a document time stamp.
	Timestamp bool
	// ByteRange is what it says that it covers (ISO 32000-2, 12.8.1), where that is two pairs.
	ByteRange [4]int64
	// Contents is the CMS object or token, with the zeros that may stand behind it. It must
	// not be written to.
	Contents []byte
	// Offset is where the string of Contents begins in the document, -1 where it stands in
	// none of its bytes as they are.
	Offset int64
}

// Signatures lists the signatures of the document as it is now, in the order of its form.
func (d *Document) Signatures() ([]*Signature, error) {
	form, err := d.form()
	if err != nil {
		return nil, err
	}
	var list []*Signature
	for _, f := range form.Fields {
		s := f.Signature
		if s == nil || s.Dict == nil {
			continue
		}
		r, _ := s.ByteRange.Four()
		list = append(list, &Signature{
			Field: f.Name, Timestamp: s.IsTimestamp(), ByteRange: r, Contents: s.Contents.Value, Offset: s.Contents.Start,
		})
	}
	return list, nil
}
