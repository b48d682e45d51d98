package attached

import (
	"errors"
	"fmt"
	"time"

	"github.com/inkan-go/inkan/internal/pdf"
)

// File is an embedded file. What the document does not say is empty.
type File struct {
	// Name is the name that the file specification gives it, or else the one in the tree.
	Name        string
	Description string
	MIMEType    string
	// Relationship is what the file is to the document (AFRelationship), without a
	// slash.
	Relationship      string
	Created, Modified time.Time
	// Size is the size in bytes that the document states; -1 where it states none.
	Size int64

	view   *pdf.View
	stream *pdf.Stream
	fault  error // why there is no stream
}

// List returns the files that the document names as embedded, in the order of their
// names, and then those that it only calls associated (ISO 32000-2, 14.13). Files of
// single pages, annotations and other objects are left out.
func List(v *pdf.View) ([]*File, error) {
	catalog, err := v.Catalog()
	if err != nil {
		return nil, err
	}
	names, err := v.Dict(catalog.Dict().Get("Names"))
	if err != nil {
		return nil, err
	}
	tree, err := ReadTree(v, names.Get("EmbeddedFiles"))
	if err != nil {
		return nil, err
	}
	var files []*File
	named := make(map[pdf.Object]bool)
	for name, value := range tree.All() {
		if _, ok := value.(pdf.Reference); ok {
			named[value] = true
		}
		files = append(files, read(v, name, value))
	}
	associated, err := v.Array(catalog.Dict().Get("AF"))
	if err != nil || associated == nil {
		return files, nil //nolint:nilerr // what is not readable associates nothing
	}
	for _, value := range associated.Items {
		if ref, ok := value.(pdf.Reference); ok && !named[ref] && len(files) < maxNames {
			named[ref] = true
			files = append(files, read(v, "", value))
		}
	}
	return files, nil
}

// read reads a file specification (ISO 32000-2, table 43).
func read(v *pdf.View, name string, value pdf.Object) *File {
	f := &File{Name: name, Size: -1, view: v}
	spec, err := v.Dict(value)
	if err != nil {
		f.fault = err
		return f
	}
	for _, key := range []pdf.Name{"UF", "F"} {
		if text, err := v.Text(spec.Get(key)); err == nil && text != "" {
			f.Name = text
			break
		}
	}
	f.Description, _ = v.Text(spec.Get("Desc"))
	relationship, _ := v.Name(spec.Get("AFRelationship"))
	f.Relationship = string(relationship)
	embedded, err := v.Dict(spec.Get("EF"))
	if err != nil {
		f.fault = err
		return f
	}
	for _, key := range []pdf.Name{"UF", "F"} {
		if f.stream, f.fault = v.StreamObject(embedded.Get(key)); f.stream != nil {
			break
		}
	}
	if f.stream == nil {
		f.fault = errors.Join(f.fault, errors.New("its data is not in the document"))
		return f
	}
	f.parameters()
	return f
}

// parameters reads what the stream says about the file (ISO 32000-2, table 45).
func (f *File) parameters() {
	kind, _ := f.view.Name(f.stream.Dict.Get("Subtype"))
	f.MIMEType = string(kind)
	p, err := f.view.Dict(f.stream.Dict.Get("Params"))
	if err != nil {
		return
	}
	if size, err := f.view.Integer(p.Get("Size"), -1); err == nil {
		f.Size = size
	}
	for key, at := range map[pdf.Name]*time.Time{"CreationDate": &f.Created, "ModDate": &f.Modified} {
		if text, err := f.view.Text(p.Get(key)); err == nil && text != "" {
			*at, _ = pdf.ParseDate(text) // zero where it is none
		}
	}
}

// Data returns the content of the file.
func (f *File) Data() ([]byte, error) {
	if f.fault != nil {
		return nil, fmt.Errorf("the embedded file %q cannot be read: %w", f.Name, f.fault)
	}
	data, err := f.view.Stream(f.stream)
	if err != nil {
		return nil, fmt.Errorf("the embedded file %q cannot be read: %w", f.Name, err)
	}
	return data, nil
}
