package pdf

import (
	"fmt"
	"sync"
)

// Anomaly is a departure from ISO 32000-2 that the reader tolerated.
type Anomaly struct {
	Code AnomalyCode
	// Ambiguous is set where another reader may see other objects than this
	// one; without it the departure is formal only.
	Ambiguous bool
	Offset    int64     // in the file; -1 where no place can be named
	Ref       Reference // the object concerned; zero where there is none
	Revision  int       // of which revision (1 is the oldest); 0 if of none
	Text      string
}

// AnomalyCode names a kind of anomaly; the codes are stable.
type AnomalyCode string

// The anomalies. A comment gives the clause of ISO 32000-2 that is departed from.
const (
	HeaderOffset       AnomalyCode = "header-offset"        // 7.5.2: bytes before %PDF-
	HeaderForm         AnomalyCode = "header-form"          // 7.5.2: %!PS-Adobe-N.n PDF-M.m
	StartxrefForm      AnomalyCode = "startxref-form"       // 7.5.5: startxref without %%EOF after it, or far from its section
	SectionOffset      AnomalyCode = "section-offset"       // 7.5.4: white space before a cross-reference section
	SubsectionStart    AnomalyCode = "subsection-start"     // 7.5.4: subsection numbered from 1 that begins with the free object 0
	SubsectionCount    AnomalyCode = "subsection-count"     // 7.5.4: fewer entries than announced before "trailer"
	EntryForm          AnomalyCode = "entry-form"           // 7.5.4: cross-reference entry that is not 20 bytes
	EntryText          AnomalyCode = "entry-text"           // 7.5.4: other text on the line of an entry
	EntryDuplicate     AnomalyCode = "entry-duplicate"      // 7.5.4: two entries of one object in one section
	EntryOutsideSize   AnomalyCode = "entry-outside-size"   // 7.5.5: object number not below /Size
	EntryOffsetZero    AnomalyCode = "entry-offset-zero"    // 7.5.4: object in use at byte 0, read as free
	EntryNumber        AnomalyCode = "entry-number"         // object number or field out of range; entry ignored
	EntryType          AnomalyCode = "entry-type"           // 7.5.8.3: unknown type in a cross-reference stream, read as free
	HybridOverride     AnomalyCode = "hybrid-override"      // 7.5.8.4: table and XRefStm of one section disagree
	XRefStreamLength   AnomalyCode = "xref-stream-length"   // 7.5.8.3: more data than /Index announces
	PrevZero           AnomalyCode = "prev-zero"            // 7.5.5: /Prev 0, read as none
	SectionUnnamed     AnomalyCode = "section-unnamed"      // 7.5.6: no startxref of its own; belongs to the next revision
	SectionOrder       AnomalyCode = "section-order"        // 7.5.6: a newer section stands before an older one
	SectionRebuilt     AnomalyCode = "section-rebuilt"      // 7.5.4: older sections cannot be read, objects were found by scanning
	ObjectUnlisted     AnomalyCode = "object-unlisted"      // 7.5.4: only a reader that scans the file finds the object
	LinearizedLength   AnomalyCode = "linearized-length"    // F.3.3: /L is the length that the file has with an update
	RootDirect         AnomalyCode = "root-direct"          // 7.5.5: the catalog stands in the trailer
	TrailingBytes      AnomalyCode = "trailing-bytes"       // 7.5.5: bytes after the last %%EOF
	ObjectOffset       AnomalyCode = "object-offset"        // 7.5.4: entry points at white space before the object, or behind a digit
	ObjectMissing      AnomalyCode = "object-missing"       // 7.5.4: no such object where the entry points
	ObjectEmpty        AnomalyCode = "object-empty"         // 7.3.10: no value before endobj
	EndobjMissing      AnomalyCode = "endobj-missing"       // 7.3.10
	StreamStart        AnomalyCode = "stream-start"         // 7.3.8.1: "stream" not followed by LF or CR LF
	StreamLength       AnomalyCode = "stream-length"        // 7.3.8.2: /Length does not lead to endstream
	DictionaryForm     AnomalyCode = "dictionary-form"      // 7.3.7: key without value, or value without key
	UnknownKeyword     AnomalyCode = "unknown-keyword"      // 7.3: read as null
	NumberForm         AnomalyCode = "number-form"          // 7.3.3: read as null
	NameForm           AnomalyCode = "name-form"            // 7.3.5: # without two hexadecimal digits
	StringForm         AnomalyCode = "string-form"          // 7.3.4.3: other than hexadecimal digits in <...>
	ObjectStreamIndex  AnomalyCode = "object-stream-index"  // 7.5.8.3: object stands at another index of its object stream
	ObjectStreamType   AnomalyCode = "object-stream-type"   // 7.5.7: not of /Type /ObjStm
	ObjectStreamOrder  AnomalyCode = "object-stream-order"  // 7.5.7: an object twice, out of order, or reaching into the next
	ObjectStreamHeader AnomalyCode = "object-stream-header" // 7.5.7: fewer pairs than /N announces
	FilterName         AnomalyCode = "filter-name"          // 7.4.1: abbreviation that only inline images may use
	FilterEnd          AnomalyCode = "filter-end"           // 7.4: data of a filter without the mark that ends them
	FlateChecksum      AnomalyCode = "flate-checksum"       // RFC 1950: checksum missing or wrong
	FlateTruncated     AnomalyCode = "flate-truncated"      // RFC 1951: data ends before the last block
	PredictorRow       AnomalyCode = "predictor-row"        // 7.4.4.4: last row incomplete
	EncryptMissing     AnomalyCode = "encrypt-missing"      // 7.6.1: a newer trailer without the /Encrypt of an older one
	EncryptChanged     AnomalyCode = "encrypt-changed"      // 7.6.1: another /Encrypt than an older revision has
	EncryptMixed       AnomalyCode = "encrypt-mixed"        // 7.6.6: data in clear in an encrypted file
	EncryptedData      AnomalyCode = "encrypted-data"       // 7.6.3: string or stream that the cipher cannot have written
)

