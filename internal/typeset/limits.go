package typeset

// Limits against content that is not ours.
const (
	// maxPages is the number of pages of a document.
	maxPages = 10_000
	// maxParagraph is how many characters are laid out together; a longer text is
	// set piece by piece. The limit of package font is higher.
	maxParagraph = 4000
	// maxRunning is the number of characters of a running text that are looked at: more
	// than one line holds.
	maxRunning = 500
	// maxColumns is the number of columns of a table.
	maxColumns = 32
	// maxNested is how deep groups may nest.
	maxNested = 32
)
