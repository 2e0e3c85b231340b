//go:build !race

package audio_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/ringsidehq/ringside/internal/audio"
	"github.com/ringsidehq/ringside/internal/audio/audiotest"
)

// full says that the long run is wanted: make audio-accuracy sets it.
var full = os.Getenv("RINGSIDE_AUDIO_ACCURACY") != ""

// condition is a way to record a call and the least frame F1 there.
type condition struct {
	audiotest.Variant
	f1 float64
}

// conditions are those that the lines are held in. The short run has the first
// ones.
func conditions() []condition {
	all := []condition{
		{audiotest.Variant{Rate: 16000, Crosstalk: -32}, 0.97},
		{audiotest.Variant{Rate: 8000, SNR: 20, Crosstalk: -30, Encoding: "mulaw"}, 0.97},
		{audiotest.Variant{Rate: 16000, SNR: 10, Crosstalk: -32}, 0.94},
		{audiotest.Variant{Rate: 8000, SNR: 20, Encoding: "mp3"}, 0.97},
		{audiotest.Variant{Rate: 16000, Crosstalk: -32, Encoding: "opus", Kbps: 24}, 0.97},
		{audiotest.Variant{Rate: 16000}, 0.97},
		{audiotest.Variant{Rate: 16000, SNR: 20, Crosstalk: -32}, 0.97},
		{audiotest.Variant{Rate: 8000, Crosstalk: -25, Encoding: "mulaw"}, 0.97},
		{audiotest.Variant{Rate: 8000, SNR: 10, Crosstalk: -32, Encoding: "alaw"}, 0.94},
		{audiotest.Variant{Rate: 16000, SNR: 20, Encoding: "mp3", Kbps: 32}, 0.97},
		{audiotest.Variant{Rate: 16000, SNR: 20, Encoding: "opus", Kbps: 32}, 0.97},
	}
	if !full {
		return all[:5]
	}
	return all
}

// scripts are the calls: seeds that nothing was tuned on.
func scripts() (out []audiotest.Script) {
	seeds, minutes := 3, 2.0
	if full {
		seeds, minutes = 8, 5
	}
	for i := range seeds {
		out = append(out, audiotest.Script{Seed: uint64(1 + i), Minutes: minutes})
	}
	return out
}

