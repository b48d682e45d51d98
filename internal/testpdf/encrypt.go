package testpdf

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5" //nolint:gosec // the standard's
	"crypto/rc4" //nolint:gosec // the standard's
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"fmt"
	"math/big"
	"strings"
)

// Encryption is a standard security handler (ISO 32000-2, 7.6.4) with which a
// file is written. What would be random is derived from numbers, so that equal
// input gives equal bytes.
type Encryption struct {
	Revision    int // 2 (RC4, 40 bits), 3 (RC4, 128), 4 (AES-128), 5 and 6 (AES-256)
	User, Owner string
	Permissions int32 // /P
	ID          []byte
	RC4         bool   // revision 4: RC4 instead of AES
	Mixed       bool   // from revision 4 on: streams in clear
	Metadata    bool   // from revision 4 on: metadata in clear
	Extra       string // further entries of the encryption dictionary
	Number      int    // object that holds the dictionary; 0: direct in the trailer
}

// Encrypted returns f encrypted with e; its trailer must have the /ID of Contract.
func (f File) Encrypted(e Encryption) File {
	e.ID = []byte("\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xAA\xBB\xCC\xDD\xEE\xFF")
	f.Encrypt = &e
	return f
}

// crypt is an Encryption with its keys.
type crypt struct {
	*Encryption
	key        []byte
	dictionary string
	vectors    uint32
}

const padding = "\x28\xBF\x4E\x5E\x4E\x75\x8A\x41\x64\x00\x4E\x56\xFF\xFA\x01\x08\x2E\x2E\x00\xB6\xD0\x68\x3E\x80\x2F\x0C\xA9\xFE\x64\x53\x69\x7A"

func (e *Encryption) open() *crypt {
	c := &crypt{Encryption: e}
	if e.Revision >= 5 {
		c.open256()
	} else {
		c.openMD5()
	}
	return c
}

// version returns the entries that choose the algorithm.
func (e *Encryption) version() string {
	streams, filter := "StdCF", "AESV2/Length 16"
	if e.Mixed {
		streams = "Identity"
	}
	if e.RC4 {
		filter = "V2/Length 16"
	}
	version := 4
	switch {
	case e.Revision == 2:
		return "/V 1/R 2"
	case e.Revision == 3:
		return "/V 2/R 3/Length 128"
	case e.Revision >= 5:
		version, filter = 5, "AESV3/Length 32"
	}
	s := fmt.Sprintf("/V %d/R %d/Length %d/CF<</StdCF<</AuthEvent/DocOpen/CFM/%s>>>>/StmF/%s/StrF/StdCF", version, e.Revision, 128*(version-3), filter, streams)
	if e.Metadata {
		s += "/EncryptMetadata false"
	}
	return s
}

func (c *crypt) openMD5() {
	length, rounds := 16, 50
	if c.Revision == 2 {
		length, rounds = 5, 0
	}
	again := func(sum [16]byte) []byte {
		for range rounds {
			sum = md5.Sum(sum[:])
		}
		return sum[:length]
	}
	// Algorithms 3, 2 and 5 (4 for revision 2).
	ownerKey := again(md5.Sum([]byte((c.Owner + padding)[:32])))
	owner := chainRC4(ownerKey, []byte((c.User + padding)[:32]), c.Revision)
	seed := append([]byte((c.User + padding)[:32]), owner...)
	seed = binary.LittleEndian.AppendUint32(seed, uint32(c.Permissions))
	seed = append(seed, c.ID...)
	if c.Metadata && c.Revision >= 4 {
		seed = append(seed, 255, 255, 255, 255)
	}
	c.key = again(md5.Sum(seed))
	user := chainRC4(c.key, []byte(padding), 2)
	if c.Revision > 2 {
		sum := md5.Sum(append([]byte(padding), c.ID...))
		user = append(chainRC4(c.key, sum[:], c.Revision), make([]byte, 16)...)
	}
	c.dictionary = fmt.Sprintf("<</Filter/Standard%s/P %d/O<%x>/U<%x>%s>>", c.version(), c.Permissions, owner, user, c.Extra)
}

// chainRC4 encrypts once, or from revision 3 on twenty times with changed keys.
func chainRC4(key, data []byte, revision int) []byte {
	out := bytes.Clone(data)
	for i := range 20 {
		if i > 0 && revision == 2 {
			break
		}
		k := bytes.Clone(key)
		for j := range k {
			k[j] ^= byte(i)
		}
		stream, err := rc4.NewCipher(k)
		if err != nil {
			panic(err)
		}
		stream.XORKeyStream(out, out)
	}
	return out
}

