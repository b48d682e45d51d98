package digest

// blockSize is how many bytes a Pass reads and hashes at a time: few enough to
// stay in the nearest caches, which all hashes of one block share.
const blockSize = 64 << 10

// The second ranges of signatures that follow each other in a file do not
// overlap, so hashing all of them costs no more than one file. Ranges that
// overlap (an attack, or damage) cost more; a Pass hashes at most
// tailFactor × size + tailFloor bytes of them and leaves the rest undone.
const (
	tailFactor = 4
	tailFloor  = 4 << 20
)

// tailBudget returns how many bytes outside the shared prefix one Pass hashes.
func tailBudget(size int64) int64 {
	if size > (1<<62)/tailFactor {
		return 1 << 62
	}
	return tailFactor*size + tailFloor
}
