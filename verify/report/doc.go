// Package report makes texts for people from the data of package verify. It
// decides nothing: every verdict in a text stands in the verify.Report.
package report
