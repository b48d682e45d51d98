package csc

// Waiting returns how many signatures of a session wait for a request.
func (s *Session) Waiting() int {
	s.line.mu.Lock()
	defer s.line.mu.Unlock()
	return len(s.line.wishes)
}
