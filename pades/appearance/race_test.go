//go:build race

package appearance_test

// raceDetector slows Go code, but not the assembly that signs.
const raceDetector = true
