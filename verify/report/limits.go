package report

const (
	// maxFindings are the findings of one kind of place that text, HTML and PDF show of one
	// signature, and of the file as a whole.
	maxFindings = 50
	// maxAdditions are the later additions of one signature that text shows.
	maxAdditions = 20
	// maxRevisions are the revisions on the time line of one HTML or PDF report.
	maxRevisions = 200
	// maxNestedPhrases is how deep inside each other phrases of an argument are replaced.
	maxNestedPhrases = 3
)
