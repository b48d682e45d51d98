package main

// What inspect shows of a file at most.
const (
	maxFields     = 10_000 // nodes of the field tree
	maxFieldDepth = 64
	maxRemarks    = 100
	maxFormNodes  = 500_000 // nodes of the forms of all revisions, to tell what they did
)

// maxKeyFile is far more bytes than any file of keys or certificates holds.
const maxKeyFile = 64 << 20

// maxPassword is far more bytes than any password has; readers look at 127.
const maxPassword = 4096

// maxDemoFolders is how many folders of demonstrations stand side by side.
const maxDemoFolders = 1000

// maxPageNumber is the highest page of a list: longer documents are not stamped.
const maxPageNumber = 20_000

// What is taken of what a signer command writes: far more than any signature has, and of
// what it complains about.
const (
	maxSignature = 64 << 10
	maxComplaint = 512
)

// maxRefused is how many files in a row may get no time stamp before a renewal gives up: each
// costs a time-out, and perhaps a stamp that is lost.
const maxRefused = 10
