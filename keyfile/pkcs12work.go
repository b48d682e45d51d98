package keyfile

import (
	"encoding/asn1"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/internal/ber"
)

// checkWork refuses parts of a file that ask for too much work, alone or together. Every derivation is
// named by a salt that a number of iterations follows.
func checkWork(contents ...[]byte) error {
	type part struct {
		content []byte
		depth   int
	}
	var parts []part
	for _, c := range contents {
		parts = append(parts, part{c, 0})
	}
	for sum := 0; len(parts) > 0; {
		p := parts[len(parts)-1]
		parts = parts[:len(parts)-1]
		if p.depth > maxPKCS12Depth {
			return fmt.Errorf("keyfile: the PKCS #12 file nests deeper than %d", maxPKCS12Depth)
		}
		elements, whole := split(p.content)
		if !whole {
			continue // an OCTET STRING that holds something else
		}
		for i, e := range elements {
			salted := i > 0 && elements[i-1].Is(ber.Universal, ber.TagOctetString)
			if salted && e.Is(ber.Universal, ber.TagInteger) {
				n := iterationsIn(e.Content)
				if sum += n; n > maxIterations || sum > maxWork {
					return fmt.Errorf("keyfile: the password is to be hashed more than %d times for one key, or %d times for all", maxIterations, maxWork)
				}
			}
			if e.Constructed || e.Is(ber.Universal, ber.TagOctetString) {
				parts = append(parts, part{e.Content, p.depth + 1})
			}
		}
	}
	return nil
}

// split returns the elements of which content consists, or false where it does not.
func split(content []byte) ([]ber.Element, bool) {
	var list []ber.Element
	for r := ber.NewReader(content); !r.Empty(); {
		e, err := r.Next()
		if err != nil {
			return nil, false
		}
		list = append(list, e)
	}
	return list, true
}

// iterationsIn is the content of an INTEGER, or one more than maxIterations where it is more.
func iterationsIn(content []byte) int {
	n := 0
	for _, b := range content {
		if n = n<<8 | int(b); n > maxIterations {
			return maxIterations + 1
		}
	}
	return n
}

// decryptedParts are the encrypted parts of a file, which may ask for further work inside. Nothing is
// decrypted of a file with more parts than the library reads.
func decryptedParts(der []byte, password string) ([][]byte, error) {
	f, err := readPKCS12(der)
	if err != nil {
		return nil, err
	}
	var infos []cryptobyte.String
	input := cryptobyte.String(f.content)
	var safe cryptobyte.String
	if !input.ReadASN1(&safe, cbasn1.SEQUENCE) {
		return nil, errDamagedPKCS12
	}
	for !safe.Empty() {
		var info cryptobyte.String
		if !safe.ReadASN1(&info, cbasn1.SEQUENCE) {
			return nil, errDamagedPKCS12
		}
		infos = append(infos, info)
	}
	if len(infos) > maxPKCS12Parts {
		return nil, nil
	}
	var out [][]byte
	for _, info := range infos {
		plain, err := decryptPart(info, password)
		if err != nil {
			return nil, err
		}
		out = append(out, plain...)
	}
	return out, nil
}

// decryptPart decrypts a ContentInfo that is EncryptedData (RFC 5652, 8). Some programs take nothing at all
// for an empty password: as the library tries that too, it may yield two texts.
func decryptPart(info cryptobyte.String, password string) ([][]byte, error) {
	var kind, inside asn1.ObjectIdentifier
	var explicit, data, encrypted, content cryptobyte.String
	var version int
	if !info.ReadASN1ObjectIdentifier(&kind) {
		return nil, errDamagedPKCS12
	}
	if !kind.Equal(oidEncryptedData) {
		return nil, nil
	}
	e := &encryptedInfo{}
	if !info.ReadASN1(&explicit, cbasn1.Tag(0).ContextSpecific().Constructed()) || !explicit.ReadASN1(&data, cbasn1.SEQUENCE) ||
		!data.ReadASN1Integer(&version) || !data.ReadASN1(&encrypted, cbasn1.SEQUENCE) || !encrypted.ReadASN1ObjectIdentifier(&inside) ||
		!readAlgorithm(&encrypted, &e.scheme, &e.parameters) || !encrypted.ReadASN1(&content, cbasn1.Tag(0).ContextSpecific()) {
		return nil, errDamagedPKCS12
	}
	e.data = content
	secrets := [][]byte{secretOf(password)}
	if password == "" {
		secrets = append(secrets, nil)
	}
	var out [][]byte
	var failed error
	for _, secret := range secrets {
		plain, err := e.decrypt(password, secret)
		if err != nil {
			failed = err
			continue
		}
		out = append(out, plain)
	}
	if out == nil {
		return nil, failed
	}
	return out, nil
}
