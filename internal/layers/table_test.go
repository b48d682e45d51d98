package layers

// layer is one package and what its non-test files may import.
type layer struct {
	path   string   // below the module path
	inside []string // packages of the module
	// outside are prefixes of import paths of other modules. The standard library
	// is always allowed.
	outside []string
}

const (
	modulePath = "github.com/inkan-go/inkan"
	goX        = "golang.org/x/"
)

// Groups of lower layers, from the bottom up.
var (
	bottom       = []string{"internal/ber", "internal/algorithm", "internal/redact", "internal/sendonce"}
	certificates = append([]string{"certificate"}, bottom...)
	evidence     = append([]string{"certificate/fetch", "certificate/revocation"}, certificates...)
	document     = []string{"internal/sigdict", "internal/digest", "internal/pdf"}
	cores        = concat([]string{"tsa", "internal/changes", "internal/content", "internal/parallel", "cms"}, document, evidence)
	public       = []string{
		"contract", "renew", "pades/appearance", "verify/report", "pades", "verify", "tsa", "csc", "keyfile",
		"cms", "certificate/fetch", "certificate/revocation", "certificate",
	}
)

// table is the house, from the roof down: a package may import only packages that
// stand below it, and of those only the ones listed. A new package must be added.
var table = []layer{
	{"cmd/inkan", concat(public, []string{"internal/attached", "internal/testpki", "internal/testpdf", "internal/changes", "internal/parallel", "internal/redact"}, document),
		[]string{goX, "github.com/alecthomas/kong", "github.com/schollz/progressbar/v3"}},
	{"examples", public, nil}, // and everything below examples/
	{"internal/vectors", concat(public, []string{"internal/testpki", "internal/testpdf", "internal/mutate"}, cores), []string{goX}},
	{"internal/readme", nil, nil},
	{"internal/layers", nil, nil},
	{"verifytest", concat([]string{"pades", "verify", "tsa", "internal/testpki", "internal/testpdf"}, evidence), []string{goX}},
	{"contract", concat(public[1:], []string{"internal/attached", "internal/filelock", "internal/folder", "internal/typeset", "internal/picture", "internal/draw", "internal/font"}, cores), []string{goX, "github.com/gowebpki/jcs"}},
	{"renew", concat([]string{"pades", "verify", "tsa"}, evidence), []string{goX}},
	{"pades/appearance", concat([]string{"pades", "internal/font", "internal/picture", "internal/draw", "internal/icc"}, document),
		[]string{goX, "github.com/go-text/typesetting"}},
	{"verify/report", []string{"verify", "internal/redact", "internal/typeset", "internal/font", "internal/draw", "internal/pdf"}, []string{goX}},
	{"pades", concat([]string{"internal/attached", "internal/filelock", "internal/folder", "internal/xmp"}, cores), []string{goX}},
	{"verify", cores, []string{goX}},
	{"csc", concat([]string{"cms"}, certificates), []string{goX}},
	{"keyfile", certificates, []string{goX, "software.sslmate.com/src/go-pkcs12"}},
	{"internal/testpki", concat([]string{"tsa", "cms"}, evidence), []string{goX}},
	{"internal/testpdf", nil, []string{goX}}, // shares nothing with what it tests
	{"internal/mutate", nil, []string{goX}},  // neither does this
	{"internal/jsonschema", []string{"internal/peertest"}, nil},
	{"internal/peertest", nil, nil},
	{"internal/typeset", []string{"internal/font", "internal/picture", "internal/draw", "internal/icc", "internal/xmp", "internal/pdf"}, []string{goX}},
	{"internal/font", []string{"internal/draw", "internal/pdf"}, []string{goX, "github.com/go-text/typesetting"}},
	{"internal/picture", []string{"internal/draw"}, []string{goX, "github.com/boombuler/barcode"}},
	{"internal/draw", nil, []string{goX}},
	{"internal/icc", nil, nil},
	{"internal/xmp", nil, nil},
	{"tsa", concat([]string{"cms"}, evidence), []string{goX}},
	{"internal/changes", concat([]string{"internal/content"}, document), []string{goX}},
	{"internal/content", []string{"internal/pdf"}, []string{goX}},
	{"cms", certificates, []string{goX}},
	{"internal/attached", []string{"internal/pdf"}, []string{goX}},
	{"internal/sigdict", []string{"internal/ber", "internal/pdf"}, []string{goX}},
	{"internal/digest", bottom, []string{goX}},
	{"internal/pdf", nil, []string{goX}},
	{"certificate/fetch", concat([]string{"certificate/revocation"}, certificates), []string{goX}},
	{"certificate/revocation", certificates, []string{goX}},
	{"certificate", bottom, []string{goX}},
	{"internal/ber", nil, []string{goX}},
	{"internal/parallel", nil, nil},
	{"internal/filelock", nil, []string{goX}},
	{"internal/folder", nil, nil},
	{"internal/redact", nil, nil},
	{"internal/sendonce", nil, nil},
	{"internal/algorithm", nil, []string{goX}},
}

// lean are the packages that link nothing outside the standard library but
// golang.org/x, whatever they import.
var lean = []string{"pades", "verify", "tsa", "csc", "cms", "certificate", "certificate/fetch", "certificate/revocation"}

// apart are pairs of which the first never links the second, however far away.
var apart = [][2]string{
	{"pades", "verify"},
	{"verify", "pades"},
	{"pades", "keyfile"},
	{"verify", "keyfile"},
	{"pades", "internal/testpki"},
	{"verify", "internal/testpki"},
	{"pades", "net/http/httptest"},
	{"verify", "testing"},
}

// testOnly are the modules that only tests may use, as prefixes.
var testOnly = []string{
	goX,
	"github.com/stretchr/testify/",
	"github.com/rogpeppe/go-internal/testscript",
	"github.com/digitorus/",
	"software.sslmate.com/src/go-pkcs12", // writes files for keyfile to read
}

func concat(lists ...[]string) []string {
	var all []string
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}
