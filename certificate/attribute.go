package certificate

import "strings"

// Values returns the texts of all attributes of a type, in the order of the name. The
// type is given by its short name as String writes it, such as CN, in either case, or by
// its OID.
func (n Name) Values(attribute string) []string {
	var values []string
	for _, rdn := range n {
		for _, a := range rdn {
			if strings.EqualFold(shortName(a.Type), attribute) || a.Type.String() == attribute {
				text, _ := a.Text()
				values = append(values, text)
			}
		}
	}
	return values
}
