package audio_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/ringsidehq/ringside/internal/audio"
	"github.com/ringsidehq/ringside/internal/audio/audiotest"
)

// One five-minute stereo recording from its bytes to its report, in each format.
func BenchmarkAnalyse5min(b *testing.B) {
	call := audiotest.Make(b, audiotest.Script{Seed: 1, Minutes: 5})
	for _, v := range []audiotest.Variant{
		{Rate: 16000, SNR: 20},
		{Rate: 8000, SNR: 20, Encoding: "mulaw"},
		{Rate: 8000, SNR: 20, Encoding: "mp3"},
		{Rate: 16000, SNR: 20, Encoding: "mp3"},
		{Rate: 44100, SNR: 20, Encoding: "mp3", Kbps: 128},
		{Rate: 16000, SNR: 20, Encoding: "opus", Kbps: 24},
		{Rate: 48000, SNR: 20, Encoding: "opus", Kbps: 64},
		{Rate: 16000, SNR: 20, Encoding: "flac"},
		{Rate: 48000, SNR: 20},
	} {
		b.Run(v.String(), func(b *testing.B) {
			file, err := os.ReadFile(call.Record(b, v))
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := audio.Analyse(b.Context(), bytes.NewReader(file), audio.Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
