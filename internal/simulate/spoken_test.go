package simulate

import (
	"bytes"
	"math"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/audio"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/flat"
)

// What is heard in the spoken calls is what their scripts say.
func TestSpokenCalls(t *testing.T) {
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	all, err := spokenRequests(now)
	if err != nil {
		t.Fatal(err)
	}
	heard := map[string]*audio.Report{}
	for i, r := range all {
		events, err := flat.Decode(provider.Payload{Body: r[0].body, ReceivedAt: now})
		if err != nil {
			t.Fatal(err)
		}
		c := ringside.NewCall("ws", "external", events[0].ProviderCallID)
		c.Apply(events...)
		report, err := audio.Analyse(t.Context(), bytes.NewReader(r[1].body), audio.Options{Turns: c.Turns})
		if err != nil {
			t.Fatal(err)
		}
		if c.DurationMS == nil || report.Format.Seconds*1000 < float64(*c.DurationMS)-200 || len(c.Turns) > 0 && (report.AgentChannel.Channel != 1 || report.AgentChannel.Method != "transcript") {
			t.Errorf("%s: %v ms told, %+v, %+v", spokenCalls[i].name, c.DurationMS, report.Format, report.AgentChannel)
		}
		heard[spokenCalls[i].name] = report
	}
	if m := heard["renewal"].Metrics; m.Responses < 5 || *m.P50MS > 1200 || len(heard["renewal"].Silences) > 0 {
		t.Errorf("renewal: %+v", m)
	}
	if m := heard["claim"].Metrics; *m.P50MS < 2500 || len(heard["claim"].Silences) < 4 || len(heard["claim"].Interruptions) != 1 {
		t.Errorf("claim: %+v, %v", m, heard["claim"].Interruptions)
	}
	raised := 0
	for _, p := range heard["claim"].Prosody {
		if p.Arousal != nil && *p.Arousal > 1 && p.Confidence == audio.Medium {
			raised++
		}
	}
	for _, p := range heard["renewal"].Prosody {
		if p.Arousal != nil && math.Abs(*p.Arousal) > 1 {
			t.Errorf("renewal: %+v", p)
		}
	}
	if raised < 2 {
		t.Errorf("claim: %d turns in a raised voice", raised)
	}
	if heard["voicemail"].Beep == nil || heard["renewal"].Beep != nil {
		t.Errorf("beeps: %v, %v", heard["voicemail"].Beep, heard["renewal"].Beep)
	}
}
