package report

import "github.com/inkan-go/inkan/verify"

// The words of the report, by the values that they stand for. They are never
// written to; another language is another set.
var (
	kinds = map[verify.Kind]string{
		verify.KindApproval:      "Signature",
		verify.KindCertification: "Certification",
		verify.KindTimestamp:     "Document time stamp",
	}
	cryptos = map[verify.Crypto]string{
		verify.CryptoInvalid:     "does not verify",
		verify.CryptoUnsupported: "cannot be verified by this version",
		verify.CryptoValid:       "verifies",
	}
	structures = map[verify.Structure]string{
		verify.StructureViolated: "the signature does not stand in the file as it must",
		verify.StructureRepaired: "what follows the signature can be read only by repair",
		verify.StructureSound:    "sound",
	}
	changes = map[verify.Changes]string{
		verify.ChangesUnknown:    "later changes could not be judged",
		verify.ChangesOther:      "content was changed later",
		verify.ChangesAnnotation: "annotations were changed later",
		verify.ChangesForm:       "signed or filled in later",
		verify.ChangesLTV:        "validation data were added later",
		verify.ChangesNone:       "nothing was changed later",
	}
	permissions = map[int]string{
		1: "no changes",
		2: "filling in and signing",
		3: "filling in, signing and annotations",
	}
)
