package pdf_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/testpdf"
)

// handlers are the encryptions that testpdf writes, with the name of the cipher.
var handlers = map[string]struct {
	e      testpdf.Encryption
	cipher string
}{
	"R2":                {testpdf.Encryption{Revision: 2}, "RC4-40 (V 1, R 2)"},
	"R3":                {testpdf.Encryption{Revision: 3}, "RC4-128 (V 2, R 3)"},
	"R4":                {testpdf.Encryption{Revision: 4}, "AES-128 (V 4, R 4)"},
	"R4 RC4":            {testpdf.Encryption{Revision: 4, RC4: true}, "RC4-128 (V 4, R 4)"},
	"R4 clear metadata": {testpdf.Encryption{Revision: 4, Metadata: true}, "AES-128 (V 4, R 4)"},
	"R5":                {testpdf.Encryption{Revision: 5}, "AES-256 (V 5, R 5)"},
	"R6":                {testpdf.Encryption{Revision: 6}, "AES-256 (V 5, R 6)"},
	"R6 clear metadata": {testpdf.Encryption{Revision: 6, Metadata: true}, "AES-256 (V 5, R 6)"},
}

func openWith(data []byte, password string) (*pdf.File, error) {
	return pdf.Open(bytes.NewReader(data), int64(len(data)), &pdf.Options{Password: password})
}

// requireClear reads a contract of testpdf: a string, one within an object
// stream perhaps, and the data of a page.
func requireClear(t *testing.T, f *pdf.File) {
	t.Helper()
	v := f.Latest()
	title, err := v.Text(info(t, v).Get("Title"))
	require.NoError(t, err)
	require.Equal(t, "Service contract", title)
	field, err := v.Dict(pdf.Reference{Number: 5})
	require.NoError(t, err)
	value, err := v.Text(field.Get("V"))
	require.NoError(t, err)
	require.Equal(t, "Higashikagura Town", value)
	page, err := v.StreamObject(pdf.Reference{Number: 11})
	require.NoError(t, err)
	data, err := v.Stream(page)
	require.NoError(t, err)
	require.Contains(t, string(data), "(Service contract, page 1 of 2)")
}

func info(t *testing.T, v *pdf.View) *pdf.Dict {
	t.Helper()
	d, err := v.Dict(v.Trailer().Get("Info"))
	require.NoError(t, err)
	return d
}

func TestEncryptedFiles(t *testing.T) {
	for name, h := range handlers {
		for _, form := range testpdf.Forms {
			t.Run(name+" "+form.String(), func(t *testing.T) {
				h.e.User, h.e.Owner, h.e.Permissions = "für jeden", "Besitz", -1340
				data := testpdf.Contract(2, form).Encrypted(latin(h.e)).Bytes()
				require.NotContains(t, string(data), "Higashikagura")
				require.NotContains(t, string(data), "Service contract")
				for password, owner := range map[string]bool{"für jeden": false, "Besitz": true} {
					f, err := openWith(data, password)
					require.NoError(t, err)
					require.Empty(t, f.Anomalies())
					require.Nil(t, f.Damage)
					requireClear(t, f)
					e := f.Encryption()
					require.Equal(t, owner, e.Owner)
					require.Equal(t, pdf.Permissions(0xfffffac4), e.Permissions)
					require.False(t, e.Altered || e.Mixed() || e.MAC)
					require.True(t, strings.HasPrefix(e.String(), h.cipher), e.String())
				}
				for _, wrong := range []string{"", "fur jeden", "Besitz ", strings.Repeat("x", 200)} {
					_, err := openWith(data, wrong)
					require.ErrorIs(t, err, pdf.ErrPassword)
					require.NotErrorIs(t, err, pdf.ErrEncrypted)
					require.NotContains(t, err.Error(), "Besitz")
				}
			})
		}
	}
}

// latin writes passwords as the revision wants them: in PDFDocEncoding up to
// revision 4, in UTF-8 after that.
func latin(e testpdf.Encryption) testpdf.Encryption {
	if e.Revision < 5 {
		e.User = strings.ReplaceAll(e.User, "ü", "\xfc")
	}
	return e
}

