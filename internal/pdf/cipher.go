package pdf

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5" //nolint:gosec // the standard's
	"fmt"
	"io"
)

// objectKey returns the key for the strings and the stream of one object
// (ISO 32000-2, 7.6.3.2 and 7.6.3.3, algorithms 1 and 1.A).
func (e *encryption) objectKey(c Cipher, ref Reference) []byte {
	if c == AESV3 {
		return e.key
	}
	n, g := ref.Number, ref.Generation
	m := md5.New() //nolint:gosec // the standard's
	m.Write(e.key)
	m.Write([]byte{byte(n), byte(n >> 8), byte(n >> 16), byte(g), byte(g >> 8)})
	if c == AESV2 {
		m.Write([]byte("sAlT"))
	}
	return m.Sum(nil)[:min(len(e.key)+5, 16)]
}

// decrypt returns data in clear, in memory of their own. Data that AES cannot
// have written are decrypted as far as they go, and clean is false.
func (e *encryption) decrypt(c Cipher, ref Reference, data []byte) (plain []byte, clean bool) {
	switch {
	case c == Identity || len(data) == 0:
		return data, true
	case c == RC4:
		return applyRC4(e.objectKey(c, ref), data), true
	}
	block, err := aes.NewCipher(e.objectKey(c, ref))
	if err != nil || len(data) < aes.BlockSize {
		return nil, false
	}
	vector, data := data[:aes.BlockSize], data[aes.BlockSize:]
	if len(data) == 0 {
		return nil, true // some write what is empty without padding
	}
	clean = len(data)%aes.BlockSize == 0
	plain = make([]byte, len(data)/aes.BlockSize*aes.BlockSize)
	cipher.NewCBCDecrypter(block, vector).CryptBlocks(plain, data[:len(plain)])
	n, padded := padding(plain)
	return plain[:len(plain)-n], clean && padded
}

// padding returns how many bytes pad the last block (RFC 8018, 6.1.1); ok is
// false, and nothing is to be removed, where they are not what they must be.
func padding(plain []byte) (n int, ok bool) {
	if len(plain) == 0 {
		return 0, false
	}
	n = int(plain[len(plain)-1])
	if n == 0 || n > aes.BlockSize {
		return 0, false
	}
	for _, b := range plain[len(plain)-n:] {
		if int(b) != n {
			return 0, false
		}
	}
	return n, true
}

// encrypt returns data encrypted, in memory of their own. Random supplies the
// initialization vector of AES.
func (e *encryption) encrypt(c Cipher, ref Reference, data []byte, random io.Reader) ([]byte, error) {
	switch c {
	case Identity:
		return data, nil
	case RC4:
		return applyRC4(e.objectKey(c, ref), data), nil
	}
	block, err := aes.NewCipher(e.objectKey(c, ref))
	if err != nil {
		return nil, fmt.Errorf("pdf: encrypting: %w", err)
	}
	pad := aes.BlockSize - len(data)%aes.BlockSize
	out := make([]byte, aes.BlockSize+len(data)+pad)
	if _, err := io.ReadFull(random, out[:aes.BlockSize]); err != nil {
		return nil, fmt.Errorf("pdf: no random bytes for an initialization vector: %w", err)
	}
	plain := out[aes.BlockSize:]
	for i := copy(plain, data); i < len(plain); i++ {
		plain[i] = byte(pad)
	}
	cipher.NewCBCEncrypter(block, out[:aes.BlockSize]).CryptBlocks(plain, plain)
	return out, nil
}

// decryptObject decrypts the strings of an object that was just parsed from the
// file, and marks its stream. It tells whether all were as they must be.
func (e *encryption) decryptObject(o *Indirect) (clean bool) {
	if o.Ref == e.ref {
		return true
	}
	s, stream := o.Value.(*Stream)
	if stream {
		if s.Dict.Get("Type") == Object(Name("XRef")) {
			return true
		}
		s.encrypted, s.owner = true, o.Ref
	}
	d := decrypter{e: e, ref: o.Ref, clean: true}
	if e.Strings != Identity {
		o.Value = d.value(o.Value)
	}
	return d.clean
}

type decrypter struct {
	e     *encryption
	ref   Reference
	clean bool
}

// value returns o with its strings in clear; arrays and dictionaries are changed in place.
func (d *decrypter) value(o Object) Object {
	switch v := o.(type) {
	case String:
		plain, clean := d.e.decrypt(d.e.Strings, d.ref, v.Value)
		d.clean = d.clean && clean
		v.Value = plain
		return v
	case *Array:
		for i, item := range v.Items {
			v.Items[i] = d.value(item)
		}
	case *Dict:
		signature := isSignature(v)
		for i := range v.Entries {
			if e := &v.Entries[i]; !signature || e.Key != "Contents" || isComposite(e.Value) {
				e.Value = d.value(e.Value)
			}
		}
	case *Stream:
		d.value(v.Dict)
	}
	return o
}

// isComposite tells arrays and dictionaries, in which nothing is exempt.
func isComposite(o Object) bool {
	switch o.(type) {
	case *Array, *Dict:
		return true
	}
	return false
}

// decryptStream returns the data of a stream in clear; steps are its filters.
func (f *File) decryptStream(s *Stream, steps []filterStep, data []byte, note func(AnomalyCode, string)) ([]byte, error) {
	e := f.encryption
	c, err := e.streamCipher(s.Dict, steps)
	if err != nil || e == nil || !s.encrypted {
		return data, err
	}
	if c == Identity && e.Streams != Identity && s.Dict.Get("Type") != Object(Name("Metadata")) {
		note(EncryptMixed, "stream in clear in an encrypted file")
	}
	plain, clean := e.decrypt(c, s.owner, data)
	if !clean {
		note(EncryptedData, "stream data are not what "+c.String()+" writes")
	}
	return plain, nil
}
