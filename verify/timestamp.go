package verify

// readToken looks at the time-stamp token of a document time stamp.
func (c *candidate) readToken() {
	c.unsupported = true
}

// checkToken verifies the token of a document time stamp.
func (f *file) checkToken(c *candidate) conclusion {
	return conclusion{Indeterminate, CryptoConstraintsFailure}
}