// An empty user password opens the file without being asked for.
func TestEmptyUserPassword(t *testing.T) {
	for name, h := range handlers {
		t.Run(name, func(t *testing.T) {
			h.e.Owner = "owner"
			data := testpdf.Contract(2, testpdf.Stream).Encrypted(h.e).Bytes()
			f, err := pdf.Open(bytes.NewReader(data), int64(len(data)), nil)
			require.NoError(t, err)
			require.False(t, f.Encryption().Owner)
			requireClear(t, f)
			_, err = openWith(data, "wrong")
			require.ErrorIs(t, err, pdf.ErrPassword)
			require.ErrorContains(t, err, "neither")
		})
	}
}

func TestPermissions(t *testing.T) {
	for _, c := range []struct {
		p         int32
		revision  int
		fill, add bool
	}{
		{-4, 4, true, true},
		{-4 &^ 8, 4, true, false},
		{-4 &^ 32, 4, true, false},
		{-4 &^ (32 | 256), 4, false, false},
		{-4 &^ 256, 4, true, true},
		{-4 &^ 32, 2, false, false}, // bit 9 means nothing before revision 3
		{0, 6, false, false},
	} {
		t.Run(fmt.Sprint(c.revision, c.p), func(t *testing.T) {
			data := testpdf.Contract(2, testpdf.Table).Encrypted(testpdf.Encryption{Revision: c.revision, Owner: "o", Permissions: c.p}).Bytes()
			f, err := openWith(data, "")
			require.NoError(t, err)
			require.Equal(t, []bool{c.fill, c.add}, []bool{f.Encryption().CanFill(), f.Encryption().CanAddField()})
			f, err = openWith(data, "o")
			require.NoError(t, err)
			require.True(t, f.Encryption().CanFill() && f.Encryption().CanAddField())
		})
	}
}

// What /P says is forbidden stays so, whatever the encrypted copy says, and the
// other way round.
func TestAlteredPermissions(t *testing.T) {
	data := testpdf.Contract(2, testpdf.Table).Encrypted(testpdf.Encryption{Revision: 6, Owner: "o", Permissions: -44}).Bytes()
	f, err := openWith(bytes.Replace(data, []byte("/P -44/"), []byte("/P -4 /"), 1), "")
	require.NoError(t, err)
	require.True(t, f.Encryption().Altered)
	require.False(t, f.Encryption().CanAddField())
	f, err = openWith(bytes.Replace(data, []byte("/P -44/"), []byte("/P -99/"), 1), "")
	require.NoError(t, err)
	require.True(t, f.Encryption().Altered)
	require.EqualValues(t, uint32(0xffffffd4&0xffffff9d), f.Encryption().Permissions)
	f, err = openWith(data, "")
	require.NoError(t, err)
	require.False(t, f.Encryption().Altered)
}