func (c *crypt) open256() {
	key := sha256.Sum256([]byte("file key of testpdf"))
	c.key = key[:]
	entry := func(password, salts string, user []byte) (string, []byte) {
		value := append(c.hash(password, salts[:8], user), salts...)
		encrypted := make([]byte, 32)
		cipher.NewCBCEncrypter(block(c.hash(password, salts[8:], user)), make([]byte, 16)).CryptBlocks(encrypted, c.key)
		return string(value), encrypted
	}
	user, userKey := entry(c.User, "validateof users", nil)
	owner, ownerKey := entry(c.Owner, "validateofOwners", []byte(user))
	clear := binary.LittleEndian.AppendUint32(nil, uint32(c.Permissions))
	clear = append(clear, "\xff\xff\xff\xffTadbfour"...)
	if c.Metadata {
		clear[8] = 'F'
	}
	perms := make([]byte, 16)
	block(c.key).Encrypt(perms, clear)
	c.dictionary = fmt.Sprintf("<</Filter/Standard%s/P %d/O<%x>/U<%x>/OE<%x>/UE<%x>/Perms<%x>%s>>",
		c.version(), c.Permissions, owner, user, ownerKey, userKey, perms, c.Extra)
}

func block(key []byte) cipher.Block {
	b, err := aes.NewCipher(key)
	if err != nil {
		panic(err)
	}
	return b
}

// hash is algorithm 2.B.
func (c *crypt) hash(password, salt string, user []byte) []byte {
	first := sha256.Sum256([]byte(password + salt + string(user)))
	k := string(first[:])
	for i := 0; c.Revision == 6; i++ {
		e := []byte(strings.Repeat(password+k+string(user), 64))
		cipher.NewCBCEncrypter(block([]byte(k[:16])), []byte(k[16:32])).CryptBlocks(e, e)
		switch new(big.Int).Mod(new(big.Int).SetBytes(e[:16]), big.NewInt(3)).Int64() {
		case 0:
			sum := sha256.Sum256(e)
			k = string(sum[:])
		case 1:
			sum := sha512.Sum384(e)
			k = string(sum[:])
		case 2:
			sum := sha512.Sum512(e)
			k = string(sum[:])
		}
		if i >= 63 && int(e[len(e)-1]) <= i+1-32 {
			break
		}
	}
	return []byte(k[:32])
}

// object returns o with its strings and its data encrypted.
func (c *crypt) object(o Object) Object {
	o.Body = c.strings(o)
	if o.Data != nil && !c.Mixed && !(c.Metadata && strings.Contains(o.Body, "/Type/Metadata")) {
		o.Data = c.encrypt(o, o.Data)
	}
	return o
}

// encrypt is algorithm 1 or 1.A.
func (c *crypt) encrypt(o Object, data []byte) []byte {
	key := c.key
	aesKind := c.Revision >= 4 && !c.RC4
	if c.Revision < 5 {
		seed := append(bytes.Clone(c.key), byte(o.Number), byte(o.Number>>8), byte(o.Number>>16), byte(o.Generation), byte(o.Generation>>8))
		if aesKind {
			seed = append(seed, "sAlT"...)
		}
		sum := md5.Sum(seed)
		key = sum[:min(16, len(c.key)+5)]
	}
	if !aesKind {
		return chainRC4(key, data, 2)
	}
	c.vectors++
	vector := sha256.Sum256(fmt.Appendf(nil, "%d %d", o.Number, c.vectors))
	pad := 16 - len(data)%16
	clear := append(bytes.Clone(data), bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(block(key), vector[:16]).CryptBlocks(clear, clear)
	return append(vector[:16:16], clear...)
}

// strings encrypts the strings of a body. It knows what the bodies of tests
// hold: parentheses are balanced and a backslash protects the next character.
func (c *crypt) strings(o Object) string {
	var out strings.Builder
	body := o.Body
	for i := 0; i < len(body); i++ {
		switch {
		case body[i] == '(':
			end := literalEnd(body, i)
			clear := strings.NewReplacer(`\\`, `\`, `\(`, "(", `\)`, ")").Replace(body[i+1 : end])
			fmt.Fprintf(&out, "<%X>", c.encrypt(o, []byte(clear)))
			i = end
		case strings.HasPrefix(body[i:], "<<") || strings.HasPrefix(body[i:], ">>"):
			out.WriteString(body[i : i+2])
			i++
		case body[i] == '<':
			end := i + strings.IndexByte(body[i:], '>')
			if strings.HasSuffix(body[:i], "/Contents") && strings.Contains(body, "/ByteRange") {
				out.WriteString(body[i : end+1])
			} else {
				var clear []byte
				if _, err := fmt.Sscanf(strings.ReplaceAll(body[i+1:end], " ", ""), "%x", &clear); err != nil && end > i+1 {
					panic(err)
				}
				fmt.Fprintf(&out, "<%X>", c.encrypt(o, clear))
			}
			i = end
		default:
			out.WriteByte(body[i])
		}
	}
	return out.String()
}

// literalEnd returns where the string that begins at i ends.
func literalEnd(body string, i int) int {
	depth := 0
	for ; ; i++ {
		switch body[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
}
