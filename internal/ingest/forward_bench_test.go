package ingest_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// BenchmarkForwardedToolCall is a tool call's round trip as the vendor sees it:
// straight to the team's endpoint and through a source that forwards, in turn,
// so that both meet the same machine. added-p99-ms is the 99th percentile of
// the forwarded less that of the direct; ours-p99-ms what the door itself
// measured beside the endpoint's time.
func BenchmarkForwardedToolCall(b *testing.B) {
	for _, store := range []string{"well", "sick"} {
		for _, took := range []time.Duration{0, 20 * time.Millisecond} {
			b.Run(fmt.Sprintf("store=%s/endpoint=%s", store, took), func(b *testing.B) { benchForward(b, store == "sick", took) })
		}
	}
}

func benchForward(b *testing.B, sick bool, took time.Duration) {
	h := newHarness(b, storetest.SQLite(b), anyRate)
	team := newEndpoint(b, func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(took)
		_, _ = io.WriteString(w, toolResult)
	})
	path := h.forwarding(b, h.workspace, "vapi", "k", false, provider.HMAC{}, team.URL)
	if sick {
		sicken(b, h.store)
	}
	post := func(url string, body []byte) time.Duration {
		begun := time.Now()
		r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, url, bytes.NewReader(body))
		must(b, err)
		r.Header.Set("X-Vapi-Secret", "k")
		res, err := h.Client().Do(r)
		must(b, err)
		defer res.Body.Close()
		if got, err := io.ReadAll(res.Body); err != nil || string(got) != toolResult {
			b.Fatalf("%s, %v", got, err)
		}
		return time.Since(begun)
	}
	post(team.URL, []byte("{}"))
	post(h.URL+path, toolCall(b, "first"))
	bodies := make([][]byte, b.N)
	for i := range bodies {
		bodies[i] = toolCall(b, fmt.Sprint("call-", i))
	}
	var direct, forwarded []time.Duration
	b.ResetTimer()
	for _, body := range bodies {
		direct = append(direct, post(team.URL, body))
		forwarded = append(forwarded, post(h.URL+path, body))
	}
	b.StopTimer()
	f := h.door.Forwarding(h.sourceOf(b, path))
	b.ReportMetric(0, "ns/op")
	for _, percent := range []int{50, 99} {
		d, w := quantile(direct, percent), quantile(forwarded, percent)
		b.ReportMetric(d, fmt.Sprintf("direct-p%d-ms", percent))
		b.ReportMetric(w-d, fmt.Sprintf("added-p%d-ms", percent))
	}
	b.ReportMetric(*f.AddedP99MS, "ours-p99-ms")
}

func quantile(d []time.Duration, percent int) float64 {
	slices.Sort(d)
	return float64(d[min(len(d)*percent/100, len(d)-1)].Microseconds()) / 1000
}
