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
	wavHead   = 44
	wavSample = 2
	maxWAV    = math.MaxUint32 - wavHead // its sizes have 32 bits
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
	w := &WAV{in: in, Size: wavHead}
	err := Decode(ctx, in, func(f Format, block []float32) error {
		w.Format = f
		w.Size += int64(len(block)) * wavSample
		if w.Size > maxWAV {
			return refuse("the recording is too long for a WAV file; download it as it is kept")
		}
		return nil
	})
	if err == nil && w.Size == wavHead {
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
	if _, err := b.Write(wavHeader(w.Format, w.Size-wavHead)); err != nil {
		return err
	}
	err := Decode(ctx, w.in, func(_ Format, block []float32) error { return samples(b, block) })
	if err != nil {
		return err
	}
	return b.Flush()
}

// samples writes a block in 16 bits.
func samples(b *bufio.Writer, block []float32) error {
	for _, v := range block {
		s := uint16(int16(max(math.MinInt16, min(math.MaxInt16, math.RoundToEven(float64(v)*(math.MaxInt16+1))))))
		if _, err := b.Write([]byte{byte(s), byte(s >> 8)}); err != nil { //nolint:gosec // the two bytes of 16 bits
			return err
		}
	}
	return nil
}

// wavHeader is the RIFF header, with one chunk of format and one of sound, of so
// many bytes.
func wavHeader(f Format, size int64) []byte {
	frame := f.Channels * wavSample
	h := append(make([]byte, 0, wavHead), "RIFF"...)
	h = u32(h, size+wavHead-8)
	h = append(h, "WAVEfmt "...)
	h = u32(h, 16)
	h = u16(h, wavPCM)
	h = u16(h, f.Channels)
	h = u32(h, int64(f.Rate))
	h = u32(h, int64(f.Rate*frame))
	h = u16(h, frame)
	h = u16(h, 8*wavSample)
	h = append(h, "data"...)
	return u32(h, size)
}

func u32(b []byte, v int64) []byte {
	return binary.LittleEndian.AppendUint32(b, uint32(v)) //nolint:gosec // NewWAV holds the size below it
}

func u16(b []byte, v int) []byte {
	return binary.LittleEndian.AppendUint16(b, uint16(v)) //nolint:gosec // one or two channels
}
