package store

import (
	"encoding/json"
	"fmt"

	fast "github.com/goccy/go-json"
	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"

	"github.com/ringsidehq/ringside"
)

// maxUnpacked bounds what one stored document may grow to: four times the
// largest body that the door takes.
const maxUnpacked = 40 << 20

// The encoder and the decoder keep no state between documents and are safe for
// concurrent use in this form.
var (
	packer   = must(zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(2), zstd.WithEncoderCRC(false), zstd.WithWindowSize(1<<17)))
	unpacker = must(zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxUnpacked)))
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err) // the options above are constants
	}
	return v
}

// Pack compresses a document.
func Pack(b []byte) []byte { return packer.EncodeAll(b, make([]byte, 0, len(b)/2)) }

// Unpack undoes Pack.
func Unpack(b []byte) ([]byte, error) { return unpacker.DecodeAll(b, nil) }

// PackJSON encodes and compresses a value of our own, with S2: it costs a
// quarter of zstd's time and a third more bytes.
func PackJSON(v any) ([]byte, error) {
	b, err := fast.MarshalWithOption(v, fast.DisableHTMLEscape())
	if err != nil {
		return nil, fmt.Errorf("encode %T: %w", v, err)
	}
	return s2.Encode(make([]byte, 0, s2.MaxEncodedLen(len(b))), b), nil
}

// UnpackJSON undoes PackJSON.
func UnpackJSON(b []byte, v any) error {
	raw, err := s2.Decode(nil, b)
	if err != nil {
		return fmt.Errorf("unpack %T: %w", v, err)
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return fmt.Errorf("decode %T: %w", v, err)
	}
	return nil
}

// unpackCall restores a call from its stored state.
func unpackCall(workspace, provider, providerCallID string, state []byte) (*ringside.Call, error) {
	return ringside.RestoreCall(workspace, provider, providerCallID, func(v any) error {
		raw, err := s2.Decode(nil, state)
		if err != nil {
			return fmt.Errorf("unpack call state: %w", err)
		}
		return fast.Unmarshal(raw, v)
	})
}
