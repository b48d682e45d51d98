package pdf

import (
	"crypto/aes"
	"encoding/binary"
	"fmt"
	"slices"
)

// handler is the encryption dictionary of a standard security handler
// (ISO 32000-2, 7.6.4, tables 20 and 21) with the first part of /ID.
type handler struct {
	Encryption
	filters              map[Name]Cipher
	owner, user          []byte // /O and /U
	ownerKey, userKey    []byte // /OE and /UE
	encryptedPermissions []byte // /Perms
	permissions          uint32 // /P
	lengths              []int  // key lengths in bytes that may be meant, the likeliest first
	id                   []byte
	mac                  bool
}

func unsupportedEncryption(format string, args ...any) error {
	return &Error{Kind: ErrEncrypted, Offset: -1, Text: fmt.Sprintf(format, args...)}
}

// readHandler reads the encryption dictionary; what is not supported is refused by name.
func readHandler(v *View, d *Dict) (*handler, error) {
	h := &handler{filters: make(map[Name]Cipher)}
	r := &dictReader{view: v, dict: d}
	filter, subFilter := r.name("Filter"), r.name("SubFilter")
	h.Version, h.Revision = int(r.integer("V")), int(r.integer("R"))
	if r.err != nil {
		return nil, r.err
	}
	if filter != "Standard" {
		if filter == "Adobe.PubSec" || subFilter == "adbe.pkcs7.s3" || subFilter == "adbe.pkcs7.s4" || subFilter == "adbe.pkcs7.s5" {
			return nil, unsupportedEncryption("it is encrypted for the holders of certificates (public-key security handler /%.40s)", filter)
		}
		return nil, unsupportedEncryption("the security handler /%.40s is not known", filter)
	}
	switch {
	case h.Version == 6 || h.Revision == 7:
		return nil, unsupportedEncryption("AES-GCM (ISO/TS 32003, /V %d, /R %d)", h.Version, h.Revision)
	case h.Version != 1 && h.Version != 2 && h.Version != 4 && h.Version != 5, h.Revision < 2, h.Revision > 6:
		return nil, unsupportedEncryption("the algorithm /V %d, /R %d is not known", h.Version, h.Revision)
	case (h.Version == 5) != (h.Revision >= 5):
		return nil, malformed(-1, "/V %d and /R %d of the encryption dictionary contradict each other", h.Version, h.Revision)
	}
	if err := h.readValues(r); err != nil {
		return nil, err
	}
	return h, h.readCiphers(r)
}

// readValues reads what keys and permissions are made from.
func (h *handler) readValues(r *dictReader) error {
	p, ok := r.value("P").(Integer)
	if !ok && r.err == nil {
		r.err = malformed(-1, "the encryption dictionary has no /P")
	}
	h.permissions = uint32(p) // some write it unsigned, some in more bits
	h.Permissions = Permissions(h.permissions)
	h.EncryptMetadata = r.boolean("EncryptMetadata", true)
	h.mac = r.dict.Has("KDFSalt")
	if h.Revision < 5 {
		h.owner, h.user = r.padded("O", 32), r.padded("U", 32)
	} else {
		h.owner, h.user = r.bytes("O", 48), r.bytes("U", 48)
		h.ownerKey, h.userKey = r.bytes("OE", 0), r.bytes("UE", 32)
		h.encryptedPermissions = r.bytes("Perms", 0)
	}
	return r.err
}

// readCiphers reads which ciphers are used, and which key lengths may be meant:
// lengths that do not fit the algorithm occur, and the password tells.
func (h *handler) readCiphers(r *dictReader) error {
	declared := keyBytes(r.integer("Length"))
	switch h.Version {
	case 1:
		h.lengths = []int{5, declared, 16}
	case 2:
		h.lengths = []int{declared, 5, 16}
	case 4:
		h.lengths = []int{16, declared}
	}
	h.Streams, h.Strings, h.EmbeddedFiles = RC4, RC4, RC4
	if h.Version < 4 || r.err != nil {
		return r.err
	}
	cf, err := r.view.Dict(r.dict.Get("CF"))
	if err != nil {
		return err
	}
	if cf != nil {
		for _, e := range cf.Entries {
			if err := h.readFilter(r.view, e); err != nil {
				return err
			}
		}
	}
	delete(h.filters, "Identity") // its meaning is fixed (table 26)
	if h.Streams, err = h.named(r, "StmF", Identity); err != nil {
		return err
	}
	if h.Strings, err = h.named(r, "StrF", Identity); err != nil {
		return err
	}
	h.EmbeddedFiles, err = h.named(r, "EFF", h.Streams)
	return err
}