// TestForeignVectors reads encryption dictionaries that qpdf wrote.
func TestForeignVectors(t *testing.T) {
	const filters = "/Length %d/CF<</StdCF<</AuthEvent/DocOpen/CFM/%s/Length %d>>>>/StmF/StdCF/StrF/StdCF"
	for name, c := range map[string]struct{ dict, title string }{
		"R2": {"/Length 40/O<94e8094419662a774442fb072e3d9f19e9d130ec09a4d0061e78fe920f7ab62f>/P -4/R 2/U<b1f625689bca1356d125453c43cfa750c0296b5c271c03f1cc359fa658a4fa21>/V 1",
			"f3cd91e314999f83c432267c20"},
		"R3": {"/Length 128/O<0ba3835f88f90388e74e54584125ce142be0de24c6b0d37746e075b891756671>/P -4/R 3/U<d798239dd347dc3afe3dd10515bb58430122456a91bae5134273a6db134c87c4>/V 2",
			"7e8bc11ea13e3bebce8e871ca8"},
		"R4": {fmt.Sprintf(filters, 128, "AESV2", 16) + "/O<0ba3835f88f90388e74e54584125ce142be0de24c6b0d37746e075b891756671>/P -4/R 4/U<d798239dd347dc3afe3dd10515bb58430122456a91bae5134273a6db134c87c4>/V 4",
			"53b89f1901ec5141228ae0179b3d003e7abaa608b2ef1d1841a5af667a854afe"},
		"R5": {fmt.Sprintf(filters, 256, "AESV3", 32) + "/O<bc3deba31a394439ee673b216869ea18290525990b43bb5a463eadb03da31b1abc7fc23a0d881d0e44d80d6af2a77f66>/OE<99f2cc397499d77db2c27e097c15b2a469117cde7d998c4a5b74658a92dd1852>/P -4" +
			"/Perms<c4617d8f1721244a9fb4b12ceb78d60c>/R 5/U<a6f47b64a37c1843dc9a1f7a9789e17313ae5e21dc715eca273c23313b4376c89d82b05e497c89ff8927adc84b6300e6>/UE<4c126be2c03db9d96ff75ba5f6f7155a3954d5a3bce23f646a1579f818a5ed26>/V 5",
			"9984b6ac85095daf83bc4fd9c1d7927005d15e63e5aa60e946544c9ce42b0919"},
		"R6": {fmt.Sprintf(filters, 256, "AESV3", 32) + "/O<fff39e63533e2902837aa7c457cf95836c878f0d126fc66aa9e7ed5dda7570f624e0f7f787b04436c06662db5c82046f>/OE<1183105d40813ab79b7cc9f306fc7177b5c7741f84dfa172e02954f21f9eafac>/P -4" +
			"/Perms<b6603050936a440891e5d9652aed9cdb>/R 6/U<e047a3392ec3728374a58b8e4e92b89d5714fecd187e3cb0537d58e31b8cd010ab4ba924fb7e3cfd7f7a1ded226c641d>/UE<c154a2f8aa3f1c153a166862baba944308822bf0e314b7d4389a5502e05e6129>/V 5",
			"914db4120234dd6c50bdf0aaee5a5d90a4a7a772dadbcd90cef0040374827082"},
	} {
		t.Run(name, func(t *testing.T) {
			data := encryptedBy("/Filter/Standard"+c.dict, "/Title<"+c.title+">")
			for password, owner := range map[string]bool{"user": false, "owner": true} {
				f, err := openWith(data, password)
				require.NoError(t, err)
				require.Equal(t, owner, f.Encryption().Owner)
				require.False(t, f.Encryption().Altered)
				title, err := f.Latest().Text(info(t, f.Latest()).Get("Title"))
				require.NoError(t, err)
				require.Equal(t, "Higashikagura", title)
				require.Empty(t, f.Anomalies())
			}
		})
	}
}

// encryptedBy returns a small file with that encryption dictionary, in an object
// of its own, and information dictionary.
func encryptedBy(encrypt, entries string) []byte {
	return testpdf.File{
		Trailer: "/Root 1 0 R/Info 2 0 R/Encrypt 6 0 R/ID[<00112233445566778899aabbccddeeff><00>]",
		Objects: []testpdf.Object{
			{Number: 1, Body: "<</Type/Catalog/Pages 3 0 R>>"},
			{Number: 2, Body: "<<" + entries + ">>"},
			{Number: 3, Body: "<</Type/Pages/Kids[]/Count 0>>"},
			{Number: 6, Body: "<<" + encrypt + ">>"},
		},
	}.Bytes()
}

