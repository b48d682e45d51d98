package pdf

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5" //nolint:gosec // the standard's
	"crypto/rc4" //nolint:gosec // the standard's
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/binary"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// passwordPadding fills short passwords (ISO 32000-2, 7.6.4.3.2, step a).
const passwordPadding = "\x28\xBF\x4E\x5E\x4E\x75\x8A\x41\x64\x00\x4E\x56\xFF\xFA\x01\x08" +
	"\x2E\x2E\x00\xB6\xD0\x68\x3E\x80\x2F\x0C\xA9\xFE\x64\x53\x69\x7A"

// open returns the file's key, and whether the password is the owner's. Owner
// and user passwords may be equal; the owner's counts then.
func (h *handler) open(password string) (key []byte, owner bool, err error) {
	for _, p := range h.spellings(password) {
		if h.Revision >= 5 {
			key, owner, err = h.open256(p)
		} else {
			key, owner = h.openMD5(p)
		}
		if key != nil || err != nil {
			return key, owner, err
		}
	}
	text := "the file is encrypted and opens only with its user or owner password"
	if password != "" {
		text = "what was given is neither the user password nor the owner password"
	}
	return nil, false, &Error{Kind: ErrPassword, Offset: -1, Text: text}
}

// spellings returns the byte strings that a password may stand for: first as
// the standard prepares it, then as programs write it that do not.
func (h *handler) spellings(password string) [][]byte {
	list := [][]byte{[]byte(password)}
	prepared, ok := encodeDoc(password)
	if h.Revision >= 5 {
		prepared, ok = prepareText(password), true
	}
	if ok && !bytes.Equal(prepared, list[0]) {
		list = slices.Insert(list, 0, prepared)
	}
	if h.Revision >= 5 {
		for i, p := range list {
			list[i] = p[:min(len(p), 127)]
		}
	}
	return list
}

// prepareText prepares a password after SASLprep (RFC 4013), without refusing
// what that prohibits: it is only compared.
func prepareText(password string) []byte {
	mapped := strings.Map(func(r rune) rune {
		switch {
		case r == 0xa0, r == 0x1680, r >= 0x2000 && r <= 0x200b, r == 0x202f, r == 0x205f, r == 0x3000:
			return ' ' // RFC 3454, table C.1.2
		case r == 0xad, r == 0x34f, r == 0x1806, r >= 0x180b && r <= 0x180d, r == 0x200c, r == 0x200d,
			r == 0x2060, r >= 0xfe00 && r <= 0xfe0f, r == 0xfeff:
			return -1 // table B.1
		}
		return r
	}, password)
	return norm.NFKC.Bytes([]byte(mapped))
}

// openMD5 tries a password in revisions 2 to 4 with every key length that may
// be meant (7.6.4.4, algorithms 6 and 7).
func (h *handler) openMD5(password []byte) (key []byte, owner bool) {
	for i, n := range h.lengths {
		if slices.Contains(h.lengths[:i], n) {
			continue
		}
		for _, key := range h.ownerKeys(password, n) {
			if k := h.userKeyMD5(h.decryptOwner(key), n); k != nil {
				return k, true
			}
		}
		if k := h.userKeyMD5(password, n); k != nil {
			return k, false
		}
	}
	return nil, false
}

// ownerKeys returns the keys that /O may be encrypted with (algorithm 3, steps
// a to d). Programs differ in what they hash anew: all 16 bytes, or as many as
// the key has.
func (h *handler) ownerKeys(password []byte, n int) [][]byte {
	sum := md5.Sum(padPassword(password)) //nolint:gosec // the standard's
	if h.Revision < 3 {
		return [][]byte{sum[:n]}
	}
	whole, short := sum, sum
	for range 50 {
		whole = md5.Sum(whole[:])  //nolint:gosec // the standard's
		short = md5.Sum(short[:n]) //nolint:gosec // the standard's
	}
	if n == len(whole) {
		return [][]byte{whole[:]}
	}
	return [][]byte{whole[:n], short[:n]}
}

// decryptOwner decrypts /O to the user password (algorithm 7, step b).
func (h *handler) decryptOwner(key []byte) []byte {
	if h.Revision < 3 {
		return applyRC4(key, h.owner)
	}
	password := h.owner
	for i := 19; i >= 0; i-- {
		password = applyRC4(xorKey(key, byte(i)), password)
	}
	return password
}

