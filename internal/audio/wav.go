package audio

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"math"
)

// What the format chunk calls the codecs.
const (
	wavPCM        = 1
	wavFloat      = 3
	wavALaw       = 6
	wavMuLaw      = 7
	wavExtensible = 0xfffe
)

// wavBlock is how many samples of all channels are read at a time.
const wavBlock = 4096

// wav reads the samples of a RIFF WAVE file in place.
type wav struct {
	in      *bufio.Reader
	frame   int   // bytes of one sample of every channel
	left    int64 // bytes of sound that the header still promises; negative: until the end
	want    int64 // what it promised
	decode  func(b []byte, out []float32)
	width   int // bytes of one sample
	raw     []byte
	samples []float32
}

// wavFormat is the format chunk.
type wavFormat struct {
	codec, channels, bits int
	rate, block           int
}

// openWAV reads a file's header up to its sound. Sizes are believed only as
// far as bytes follow; nothing is allocated by them.
func openWAV(in *bufio.Reader) (source, Format, error) {
	var riff [12]byte
	if _, err := io.ReadFull(in, riff[:]); err != nil || string(riff[8:]) != "WAVE" {
		return nil, Format{}, refuse("the file begins as a RIFF file, and is no WAV")
	}
	whole := binary.LittleEndian.Uint32(riff[4:])
	var f *wavFormat
	long := int64(-1) // the size of the sound in an RF64 file
	for {
		id, size, err := wavChunk(in)
		switch {
		case err != nil:
			return nil, Format{}, refuse("the WAV ends before its sound begins")
		case id == "data" && f == nil:
			return nil, Format{}, refuse("the WAV's sound comes before its format")
		case id == "data":
			return newWAV(in, f, promised(size, whole, long))
		case id == "fmt ":
			f, err = readWAVFormat(in, size)
		case id == "ds64":
			long, err = readDS64(in, size)
		default:
			err = skip(in, int64(size)+int64(size&1))
		}
		if err != nil {
			return nil, Format{}, err
		}
	}
}

func wavChunk(in *bufio.Reader) (id string, size uint32, err error) {
	var head [8]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return "", 0, err
	}
	return string(head[:4]), binary.LittleEndian.Uint32(head[4:]), nil
}

func skip(in *bufio.Reader, n int64) error {
	if got, err := io.CopyN(io.Discard, in, n); err != nil {
		return refuse("the WAV states a part of %d bytes and ends after %d of them", n, got)
	}
	return nil
}

// promised is how many bytes of sound a header states; -1 when whoever wrote it
// did not know, since it was streamed.
func promised(size, whole uint32, long int64) int64 {
	switch {
	case long > 0 && size == math.MaxUint32:
		return long
	case size == 0, size == math.MaxUint32, size == 0x7fffffff, size == 0x7ffff000:
		return -1
	case whole == math.MaxUint32 && size > math.MaxUint32-256:
		return -1
	}
	return int64(size)
}

func readDS64(in *bufio.Reader, size uint32) (int64, error) {
	var b [28]byte
	if size < uint32(len(b)) {
		return 0, refuse("the WAV's table of sizes is too short")
	}
	if _, err := io.ReadFull(in, b[:]); err != nil {
		return 0, refuse("the WAV ends within its header")
	}
	long := binary.LittleEndian.Uint64(b[8:])
	if long > math.MaxInt64/2 {
		return 0, refuse("the WAV states %d bytes of sound", long)
	}
	return int64(long), skip(in, int64(size)-int64(len(b))+int64(size&1))
}

func readWAVFormat(in *bufio.Reader, size uint32) (*wavFormat, error) {
	var b [40]byte
	if size < 16 {
		return nil, refuse("the WAV's format has %d bytes, and needs 16", size)
	}
	n := min(int(size), len(b))
	if _, err := io.ReadFull(in, b[:n]); err != nil {
		return nil, refuse("the WAV ends within its header")
	}
	f := &wavFormat{
		codec: int(binary.LittleEndian.Uint16(b[0:])), channels: int(binary.LittleEndian.Uint16(b[2:])),
		rate: int(binary.LittleEndian.Uint32(b[4:])), block: int(binary.LittleEndian.Uint16(b[12:])),
		bits: int(binary.LittleEndian.Uint16(b[14:])),
	}
	if f.codec == wavExtensible && n >= 26 {
		f.codec = int(binary.LittleEndian.Uint16(b[24:]))
	}
	return f, skip(in, int64(size)-int64(n)+int64(size&1))
}

