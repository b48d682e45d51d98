package pdf

// internName makes a Name of b. Names that occur in nearly every file are not
// allocated anew, which is why the result is an Object already.
func internName(b []byte) Object {
	if n, ok := commonNames[string(b)]; ok {
		return n
	}
	return Name(b)
}

// commonNames is never written to.
var commonNames = func() map[string]Object {
	m := make(map[string]Object)
	for _, n := range []Name{
		"AcroForm", "AP", "Annot", "Annots", "BaseFont", "BitsPerComponent", "ByteRange", "Catalog", "ColorSpace",
		"Contents", "Count", "DA", "DR", "DecodeParms", "Encoding", "Extends", "F", "FT", "Ff", "Fields", "Filter",
		"First", "FlateDecode", "Font", "Height", "ID", "Image", "Index", "Info", "Kids", "Lang", "Length", "Length1",
		"Location", "M", "MarkInfo", "MediaBox", "Metadata", "N", "Name", "Names", "ObjStm", "Outlines", "P", "Page",
		"PageLayout", "PageMode", "Pages", "Parent", "Perms", "Prev", "ProcSet", "Prop_Build", "Reason", "Rect",
		"Reference", "Resources", "Root", "Sig", "SigFlags", "Size", "StructTreeRoot", "SubFilter", "Subtype", "T",
		"TU", "Type", "V", "Version", "W", "Widget", "Width", "XObject", "XRef", "XRefStm",
	} {
		m[string(n)] = n
	}
	return m
}()
