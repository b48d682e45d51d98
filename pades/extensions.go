package pades

// declare says in the catalog that the file uses extensions of PDF 1.7, security
// stores and document time stamps (ISO 32000-2, 7.12; EN 319 142-1, 5.6). PDF 2.0 has
// them itself, and to an older file the entry does not apply.
func (u *formUpdate) declare() error {
	catalog := u.form.Catalog
	if u.version() != "1.7" {
		return nil
	}
	extensions, err := u.view.Dict(catalog.Dict().Get("Extensions"))
	if err != nil {
		return failf(ErrNotPDF, "the extensions cannot be read: %w", err)
	}
	if extensions.Has("ESIC") {
		return nil // any level tells readers enough
	}
	return u.setBelowCatalog("Extensions", "ESIC", []byte("<</BaseVersion/1.7/ExtensionLevel 2>>"))
}

// version is the version of PDF that the file is in: that of its header, or the
// catalog's where it is later.
func (u *formUpdate) version() string {
	version := u.view.File().HeaderVersion
	if name, err := u.view.Name(u.form.Catalog.Dict().Get("Version")); err == nil && string(name) > version {
		return string(name)
	}
	return version
}
