package keyfile

// maxPEMBlocks bounds how many PEM blocks of a key file are looked at.
const maxPEMBlocks = 4096
