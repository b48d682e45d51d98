package revocation

// SignedPart returns what the signature of a response covers.
func SignedPart(r *Response) []byte { return r.signed.message }

// SignedPartOfCRL returns what the signature of a CRL covers.
func SignedPartOfCRL(c *CRL) []byte { return c.signed.message }
