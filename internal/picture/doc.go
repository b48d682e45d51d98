// Package picture paints images from PNG and JPEG files, and QR codes, into content
// streams. It decides nothing about where they stand.
package picture
