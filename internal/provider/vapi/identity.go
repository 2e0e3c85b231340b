package vapi

import (
	"bytes"
	"crypto/sha256"
)

// presignedKey begins a key of a link that is made anew for each sending.
var presignedKey = []byte(`"presigned`)

// Identity hashes a body without its presigned links, so that a report that is
// sent again with other links is the same delivery. Everything else counts,
// the white space included: a vendor repeats itself to the byte.
func Identity(body []byte) []byte {
	h := sha256.New()
	for {
		from, to := presigned(body)
		if from < 0 {
			h.Write(body)
			return h.Sum(nil)
		}
		h.Write(body[:from])
		body = body[to:]
	}
}

// presigned finds the first presigned link: where its text begins and ends,
// between the quotes; -1 when there is none.
func presigned(body []byte) (from, to int) {
	for at := 0; ; {
		i := bytes.Index(body[at:], presignedKey)
		if i < 0 {
			return -1, -1
		}
		i += at
		at = i + len(presignedKey)
		// Within a string every quote has a backslash before it.
		if i > 0 && body[i-1] == '\\' {
			continue
		}
		end := closing(body, i+1)
		rest := bytes.TrimLeft(body[min(end+1, len(body)):], " \t\r\n")
		if len(rest) == 0 || rest[0] != ':' {
			continue
		}
		rest = bytes.TrimLeft(rest[1:], " \t\r\n")
		if len(rest) == 0 || rest[0] != '"' {
			continue
		}
		from = len(body) - len(rest) + 1
		return from, closing(body, from)
	}
}

// closing is where the string that holds a position ends: its closing quote,
// or the end of the body.
func closing(body []byte, from int) int {
	for i := from; i < len(body); i++ {
		switch body[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return len(body)
}
