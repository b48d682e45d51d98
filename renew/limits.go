package renew

// maxAttempts is how often a file is judged anew that others change meanwhile.
const maxAttempts = 3
