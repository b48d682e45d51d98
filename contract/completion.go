package contract

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/inkan-go/inkan/internal/font"
	"github.com/inkan-go/inkan/internal/typeset"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify/report"
)

// EvidenceName is the name under which the record is attached to the completion
// certificate.
const EvidenceName = "evidence.json"

// CompletionCertificate is the number of the document of a Store that holds the completion
// certificate (契約締結証明書).
const CompletionCertificate = 0

// certificationField is the field of the platform's signature in a completion certificate. No
// participant's field has that name: what the platform's key signs for others is no certificate.
const certificationField = "Certification"

// ErrIssued marks a completion certificate that was issued and is not there any more: it
// is made once. Its holders have it.
var ErrIssued = errors.New("contract: the completion certificate was issued already")

// CertificateOptions say how a completion certificate looks. Nil means the defaults.
type CertificateOptions struct {
	// Language is Japanese by default.
	Language Language
	// Fonts hold the characters of the certificate, asked in this order, and at last Go
	// Regular for Latin letters. A character that none holds is an error before a key
	// is used.
	Fonts []report.Font
	// Zone is that of the times on the page; nil is Japan Standard Time.
	Zone *time.Location
	// Repeat is the caller's word that the platform's key may be used again: see ErrKeyUsed.
	Repeat bool
}

func (o *CertificateOptions) withDefaults() CertificateOptions {
	var out CertificateOptions
	if o != nil {
		out = *o
	}
	out.Language, out.Zone = cmp.Or(out.Language, Japanese), cmp.Or(out.Zone, japan)
	return out
}

// Issue makes the completion certificate of a contract that was concluded: a page for
// people and the record as evidence.json, PDF/A-3, certified by the platform's key (no changes
// permitted) and archived. It becomes document CompletionCertificate of the store, and its
// bytes are returned. It is made once: asked again, the bytes of the store are returned,
// whatever has changed since, and ErrIssued where the store has lost them.
func (p *Platform) Issue(ctx context.Context, c *Contract, s Store, o *CertificateOptions) ([]byte, error) {
	if err := c.settle(ctx, s); err != nil {
		return nil, err
	}
	if c.issued != nil {
		return c.reissue(ctx, s)
	}
	options := o.withDefaults()
	if phase := c.Phase(); phase != Archived {
		return nil, fail(ErrState, "the contract is %s; a completion certificate is issued when it is concluded", phase)
	}
	if p.Signer == nil {
		return nil, fail(ErrOptions, "the platform has no key (Platform.Signer)")
	}
	if c.keyUse != nil && !options.Repeat {
		return nil, c.keyUse.refusal()
	}
	unsigned, err := c.page(&options)
	if err != nil {
		return nil, err
	}
	signed, err := p.certify(ctx, c, s, unsigned)
	if err != nil {
		return nil, err
	}
	next := c.clone()
	next.keyUse = nil
	next.issued = &issued{At: p.now(), Page: sum(unsigned), SHA256: sum(signed), Length: int64(len(signed))}
	next.pending = append(next.pending, appendix{CompletionCertificate, 0, signed})
	return signed, c.commit(ctx, next, s)
}

