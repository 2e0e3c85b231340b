package store

import (
	"encoding/json"
	"fmt"

	fast "github.com/goccy/go-json"
	"github.com/klauspost/compress/s2"
)

// maxUnpacked bounds what one stored document may grow to: four times the
// largest body that the door takes.
const maxUnpacked = 40 << 20

// Pack compresses a document with S2: it costs a sixth of zstd's time and a
// third more bytes.
func Pack(b []byte) []byte { return s2.Encode(make([]byte, 0, s2.MaxEncodedLen(len(b))), b) }

// Unpack undoes Pack.
func Unpack(b []byte) ([]byte, error) {
	n, err := s2.DecodedLen(b)
	if err == nil && n > maxUnpacked {
		return nil, fmt.Errorf("document of %d bytes: more than the door takes", n)
	}
	return s2.Decode(nil, b)
}

// PackJSON encodes and compresses a value of our own.
func PackJSON(v any) ([]byte, error) {
	b, err := fast.MarshalWithOption(v, fast.DisableHTMLEscape())
	if err != nil {
		return nil, fmt.Errorf("encode %T: %w", v, err)
	}
	return Pack(b), nil
}

// UnpackJSON undoes PackJSON.
func UnpackJSON(b []byte, v any) error {
	raw, err := Unpack(b)
	if err != nil {
		return fmt.Errorf("unpack %T: %w", v, err)
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return fmt.Errorf("decode %T: %w", v, err)
	}
	return nil
}
