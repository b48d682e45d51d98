// Package report writes what package verify found for people and for other
// programs: as text for a terminal, as JSON, as an HTML page that needs nothing
// else, as a PDF document that can be archived and read aloud (PDF/A-3, PDF/UA-1), as
// CSV for a spreadsheet, and as the XML of ETSI TS 119 102-2, in English or Japanese.
//
//	report.Write(os.Stdout, report.Text, &report.Options{Language: report.Japanese}, result)
//
// A [Writer] takes any number of reports, one after another, and keeps none of them;
// that of PDF keeps what they say until Close.
//
// # What it does not decide
//
// Every verdict stands in the verify.Report. Nothing is left out of JSON; text,
// HTML and PDF show the first of very many findings and say how many more there are.
//
// # Security
//
// What stems from a judged file is hostile. It cannot draw lines or turn the
// direction of writing in text, is escaped in HTML and XML, and cannot begin a formula
// in CSV. The HTML page has no script and forbids loading anything; the PDF
// has neither actions nor links.
package report