// reissue returns the certificate that was issued. What was appended to renew it belongs to it.
func (c *Contract) reissue(ctx context.Context, s Store) ([]byte, error) {
	source, err := s.Open(ctx, CompletionCertificate)
	if err != nil {
		return nil, fail(ErrIssued, "at %s, with the SHA-256 %s, and it cannot be opened; give it back to the store: %w", c.issued.At, c.issued.SHA256, err)
	}
	defer source.Close() //nolint:errcheck // it is only read
	if source.Size() < c.issued.Length {
		return nil, fail(ErrIssued, "at %s with %d bytes; what the store has is another file", c.issued.At, c.issued.Length)
	}
	digest, err := digestPrefix(source, c.issued.Length)
	if err != nil {
		return nil, err
	}
	if digest != c.issued.SHA256 {
		return nil, fail(ErrIssued, "at %s, with the SHA-256 %s; what the store has is another file", c.issued.At, c.issued.SHA256)
	}
	data := make([]byte, source.Size())
	if _, err := source.ReadAt(data, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return data, nil
}

// certify signs the page: a certification that permits no changes, archived.
func (p *Platform) certify(ctx context.Context, c *Contract, s Store, unsigned []byte) ([]byte, error) {
	doc, err := pades.NewDocument(bytes.NewReader(unsigned), int64(len(unsigned)), p.options())
	if err != nil {
		return nil, err
	}
	stamps, err := p.stamper()
	if err != nil {
		return nil, err
	}
	use := &keyUse{Purpose: "the completion certificate"}
	if err := doc.Sign(ctx, guarded(p.Signer, p.useKey(c, s, use)), &pades.SignOptions{
		Level: pades.BLTA, TSA: stamps, Revocation: p.Revocation, Trust: p.Trust, Evidence: p.Evidence,
		Certify: pades.NoChanges, Name: p.Name, NewField: certificationField, Time: p.now().In(japan),
	}); err != nil {
		return nil, errors.Join(err, p.keyUnused(ctx, c, s, err))
	}
	var out bytes.Buffer
	if _, err := doc.WriteTo(&out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// page writes the certificate before it is signed. It is a function of the record and the
// disclosure alone.
func (c *Contract) page(o *CertificateOptions) ([]byte, error) {
	evidence, err := c.Record.Canonical()
	if err != nil {
		return nil, err
	}
	return c.pageOver(evidence, o)
}

// pageOver writes the certificate over evidence.
func (c *Contract) pageOver(evidence []byte, o *CertificateOptions) ([]byte, error) {
	fonts, err := parsed(o.Fonts)
	if err != nil {
		return nil, err
	}
	w := o.Language.certificateWords()
	concluded := c.Record.concluded()
	d := typeset.New(&typeset.Options{
		Title: w.title + " " + c.Record.ID.String(), Author: c.Record.Issuer, Language: string(o.Language),
		Time: concluded.In(o.Zone), Fonts: fonts, Width: sheetWidth, Height: sheetHeight, Margin: sheetMargin,
		Footer: func(page, pages int) typeset.Running { return c.footer(w, page, pages) },
	})
	c.compose(d, w, o.Zone)
	d.Attach(&typeset.File{
		Name: EvidenceName, Description: w.evidence, Type: "application/json", Relationship: "Source",
		Modified: concluded.UTC(), Data: evidence,
	})
	var out bytes.Buffer
	if err := d.Write(&out); err != nil {
		return nil, fmt.Errorf("contract: the completion certificate: %w", err)
	}
	return out.Bytes(), nil
}

// sheet takes what stands on a completion certificate.
type sheet interface {
	Heading(level int, text string)
	Paragraph(text string, style *typeset.Style)
	Space(height float64)
	Table(t *typeset.Table)
	QRCode(text string, width float64, align typeset.Align, alternate string)
}

// compose puts everything onto a certificate. What stands there belongs to the version of the
// record: an audit compares it.
func (c *Contract) compose(d sheet, w *certificateWords, zone *time.Location) {
	d.Heading(1, w.title)
	d.Paragraph(w.intro, nil)
	d.Space(4)
	d.Table(&typeset.Table{Columns: []float64{3, 7}, RowHeaders: true, Rows: [][]typeset.Cell{
		typeset.Cells(w.id, c.Record.ID.String()),
		typeset.Cells(w.concluded, moment(c.Record.concluded(), zone)),
	}})
	for i := range c.Record.Documents {
		c.documentTable(d, w, &c.Record.Documents[i])
	}
	d.Space(2)
	d.Paragraph(w.tie, &typeset.Style{Size: 8})
	d.Heading(2, w.signers)
	d.Table(c.signerTable(w, zone))
	d.Space(6)
	d.QRCode(c.Record.QRText(), qrWidth, typeset.End, w.qr)
	d.Paragraph(w.evidence, &typeset.Style{Size: 8})
}

// A certificate is of A4, with margins of 20 mm; in points.
const sheetWidth, sheetHeight, sheetMargin = 595.276, 841.89, 56.693

// qrWidth is that of the QR code, in points.
const qrWidth = 70

func (c *Contract) footer(w *certificateWords, page, pages int) typeset.Running {
	return typeset.Running{Left: w.id + " " + c.Record.ID.String(), Right: fmt.Sprintf("%d / %d", page, pages)}
}

func (c *Contract) documentTable(d sheet, w *certificateWords, doc *Document) {
	title := w.documents
	if len(c.Record.Documents) > 1 {
		title = fmt.Sprintf("%s %d", w.documents, doc.Number)
	}
	d.Heading(2, title)
	contact := c.personal(doc.Contact, w)
	d.Table(&typeset.Table{Columns: []float64{3, 7}, RowHeaders: true, Rows: [][]typeset.Cell{
		typeset.Cells(w.documentName, cmp.Or(doc.Title, w.none)),
		typeset.Cells(w.managementNo, cmp.Or(doc.ManagementNo, w.none)),
		typeset.Cells(w.creator, cmp.Or(doc.Creator, w.none)),
		typeset.Cells(w.creatorContact, cmp.Or(contact, w.none)),
		typeset.Cells(w.documentID, doc.ID.String()),
	}})
}

// signerTable has a row for every participant, as they signed.
func (c *Contract) signerTable(w *certificateWords, zone *time.Location) *typeset.Table {
	t := &typeset.Table{Columns: []float64{24, 15, 19, 42}, Header: typeset.Cells(w.when, w.how, w.address, w.who)}
	for _, e := range c.Record.Events {
		if e.Type != Signed {
			continue
		}
		p := c.Record.Participant(e.Actor)
		t.Rows = append(t.Rows, typeset.Cells(moment(e.Time, zone), w.method(p.Method), cmp.Or(divided(e.IP), w.none), c.signerText(w, p)))
	}
	return t
}

// divided breaks a long address of the Internet (IPv6) behind its groups, not inside them.
func divided(address string) string {
	const most = 15 // characters that fit into a line, in a wide font, too
	var lines []string
	for len(address) > most {
		at := strings.LastIndexByte(address[:most], ':') + 1
		if at == 0 {
			break
		}
		lines, address = append(lines, address[:at]), address[at:]
	}
	return strings.Join(append(lines, address), "\n")
}

// signerText is who signed: by the certificate, or by the word of the platform.
func (c *Contract) signerText(w *certificateWords, p *Participant) string {
	if p.Method == Party || p.Method == JPKI && len(p.Subject) > 0 {
		return strings.Join(p.Subject, "\n")
	}
	label := w.email
	if p.ContactKind == "phone" {
		label = w.phone
	}
	return labelled(w.colon, [2]string{w.company, p.Org}, [2]string{w.name, p.Name}, [2]string{label, c.personal(p.Contact, w)})
}

// personal is a personal value, if there is one.
func (c *Contract) personal(v Commitment, w *certificateWords) string {
	if v.IsZero() {
		return ""
	}
	if text, ok := c.Disclosure.Value(v); ok {
		return text
	}
	return w.withheld
}

// QRText is what the QR code of the certificate says: the ID of the record and the head
// of its chain.
func (r *Record) QRText() string {
	return "inkan:contract:" + r.ID.String() + ":" + r.ChainHead.String()
}

// concluded is when the contract was concluded; the zero Time where it was not.
func (r *Record) concluded() Time {
	for _, e := range r.Events {
		if e.Type == Concluded {
			return e.Time
		}
	}
	return Time{}
}

func parsed(list []report.Font) ([]*font.Font, error) {
	var out []*font.Font
	for _, f := range list {
		p, err := font.Parse(f.Data, f.Index)
		if err != nil {
			return nil, fmt.Errorf("contract: %w", err)
		}
		out = append(out, p)
	}
	latin, err := font.Latin()
	if err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	return append(out, latin), nil
}

// CertificateText returns every character that the completion certificate shows, for whoever looks
// for fonts.
func (c *Contract) CertificateText(o *CertificateOptions) string {
	options := o.withDefaults()
	w := options.Language.certificateWords()
	var b strings.Builder
	b.WriteString(PageCharacters(options.Language) + c.Record.Issuer)
	for _, d := range c.Record.Documents {
		b.WriteString(d.Title + d.ManagementNo + d.Creator + c.personal(d.Contact, w))
	}
	for i := range c.Record.Participants {
		b.WriteString(c.signerText(w, &c.Record.Participants[i]))
	}
	return b.String()
}

// PageCharacters returns the characters of every completion certificate in a language, and some more:
// the names of the fields that hold its texts.
func PageCharacters(l Language) string {
	return fmt.Sprintf("%+v JST/:()", *l.certificateWords())
}
