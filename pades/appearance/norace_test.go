//go:build !race

package appearance_test

const raceDetector = false
