package pades

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
)

// viewOf opens a file of these objects, numbered from 1; 1 is the catalog.
func viewOf(t *testing.T, bodies ...string) (*pdf.View, *pdf.Indirect) {
	t.Helper()
	f := testpdf.File{Trailer: "/Root 1 0 R"}
	for i, b := range bodies {
		f.Objects = append(f.Objects, testpdf.Object{Number: i + 1, Body: b})
	}
	data := f.Bytes()
	file, err := pdf.Open(bytes.NewReader(data), int64(len(data)), nil)
	require.NoError(t, err)
	catalog, err := file.Latest().Catalog()
	require.NoError(t, err)
	return file.Latest(), catalog
}

func TestPageLimits(t *testing.T) {
	for levels, ok := range map[int]bool{maxPageDepth: true, maxPageDepth + 1: false} {
		bodies := []string{"<</Type/Catalog/Pages 2 0 R>>"}
		for n := 2; n <= levels; n++ {
			bodies = append(bodies, fmt.Sprintf("<</Type/Pages/Kids[%d 0 R]>>", n+1))
		}
		v, catalog := viewOf(t, append(bodies, "<</Type/Page>>")...)
		_, err := findPage(v, catalog, 1)
		require.Equal(t, ok, err == nil, "%d levels: %v", levels, err)
	}
	v, catalog := viewOf(t, "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]>>", "<</Type/Page>>")
	for visited, ok := range map[int]bool{maxPages - 2: true, maxPages - 1: false} {
		w := &pageWalk{view: v, nodes: visited, seen: make(map[int64]bool)}
		w.wanted = func(*pdf.Dict, *pdf.Indirect) bool { return true }
		_, err := w.node(catalog.Dict().Get("Pages"), catalog, 1)
		require.Equal(t, ok, err == nil, "%d nodes", visited+2)
	}
}

func TestSharingPagesLimit(t *testing.T) {
	for pages, shared := range map[int]bool{maxSharingPages: false, maxSharingPages + 1: true} {
		bodies := []string{"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[" + strings.Repeat("<</Type/Page>>", pages-1) + "3 0 R]>>", "<</Type/Page/Annots 4 0 R>>", "[]"}
		v, catalog := viewOf(t, bodies...)
		page, err := findPage(v, catalog, pages)
		require.NoError(t, err)
		require.Equal(t, shared, sharesAnnotations(v, catalog, page, map[pdf.Reference]bool{{Number: 4}: true}), "%d pages", pages)
	}
}

func TestReferenceLimit(t *testing.T) {
	for hops, ok := range map[int]bool{maxHops: true, maxHops + 1: false} {
		bodies := []string{"<</Type/Catalog>>"}
		for n := 2; n <= hops; n++ {
			bodies = append(bodies, fmt.Sprintf("%d 0 R", n+1))
		}
		v, _ := viewOf(t, append(bodies, "[]")...)
		_, _, err := follow(v, pdf.Reference{Number: 2}, nil)
		require.Equal(t, ok, err == nil, "%d references", hops)
	}
}

func TestFieldDepthLimit(t *testing.T) {
	for levels, ok := range map[int]bool{maxFieldDepth: true, maxFieldDepth + 1: false} {
		tree := strings.Repeat("<</T(a)/Kids[", levels) + "<</T(b)>>" + strings.Repeat("]>>", levels)
		v, catalog := viewOf(t, "<</Type/Catalog/AcroForm<</Fields["+tree+"]>>>>")
		dict := catalog.Dict().Get("AcroForm").(*pdf.Dict)
		names, err := readFieldTree(v, &sigdict.Form{Catalog: catalog, Dict: dict, Object: catalog}, maxFieldDepth)
		require.Equal(t, ok, err == nil, "%d levels: %v", levels, err)
		if ok {
			require.Contains(t, names.nodes, strings.Repeat("a.", levels)+"b")
		}
	}
}

func TestFieldCycle(t *testing.T) {
	v, catalog := viewOf(t, "<</Type/Catalog/AcroForm<</Fields[2 0 R]>>>>", "<</T(a)/Kids[2 0 R 3 0 R]>>", "<</T(b)/Kids[2 0 R]>>")
	tree, err := readFieldTree(v, &sigdict.Form{Catalog: catalog, Dict: catalog.Dict().Get("AcroForm").(*pdf.Dict), Object: catalog}, maxFieldDepth)
	require.NoError(t, err)
	require.Len(t, tree.nodes, 2)
	require.Contains(t, tree.nodes, "a")
	require.Contains(t, tree.nodes, "a.b")
}

func TestChainLimit(t *testing.T) {
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	id, err := pki.Issue(&testpki.Request{})
	require.NoError(t, err)
	for n, ok := range map[int]bool{maxChain: true, maxChain + 1: false} {
		s := &Signer{Key: id.Key, Chain: make([]*certificate.Certificate, n)}
		for i := range s.Chain {
			s.Chain[i] = id.Certificate
		}
		_, _, err := s.certificateOf()
		require.Equal(t, ok, err == nil, "%d certificates", n)
	}
}

