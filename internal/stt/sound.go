package stt

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"time"
)

// Rate is how many samples a second speech is sent with.
const Rate = 16000

// MaxSamples is how long a piece may be: its WAV stays below the 25 MB that
// OpenAI takes.
const MaxSamples = 12 * 60 * Rate

// Sound is one channel of speech: samples of 16 bits, little-endian, Rate a
// second. It may be read more than once.
type Sound struct {
	PCM     io.ReaderAt
	Samples int
}

// Tone is a tone of some length, to try a server with.
func Tone(d time.Duration) Sound {
	n := int(d.Seconds() * Rate)
	pcm := make([]byte, 0, 2*n)
	for i := range n {
		pcm = binary.LittleEndian.AppendUint16(pcm, uint16(int16(8000*math.Sin(2*math.Pi*440*float64(i)/Rate)))) //nolint:gosec // two's complement is what is wanted
	}
	return Sound{bytes.NewReader(pcm), n}
}

// wav is the sound as a WAV file, and how long that is.
func (s Sound) wav() (io.Reader, int64) {
	size := uint32(2 * s.Samples) //nolint:gosec // bounded by MaxSamples
	h := make([]byte, 0, 44)
	h = append(h, "RIFF"...)
	h = binary.LittleEndian.AppendUint32(h, 36+size)
	h = append(h, "WAVEfmt "...)
	h = binary.LittleEndian.AppendUint32(h, 16)
	h = binary.LittleEndian.AppendUint16(h, 1) // PCM
	h = binary.LittleEndian.AppendUint16(h, 1) // channel
	h = binary.LittleEndian.AppendUint32(h, Rate)
	h = binary.LittleEndian.AppendUint32(h, 2*Rate)
	h = binary.LittleEndian.AppendUint16(h, 2)
	h = binary.LittleEndian.AppendUint16(h, 16)
	h = append(h, "data"...)
	h = binary.LittleEndian.AppendUint32(h, size)
	return io.MultiReader(bytes.NewReader(h), io.NewSectionReader(s.PCM, 0, int64(size))), int64(len(h)) + int64(size)
}
