package pdf

// internName makes a Name of b. Names that occur in nearly every file are not
// allocated anew, which is why the result is an Object already.
func internName(b []byte) Object {
	for slot := nameSlot(b); commonNames[slot].object != nil; slot++ {
		if common := &commonNames[slot]; common.text == string(b) {
			return common.object
		}
	}
	return Name(b)
}

// nameSlot is where in commonNames the search for a name begins.
func nameSlot[T []byte | Name](name T) uint8 {
	n := len(name)
	if n == 0 {
		return 0
	}
	return uint8(n)*31 + name[0]*7 + name[n/2]*13 + name[n-1]*3
}

type commonName struct {
	text   string
	object Object // nil in a slot without a name
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

// commonNames is less than half full, so that a search soon comes to a slot without a
// name. It is never written to.
var commonNames = func() (table [256]commonName) {
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
		slot := nameSlot(n)
		for table[slot].object != nil {
			slot++
		}
		table[slot] = commonName{string(n), n}
	}
	return table
}()
