package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/redact"
)

// passwordFlags say where the password of an encrypted PDF comes from. It is
// never an argument: others can read the arguments of a process. The tag set says where
// the terminal is asked.
type passwordFlags struct {
	PasswordFile string `placeholder:"FILE" help:"File whose first line is the password of an encrypted PDF. Without it INKAN_PASSWORD counts${asked}."`
}

// passwordVariable names the environment variable that may hold the password.
const passwordVariable = "INKAN_PASSWORD"

// try opens a PDF with the password that was given, or with none. Where the file
// demands one and none was given, the terminal is asked, once.
func (p passwordFlags) try(ctx context.Context, to console, file string, open func(password string) error) error {
	password, err := p.given()
	if err != nil {
		return err
	}
	err = open(password)
	if password != "" || !errors.Is(err, pdf.ErrPassword) || !term.IsTerminal(int(os.Stdin.Fd())) {
		return err
	}
	if password, err = ask(ctx, to, file); err != nil {
		return err
	}
	return open(password)
}

// given returns the password from the file or the environment; "" if there is none.
func (p passwordFlags) given() (string, error) {
	return secret(p.PasswordFile, passwordVariable)
}

// secret returns the first line of a file, or without a file what the environment
// has; "" if there is nothing.
func secret(file, variable string) (string, error) {
	if file == "" {
		return os.Getenv(variable), nil
	}
	f, err := os.Open(file)
	if err != nil {
		return "", &failure{statusUsage, fileError(file, err)}
	}
	defer f.Close()
	line, err := bufio.NewReader(io.LimitReader(f, maxPassword+1)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", &failure{statusUsage, fileError(file, err)}
	}
	line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
	if len(line) > maxPassword {
		return "", usage("%s: the first line is longer than %d bytes, which no password is", file, maxPassword)
	}
	return line, nil
}

// ask reads a password from the terminal, without showing it.
func ask(ctx context.Context, to console, file string) (string, error) {
	terminal := int(os.Stdin.Fd())
	state, err := term.GetState(terminal)
	if err != nil {
		return "", fmt.Errorf("asking for the password: %w", err)
	}
	fmt.Fprintf(to.err, "Password of %s: ", redact.Visible(file))
	defer fmt.Fprintln(to.err)
	type answer struct {
		password []byte
		err      error
	}
	read := make(chan answer, 1)
	go func() {
		password, err := term.ReadPassword(terminal)
		read <- answer{password, err}
	}()
	select {
	case <-ctx.Done():
		_ = term.Restore(terminal, state) // typing is to be seen again; the process ends anyway
		return "", ctx.Err()
	case a := <-read:
		if a.err != nil {
			return "", fmt.Errorf("asking for the password: %w", a.err)
		}
		return string(a.password), nil
	}
}
