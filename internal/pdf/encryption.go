package pdf

import (
	"fmt"
	"slices"
)

// Encryption says how a file is encrypted (ISO 32000-2, 7.6), and what the
// password that opened it allows. It holds no secret.
type Encryption struct {
	// Version and Revision are /V and /R of the encryption dictionary.
	Version, Revision int
	// Bits is the length of the key.
	Bits int
	// Streams, Strings and EmbeddedFiles are what each kind of data is encrypted with.
	Streams, Strings, EmbeddedFiles Cipher
	// EncryptMetadata tells that metadata streams are encrypted like others.
	EncryptMetadata bool
	// Permissions holds the access permissions (table 22): what is set both in
	// /P and, in revisions 5 and 6, in the encrypted copy of it.
	Permissions Permissions
	// Altered tells that /P or EncryptMetadata is not what that copy says.
	Altered bool
	// Owner tells that the password was the owner's, whom nothing restricts.
	Owner bool
	// MAC tells that the file carries an integrity code (ISO/TS 32004). It is
	// not verified, and an update would break it.
	MAC bool
}

// Cipher is a way to encrypt. The zero value leaves data as they are.
type Cipher int

// The ciphers of the standard security handler (table 25).
const (
	Identity Cipher = iota
	RC4             // 40 to 128 bits
	AESV2           // AES with 128 bits in CBC mode
	AESV3           // AES with 256 bits in CBC mode
)

// String returns "AES-256".
func (c Cipher) String() string {
	switch c {
	case RC4:
		return "RC4"
	case AESV2:
		return "AES-128"
	case AESV3:
		return "AES-256"
	}
	return "none"
}

// Permissions are the access permissions of user access, as bits (ISO 32000-2, table 22).
type Permissions uint32

// The permissions that concern signing.
const (
	PermitModify   Permissions = 1 << 3 // bit 4: change the document otherwise than by the two below
	PermitAnnotate Permissions = 1 << 5 // bit 6: annotations, filling in; with bit 4 new fields
	PermitFill     Permissions = 1 << 8 // bit 9: fill in and sign existing fields; from revision 3 on
)

// CanFill tells whether an existing signature field may be signed.
func (e *Encryption) CanFill() bool {
	return e.Owner || e.Permissions&PermitAnnotate != 0 || e.Revision >= 3 && e.Permissions&PermitFill != 0
}

// CanAddField tells whether a new signature field may be made.
func (e *Encryption) CanAddField() bool {
	return e.Owner || e.Permissions&PermitAnnotate != 0 && e.Permissions&PermitModify != 0
}

// Mixed tells that only a part of the file is encrypted, metadata aside: the
// ground of attacks that let a reader send away what it decrypted.
func (e *Encryption) Mixed() bool {
	return (e.Streams == Identity) != (e.Strings == Identity) || (e.EmbeddedFiles == Identity) != (e.Streams == Identity)
}

// String returns "AES-256 (V 5, R 6), owner access".
func (e *Encryption) String() string {
	access := "user"
	if e.Owner {
		access = "owner"
	}
	cipher := e.Streams
	if cipher == Identity {
		cipher = max(e.Strings, e.EmbeddedFiles)
	}
	name := cipher.String()
	if cipher == RC4 {
		name = fmt.Sprintf("RC4-%d", e.Bits)
	}
	return fmt.Sprintf("%s (V %d, R %d), %s access", name, e.Version, e.Revision, access)
}

// encryption is an open security handler. It never changes after Open.
type encryption struct {
	Encryption
	key     []byte
	ref     Reference       // of the encryption dictionary; zero where it is direct
	filters map[Name]Cipher // by the names in /CF
}

// Encryption tells how the file is encrypted; nil if it is not.
func (f *File) Encryption() *Encryption {
	if f.encryption == nil {
		return nil
	}
	public := f.encryption.Encryption
	return &public
}

// openEncryption reads the encryption dictionary of the chain that was just
// read and opens it with the password. Objects that were read before are
// forgotten, because their strings were not decrypted.
func (f *File) openEncryption() error {
	f.encryption = nil
	section, entry, ok := f.encryptEntry()
	if !ok {
		return nil
	}
	if f.encryptionsOpened++; f.encryptionsOpened > maxEncryptions {
		return overLimit(section.TrailerOffset, "more than %d encryption dictionaries would have to be tried", maxEncryptions)
	}
	v := &View{f: f, top: len(f.Sections) - 1}
	d, err := v.Dict(entry.Value)
	if err == nil && d == nil {
		err = malformed(section.TrailerOffset, "the encryption dictionary is not in the file")
	}
	if err != nil {
		return at(err, section.TrailerOffset)
	}
	h, err := readHandler(v, d)
	if err != nil {
		return at(err, section.TrailerOffset)
	}
	if h.id, err = f.firstID(v); err != nil {
		return err
	}
	e := &encryption{Encryption: h.Encryption, filters: h.filters}
	e.ref, _ = entry.Value.(Reference)
	if e.key, e.Owner, err = h.open(f.password); err != nil {
		return at(err, section.TrailerOffset)
	}
	e.Bits = 8 * len(e.key)
	h.checkPermissions(e)
	e.MAC = h.mac || f.hasAuthCode()
	f.cache.forget()
	f.encryption = e
	return nil
}

