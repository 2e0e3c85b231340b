//go:build !race

package ingest_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/ingest"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// flatOf is a flat body of exactly n bytes.
func flatOf(id string, n int) []byte {
	head, tail := `{"id":"`+id+`","metadata":{"pad":"`, `"}}`
	return []byte(head + strings.Repeat("x", n-len(head)-len(tail)) + tail)
}

func zipped(t testing.TB, write func(io.Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	must(t, write(w))
	must(t, w.Close())
	return b.Bytes()
}

func TestBodyLimit(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	h.post(t, observe, flatOf("just", ingest.MaxBody)).want(t, 201, "action", "created")
	h.post(t, observe, flatOf("over", ingest.MaxBody+1)).want(t, 413, "code", "too_large")
	h.post(t, callLogs, flatOf("over", ingest.MaxBody+1)).want(t, 413, "code", "too_large")
	hook := h.source(t, h.workspace, "vapi", "", true, provider.HMAC{})
	h.send(t, hook, flatOf("over", ingest.MaxBody+1)).want(t, 413, "code", "too_large")
	h.wantCount(t, 1, `SELECT COUNT(*) FROM inbox`)
}

// A small body that unpacks to gigabytes is refused without being unpacked.
func TestGzip(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	gz := []string{"Authorization", "Bearer " + h.key, "Content-Encoding", "gzip"}
	small := zipped(t, func(w io.Writer) error { _, err := w.Write([]byte(`{"id":"z1"}`)); return err })
	h.send(t, observe, small, gz...).want(t, 201, "action", "created", "provider_call_id", "z1")
	h.send(t, observe, []byte(`{"id":"z2"}`), gz...).want(t, 400, "code", "malformed")
	h.send(t, observe, small[:len(small)-6], gz...).want(t, 400, "code", "malformed")
	h.send(t, observe, small, "Authorization", "Bearer "+h.key, "Content-Encoding", "br").want(t, 400, "code", "unsupported_encoding")

	bomb := zipped(t, func(w io.Writer) error {
		for range 512 {
			if _, err := w.Write(make([]byte, 1<<20)); err != nil {
				return err
			}
		}
		return nil
	})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	h.send(t, observe, bomb, gz...).want(t, 413, "code", "too_large")
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 100<<20 {
		t.Errorf("refusing a bomb of %d bytes took %d MiB", len(bomb), grown>>20)
	}
}

// A recording that comes inside of a delivery goes to disk, and the inbox
// keeps the rest.
func TestAudioInside(t *testing.T) {
	const key = "k"
	h := newHarness(t, storetest.SQLite(t), anyRate)
	path := h.source(t, h.workspace, "elevenlabs", key, false, provider.HMAC{})
	body, audio := audioOf("conv_1", 30<<20)
	h.send(t, path, body, signElevenLabs("another", body, time.Now())...).want(t, 401)
	id := ringside.NewCallID(h.workspace, "elevenlabs", "conv_1")
	if h.audio.Has(id) {
		t.Fatal("the recording of a delivery that is nobody's was kept")
	}
	h.send(t, path, body, signElevenLabs(key, body, time.Now())...).want(t, 200, "action", "created", "id", id.String())
	if kept := h.recording(t, id); !bytes.Equal(kept, audio) {
		t.Errorf("kept %d bytes, want the %d that came", len(kept), len(audio))
	}
	h.send(t, path, body, signElevenLabs(key, body, time.Now())...).want(t, 200, "action", "duplicate")
	h.wantCount(t, 1, `SELECT COUNT(*) FROM inbox WHERE size < 1000`)

	big := append(body[:len(body)-1], bytes.Repeat([]byte(" "), 64<<20-len(body)+1)...)
	big = append(big, '}')
	h.send(t, path, big, signElevenLabs(key, big, time.Now())...).want(t, 413, "code", "too_large")
	// Only what carries a recording may be that large.
	long := []byte(`{"type":"post_call_transcription","data":{"conversation_id":"c","pad":"` + strings.Repeat("x", ingest.MaxBody) + `"}}`)
	h.send(t, path, long, signElevenLabs(key, long, time.Now())...).want(t, 413, "code", "too_large")
}
