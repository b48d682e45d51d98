package cms

import (
	"crypto"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/algorithm"
)

// The two were made once with pyHanko and a key thrown away since: Ed448 with SHAKE256, named by id-shake256-len and
// bound by CMSAlgorithmProtection, and Ed448 with SHA-512, which RFC 8419 forbids. Both are over content.
const (
	ed448SHAKE256 = "308202ee06092a864886f70d010702a08202df308202db0201013111300f060960864801650304021202020200300b06092a864886f70d010701a082" +
		"011b30820117308198a003020102020107300506032b65713010310e300c06035504030c054564343438301e170d3236303130313030303030305a17" +
		"0d3336303130313030303030305a3010310e300c06035504030c0545643434383043300506032b6571033a00dc14b68a1439fc6f5b13a8c740b09e27" +
		"6dc031c99d1fa6e150c416517352485f36b5d3fa8d31f30ffe5a5b57259b743a2871980dbf5b06a700300506032b6571037300a861fef968ea9c71fc" +
		"3d1b492ba44a9e731db1c4c184f7b0a332c972b9edb3042045092f2d4cd029a6eb5674ff86b36fb6a76c2dcef589f980e1b25e32e306fe383055a01f" +
		"c0b0a0b2afb3bc7d1a3d640ad0c3a5eca80037d92c7dd867c04fe9ad5f3aa38706e255f734c35a0b14ac791200318201953082019102010130153010" +
		"310e300c06035504030c054564343438020107300f060960864801650304021202020200a081e8301806092a864886f70d010903310b06092a864886" +
		"f70d010701302706092a864886f70d010934311a3018300f060960864801650304021202020200a10506032b6571304f06092a864886f70d01090431" +
		"4204406523f18e63f1c89ee43b7b78b23158909bb91047675a010375d82b4c4f1d30a5a7d7f2e5bdefefa17b38890306d4e73b55a1cb15d6aa621df5" +
		"a6d69cac9df8773052060b2a864886f70d010910022f31433041303f303d04209684a3e02a7345a7be82815b2991144d9a1bec5906c5150e58633ed0" +
		"35cfe70730193014a4123010310e300c06035504030c054564343438020107300506032b65710472ba71c80f6c7702b8bc2df69c59a9399a448b2d71" +
		"69135ea84262d7da07b8b5e0a1122193c3e86562cafac01f7cec261da7000e716e6ced9380925254dd3ad66472ee72c09a1515e14b0a03efde56fe2a" +
		"50161d4d9fc89dd787fd90dbf7e5d934b82ec98622dc89a3763d859b351118cb0e00"
	ed448SHA512 = "308202e806092a864886f70d010702a08202d9308202d5020101310f300d06096086480165030402030500300b06092a864886f70d010701a082011b" +
		"30820117308198a003020102020107300506032b65713010310e300c06035504030c054564343438301e170d3236303130313030303030305a170d33" +
		"36303130313030303030305a3010310e300c06035504030c0545643434383043300506032b6571033a00dc14b68a1439fc6f5b13a8c740b09e276dc0" +
		"31c99d1fa6e150c416517352485f36b5d3fa8d31f30ffe5a5b57259b743a2871980dbf5b06a700300506032b6571037300a861fef968ea9c71fc3d1b" +
		"492ba44a9e731db1c4c184f7b0a332c972b9edb3042045092f2d4cd029a6eb5674ff86b36fb6a76c2dcef589f980e1b25e32e306fe383055a01fc0b0" +
		"a0b2afb3bc7d1a3d640ad0c3a5eca80037d92c7dd867c04fe9ad5f3aa38706e255f734c35a0b14ac791200318201913082018d02010130153010310e" +
		"300c06035504030c054564343438020107300d06096086480165030402030500a081e6301806092a864886f70d010903310b06092a864886f70d0107" +
		"01302506092a864886f70d01093431183016300d06096086480165030402030500a10506032b6571304f06092a864886f70d01090431420440c7ed71" +
		"1fb7de94b50b9c0f7184fb3436570c7476510fbadb01d998f463d8ed686199cb06f4708f04cc1a7cd3227662d18d8bc36bed34d42bd91e20dd464a87" +
		"803052060b2a864886f70d010910022f31433041303f303d04209684a3e02a7345a7be82815b2991144d9a1bec5906c5150e58633ed035cfe7073019" +
		"3014a4123010310e300c06035504030c054564343438020107300506032b657104720bb10a32aba2811978a87f4130936a11e787079d9bcf966b0e4c" +
		"8b318e8d471a3c5e68703365061ee6639c721d65e94d2a09b91ee6a1da9280c105d81f50fb941da4e936694d928821c49596cb57ad02aa21e995a397" +
		"1eb5745c31f5053f38f55ec62f81d37c3db3b2898426213bd2f20200"
)

