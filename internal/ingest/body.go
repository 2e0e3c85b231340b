package ingest

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/ringsidehq/ringside"
)

// MaxBody is the largest body, unpacked, in bytes.
const MaxBody = 10 << 20

// maxPromise is how much room a body gets because it says that it is long. More
// comes with what is read: a stranger may promise much and send nothing.
const maxPromise = 256 << 10

// readRaw is readBody which gives the bytes as they came, too.
func readRaw(r *http.Request, limit int64) (raw, body []byte, err error) {
	if r.Header.Get("Content-Encoding") == "" {
		body, err = readBody(r, limit)
		return body, body, err
	}
	var packed bytes.Buffer
	whole := http.MaxBytesReader(nil, r.Body, limit) // gzip may be long and unpack to nothing
	r.Body = io.NopCloser(io.TeeReader(whole, &packed))
	body, err = readBody(r, limit)
	return packed.Bytes(), body, err
}

// readBody reads a request's body, unpacked, up to limit bytes.
func readBody(r *http.Request, limit int64) ([]byte, error) {
	in := io.Reader(r.Body)
	switch enc := strings.ToLower(strings.TrimSpace(r.Header.Get("Content-Encoding"))); enc {
	case "", "identity":
	case "gzip":
		zr, err := gzip.NewReader(r.Body)
		if err != nil {
			return nil, ringside.Errorf(ringside.Invalid, "the body is not gzip, as its Content-Encoding says").WithCode("malformed")
		}
		defer zr.Close()
		in = zr
	default:
		return nil, ringside.Errorf(ringside.Invalid, "the Content-Encoding %q is not supported; send gzip or none", enc).WithCode("unsupported_encoding")
	}
	size := min(max(r.ContentLength, 0), limit, maxPromise)
	buf := make([]byte, 0, size+512)
	for {
		if int64(len(buf)) > limit {
			return nil, ringside.Errorf(ringside.TooLarge, "the body is larger than %d MiB unpacked", limit>>20)
		}
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := in.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		switch {
		case errors.Is(err, io.EOF):
			if int64(len(buf)) > limit {
				return nil, ringside.Errorf(ringside.TooLarge, "the body is larger than %d MiB unpacked", limit>>20)
			}
			return buf, nil
		case err != nil:
			return nil, &ringside.Error{Kind: ringside.Invalid, Code: "malformed", Message: "the body could not be read to its end", Err: err}
		}
	}
}