func TestUnsupportedEncryption(t *testing.T) {
	values := "/P -4/O<" + strings.Repeat("00", 48) + ">/U<" + strings.Repeat("00", 48) + ">/OE<" + strings.Repeat("00", 32) + ">/UE<" + strings.Repeat("00", 32) + ">"
	for name, c := range map[string]struct {
		dict string
		kind error
		text string
	}{
		"certificates":        {"/Filter/Adobe.PubSec/SubFilter/adbe.pkcs7.s5/V 5/R 6", pdf.ErrEncrypted, "public-key security handler /Adobe.PubSec"},
		"certificates, other": {"/Filter/Entrust.PPKEF/SubFilter/adbe.pkcs7.s4/V 2", pdf.ErrEncrypted, "public-key"},
		"handler":             {"/Filter/Mine/V 4", pdf.ErrEncrypted, "/Mine is not known"},
		"no handler":          {"/V 4/R 4", pdf.ErrEncrypted, "not known"},
		"AES-GCM":             {"/Filter/Standard/V 6/R 7" + values, pdf.ErrEncrypted, "ISO/TS 32003"},
		"AES-GCM filter":      {"/Filter/Standard/V 5/R 6/CF<</StdCF<</CFM/AESV4>>>>/StmF/StdCF/StrF/StdCF" + values, pdf.ErrEncrypted, "ISO/TS 32003"},
		"version 3":           {"/Filter/Standard/V 3/R 3" + values, pdf.ErrEncrypted, "/V 3"},
		"revision 9":          {"/Filter/Standard/V 4/R 9" + values, pdf.ErrEncrypted, "/R 9"},
		"filter method":       {"/Filter/Standard/V 4/R 4/CF<</StdCF<</CFM/ROT13>>>>" + values, pdf.ErrEncrypted, "/ROT13"},
		"V 4, R 6":            {"/Filter/Standard/V 4/R 6" + values, pdf.ErrMalformed, "contradict"},
		"V 5, R 4":            {"/Filter/Standard/V 5/R 4" + values, pdf.ErrMalformed, "contradict"},
		"AESV3 in V 4":        {"/Filter/Standard/V 4/R 4/CF<</StdCF<</CFM/AESV3>>>>/StmF/StdCF" + values, pdf.ErrMalformed, "does not go with"},
		"no such filter":      {"/Filter/Standard/V 4/R 4/StmF/StdCF" + values, pdf.ErrMalformed, "/StmF"},
		"no P":                {"/Filter/Standard/V 2/R 3/O()/U()", pdf.ErrMalformed, "/P"},
		"no O":                {"/Filter/Standard/V 2/R 3/P -4", pdf.ErrMalformed, "/O"},
		"short U":             {"/Filter/Standard/V 5/R 6/P -4/O<" + strings.Repeat("00", 48) + ">/U<00>/UE<" + strings.Repeat("00", 32) + ">", pdf.ErrMalformed, "/U "},
		"short UE":            {"/Filter/Standard/V 5/R 6/P -4/O<" + strings.Repeat("00", 48) + ">/U<" + strings.Repeat("00", 48) + ">/UE<00>", pdf.ErrMalformed, "/UE"},
		"all zero":            {"/Filter/Standard/V 5/R 6" + values, pdf.ErrPassword, "password"},
		"short O":             {"/Filter/Standard/V 1/R 2/P 1/O<00>/U<00>", pdf.ErrPassword, "password"},
		"huge length":         {"/Filter/Standard/V 2/R 3/Length 99999999999/P 1/O<00>/U<00>", pdf.ErrPassword, "password"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := openWith(encryptedBy(c.dict, ""), "")
			require.ErrorIs(t, err, c.kind)
			require.ErrorContains(t, err, c.text)
		})
	}
}

// The value of a signature is never encrypted; other strings of its dictionary are.
func TestSignatureValueInClear(t *testing.T) {
	f := testpdf.Contract(2, testpdf.Table)
	f.Objects = append(f.Objects, testpdf.Object{Number: 20, Body: "<</Type/Sig/Reason(agreed)/ByteRange[0 1 2 3]/Contents<3000AB>>>"},
		testpdf.Object{Number: 21, Body: "<</Type/Annot/Contents(a note)>>"})
	file, err := openWith(f.Encrypted(testpdf.Encryption{Revision: 6}).Bytes(), "")
	require.NoError(t, err)
	v := file.Latest()
	d, err := v.Dict(pdf.Reference{Number: 20})
	require.NoError(t, err)
	require.Equal(t, pdf.String{Value: []byte{0x30, 0, 0xab}, Hex: true, Exact: true}, d.Get("Contents"))
	reason, err := v.Text(d.Get("Reason"))
	require.NoError(t, err)
	require.Equal(t, "agreed", reason)
	d, err = v.Dict(pdf.Reference{Number: 21})
	require.NoError(t, err)
	note, err := v.Text(d.Get("Contents"))
	require.NoError(t, err)
	require.Equal(t, "a note", note)
	require.Empty(t, file.Anomalies())
}

