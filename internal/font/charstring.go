package font

import (
	"errors"
	"fmt"

	psinterpreter "github.com/go-text/typesetting/font/cff/interpreter"
)

// charstring executes the operators of one charstring (Adobe technical note
// 5177) and counts them: subroutines that call subroutines could go on for ever.
type charstring struct {
	reader    psinterpreter.CharstringReader
	operators int
}

var errCharstring = errors.New("the charstring is damaged")

// Context is part of the interpreter's interface.
func (*charstring) Context() psinterpreter.Context { return psinterpreter.Type2Charstring }

// Apply executes one operator.
func (c *charstring) Apply(m *psinterpreter.Machine, op psinterpreter.Operator) error {
	if c.operators++; c.operators > maxOperators || len(c.reader.Segments) > maxSegments {
		return fmt.Errorf("more than %d operators or %d lines and curves", maxOperators, maxSegments)
	}
	if op.IsEscaped {
		return c.flex(m, op.Operator)
	}
	switch op.Operator {
	case 10, 29: // callsubr, callgsubr: the stack stays
		if m.ArgStack.Top < 1 {
			return errCharstring
		}
		if op.Operator == 10 {
			return psinterpreter.LocalSubr(m)
		}
		return psinterpreter.GlobalSubr(m)
	case 11: // return
		return m.Return()
	case 14: // endchar
		if m.ArgStack.Top >= 4 {
			return errors.New("an accented glyph composed in the manner of Type 1 (seac) is not supported")
		}
		return psinterpreter.ErrInterrupt
	case 19, 20: // hintmask, cntrmask: clears the stack itself
		c.reader.Hintmask(m)
		return nil
	}
	err := c.draw(m, op.Operator)
	m.ArgStack.Clear()
	return err
}

func (c *charstring) draw(m *psinterpreter.Machine, operator byte) error {
	switch operator {
	case 1, 18: // hstem, hstemhm
		c.reader.Hstem(m)
	case 3, 23: // vstem, vstemhm
		c.reader.Vstem(m)
	case 4:
		return c.reader.Vmoveto(m)
	case 5:
		c.reader.Rlineto(m)
	case 6:
		c.reader.Hlineto(m)
	case 7:
		c.reader.Vlineto(m)
	case 8:
		c.reader.Rrcurveto(m)
	case 21:
		return c.reader.Rmoveto(m)
	case 22:
		return c.reader.Hmoveto(m)
	case 24:
		return c.reader.Rcurveline(m)
	case 25:
		return c.reader.Rlinecurve(m)
	case 26:
		c.reader.Vvcurveto(m)
	case 27:
		c.reader.Hhcurveto(m)
	case 30:
		c.reader.Vhcurveto(m)
	case 31:
		c.reader.Hvcurveto(m)
	default:
		return fmt.Errorf("unknown operator %d", operator)
	}
	return nil
}

// flex executes the operators of two bytes: arithmetic, which fonts do not use,
// is refused.
func (c *charstring) flex(m *psinterpreter.Machine, operator byte) (err error) {
	switch operator {
	case 34:
		err = c.reader.Hflex(m)
	case 35:
		err = c.reader.Flex(m)
	case 36:
		err = c.reader.Hflex1(m)
	case 37:
		err = c.reader.Flex1(m)
	default:
		return fmt.Errorf("unknown operator 12 %d", operator)
	}
	m.ArgStack.Clear()
	return err
}
