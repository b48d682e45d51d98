package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/inkan-go/inkan/cms"
)

// algorithmVariable names the environment variable that tells a command what to sign with.
const algorithmVariable = "INKAN_ALGORITHM"

// commandKey is a key that a command signs with. It is a cms.ContextSigner, safe for
// concurrent use as far as the command is.
type commandKey struct {
	command string
	public  crypto.PublicKey
}

// Public implements crypto.Signer.
func (k *commandKey) Public() crypto.PublicKey { return k.public }

// Sign implements crypto.Signer.
func (k *commandKey) Sign(random io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return k.SignContext(context.Background(), random, digest, opts)
}

// SignContext implements cms.ContextSigner.
func (k *commandKey) SignContext(ctx context.Context, _ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	shell, flag := "sh", "-c"
	if runtime.GOOS == "windows" {
		shell, flag = "cmd", "/C"
	}
	out, problems := &boundedBuffer{room: maxSignature}, &boundedBuffer{room: maxComplaint}
	c := exec.CommandContext(ctx, shell, flag, k.command)
	c.Env = append(os.Environ(), algorithmVariable+"="+k.algorithm(opts))
	c.Stdin, c.Stdout, c.Stderr = bytes.NewReader(digest), out, problems
	c.WaitDelay = 20 * time.Millisecond // for what the shell began and left behind
	if err := c.Start(); err != nil {
		return nil, fmt.Errorf("the signer command cannot be run: %w: %w", err, cms.ErrNotSigned)
	}
	err := c.Wait()
	if cause := ctx.Err(); cause != nil {
		return nil, fmt.Errorf("the signer command was ended: %w", cause)
	}
	if err != nil && !errors.Is(err, exec.ErrWaitDelay) {
		text := strings.TrimSpace(string(problems.kept))
		if text != "" {
			text = ": " + text
		}
		return nil, fmt.Errorf("the signer command failed: %w%s", err, text)
	}
	if out.over {
		return nil, fmt.Errorf("the signer command wrote more than %d bytes, which no signature has", maxSignature)
	}
	return out.kept, nil
}

// algorithm names what a signature is asked for with.
func (k *commandKey) algorithm(opts crypto.SignerOpts) string {
	a, err := cms.AlgorithmFor(k.public)
	if err != nil {
		return "" // Sign refused it before
	}
	if _, pss := opts.(*rsa.PSSOptions); pss {
		a.Scheme = cms.RSAPSS
	}
	if opts.HashFunc() != 0 {
		a.Hash = opts.HashFunc()
	}
	return algorithmName(a)
}

// boundedBuffer keeps the beginning of what is written to it.
type boundedBuffer struct {
	kept []byte
	room int
	over bool
}

// Write implements io.Writer.
func (b *boundedBuffer) Write(p []byte) (int, error) {
	n := min(len(p), b.room-len(b.kept))
	b.over = b.over || n < len(p)
	b.kept = append(b.kept, p[:n]...)
	return len(p), nil
}
