package audiotest

import (
	"encoding/binary"
	"math"
	"os"
	"testing"
)

// WAV is a 16-bit PCM file of some channels, each ±1 at full scale. Its header
// has 44 bytes.
func WAV(rate int, channels ...[]float32) []byte {
	n, width := len(channels[0]), 2*len(channels)
	b := make([]byte, 0, 44+n*width)
	b = append(b, "RIFF"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(36+n*width))
	b = append(b, "WAVEfmt "...)
	b = binary.LittleEndian.AppendUint32(b, 16)
	b = binary.LittleEndian.AppendUint16(b, 1)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(channels)))
	b = binary.LittleEndian.AppendUint32(b, uint32(rate))
	b = binary.LittleEndian.AppendUint32(b, uint32(rate*width))
	b = binary.LittleEndian.AppendUint16(b, uint16(width))
	b = binary.LittleEndian.AppendUint16(b, 16)
	b = append(b, "data"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(n*width))
	for i := range n {
		for _, c := range channels {
			v := math.Round(float64(c[i]) * 32768)
			b = binary.LittleEndian.AppendUint16(b, uint16(int16(max(-32768, min(32767, v)))))
		}
	}
	return b
}

// ReadWAV reads what WAV writes; what other programs write too, where their
// header is as short.
func ReadWAV(t testing.TB, path string) (rate int, channels [][]float32) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("read a recording: %v", err)
	}
	if len(b) < 44 || string(b[36:40]) != "data" {
		t.Fatalf("%s has no plain WAV header", path)
	}
	channels = make([][]float32, binary.LittleEndian.Uint16(b[22:]))
	pcm := b[44:]
	for i := range channels {
		channels[i] = make([]float32, len(pcm)/2/len(channels))
		for k := range channels[i] {
			channels[i][k] = float32(int16(binary.LittleEndian.Uint16(pcm[2*(k*len(channels)+i):]))) / 32768
		}
	}
	return int(binary.LittleEndian.Uint32(b[24:])), channels
}