func analyse(t testing.TB, path string, o audio.Options) *audio.Report {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := audio.Analyse(t.Context(), f, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The lines of docs/benchmarks.md, held on calls whose truth is known.
func TestAccuracy(t *testing.T) {
	t.Parallel()
	var calls []audiotest.Call
	for _, s := range scripts() {
		calls = append(calls, audiotest.Make(t, s))
	}
	for _, c := range conditions() {
		t.Run(c.String(), func(t *testing.T) {
			var s audiotest.Score
			for _, call := range calls {
				s.Add(call, analyse(t, call.Record(t, c.Variant), audio.Options{AgentChannel: new(1)}))
			}
			t.Log(line(&s))
			hold(t, "frame F1", s.Frames.F1(), c.f1)
			hold(t, "agent latencies found", s.Latency.Recall(), 0.95)
			hold(t, "no false agent latencies", s.Latency.Precision(), 0.95)
			hold(t, "60 ms less the median error of latencies", 60-audiotest.Percentile(s.LatencyErrors, 50), 0)
			hold(t, "interruptions' precision", s.Interruptions.Precision(), 0.80)
			hold(t, "interruptions' recall", s.Interruptions.Recall(), 0.85)
			hold(t, "silences' precision", s.Silences.Precision(), 0.95)
			hold(t, "silences' recall", s.Silences.Recall(), 0.95)
			hold(t, "0.02 less the worst error of the talk ratio", 0.02-audiotest.Percentile(s.TalkRatio, 100), 0)
			if s.Beeps.Wrong > 0 {
				t.Errorf("%d beeps were invented", s.Beeps.Wrong)
			}
		})
	}
}

func hold(t *testing.T, what string, got, least float64) {
	t.Helper()
	if got < least {
		t.Errorf("%s: %.4f, want at least %.4f", what, got, least)
	}
}

// line is a row of the table in docs/benchmarks.md.
func line(s *audiotest.Score) string {
	return fmt.Sprintf("| %.3f | %d of %d, %d false | %.0f / %.0f | %.0f / %.0f | %.2f / %.2f of %d | %.0f | %d, %d, %d | %.2f / %.2f of %d | %.4f |",
		s.Frames.F1(), s.Latency.Hits, s.Latency.Hits+s.Latency.Missed, s.Latency.Wrong,
		audiotest.Percentile(s.LatencyErrors, 50), audiotest.Percentile(s.LatencyErrors, 95),
		audiotest.Percentile(s.P50, 50), audiotest.Percentile(s.P95, 50),
		s.Interruptions.Precision(), s.Interruptions.Recall(), s.Interruptions.Hits+s.Interruptions.Missed, audiotest.Percentile(s.Yield, 50),
		s.Backchannels.Hits, s.Backchannels.Wrong, s.Backchannels.Missed,
		s.Silences.Precision(), s.Silences.Recall(), s.Silences.Hits+s.Silences.Missed, audiotest.Percentile(s.TalkRatio, 100))
}

// Every machine's beep is found, in its place, whatever the recording went
// through.
func TestBeepOfAnAnsweringMachine(t *testing.T) {
	t.Parallel()
	var s audiotest.Score
	for i := range len(scripts()) {
		call := audiotest.Make(t, audiotest.Script{Seed: uint64(11 + i), Voicemail: true})
		for _, c := range conditions() {
			s.Add(call, analyse(t, call.Record(t, c.Variant), audio.Options{AgentChannel: new(1)}))
		}
	}
	if s.Beeps.Missed+s.Beeps.Wrong > 0 || s.Beeps.Hits == 0 {
		t.Errorf("%d beeps found, %d wrong, %d missed", s.Beeps.Hits, s.Beeps.Wrong, s.Beeps.Missed)
	}
}

// Holes that a line cuts into speech are found where there is noise to tell
// them by, and seldom invented where there is none.
func TestDropouts(t *testing.T) {
	t.Parallel()
	var noisy, clean audiotest.Score
	for i := range len(scripts()) {
		call := audiotest.Make(t, audiotest.Script{Seed: uint64(31 + i), Minutes: 1.5, Drops: true})
		noisy.Add(call, analyse(t, call.Record(t, audiotest.Variant{Rate: 8000, SNR: 20, Encoding: "mulaw"}), audio.Options{}))
		clean.Add(call, analyse(t, call.Record(t, audiotest.Variant{Rate: 16000}), audio.Options{}))
	}
	t.Logf("with noise %v, without %v", noisy.Dropouts, clean.Dropouts)
	hold(t, "precision with noise", noisy.Dropouts.Precision(), 0.95)
	hold(t, "recall with noise", noisy.Dropouts.Recall(), 0.9)
	hold(t, "precision without", clean.Dropouts.Precision(), 0.8)
	hold(t, "recall without", clean.Dropouts.Recall(), 0.6)
}

// The reported signal-to-noise ratio is near the true one, and what it says of
// the confidence follows it.
func TestNoiseIsMeasured(t *testing.T) {
	t.Parallel()
	call := audiotest.Make(t, scripts()[0])
	for _, c := range []struct{ snr, low, high float64 }{{20, 16, 23}, {10, 8, 13}, {6, 3, 10}} {
		r := analyse(t, call.Record(t, audiotest.Variant{Rate: 16000, SNR: c.snr}), audio.Options{AgentChannel: new(1)})
		for side, got := range map[string]*float64{"customer": r.Metrics.SNRDB.Customer, "agent": r.Metrics.SNRDB.Agent} {
			if got == nil || *got < c.low || *got > c.high {
				t.Errorf("%g dB: %s's is reported as %v", c.snr, side, got)
			}
		}
		if want := *r.Metrics.SNRDB.Customer < 12 || *r.Metrics.SNRDB.Agent < 12; want != (confidence(r, "agent_latency") == audio.Low) {
			t.Errorf("%g dB: latencies are of confidence %s", c.snr, confidence(r, "agent_latency"))
		}
		if confidence(r, "snr_db") != audio.High {
			t.Errorf("%g dB: the noise itself is of confidence %s", c.snr, confidence(r, "snr_db"))
		}
	}
}

func confidence(r *audio.Report, metric string) audio.Confidence {
	for _, b := range r.Basis {
		if b.Metric == metric {
			return b.Confidence
		}
	}
	return ""
}