// Streams with a crypt filter of their own, metadata in clear, and embedded files.
func TestCryptFilters(t *testing.T) {
	const xmp = "<x:xmpmeta/>"
	f := testpdf.Contract(2, testpdf.Table)
	f.Objects = append(f.Objects,
		testpdf.Object{Number: 20, Body: "<</Type/Metadata/Subtype/XML>>", Data: []byte(xmp)},
		testpdf.Object{Number: 21, Body: "<</Type/EmbeddedFile>>", Data: []byte(xmp)},
		testpdf.Object{Number: 22, Body: "<</Filter[/Crypt]/DecodeParms[<</Type/CryptFilterDecodeParms/Name/StdCF>>]>>", Data: []byte(xmp)})
	read := func(t *testing.T, data []byte, number int64) (string, *pdf.File, error) {
		file, err := openWith(data, "")
		require.NoError(t, err)
		s, err := file.Latest().StreamObject(pdf.Reference{Number: number})
		require.NoError(t, err)
		b, err := file.Latest().Stream(s)
		return string(b), file, err
	}
	data := f.Encrypted(testpdf.Encryption{Revision: 4, Metadata: true}).Bytes()
	for _, number := range []int64{20, 21, 22} {
		got, file, err := read(t, data, number)
		require.NoError(t, err)
		require.Equal(t, xmp, got)
		require.False(t, file.Encryption().EncryptMetadata)
		require.Empty(t, file.Anomalies())
	}

	got, file, err := read(t, bytes.Replace(data, []byte("/StrF/StdCF"), []byte("/StrF/StdCF/EFF/Identity"), 1), 21)
	require.NoError(t, err)
	require.NotEqual(t, xmp, got)
	require.True(t, file.Encryption().Mixed())

	got, file, err = read(t, bytes.Replace(data, []byte("/Name/StdCF"), []byte("/Identity 5"), 1), 22)
	require.NoError(t, err)
	require.NotEqual(t, xmp, got)
	require.Equal(t, pdf.EncryptMixed, file.Anomalies()[0].Code)

	_, _, err = read(t, bytes.Replace(data, []byte("/Name/StdCF"), []byte("/Name/Other"), 1), 22)
	require.ErrorIs(t, err, pdf.ErrUnsupportedFilter)

	mixed, err := openWith(testpdf.Contract(2, testpdf.Table).Encrypted(testpdf.Encryption{Revision: 6, Mixed: true}).Bytes(), "")
	require.NoError(t, err)
	requireClear(t, mixed)
	require.True(t, mixed.Encryption().Mixed())
}

// Data that AES cannot have written are read as far as they go, and noted.
func TestDamagedCiphertext(t *testing.T) {
	for name, c := range map[string]struct {
		title string
		odd   bool
	}{
		"empty":         {"()", false},
		"in clear":      {"(D:20260101000000Z)", true},
		"vector alone":  {"<00112233445566778899AABBCCDDEEFF>", false},
		"half a block":  {"<00112233445566778899AABBCCDDEEFF0011223344556677>", true},
		"wrong padding": {"<00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF>", true},
	} {
		t.Run(name, func(t *testing.T) {
			data := testpdf.Contract(2, testpdf.Table).Encrypted(testpdf.Encryption{Revision: 6}).Bytes()
			encrypted := testpdf.File{Trailer: "/Root 1 0 R/Info 8 0 R" + string(data[bytes.Index(data, []byte("/Encrypt")):bytes.LastIndex(data, []byte(">>"))]),
				Objects: []testpdf.Object{{Number: 8, Body: "<</Title" + c.title + ">>"}}}
			file, err := openWith(encrypted.Append(data), "")
			require.NoError(t, err)
			_, err = file.Latest().Text(info(t, file.Latest()).Get("Title"))
			require.NoError(t, err)
			require.Equal(t, c.odd, len(file.Anomalies()) == 1 && file.Anomalies()[0].Code == pdf.EncryptedData, "%v", file.Anomalies())
		})
	}
}

