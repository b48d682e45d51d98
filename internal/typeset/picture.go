package typeset

// xobject is an image that the content names X1, X2 and so on.
type xobject struct {
	reference string
}
