package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside/internal/audio"
)

// People are told as well how far times can be trusted, and what is missing.
func TestAudioSaysWhatItsTimesAreWorth(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		r    audio.Report
		want string
	}{
		"noise":       {audio.Report{AgentChannel: &audio.AgentChannel{}, Basis: []audio.Basis{{Metric: "segments", Confidence: audio.Low, Reason: "the signal-to-noise ratio is 9 dB, under 12"}}}, "times            of low confidence: the signal-to-noise ratio is 9 dB"},
		"one channel": {audio.Report{Basis: []audio.Basis{{Metric: "segments", Confidence: audio.None}, {Metric: "speech", Confidence: audio.Low, Reason: "noise"}}, Notes: []string{"The recording has one channel"}}, "times            of low confidence: noise"},
		"a good line": {audio.Report{AgentChannel: &audio.AgentChannel{}, Basis: []audio.Basis{{Metric: "segments", Confidence: audio.High}}}, ""},
	} {
		var b strings.Builder
		if err := printAudio(&b, &c.r); err != nil || !strings.Contains(b.String(), c.want) || c.want == "" && strings.Contains(b.String(), "confidence") {
			t.Errorf("%s: %v\n%s", name, err, b.String())
		}
		for _, n := range c.r.Notes {
			if !strings.Contains(b.String(), n) {
				t.Errorf("%s: not said: %s", name, n)
			}
		}
	}
}

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
