package ber

// Limits on what strangers send. Real CMS nests about 15 levels deep and has no tag above 30 outside of tests.
const (
	maxDepth        = 32      // levels of nesting that are followed
	maxTag          = 1 << 28 // exclusive; tag numbers of four octets
	maxLengthOctets = 16      // octets of a long length, leading zeros counted
	maxArcs         = 64      // arcs of an object identifier
)
