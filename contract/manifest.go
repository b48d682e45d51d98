package contract

import "slices"

// ManifestName is the name under which the manifest is attached to every document.
const ManifestName = "manifest.json"

// Manifest is attached to a document before the first signature, so that every signature
// covers it: which contract this is, what the documents were, and who was to sign.
type Manifest struct {
	Version      int                   `json:"v"`
	Record       ID                    `json:"recordId"`
	Document     int                   `json:"document"` // the one it is attached to
	Issuer       string                `json:"issuer"`
	Documents    []ManifestDocument    `json:"documents"`
	Participants []ManifestParticipant `json:"participants"`
}

// ManifestDocument is a document of the contract as it was uploaded.
type ManifestDocument struct {
	Number   int    `json:"n"`
	ID       ID     `json:"id"`
	Title    string `json:"title"`
	Uploaded Digest `json:"uploaded"`
}

// ManifestParticipant is somebody who was to sign, and in which field.
type ManifestParticipant struct {
	ID     string `json:"id"`
	Order  int    `json:"order"`
	Role   string `json:"role,omitempty"`
	Name   string `json:"name"`
	Org    string `json:"org,omitempty"`
	Method Method `json:"method"`
	Field  string `json:"field"`
}

// Manifest returns what is attached to document n.
func (r *Record) Manifest(n int) *Manifest {
	m := &Manifest{Version: Version, Record: r.ID, Document: n, Issuer: r.Issuer}
	for _, d := range r.Documents {
		m.Documents = append(m.Documents, ManifestDocument{d.Number, d.ID, d.Title, d.Digests.Uploaded})
	}
	for _, p := range r.Participants {
		m.Participants = append(m.Participants, ManifestParticipant{p.ID, p.Order, p.Role, p.Name, p.Org, p.Method, p.Field()})
	}
	return m
}

// has tells whether a manifest is whole, and has a field that a participant signs in.
func (m *Manifest) has(p *Participant) bool {
	return m.Document >= 1 && m.Document <= len(m.Documents) &&
		slices.ContainsFunc(m.Participants, func(q ManifestParticipant) bool { return q.Field == p.Field() })
}

// Field is the name of the participant's signature field in every document.
func (p *Participant) Field() string { return "Signature-" + p.ID }