// String returns the anomaly as one line.
func (a Anomaly) String() string {
	s := string(a.Code) + ": " + a.Text
	if !a.Ref.IsZero() {
		s += fmt.Sprintf(" (object %v)", a.Ref)
	}
	if a.Offset >= 0 {
		s += fmt.Sprintf(" (at byte %d)", a.Offset)
	}
	return s
}

// anomalyLog collects anomalies from concurrent readers, each only once. There
// is room for so many formal ones and for so many ambiguous ones; no flood of
// either hides that there is an ambiguous one behind an offset or in a revision.
type anomalyLog struct {
	mu        sync.Mutex
	list      []Anomaly
	seen      map[anomalyKey]bool
	formal    int // how many of list
	ambiguous int
	dropped   int
	// last is where list keeps, of the ambiguous ones that had no more room, that
	// with the highest offset of every revision.
	last map[int]int
}

type anomalyKey struct {
	code      AnomalyCode
	offset    int64
	ref       Reference
	ambiguous bool
}

func (l *anomalyLog) add(a Anomaly) {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := anomalyKey{a.Code, a.Offset, a.Ref, a.Ambiguous}
	if l.seen[key] {
		return
	}
	count := &l.formal
	if a.Ambiguous {
		count = &l.ambiguous
	}
	if *count == maxAnomalies {
		l.overflow(a)
		return
	}
	*count++
	if l.seen == nil {
		l.seen = make(map[anomalyKey]bool)
	}
	l.seen[key] = true
	l.list = append(l.list, a)
}

// len returns how many anomalies are listed.
func (l *anomalyLog) len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.list)
}

// overflow takes an anomaly for which there is no more room.
func (l *anomalyLog) overflow(a Anomaly) {
	i, known := l.last[a.Revision]
	switch {
	case !a.Ambiguous:
		l.dropped++
	case !known:
		if l.last == nil {
			l.last = make(map[int]int)
		}
		l.last[a.Revision] = len(l.list)
		l.list = append(l.list, a)
	default:
		l.dropped++
		if a.Offset > l.list[i].Offset {
			l.list[i] = a
		}
	}
}