// readFilter reads one crypt filter of /CF (table 25).
func (h *handler) readFilter(v *View, e Entry) error {
	d, err := v.Dict(e.Value)
	if err != nil || d == nil {
		return err
	}
	r := &dictReader{view: v, dict: d}
	method := r.name("CFM")
	length := keyBytes(r.integer("Length"))
	if r.err != nil {
		return r.err
	}
	cipher := Identity
	switch method {
	case "None", "":
	case "V2":
		cipher = RC4
		h.lengths = append(h.lengths, length)
	case "AESV2":
		cipher = AESV2
	case "AESV3":
		cipher = AESV3
	case "AESV4":
		return unsupportedEncryption("AES-GCM (ISO/TS 32003, crypt filter method /AESV4)")
	default:
		return unsupportedEncryption("the crypt filter method /%.40s is not known", method)
	}
	if cipher != Identity && (cipher == AESV3) != (h.Version == 5) {
		return malformed(-1, "the crypt filter method /%s does not go with /V %d", method, h.Version)
	}
	h.filters[e.Key] = cipher
	return nil
}

// named returns the cipher that an entry of the encryption dictionary names.
func (h *handler) named(r *dictReader, key Name, otherwise Cipher) (Cipher, error) {
	name := r.name(key)
	if r.err != nil || name == "" {
		return otherwise, r.err
	}
	c, ok := h.filters[name]
	if !ok && name != "Identity" {
		return Identity, malformed(-1, "/%s names the crypt filter /%.40s, which /CF does not hold", key, name)
	}
	return c, nil
}

// keyBytes turns /Length into bytes: it counts bits, but bytes occur (table 20).
func keyBytes(length int64) int {
	switch {
	case length >= 40 && length <= 128+7:
		return int(length / 8)
	case length >= 5 && length <= 16:
		return int(length)
	}
	return 5
}

// checkPermissions compares /P with its encrypted copy (7.6.4.4.12). What either
// of them forbids is forbidden.
func (h *handler) checkPermissions(e *encryption) {
	if h.Revision < 5 {
		return
	}
	block, err := aes.NewCipher(e.key)
	if err != nil || len(h.encryptedPermissions) < aes.BlockSize {
		e.Altered = true
		return
	}
	var clear [aes.BlockSize]byte
	block.Decrypt(clear[:], h.encryptedPermissions[:aes.BlockSize])
	p := binary.LittleEndian.Uint32(clear[:4])
	if string(clear[9:12]) != "adb" {
		e.Altered = true
		return
	}
	e.Permissions &= Permissions(p)
	e.Altered = p != h.permissions || (clear[8] == 'T') != h.EncryptMetadata
}

// dictReader reads the entries of a dictionary and keeps the first error.
type dictReader struct {
	view *View
	dict *Dict
	err  error
}

func (r *dictReader) value(key Name) Object {
	o, err := r.view.Resolve(r.dict.Get(key))
	if err != nil && r.err == nil {
		r.err = err
	}
	return o
}

func (r *dictReader) name(key Name) Name {
	n, _ := r.value(key).(Name)
	return n
}

// integer is 0 where no integer stands.
func (r *dictReader) integer(key Name) int64 {
	n, _ := r.value(key).(Integer)
	return int64(n)
}

func (r *dictReader) boolean(key Name, otherwise bool) bool {
	if b, ok := r.value(key).(Boolean); ok {
		return bool(b)
	}
	return otherwise
}

// padded is bytes that takes a string which lost zeros at its end for whole.
func (r *dictReader) padded(key Name, size int) []byte {
	s, ok := r.value(key).(String)
	if !ok || len(s.Value) >= size {
		return r.bytes(key, size)
	}
	return append(slices.Clip(s.Value), make([]byte, size-len(s.Value))...)
}

// bytes reads a string. One shorter than size is malformed, and of a longer one
// the rest is dropped; with size 0 any length will do.
func (r *dictReader) bytes(key Name, size int) []byte {
	s, _ := r.value(key).(String)
	if len(s.Value) < size && r.err == nil {
		r.err = malformed(-1, "/%s of the encryption dictionary has %d bytes instead of %d", key, len(s.Value), size)
	}
	if size > 0 && len(s.Value) > size {
		return s.Value[:size]
	}
	return s.Value
}
