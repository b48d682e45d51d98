package picture

// Limits against hostile images.
const (
	// maxImageBytes is the size of an image file.
	maxImageBytes = 32 << 20
	// maxPixels is the number of pixels of an image.
	maxPixels = 16 << 20
)