// userKeyMD5 returns the file's key if the password is the user's, else nil
// (algorithms 2, 4, 5 and 6).
func (h *handler) userKeyMD5(password []byte, n int) []byte {
	m := md5.New() //nolint:gosec // the standard's
	m.Write(padPassword(password))
	m.Write(h.owner)
	m.Write(binary.LittleEndian.AppendUint32(nil, h.permissions))
	m.Write(h.id)
	if h.Revision >= 4 && !h.EncryptMetadata {
		m.Write([]byte{0xff, 0xff, 0xff, 0xff})
	}
	key := m.Sum(nil)
	if h.Revision < 3 {
		key = key[:n]
		if subtle.ConstantTimeCompare(applyRC4(key, []byte(passwordPadding)), h.user) == 1 {
			return key
		}
		return nil
	}
	for range 50 {
		sum := md5.Sum(key[:n]) //nolint:gosec // the standard's
		key = sum[:]
	}
	key = key[:n]
	sum := md5.Sum(append([]byte(passwordPadding), h.id...)) //nolint:gosec // the standard's
	check := sum[:]
	for i := range 20 {
		check = applyRC4(xorKey(key, byte(i)), check)
	}
	if subtle.ConstantTimeCompare(check, h.user[:16]) == 1 {
		return key
	}
	return nil
}

func padPassword(password []byte) []byte {
	return append(slices.Clip(password[:min(len(password), 32)]), passwordPadding...)[:32]
}

func xorKey(key []byte, x byte) []byte {
	out := make([]byte, len(key))
	for i, b := range key {
		out[i] = b ^ x
	}
	return out
}

// applyRC4 returns data encrypted, which is the same as decrypted.
func applyRC4(key, data []byte) []byte {
	out := make([]byte, len(data))
	if c, err := rc4.NewCipher(key); err == nil { //nolint:gosec // the standard's; the key has 5 to 16 bytes
		c.XORKeyStream(out, data)
	}
	return out
}

// open256 tries a password in revisions 5 and 6 (algorithms 2.A, 11 and 12).
func (h *handler) open256(password []byte) (key []byte, owner bool, err error) {
	if h.matches(password, h.owner, h.user) {
		if len(h.ownerKey) < 32 {
			return nil, false, malformed(-1, "/OE of the encryption dictionary has %d bytes instead of 32", len(h.ownerKey))
		}
		return h.fileKey(password, h.owner, h.user, h.ownerKey), true, nil
	}
	if h.matches(password, h.user, nil) {
		return h.fileKey(password, h.user, nil, h.userKey), false, nil
	}
	return nil, false, nil
}

// matches compares the hash of a password with the one in /O or /U: 32 bytes of
// hash, 8 of validation salt, 8 of key salt.
func (h *handler) matches(password, entry, user []byte) bool {
	return subtle.ConstantTimeCompare(h.hash(password, entry[32:40], user), entry[:32]) == 1
}

// fileKey decrypts /OE or /UE.
func (h *handler) fileKey(password, entry, user, encrypted []byte) []byte {
	block, err := aes.NewCipher(h.hash(password, entry[40:48], user))
	if err != nil {
		return nil // a hash has 32 bytes
	}
	key := make([]byte, 32)
	cipher.NewCBCDecrypter(block, make([]byte, aes.BlockSize)).CryptBlocks(key, encrypted[:32])
	return key
}

// hash is algorithm 2.B, of which revision 5 knows the first step alone.
func (h *handler) hash(password, salt, user []byte) []byte {
	sum := sha256.Sum256(slices.Concat(password, salt, user))
	k := sum[:]
	if h.Revision == 5 {
		return k
	}
	// The last byte of a round ends the loop by round 287 at the latest.
	for round := 1; ; round++ {
		data := bytes.Repeat(slices.Concat(password, k, user), 64)
		block, err := aes.NewCipher(k[:16])
		if err != nil {
			return nil // a key of 16 bytes
		}
		cipher.NewCBCEncrypter(block, k[16:32]).CryptBlocks(data, data)
		remainder := 0
		for _, b := range data[:16] {
			remainder += int(b) // 256 leaves the remainder 1
		}
		switch remainder % 3 {
		case 0:
			sum := sha256.Sum256(data)
			k = sum[:]
		case 1:
			sum := sha512.Sum384(data)
			k = sum[:]
		case 2:
			sum := sha512.Sum512(data)
			k = sum[:]
		}
		if round >= 64 && int(data[len(data)-1]) <= round-32 {
			return k[:32]
		}
	}
}