// at gives an *Error that lacks a place one.
func at(err error, offset int64) error {
	if e, ok := err.(*Error); ok && e.Offset < 0 && e.Kind != ErrPassword { //nolint:errorlint // made here
		e.Offset = offset
	}
	return err
}

// encryptEntry returns the newest trailer entry /Encrypt, and notes sections
// that disagree with it: what one reader decrypts another takes as it is.
// A linearized file may name it in its first trailer alone.
func (f *File) encryptEntry() (*Section, Entry, bool) {
	for i, s := range slices.Backward(f.Sections) {
		e, ok := s.Trailer.Lookup("Encrypt")
		if !ok || e.Value == Object(Null{}) {
			continue
		}
		for _, newer := range f.Sections[i+1:] {
			newer.note(EncryptMissing, true, newer.TrailerOffset, "the trailer leaves out /Encrypt, which an older one has")
		}
		for k, older := range f.Sections[:i] {
			o := older.Trailer.Get("Encrypt")
			_, isRef := o.(Reference)
			if isRef && o == e.Value || !isRef && older.Trailer.Has("Encrypt") && !isReference(e.Value) {
				continue
			}
			if f.Sections[k+1].Offset < older.Offset {
				continue // the first-page section of a linearized file follows
			}
			s.note(EncryptChanged, true, s.TrailerOffset, "/Encrypt is not that of an older revision")
			break
		}
		return s, e, true
	}
	return nil, Entry{}, false
}

func isReference(o Object) bool {
	_, ok := o.(Reference)
	return ok
}

// firstID returns the first part of the newest /ID, from which keys are made;
// it is empty where the file has none.
func (f *File) firstID(v *View) ([]byte, error) {
	for _, s := range slices.Backward(f.Sections) {
		if !s.Trailer.Has("ID") {
			continue
		}
		a, err := v.Array(s.Trailer.Get("ID"))
		if err != nil {
			return nil, err
		}
		if a.Len() > 0 {
			return v.String(a.Items[0])
		}
	}
	return nil, nil
}

// hasAuthCode tells whether a trailer names an integrity code (ISO/TS 32004, 5).
func (f *File) hasAuthCode() bool {
	return slices.ContainsFunc(f.Sections, func(s *Section) bool { return s.Trailer.Has("AuthCode") })
}

// namesIntegrityCode tells whether the catalog names the extension ISO/TS 32004
// (ISO 32000-2, 7.12.2).
func namesIntegrityCode(v *View, catalog *Dict) bool {
	extensions, _ := v.Dict(catalog.Get("Extensions")) //nolint:errcheck // unreadable ones name nothing
	list := []Object{extensions.Get("ISO_")}
	if a, _ := v.Array(list[0]); a != nil { //nolint:errcheck // a single dictionary is no array
		list = a.Items
	}
	for _, o := range list {
		d, _ := v.Dict(o) //nolint:errcheck // as above
		if level, _ := v.Integer(d.Get("ExtensionLevel"), 0); level == 32004 {
			return true
		}
	}
	return false
}

// streamCipher returns what a stream is encrypted with (7.6.6), by its
// dictionary. A filter of its own, /Crypt, goes before everything else; without
// an encryption dictionary there is only Identity. e may be nil.
func (e *encryption) streamCipher(d *Dict, steps []filterStep) (Cipher, error) {
	for _, s := range steps {
		if s.name != "Crypt" {
			continue
		}
		name, _ := s.parms.Get("Name").(Name)
		if name == "" || name == "Identity" {
			return Identity, nil
		}
		if e != nil {
			if c, ok := e.filters[name]; ok {
				return c, nil
			}
		}
		return Identity, &Error{Kind: ErrUnsupportedFilter, Offset: -1, Text: fmt.Sprintf("/Crypt with the unknown crypt filter /%.40s", name)}
	}
	if e == nil {
		return Identity, nil
	}
	switch d.Get("Type") {
	case Object(Name("XRef")):
		return Identity, nil
	case Object(Name("Metadata")):
		if !e.EncryptMetadata && e.Version >= 4 {
			return Identity, nil
		}
	case Object(Name("EmbeddedFile")):
		return e.EmbeddedFiles, nil
	}
	return e.Streams, nil
}

// isSignature tells whether a dictionary holds a signature value, which is
// never encrypted (7.6.2).
func isSignature(d *Dict) bool { return d.Has("ByteRange") && d.Has("Contents") }