// A revision that leaves out /Encrypt, or brings it, is never plainly readable.
func TestEncryptionOfRevisions(t *testing.T) {
	anomalies := func(data []byte) (codes []pdf.AnomalyCode) {
		f, err := openWith(data, "")
		require.NoError(t, err)
		for _, a := range f.Anomalies() {
			require.True(t, a.Ambiguous)
			codes = append(codes, a.Code)
		}
		return codes
	}
	clear := testpdf.Contract(2, testpdf.Table)
	encrypted := clear.Encrypted(testpdf.Encryption{Revision: 4})
	update := testpdf.File{Trailer: clear.Trailer, Objects: []testpdf.Object{{Number: 8, Body: "<</Title(x)>>"}}}
	require.Equal(t, []pdf.AnomalyCode{pdf.EncryptMissing}, anomalies(update.Append(encrypted.Bytes())))
	require.Equal(t, []pdf.AnomalyCode{pdf.EncryptChanged}, anomalies(update.Encrypted(testpdf.Encryption{Revision: 4}).Append(clear.Bytes())))
	require.Empty(t, anomalies(update.Encrypted(testpdf.Encryption{Revision: 4}).Append(encrypted.Bytes())))
}

// A file with an integrity code is read, and says so.
func TestIntegrityCode(t *testing.T) {
	for name, change := range map[string]func(*testpdf.File){
		"AuthCode": func(f *testpdf.File) { f.Trailer += "/AuthCode<</MACLocation/Standalone/MAC<00>>>" },
		"KDFSalt":  func(f *testpdf.File) { f.Encrypt.Extra = "/KDFSalt<00>" },
		"extension": func(f *testpdf.File) {
			f.Objects[0].Body = "<</Type/Catalog/Pages 2 0 R/Extensions<</ISO_<</ExtensionLevel 32004>>>>>>"
		},
		"extensions": func(f *testpdf.File) {
			f.Objects[0].Body = "<</Type/Catalog/Pages 2 0 R/Extensions<</ISO_[<</ExtensionLevel 32003>><</ExtensionLevel 32004>>]>>>>"
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := testpdf.Contract(2, testpdf.Table).Encrypted(testpdf.Encryption{Revision: 6})
			change(&f)
			file, err := openWith(f.Bytes(), "")
			require.NoError(t, err)
			require.True(t, file.Encryption().MAC)
		})
	}
}

// TestEncryptedUpdate: what is added is encrypted, what is copied stays as it
// is, and an object that leaves its object stream gets its strings encrypted.
func TestEncryptedUpdate(t *testing.T) {
	for name, h := range handlers {
		for _, form := range testpdf.Forms {
			t.Run(name+" "+form.String(), func(t *testing.T) {
				h.e.User, h.e.Owner = "u", "o"
				data := testpdf.Contract(2, form).Encrypted(h.e).Bytes()
				tail := updateContract(t, data)
				require.Equal(t, tail, updateContract(t, data), "the same vectors give the same bytes")
				for _, secret := range []string{"Higashikagura", "a new note", "first day", "stream data"} {
					require.NotContains(t, string(tail), secret)
				}
				require.Contains(t, string(tail), "/Contents<3000>")
				require.Equal(t, 1, bytes.Count(tail, []byte("/Encrypt<<")))
				f, err := openWith(append(bytes.Clone(data), tail...), "u")
				require.NoError(t, err)
				require.Empty(t, f.Anomalies())
				requireClear(t, f)
				requireUpdated(t, f.Latest())
			})
		}
	}
}

// updateContract changes the text field and adds an annotation, a signature
// dictionary and a stream.
func updateContract(t *testing.T, data []byte) []byte {
	t.Helper()
	f, err := openWith(data, "u")
	require.NoError(t, err)
	v := f.Latest()
	u := pdf.NewUpdate(v)
	u.Random = bytes.NewReader(bytes.Repeat([]byte("0123456789abcdef"), 100))
	field, err := v.Object(pdf.Reference{Number: 5})
	require.NoError(t, err)
	tooltip, err := u.Within(field, []byte("(first day)"))
	require.NoError(t, err)
	u.Replace(field, pdf.Edit(field).Set("TU", tooltip).Bytes())
	u.Put(u.New(), []byte("<</Note[(a new note)<616263> % (comment)\n<</Inner(it)>>]/Name/x#28/Empty()>>"))
	u.Put(u.New(), []byte("<</Type/Sig/Reason(agreed)/ByteRange[0 1 2 3]/Contents<3000>>>"))
	u.PutStream(u.New(), []byte("<</Type/XObject/Note(a new note)>>"), []byte("stream data"))
	u.PutStream(u.New(), []byte("<</Type/Metadata>>"), []byte("clear, perhaps"))
	tail, err := u.Build()
	require.NoError(t, err)
	return tail.Bytes
}

