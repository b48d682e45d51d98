package main

import (
	"fmt"
	"strings"

	"github.com/inkan-go/inkan/pades"
)

// seed is one thing that a field may ask of a signature in it: a name, how it is given,
// and what it means.
type seed struct {
	name, usage, help string
	flag              pades.SeedFlags            // by which it is demanded
	certificate       pades.CertificateSeedFlags // the same, where it concerns the certificate
	demanded          bool                       // it cannot be proposed
	// set takes a value, "" where none is given.
	set func(s *pades.SeedValues, value string) error
	// get lists the values; nil where nothing is asked.
	get func(s *pades.SeedValues) []string
}

// isDemanded tells whether the thing is demanded and not proposed.
func (d *seed) isDemanded(s *pades.SeedValues) bool {
	switch {
	case d.name == "timestamp":
		return s.TimeStamp.Required
	case d.certificate != 0:
		return s.Cert.Required&d.certificate != 0
	}
	return d.demanded || s.Required&d.flag != 0
}

// demand makes the thing demanded.
func (d *seed) demand(s *pades.SeedValues) {
	switch {
	case d.name == "timestamp":
		s.TimeStamp.Required = true
	case d.certificate != 0:
		s.Cert.Required |= d.certificate
	default:
		s.Required |= d.flag
	}
}

// readSeeds turns --require and --propose into seed values; nil where there are none.
func readSeeds(require, propose []string) (*pades.SeedValues, error) {
	if len(require)+len(propose) == 0 {
		return nil, nil
	}
	s := &pades.SeedValues{Cert: &pades.CertificateSeeds{}}
	certificate := false
	take := func(flag, text string) error {
		name, value, _ := strings.Cut(text, "=")
		for _, d := range knownSeeds() {
			if d.name != name {
				continue
			}
			if d.demanded && flag == "--propose" {
				return usage("--propose %s: that is always demanded, use --require", text)
			}
			if err := d.set(s, value); err != nil {
				return usage("%s %s: %w; it is given as %s", flag, text, err, d.usage)
			}
			if flag == "--require" {
				d.demand(s)
			}
			certificate = certificate || d.certificate != 0
			return nil
		}
		return usage("%s %s: %q is not known (inkan fields --help lists what is)", flag, text, name)
	}
	for _, text := range require {
		if err := take("--require", text); err != nil {
			return nil, err
		}
	}
	for _, text := range propose {
		if err := take("--propose", text); err != nil {
			return nil, err
		}
	}
	if !certificate {
		s.Cert = nil
	}
	return s, nil
}

// describeSeeds says what is demanded and what is proposed.
func describeSeeds(s *pades.SeedValues) (demanded, proposed []string) {
	if s == nil {
		return nil, nil
	}
	for _, d := range knownSeeds() {
		if d.certificate != 0 && s.Cert == nil {
			continue
		}
		values := d.get(s)
		if values == nil {
			continue
		}
		text := d.name
		for i, v := range values {
			switch {
			case v == "":
			case i == 0:
				text += " " + v
			default:
				text += " or " + v
			}
		}
		if d.isDemanded(s) {
			demanded = append(demanded, text)
		} else {
			proposed = append(proposed, text)
		}
	}
	return demanded, proposed
}

// seedHelp lists what can be asked.
func seedHelp() string {
	var text strings.Builder
	for _, d := range knownSeeds() {
		fmt.Fprintf(&text, "    %-23s %s\n", d.usage, d.help)
	}
	return text.String()
}
