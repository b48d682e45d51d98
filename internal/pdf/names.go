package pdf

// internName makes a Name of b. Names that occur in nearly every file are not
// allocated anew, which is why the result is an Object already.
func internName(b []byte) Object {
	if n, ok := commonNames[string(b)]; ok {
		return n
	}
	return Name(b)
}

// internReference makes an Object of r. References to the first objects, which are all that
// most files have, are not allocated anew.
func internReference(r Reference) Object {
	if r.Generation == 0 && r.Number >= 0 && r.Number < int64(len(firstReferences)) {
		return firstReferences[r.Number]
	}
	return r
}

// firstReferences is never written to.
var firstReferences = func() (list [256]Object) {
	for i := range list {
		list[i] = Reference{Number: int64(i)}
	}
	return list
}()

// commonNames is never written to.
var commonNames = func() map[string]Object {
	m := make(map[string]Object)
	for _, n := range []Name{
		"1.7", "ADBE", "AF", "AP", "AcroForm", "Adobe.PPKLite", "Annot", "Annots", "BaseFont", "BaseVersion",
		"BitsPerComponent", "ByteRange", "CRLs", "Catalog", "Certs", "ColorSpace", "Contents", "Count", "DA", "DR",
		"DSS", "DecodeParms", "DocTimeStamp", "ESIC", "ETSI.CAdES.detached", "ETSI.RFC3161", "Encoding", "Extends",
		"ExtensionLevel", "Extensions", "F", "FT", "Ff", "Fields", "Filter", "First", "FlateDecode", "Font",
		"Height", "Helv", "ID", "Image", "Index", "Info", "Kids", "Lang", "Length", "Length1", "Location", "M",
		"MarkInfo", "MediaBox", "Metadata", "N", "Name", "Names", "OCSPs", "ObjStm", "Outlines", "P", "Page",
		"PageLayout", "PageMode", "Pages", "Parent", "Perms", "Prev", "ProcSet", "Producer", "Prop_Build", "Reason",
		"Rect", "Reference", "Resources", "Root", "Sig", "SigFlags", "Size", "StructTreeRoot", "SubFilter",
		"Subtype", "T", "TU", "Title", "Tx", "Type", "V", "VRI", "Version", "W", "Widget", "Width", "XObject",
		"XRef", "XRefStm",
	} {
		m[string(n)] = n
	}
	return m
}()
