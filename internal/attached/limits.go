package attached

const (
	// maxNames bounds how many names a tree has, and how many nodes.
	maxNames = 20_000
	// maxTreeDepth bounds the depth of the tree.
	maxTreeDepth = 64
	// maxHops bounds how many references in a row are followed.
	maxHops = 16
)