func newWAV(in *bufio.Reader, f *wavFormat, size int64) (source, Format, error) {
	w := &wav{in: in, left: size, want: size}
	var name string
	switch {
	case f.codec == wavPCM && f.bits == 8:
		name, w.width, w.decode = "pcm8", 1, pcm8
	case f.codec == wavPCM && f.bits == 16:
		name, w.width, w.decode = "pcm16", 2, pcm16
	case f.codec == wavPCM && f.bits == 24:
		name, w.width, w.decode = "pcm24", 3, pcm24
	case f.codec == wavPCM && f.bits == 32:
		name, w.width, w.decode = "pcm32", 4, pcm32
	case f.codec == wavFloat && f.bits == 32:
		name, w.width, w.decode = "float32", 4, float32s
	case f.codec == wavFloat && f.bits == 64:
		name, w.width, w.decode = "float64", 8, float64s
	case f.codec == wavMuLaw && f.bits == 8:
		name, w.width, w.decode = "mulaw", 1, muLaw
	case f.codec == wavALaw && f.bits == 8:
		name, w.width, w.decode = "alaw", 1, aLaw
	default:
		return nil, Format{}, refuse("the WAV's codec %#x with %d bits is not one that is read: "+
			"PCM of 8, 16, 24 and 32 bits, float, A-law and µ-law are", f.codec, f.bits)
	}
	w.frame = w.width * f.channels
	if f.block != 0 && f.block != w.frame {
		return nil, Format{}, refuse("the WAV states %d bytes for each sample of its %d channels, and they take %d", f.block, f.channels, w.frame)
	}
	if f.channels <= 2 { // more are refused by the caller
		w.raw, w.samples = make([]byte, wavBlock*w.frame), make([]float32, wavBlock*f.channels)
	}
	return w, Format{Container: "wav", Codec: name, Rate: f.rate, Channels: f.channels}, nil
}

func (w *wav) next() ([]float32, error) {
	raw := w.raw
	if w.left >= 0 {
		raw = raw[:min(int64(len(raw)), w.left/int64(w.frame)*int64(w.frame))]
	}
	if len(raw) == 0 {
		return nil, io.EOF
	}
	n, err := io.ReadFull(w.in, raw)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	if n < len(raw) && w.left >= 0 {
		return nil, refuse("the WAV is cut off: its header states %d bytes of sound, and there are %d", w.want, w.want-w.left+int64(n))
	}
	if n < w.frame {
		return nil, io.EOF
	}
	if w.left >= 0 {
		w.left -= int64(n)
	}
	n -= n % w.frame
	out := w.samples[:n/w.width]
	w.decode(raw[:n], out)
	return out, nil
}

func pcm8(b []byte, out []float32) {
	for i, v := range b {
		out[i] = float32(int(v)-128) / 128
	}
}

func pcm16(b []byte, out []float32) {
	for i := range out {
		out[i] = float32(int16(binary.LittleEndian.Uint16(b[2*i:]))) / (1 << 15)
	}
}

func pcm24(b []byte, out []float32) {
	for i := range out {
		out[i] = float32(int32(b[3*i])<<8|int32(b[3*i+1])<<16|int32(b[3*i+2])<<24) / (1 << 31)
	}
}

func pcm32(b []byte, out []float32) {
	for i := range out {
		out[i] = float32(int32(binary.LittleEndian.Uint32(b[4*i:]))) / (1 << 31)
	}
}

func float32s(b []byte, out []float32) {
	for i := range out {
		out[i] = finite(math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:])))
	}
}

func float64s(b []byte, out []float32) {
	for i := range out {
		out[i] = finite(float32(math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))))
	}
}

// finite keeps what is not a number, or beyond any sound, out of the sums.
func finite(v float32) float32 {
	if v > -16 && v < 16 {
		return v
	}
	return 0
}