func TestSizeLimits(t *testing.T) {
	for n, ok := range map[int]bool{maxContentsSize: true, maxContentsSize + 1: false} {
		require.Equal(t, ok, (&SignOptions{ContentsSize: n}).check() == nil)
	}
	for n, text := range map[int]string{maxPrepared: "not the bytes", maxPrepared + 1: "longer than"} {
		require.ErrorContains(t, new(Prepared).UnmarshalBinary(make([]byte, n)), "prepared signature")
		require.ErrorContains(t, new(Prepared).UnmarshalBinary(make([]byte, n)), text)
	}
}

// TestCauses checks that each cause is told from the others and from errors of elsewhere.
func TestCauses(t *testing.T) {
	all := []error{ErrNotPDF, ErrPassword, ErrEncrypted, ErrDamaged, ErrNotPermitted, ErrField, ErrOptions, ErrSigner, ErrSignature, ErrChanged}
	for i, cause := range all {
		err := failf(cause, "text: %w", bytes.ErrTooLarge)
		require.ErrorIs(t, err, bytes.ErrTooLarge)
		for j, other := range all {
			require.Equal(t, i == j, errors.Is(err, other))
		}
	}
	require.NotErrorIs(t, failf(ErrField, "text"), bytes.ErrTooLarge)
}

func TestExistingLimit(t *testing.T) {
	form := &sigdict.Form{}
	for n := range maxExisting {
		form.Fields = append(form.Fields, &sigdict.Field{Signature: &sigdict.Signature{Contents: sigdict.Contents{Start: int64(n)}}})
	}
	list, err := readExisting(form, nil, nil)
	require.NoError(t, err)
	require.Len(t, list, maxExisting)
	form.Fields = append(form.Fields, &sigdict.Field{Signature: &sigdict.Signature{Contents: sigdict.Contents{Start: maxExisting}}})
	_, err = readExisting(form, nil, nil)
	require.ErrorIs(t, err, ErrOptions)
}

// Beyond the limit values of security stores count as absent.
func TestStoredLimit(t *testing.T) {
	const arrayLength = maxStored / 2
	bodies := func(n int) testpdf.File {
		f := testpdf.File{Trailer: "/Root 1 0 R"}
		var certs, crls strings.Builder
		for i := range n {
			number := 10 + i
			f.Objects = append(f.Objects, testpdf.Object{Number: number, Body: "<<>>", Data: []byte{byte(i), byte(i >> 8)}})
			to := &certs
			if i >= arrayLength {
				to = &crls
			}
			fmt.Fprintf(to, " %d 0 R", number)
		}
		f.Objects = append(f.Objects,
			testpdf.Object{Number: 1, Body: "<</Type/Catalog/Pages 2 0 R/DSS<</Certs[" + certs.String() + "]/CRLs[" + crls.String() + "]>>>>"},
			testpdf.Object{Number: 2, Body: "<</Type/Pages/Kids[]>>"})
		return f
	}
	for n, want := range map[int]int{maxStored: maxStored, maxStored + 1: maxStored} {
		data := bodies(n).Bytes()
		d, err := NewDocument(bytes.NewReader(data), int64(len(data)), nil)
		require.NoError(t, err)
		f, err := d.current()
		require.NoError(t, err)
		require.Len(t, gatherAtHand(f, nil, &services{}, nil).stored, want)
	}
}

// Values count as listed until the limit, revision by revision; those of a revision are
// read whole.
func TestListedLimit(t *testing.T) {
	data := testpdf.File{Trailer: "/Root 1 0 R", Objects: []testpdf.Object{
		{Number: 1, Body: "<</Type/Catalog/Pages 2 0 R/DSS<</Certs[3 0 R]>>>>"}, {Number: 2, Body: "<</Type/Pages/Kids[]>>"},
		{Number: 3, Body: "<<>>", Data: []byte("x")},
	}}.Bytes()
	d, err := NewDocument(bytes.NewReader(data), int64(len(data)), nil)
	require.NoError(t, err)
	f, err := d.current()
	require.NoError(t, err)
	for listed, want := range map[int]int{maxListed - 1: 1, maxListed: 0} {
		a := &atHand{listed: listed}
		a.addStores(f)
		require.Len(t, a.stored, want)
	}
}

func TestProofsLimit(t *testing.T) {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for done, want := range map[int]int{maxProofs - 1: maxProofs, maxProofs: maxProofs} {
		a := &atHand{proofs: done, stored: []stored{{evidence: &revocation.Evidence{Raw: []byte("x")}}, {evidence: &revocation.Evidence{Raw: []byte("y")}}}}
		a.proven(revocation.NewSet(), 1, at)
		require.Equal(t, want, a.proofs)
	}
}

// counter is a source that counts the questions put to it.
type counter struct{ questions int }

func (c *counter) Issuers(context.Context, fetch.Query) (*fetch.Answer, error) {
	c.questions++
	return &fetch.Answer{}, nil
}

func (c *counter) Revocation(ctx context.Context, q fetch.Query) (*fetch.Answer, error) {
	return c.Issuers(ctx, q)
}

func TestQuestionsLimit(t *testing.T) {
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	source := &counter{}
	i := newInquiry(source)
	for n := range maxQuestions + 1 {
		q := fetch.Query{Certificate: pki.Root.Certificate, After: time.Unix(int64(n), 0)}
		for range 2 { // the second time it is known
			_, err = i.Revocation(t.Context(), q)
			require.Equal(t, n == maxQuestions, err != nil)
		}
	}
	require.Equal(t, maxQuestions, source.questions)
}
