package xmp

// maxPacket bounds a packet that is changed, in bytes.
const maxPacket = 4 << 20
