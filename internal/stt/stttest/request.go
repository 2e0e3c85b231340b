package stttest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/ringsidehq/ringside/internal/stt"
)

// Request is what was asked.
type Request struct {
	Model         string
	Language      string
	Format        string   // response_format; empty of Deepgram
	Granularities []string // timestamp_granularities[]
	Samples       []int16
}

// Seconds is how long the sound is.
func (q *Request) Seconds() float64 { return float64(len(q.Samples)) / stt.Rate }

// Loudest is the highest amplitude of the sound.
func (q *Request) Loudest() (top int) {
	for _, s := range q.Samples {
		top = max(top, int(s), -int(s))
	}
	return top
}

// readForm reads a request to OpenAI's endpoint, and names the field at fault.
func readForm(r *http.Request) (q Request, param string, err error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return q, "", errors.New("the request is not multipart/form-data")
	}
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return q, "", err
		}
		b, err := io.ReadAll(p)
		if err != nil {
			return q, p.FormName(), err
		}
		v := string(b)
		switch p.FormName() {
		case "file":
			if p.FileName() == "" {
				return q, "file", errors.New("the file has no name")
			}
			if q.Samples, err = readWAV(b); err != nil {
				return q, "file", err
			}
		case "model":
			q.Model = v
		case "language":
			q.Language = v
		case "response_format":
			if q.Format = v; v != "json" && v != "verbose_json" {
				return q, "response_format", fmt.Errorf("%q is no response format", v)
			}
		case "timestamp_granularities[]":
			if q.Granularities = append(q.Granularities, v); v != "word" && v != "segment" {
				return q, "timestamp_granularities", fmt.Errorf("%q is no granularity", v)
			}
		default:
			return q, p.FormName(), fmt.Errorf("unknown parameter: %q", p.FormName())
		}
	}
	switch {
	case q.Samples == nil:
		return q, "file", errors.New("you must provide a file")
	case q.Model == "":
		return q, "model", errors.New("you must provide a model parameter")
	case len(q.Granularities) > 0 && q.Format != "verbose_json":
		return q, "timestamp_granularities", errors.New("timestamp_granularities needs response_format verbose_json")
	}
	return q, "", nil
}

// readQuery reads a request to Deepgram.
func readQuery(r *http.Request, body []byte) (q Request, err error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || !strings.HasPrefix(kind, "audio/") {
		return q, fmt.Errorf("the content type is %q", r.Header.Get("Content-Type"))
	}
	for name, values := range r.URL.Query() {
		switch name {
		case "model":
			q.Model = values[0]
		case "language":
			q.Language = values[0]
		case "smart_format", "punctuate", "utterances":
			if values[0] != "true" {
				return q, fmt.Errorf("%s is %q", name, values[0])
			}
		default:
			return q, fmt.Errorf("unexpected query parameter: %s", name)
		}
	}
	if q.Model == "" || !r.URL.Query().Has("utterances") {
		return q, errors.New("model and utterances are asked for here")
	}
	q.Samples, err = readWAV(body)
	return q, err
}

// readWAV takes what whisper.cpp takes, and nothing else.
func readWAV(b []byte) ([]int16, error) {
	if len(b) < 44 || string(b[:4]) != "RIFF" || string(b[8:16]) != "WAVEfmt " || string(b[36:40]) != "data" {
		return nil, errors.New("invalid file format: it is no WAV")
	}
	le := binary.LittleEndian
	got := []uint32{
		le.Uint32(b[4:]), le.Uint32(b[16:]), uint32(le.Uint16(b[20:])), uint32(le.Uint16(b[22:])), le.Uint32(b[24:]), le.Uint32(b[28:]),
		uint32(le.Uint16(b[32:])), uint32(le.Uint16(b[34:])), le.Uint32(b[40:]),
	}
	size := uint32(len(b) - 44) //nolint:gosec // bounded by the request
	if want := []uint32{36 + size, 16, 1, 1, stt.Rate, 2 * stt.Rate, 2, 16, size}; !slices.Equal(got, want) {
		return nil, fmt.Errorf("the WAV's header says %v, want %v", got, want)
	}
	out := make([]int16, size/2)
	for i := range out {
		out[i] = int16(le.Uint16(b[44+2*i:])) //nolint:gosec // two's complement
	}
	if len(out) < stt.Rate/10 {
		return nil, errors.New("audio file is too short; the minimum is 0.1 seconds")
	}
	return out, nil
}
