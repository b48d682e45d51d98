package interop_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// raiseCase is how a file is signed that somebody else raises.
type raiseCase struct {
	form  testpdf.Form
	key   levelKey
	level pades.Level
}

func (c raiseCase) String() string {
	return c.form.String() + " " + c.key.name + " " + c.level.String()
}

// raiseCases are all forms of files with RSA-2048, and other keys in one of them, at each
// level.
func raiseCases() []raiseCase {
	var all []raiseCase
	for _, level := range levels() {
		for _, key := range levelKeys() {
			switch key.name {
			case "RSA-2048":
				for _, form := range testpdf.Forms {
					all = append(all, raiseCase{form, key, level})
				}
			case "RSA-4096", "RSA-PSS", "P-256":
				if level < pades.BLTA { // to spare time
					all = append(all, raiseCase{testpdf.Stream, key, level})
				}
			}
		}
	}
	return all
}

// TestTheyRaiseOurs lets EU DSS and pyHanko raise our signatures of each level to
// B-LTA, or renew them there: everybody must accept the result.
func TestTheyRaiseOurs(t *testing.T) {
	s := newServices(t)
	judges := adesPeers(t)
	for _, c := range raiseCases() {
		id := s.signer(t, c.key.key)
		ours := s.sign(t, testpdf.Contract(1, c.form).Bytes(), "", &pades.Signer{Key: id.Key, Chain: id.Chain, Algorithm: c.key.algorithm}, c.level)
		for _, maker := range judges {
			t.Run(c.String()+" "+maker.name, func(t *testing.T) {
				task := s.task("extend", write(t, "ours.pdf", ours))
				task.Level = "B-LTA"
				raised := maker.make(t, task)
				require.True(t, bytes.HasPrefix(raised, ours), "bytes of the earlier file changed")
				s.requireLevel(t, judges, raised, pades.BLTA)
			})
		}
	}
}

// TestWeRaiseTheirs raises signatures that EU DSS and pyHanko made, at each level,
// to B-LTA, or renews them there.
func TestWeRaiseTheirs(t *testing.T) {
	s := newServices(t)
	judges := adesPeers(t)
	for _, c := range raiseCases() {
		id := s.signer(t, c.key.key)
		for _, maker := range judges {
			t.Run(c.String()+" "+maker.name, func(t *testing.T) {
				task := s.task("sign", write(t, "in.pdf", testpdf.Contract(1, c.form).Bytes()))
				task.Level = strings.TrimPrefix(c.level.String(), "PAdES-")
				task.Key, task.Chain = keyFiles(t, id)
				task.PSS = c.key.algorithm.Scheme == cms.RSAPSS
				theirs := maker.make(t, task)
				raised := s.extend(t, theirs)
				qpdfCheck(t, s.requireLevel(t, judges, raised, pades.BLTA)) // the /Size that DSS writes is not what qpdf wants
			})
		}
	}
}

// requireLevel demands that everybody accepts the signatures of a file at a level, and
// returns the name that it was written under.
func (s *services) requireLevel(t *testing.T, judges []*adesPeer, data []byte, level pades.Level) string {
	t.Helper()
	file := write(t, "judged.pdf", data)
	for _, judge := range judges {
		assertLevel(t, judge.do(t, s.judgeTask(file, "", level)), level, false, judge.name)
	}
	s.assertPassed(t, file, "", level)
	return file
}

// TestRenewed signs at B-LTA four years ago, with certificates that have expired
// since, and renews twice, before each time-stamping certificate expired. Today
// everybody accepts the file that was renewed twice, and nobody the others. The
// services are at hand, for nothing in a file can tell whether the last
// time-stamping certificate was revoked. Without them, who takes a time stamp at its
// time, as EU DSS does, accepts it by what it holds.
func TestRenewed(t *testing.T) {
	today := time.Now().UTC().Truncate(time.Second)
	begin := today.AddDate(-4, 0, 0)
	s := newServicesSince(t, begin, nil)
	judges := adesPeers(t)
	id := s.signer(t, testpki.RSA2048)
	s.newAuthority(t, begin.AddDate(2, 0, 0))
	signed := s.sign(t, testpdf.Contract(1, testpdf.Table).Bytes(), "", &pades.Signer{Key: id.Key, Chain: id.Chain}, pades.BLTA)

	s.pki.SetNow(begin.AddDate(1, 6, 0))
	s.newAuthority(t, begin.AddDate(3, 6, 0))
	once := s.extend(t, signed)

	s.pki.SetNow(begin.AddDate(3, 0, 0))
	s.newAuthority(t, begin.AddDate(6, 0, 0))
	twice := s.extend(t, once)

	s.pki.SetNow(today)
	for i, data := range [][]byte{signed, once, twice} {
		file := write(t, "signed.pdf", data)
		passes := []string{"INDETERMINATE", "INDETERMINATE", "PASSED"}[i]
		for _, judge := range judges {
			want := passes
			answer := judge.do(t, s.task("judge", file))
			require.Empty(t, answer.Error)
			assert.Contains(t, answer.Signatures[0].Indication, want, "%s: %+v", judge.name, answer)
			assert.True(t, answer.Signatures[0].Intact)
			offline := s.task("judge", file)
			offline.Proxy = ""
			if judge.name == "pyHanko" {
				want = "INDETERMINATE" // as Default: evidence about the last authority is not fresh
			}
			assert.Contains(t, judge.do(t, offline).Signatures[0].Indication, want, "%s: %+v", judge.name, answer)
		}
		report, _ := verify.File(context.Background(), file, &verify.Options{Trust: s.pki.PKI.Pool(), Source: s.source()})
		require.NotNil(t, report)
		assert.True(t, report.Intact)
		assert.Contains(t, report.Signatures[0].Indication.String(), passes)
		atTheirTime := verify.Default()
		atTheirTime.TimestampsAtTheirTime = true
		for policy, want := range map[*verify.Policy]string{nil: "INDETERMINATE", atTheirTime: passes} {
			report, _ = verify.File(context.Background(), file, &verify.Options{Trust: s.pki.PKI.Pool(), Policy: policy})
			assert.Contains(t, report.Signatures[0].Indication.String(), want)
		}
	}
}
