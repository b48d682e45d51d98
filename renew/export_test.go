package renew

import "github.com/inkan-go/inkan/verify"

// LeastRoom is leastRoom.
const LeastRoom = leastRoom

// RoomAfter is how much room is kept after so much was to be appended to a file.
func RoomAfter(r *Renewer, added int64) int64 {
	r.learn(&verify.Report{}, added)
	return r.room()
}
