package changes

import "fmt"

// Message is a text with gaps and what fills them, so that it can be said in other
// languages too.
type Message struct {
	// Pattern is the text in English, with the verbs of package fmt.
	Pattern string
	// Arguments fill the gaps; those that are a Message are texts themselves.
	Arguments []any
}

// say makes a Message. The pattern is a literal, for the texts in other languages are
// held against those of the source.
func say(pattern string, arguments ...any) Message { return Message{pattern, arguments} }

// String returns the text in English.
func (m Message) String() string {
	if len(m.Arguments) == 0 {
		return m.Pattern
	}
	return fmt.Sprintf(m.Pattern, m.Arguments...)
}

// IsZero tells whether there is nothing to say.
func (m Message) IsZero() bool { return m.Pattern == "" }
