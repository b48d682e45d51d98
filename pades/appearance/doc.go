// Package appearance draws what people see of a signature: text, images, pages
// of other documents, QR codes, and Japanese seals (印鑑) as vector paths. What
// it draws is given to package pades:
//
//	font, err := appearance.OpenFont("mincho.ttf", 0)
//	err = doc.Sign(ctx, signer, &pades.SignOptions{
//		Appearance: &appearance.Seal{Name: "山田", Fonts: []*appearance.Font{font}},
//		Page:       1,
//		Rect:       pades.Rect{X: 400, Y: 60, Width: 60, Height: 60},
//	})
//
// Elements (Text, Image, Page, QRCode, Seal, DateSeal) are appearances by
// themselves, and are combined by Frame, Row, Column and Layers. Each draws into
// the box that it is given and never outside: text wraps and shrinks until it
// fits, pictures keep their proportions. An element may be used for any number of
// signatures, by several goroutines, as long as nobody changes it.
//
// A character that no font holds is a MissingGlyphError. It, as every other
// error here, comes before the signing key is used.
//
// The package decides nothing about signatures. What an appearance says, a name
// for example, is a claim of whoever draws it; only verification tells who signed.
package appearance
