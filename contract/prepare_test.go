package contract_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/pades/appearance"
	"github.com/inkan-go/inkan/verifytest"
)

// TestPlaces: a seal stands in each document, in one of them on every page and once more; who has no place
// signs invisibly.
func TestPlaces(t *testing.T) {
	d := newDesk(t)
	d.store.documents = append(d.store.documents, testpdf.Contract(3, testpdf.Stream).Bytes())
	draft := d.draft()
	draft.Documents = append(draft.Documents, contract.DocumentDraft{Title: "仕様書"})
	draft.Participants = draft.Participants[:2]
	c, err := d.Create(t.Context(), draft, d.store)
	require.NoError(t, err)
	first, corner, foot := pades.Rect{X: 74, Y: 418, Width: 60, Height: 44}, pades.Rect{X: 500, Y: 20, Width: 40, Height: 40}, pades.Rect{X: 74, Y: 40, Width: 60, Height: 44}
	require.NoError(t, d.Prepare(t.Context(), c, d.store, &contract.PrepareOptions{Places: map[string][]contract.Place{"town": {
		{Document: 2, Page: pades.AllPages, Rect: corner}, {Document: 1, Page: 1, Rect: first}, {Document: 2, Page: 3, Rect: foot},
	}}}))
	places, err := d.Places(t.Context(), c, d.store, "town")
	require.NoError(t, err)
	require.ElementsMatch(t, []contract.Place{{1, 1, first}, {2, 1, corner}, {2, 2, corner}, {2, 3, corner}, {2, 3, foot}}, places)
	places, err = d.Places(t.Context(), c, d.store, "abc")
	require.NoError(t, err)
	require.Empty(t, places)
	_, err = d.Places(t.Context(), c, d.store, "nobody")
	require.ErrorIs(t, err, contract.ErrOptions)

	look := &appearance.Text{Text: "SEALED"}
	for who, address := range map[string]string{"town": "keiyaku@town.example", "abc": "suzuki@abc.example"} {
		d.identify(t, c, who, address)
	}
	d.sign(t, c, &contract.SignRequest{Participant: "town", Appearance: look})
	prepared := len(d.store.documents[0])
	d.sign(t, c, &contract.SignRequest{Participant: "abc", Appearance: look})
	require.NotContains(t, string(d.store.documents[0][prepared:]), "/Form", "nothing is drawn where no place is")
	require.NoError(t, d.Conclude(t.Context(), c, d.store))
	for _, data := range d.store.documents {
		verifytest.Passed(t, d.pki.Verify(t, data))
	}
}

// TestPlacesRefused: a place in which nobody would ever be shown is not passed over.
func TestPlacesRefused(t *testing.T) {
	rect := pades.Rect{X: 74, Y: 418, Width: 60, Height: 44}
	foreign := newDesk(t).pki
	field := func() []byte {
		data := verifytest.Document()
		doc, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), nil)
		require.NoError(t, err)
		require.NoError(t, doc.AddFields([]*pades.NewField{{Name: "Signature-town"}}, nil))
		var out bytes.Buffer
		_, err = doc.WriteTo(&out)
		require.NoError(t, err)
		return out.Bytes()
	}
	for text, tt := range map[string]struct {
		who      string
		place    contract.Place
		document []byte // verifytest.Document if nil
	}{
		`"nobody", who is no participant`:    {"nobody", contract.Place{Document: 1, Page: 1, Rect: rect}, nil},
		"document 0; the contract has 1":     {"town", contract.Place{Page: 1, Rect: rect}, nil},
		"document 2; the contract has 1":     {"town", contract.Place{Document: 2, Page: 1, Rect: rect}, nil},
		"has no size":                        {"town", contract.Place{Document: 1, Page: 1}, nil},
		"there is no page 9":                 {"town", contract.Place{Document: 1, Page: 9, Rect: rect}, nil},
		"came with signatures":               {"town", contract.Place{Document: 1, Page: 1, Rect: rect}, foreign.Sign(t, verifytest.Document(), nil)},
		`the field "Signature-town" already`: {"town", contract.Place{Document: 1, Page: 1, Rect: rect}, field()},
	} {
		t.Run(text, func(t *testing.T) {
			d := newDesk(t)
			if tt.document != nil {
				d.store.documents[0] = tt.document
			}
			c, err := d.Create(t.Context(), d.draft(), d.store)
			require.NoError(t, err)
			before := bytes.Clone(d.store.documents[0])
			phase := c.Phase()
			err = d.Prepare(t.Context(), c, d.store, &contract.PrepareOptions{Places: map[string][]contract.Place{tt.who: {tt.place}}})
			require.ErrorContains(t, err, text)
			require.Equal(t, before, d.store.documents[0])
			require.Equal(t, phase, c.Phase())
		})
	}
}
