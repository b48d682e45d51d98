package appearance

// Limits of the package.
const (
	// minSide and maxSide bound the sides of an appearance, in points: 200 inches
	// is the largest page of many readers.
	minSide = 1
	maxSide = 14400
	// maxPageObjects is the number of objects that are copied with a page.
	maxPageObjects = 10_000
	// maxPageBytes is the size of what is copied with a page.
	maxPageBytes = 32 << 20
	// maxPageDepth is how deep what is copied may nest.
	maxPageDepth = 64
	// maxTreePages is the number of pages and page-tree nodes that are visited to
	// find a page.
	maxTreePages = 100_000
	// maxSealText is the number of characters of a seal.
	maxSealText = 64
	// maxTextBytes is the size of a text.
	maxTextBytes = 16 << 10
	// maxFontFiles is the number of installed font files that FindFonts looks into.
	maxFontFiles = 20_000
)
