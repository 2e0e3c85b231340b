package elevenlabs_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/elevenlabs"
	"github.com/ringsidehq/ringside/internal/provider/providertest"
)

// BenchmarkDecode decodes the report as it is and with its transcript repeated
// until it is 50 KB large.
func BenchmarkDecode(b *testing.B) {
	body, err := os.ReadFile(filepath.Join(suite.Dir, "post_call_transcription.json"))
	if err != nil {
		b.Fatal(err)
	}
	for _, large := range [][]byte{body, repeatTranscript(body, 50<<10)} {
		b.Run(strconv.Itoa(len(large)>>10)+"KB", func(b *testing.B) {
			b.SetBytes(int64(len(large)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := elevenlabs.Decode(provider.Payload{Body: large, ReceivedAt: providertest.ReceivedAt}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func repeatTranscript(body []byte, size int) []byte {
	from := bytes.Index(body, []byte(`"transcript":[`)) + len(`"transcript":[`)
	to := bytes.Index(body, []byte(`],"metadata":`))
	one := body[from:to]
	n := max(1, (size-len(body))/len(one))
	return bytes.Join([][]byte{body[:to], bytes.Repeat(append([]byte(","), one...), n), body[to:]}, nil)
}