func requireUpdated(t *testing.T, v *pdf.View) {
	t.Helper()
	field, err := v.Dict(pdf.Reference{Number: 5})
	require.NoError(t, err)
	require.Equal(t, "first day", text(t, v, field.Get("TU")))
	require.Equal(t, "/Helv 11 Tf 0 g", text(t, v, field.Get("DA")))
	var streams []string
	for e := range v.Entries() {
		if e.Kind != pdf.InUse {
			continue
		}
		o, err := v.Object(pdf.Reference{Number: e.Number})
		require.NoError(t, err)
		d := o.Dict()
		if s, ok := o.Value.(*pdf.Stream); ok && d.Get("Type") != pdf.Object(pdf.Name("XRef")) && d.Get("Type") != pdf.Object(pdf.Name("ObjStm")) {
			b, err := v.Stream(s)
			require.NoError(t, err)
			streams = append(streams, string(b))
		}
		if a, ok := d.Get("Note").(*pdf.Array); ok {
			require.Equal(t, "a new note", text(t, v, a.Items[0]))
			require.Equal(t, "abc", text(t, v, a.Items[1]))
			require.Equal(t, "it", text(t, v, a.Items[2].(*pdf.Dict).Get("Inner")))
			require.Equal(t, pdf.Object(pdf.Name("x(")), d.Get("Name"))
			require.Empty(t, text(t, v, d.Get("Empty")))
		}
		if d.Has("ByteRange") {
			require.Equal(t, "agreed", text(t, v, d.Get("Reason")))
			require.Equal(t, "0\x00", text(t, v, d.Get("Contents")))
		}
	}
	require.Contains(t, streams, "stream data")
	require.Contains(t, streams, "clear, perhaps")
}

func text(t *testing.T, v *pdf.View, o pdf.Object) string {
	t.Helper()
	s, err := v.Text(o)
	require.NoError(t, err)
	return s
}

func TestEncryptedUpdateErrors(t *testing.T) {
	data := testpdf.Contract(2, testpdf.Table).Encrypted(testpdf.Encryption{Revision: 6}).Bytes()
	build := func(data []byte, random io.Reader, change func(*pdf.Update)) error {
		f, err := openWith(data, "")
		require.NoError(t, err)
		u := pdf.NewUpdate(f.Latest())
		u.Random = random
		change(u)
		_, err = u.Build()
		return err
	}
	put := func(body string) func(*pdf.Update) {
		return func(u *pdf.Update) { u.Put(u.New(), []byte(body)) }
	}
	require.NoError(t, build(data, nil, put("(x)")))
	require.ErrorIs(t, build(data, bytes.NewReader(nil), put("(x)")), io.EOF)
	require.ErrorIs(t, build(data, nil, put("(x")), pdf.ErrUpdate)
	stream := func(dict string) func(*pdf.Update) {
		return func(u *pdf.Update) { u.PutStream(u.New(), []byte(dict), nil) }
	}
	require.ErrorIs(t, build(data, nil, stream("[1]")), pdf.ErrUpdate)
	require.ErrorIs(t, build(data, nil, stream("<</Filter/Crypt/DecodeParms<</Name/X>>>>")), pdf.ErrUpdate)
	without := testpdf.File{Trailer: "/Root 1 0 R/ID[<00112233445566778899AABBCCDDEEFF><00>]", Objects: []testpdf.Object{{Number: 30, Body: "1"}}}.Append(data)
	require.ErrorIs(t, build(without, nil, put("(x)")), pdf.ErrUpdate)
}
