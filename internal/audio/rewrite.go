package audio

import (
	"bufio"
	"context"
	"encoding/binary"
	"io"
	"math"
)

// The sizes of a WAV file of 16-bit PCM, in bytes.
const (
	wavHeader = 44
	wavSample = 2
	maxWAV    = math.MaxUint32 - wavHeader // its sizes have 32 bits
)

// WAV is a recording to be written anew as a WAV file of 16-bit PCM, at its own
// rate and with its own channels.
type WAV struct {
	Format Format
	Size   int64 // of the file, in bytes

	in io.ReadSeeker
}

// NewWAV decodes a recording once to learn how long it is: a file's size comes
// before its sound. The errors are those of Analyse. in is read again by Write.
func NewWAV(ctx context.Context, in io.ReadSeeker) (*WAV, error) {
	w := &WAV{in: in, Size: wavHeader}
	err := Decode(ctx, in, func(f Format, block []float32) error {
		w.Format = f
		w.Size += int64(len(block)) * wavSample
		if w.Size > maxWAV {
			return refuse("the recording is too long for a WAV file; download it as it is kept")
		}
		return nil
	})
	if err == nil && w.Size == wavHeader {
		err = errNoSound
	}
	return w, err
}

// Write decodes the recording again and writes the file.
func (w *WAV) Write(ctx context.Context, out io.Writer) error {
	if _, err := w.in.Seek(0, io.SeekStart); err != nil {
		return err
	}
	b := bufio.NewWriterSize(out, 64<<10)
	if _, err := b.Write(w.header()); err != nil {
		return err
	}
	err := Decode(ctx, w.in, func(_ Format, block []float32) error {
		for _, s := range block {
			v := int16(max(math.MinInt16, min(math.MaxInt16, math.RoundToEven(float64(s)*(math.MaxInt16+1)))))
			if _, err := b.Write([]byte{byte(v), byte(v >> 8)}); err != nil { //nolint:gosec // the two bytes of 16 bits
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return b.Flush()
}

// header is the RIFF header, with one chunk of format and one of sound.
func (w *WAV) header() []byte {
	frame := w.Format.Channels * wavSample
	h := append(make([]byte, 0, wavHeader), "RIFF"...)
	h = u32(h, w.Size-8)
	h = append(h, "WAVEfmt "...)
	h = u32(h, 16)
	h = u16(h, 1) // PCM
	h = u16(h, w.Format.Channels)
	h = u32(h, int64(w.Format.Rate))
	h = u32(h, int64(w.Format.Rate*frame))
	h = u16(h, frame)
	h = u16(h, 8*wavSample)
	h = append(h, "data"...)
	return u32(h, w.Size-wavHeader)
}

func u32(b []byte, v int64) []byte {
	return binary.LittleEndian.AppendUint32(b, uint32(v)) //nolint:gosec // NewWAV holds the size below it
}

func u16(b []byte, v int) []byte {
	return binary.LittleEndian.AppendUint16(b, uint16(v)) //nolint:gosec // one or two channels
}
