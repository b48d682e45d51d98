package fetch

// Waiting is the number of callers that wait for an exchange.
func (c *Client) Waiting() int {
	c.state.flights.mu.Lock()
	defer c.state.flights.mu.Unlock()
	n := 0
	for _, f := range c.state.flights.pending {
		n += f.waiting
	}
	return n
}
