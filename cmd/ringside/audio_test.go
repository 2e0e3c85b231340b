package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside/internal/audio"
)

// The names in the JSON are promised to programs.
func TestAudioJSON(t *testing.T) {
	t.Parallel()
	at := 12.5
	var b bytes.Buffer
	err := printJSON(&b, &audio.Report{
		Segments:      audio.Segments{Customer: []audio.Span{{1, 2.5}}, Agent: []audio.Span{}},
		AgentLatency:  []audio.Latency{{At: 3, MS: 1200}},
		Interruptions: []audio.Interruption{{By: "customer", At: 5, YieldMS: 400, Yielded: true}},
		Backchannels:  []audio.Backchannel{{Speaker: "customer", At: 6}},
		Silences:      []audio.Span{{7, 9.5}},
		Metrics:       audio.Metrics{P50MS: &at, WPM: &audio.BySide{Agent: &at}},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Segments      map[string][][2]float64
		AgentLatency  []struct{ At, MS float64 } `json:"agent_latency"`
		Interruptions []struct {
			By      string
			At      float64
			YieldMS float64 `json:"yield_ms"`
		}
		Backchannels []struct {
			Speaker string
			At      float64
		}
		Silences [][2]float64
		Metrics  struct {
			TalkRatio *float64            `json:"talk_ratio_agent"`
			P50       *float64            `json:"p50_ms"`
			P95       *float64            `json:"p95_ms"`
			SNR       map[string]*float64 `json:"snr_db"`
			WPM       map[string]*float64
		}
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Segments["customer"][0] != [2]float64{1, 2.5} || got.Segments["agent"] == nil || got.AgentLatency[0].MS != 1200 ||
		got.Interruptions[0].YieldMS != 400 || got.Backchannels[0].Speaker != "customer" || got.Silences[0][1] != 9.5 {
		t.Errorf("lists: %+v", got)
	}
	if m := got.Metrics; m.TalkRatio != nil || *m.P50 != at || m.P95 != nil || *m.WPM["agent"] != at || len(m.SNR) != 2 {
		t.Errorf("metrics: %+v", got.Metrics)
	}
	if !strings.Contains(b.String(), `"beep": null`) {
		t.Error("no beep is not null")
	}
}