func TestEd448(t *testing.T) {
	tests := []struct {
		name, value string
		hash        Hash
		err         error
	}{
		{"SHAKE256", ed448SHAKE256, SHAKE256, nil},
		{"SHA-512", ed448SHA512, algorithm.SHA512, ErrConstraint},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			der, err := hex.DecodeString(tt.value)
			require.NoError(t, err)
			sd, si := parse(t, der)
			h, err := si.DigestHash()
			require.NoError(t, err)
			require.Equal(t, tt.hash, h)
			cert, err := sd.SignerCertificate(si)
			require.NoError(t, err)
			require.NoError(t, cert.CheckSignatureFrom(cert))
			v, err := si.Verify(cert, digestOf(h, content))
			require.ErrorIs(t, err, tt.err)
			require.True(t, v.DigestValid && v.SignatureValid)
			require.Equal(t, Algorithm{Ed448, h.Crypto()}, v.Algorithm)
			require.Equal(t, 456, v.KeyBits)
			if tt.err != nil {
				require.Equal(t, CodeEdDSADigest, v.Findings[0].Code)
			}
			a, err := si.Algorithm()
			require.NoError(t, err)
			require.Equal(t, Algorithm{Scheme: Ed448}, a, "what it must be digested with, not what was")
			_, err = si.Verify(cert, digestOf(h, []byte("other")))
			require.ErrorIs(t, err, ErrDigest)
			der[len(der)-60] ^= 1
			_, si = parse(t, der)
			_, err = si.Verify(cert, digestOf(h, content))
			require.ErrorIs(t, err, ErrSignature)
			require.ErrorIs(t, a.Validate(), ErrUnsupported, "no signature is made with it")
			_, err = AlgorithmFor(cert.PublicKey)
			require.ErrorIs(t, err, ErrUnsupported)
		})
	}
}

// TestWeReadOpenSSLVerifyOnly: what OpenSSL signs and this package only verifies. The certificates are self-signed with
// the same algorithm.
func TestWeReadOpenSSLVerifyOnly(t *testing.T) {
	dir, run := openssl(t)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "content"), content, 0o600))
	curve := func(name string) []string {
		return []string{"genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:" + name}
	}
	dsa := func(bits, q string) []string {
		return []string{"genpkey", "-genparam", "-algorithm", "DSA", "-pkeyopt", "dsa_paramgen_bits:" + bits, "-pkeyopt", "dsa_paramgen_q_bits:" + q}
	}
	rsa := func(bits string) []string {
		return []string{"genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:" + bits}
	}
	tests := []struct {
		name, digest string
		key          []string
		want         Algorithm
		bits         int
		weak         bool
	}{
		{"brainpoolP256r1", "sha256", curve("brainpoolP256r1"), Algorithm{ECDSA, crypto.SHA256}, 256, false},
		{"brainpoolP384r1", "sha384", curve("brainpoolP384r1"), Algorithm{ECDSA, crypto.SHA384}, 384, false},
		{"brainpoolP512r1", "sha512", curve("brainpoolP512r1"), Algorithm{ECDSA, crypto.SHA512}, 512, false},
		{"brainpoolP512r1 with SHA-256", "sha256", curve("brainpoolP512r1"), Algorithm{ECDSA, crypto.SHA256}, 512, false},
		{"secp256k1", "sha256", curve("secp256k1"), Algorithm{ECDSA, crypto.SHA256}, 256, false},
		{"P-192", "sha1", curve("prime192v1"), Algorithm{ECDSA, crypto.SHA1}, 192, true},
		{"P-224", "sha224", curve("secp224r1"), Algorithm{ECDSA, crypto.SHA224}, 224, true},
		{"DSA 1024", "sha1", dsa("1024", "160"), Algorithm{DSA, crypto.SHA1}, 1024, true},
		{"DSA 2048", "sha256", dsa("2048", "256"), Algorithm{DSA, crypto.SHA256}, 2048, true},
		{"RIPEMD-160", "ripemd160", rsa("2048"), Algorithm{RSA, crypto.RIPEMD160}, 2048, true},
		{"RSA 768", "sha256", rsa("768"), Algorithm{RSA, crypto.SHA256}, 768, true},
		{"PSS key", "sha256", []string{"genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"}, Algorithm{RSAPSS, crypto.SHA256}, 2048, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			must := func(arguments ...string) {
				out, err := run(arguments...)
				require.NoError(t, err, "%v: %s", arguments, out)
			}
			must(append(tt.key, "-out", "key.pem")...)
			if tt.want.Scheme == DSA {
				must("genpkey", "-paramfile", "key.pem", "-out", "dsa.pem")
				require.NoError(t, os.Rename(filepath.Join(dir, "dsa.pem"), filepath.Join(dir, "key.pem")))
			}
			must("req", "-x509", "-new", "-key", "key.pem", "-subj", "/CN=x", "-"+tt.digest, "-out", "cert.pem")
			sign := []string{"cms", "-sign", "-binary", "-in", "content", "-signer", "cert.pem", "-inkey", "key.pem", "-md", tt.digest, "-outform", "DER", "-out", "signature"}
			if tt.want.Scheme == RSAPSS { // else it names PKCS #1 v1.5 and signs with PSS
				sign = append(sign, "-keyopt", "rsa_padding_mode:pss")
			}
			must(sign...)
			der, err := os.ReadFile(filepath.Join(dir, "signature"))
			require.NoError(t, err)
			sd, si := parse(t, der)
			cert, err := sd.SignerCertificate(si)
			require.NoError(t, err)
			require.NoError(t, cert.CheckSignatureFrom(cert))
			v, err := si.Verify(cert, digestOf(tt.want.Hash, content))
			require.NoError(t, err)
			require.Equal(t, tt.want, v.Algorithm)
			require.Equal(t, tt.bits, v.KeyBits)
			weak := false
			for _, f := range v.Findings {
				weak = weak || f.Code == CodeWeakAlgorithm
			}
			require.Equal(t, tt.weak, weak)
			_, err = si.Verify(cert, digestOf(tt.want.Hash, []byte("other")))
			require.ErrorIs(t, err, ErrDigest)
			si.Signature[len(si.Signature)-1] ^= 1
			_, err = si.Verify(cert, digestOf(tt.want.Hash, content))
			require.ErrorIs(t, err, ErrSignature)
		})
	}
}
