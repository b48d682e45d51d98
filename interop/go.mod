module github.com/inkan-go/inkan/interop

go 1.26.0

require (
	github.com/inkan-go/inkan v0.0.0
	github.com/stretchr/testify v1.12.1
)

require (
	github.com/boombuler/barcode v1.1.0 // indirect
	github.com/go-text/typesetting v0.3.5 // indirect
	github.com/gowebpki/jcs v1.0.2 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/crypto v0.58.0 // indirect
	golang.org/x/image v0.47.0 // indirect
	golang.org/x/text v0.43.0 // indirect
)

replace github.com/inkan-go/inkan => ../
