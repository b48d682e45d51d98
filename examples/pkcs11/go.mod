module github.com/inkan-go/inkan/examples/pkcs11

go 1.26.0

require (
	github.com/ThalesGroup/crypto11 v1.5.0
	github.com/inkan-go/inkan v0.0.0
	github.com/miekg/pkcs11 v1.1.1
	github.com/pkg/errors v0.9.1
	github.com/stretchr/testify v1.12.1
	github.com/thales-e-security/pool v0.0.2
	golang.org/x/term v0.47.0
)

require (
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/crypto v0.58.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/text v0.43.0 // indirect
)

replace github.com/inkan-go/inkan => ../..
