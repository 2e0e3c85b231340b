package ringside_test

import (
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
)

func TestSilences(t *testing.T) {
	t.Parallel()
	s := ringside.AlertSilence{Enabled: true, Timezone: "Europe/Berlin", Windows: []ringside.SilenceWindow{
		{Days: []string{"Friday"}, StartTime: "22:00", EndTime: "06:00"}, {Days: []string{"sun"}, StartTime: "00:00", EndTime: "24:00"},
	}}
	for at, want := range map[string]bool{
		"2026-11-27T20:59:59Z": false, // a Friday, 21:59 in Berlin
		"2026-11-27T21:00:00Z": true,
		"2026-11-28T04:59:00Z": true,
		"2026-11-28T05:00:00Z": false,
		"2026-11-28T21:30:00Z": false, // a Saturday night
		"2026-11-29T12:00:00Z": true,
	} {
		when, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if s.Silent(when) != want {
			t.Errorf("at %s: %t", at, !want)
		}
	}
	s.Enabled = false
	if s.Silent(time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)) {
		t.Error("silent though it is switched off")
	}
}

func TestAlertRulesSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	good := func() *ringside.AlertRule {
		return &ringside.AlertRule{Name: "x", Severity: ringside.AlertLow, Condition: ringside.AlertCondition{Type: ringside.CallError}}
	}
	if err := good().Validate(); err != nil {
		t.Fatal(err)
	}
	for field, spoil := range map[string]func(*ringside.AlertRule){
		"/name":                                func(r *ringside.AlertRule) { r.Name = "" },
		"/severity":                            func(r *ringside.AlertRule) { r.Severity = "grave" },
		"/agents":                              func(r *ringside.AlertRule) { r.Agents = make([]string, 1001) },
		"/condition/type":                      func(r *ringside.AlertRule) { r.Condition.Type = "mood" },
		"/condition/threshold":                 func(r *ringside.AlertRule) { r.Condition.Type = ringside.DurationIs },
		"/condition/value":                     func(r *ringside.AlertRule) { r.Condition.Type = ringside.SentimentIs },
		"/condition/phrase":                    func(r *ringside.AlertRule) { r.Condition.Type = ringside.RequiredPhrase },
		"/condition/prompt":                    func(r *ringside.AlertRule) { r.Condition.Type = ringside.CustomRule },
		"/condition/timeWindow":                func(r *ringside.AlertRule) { r.Condition.Type, r.Condition.Threshold = ringside.ErrorRate, new(0.1) },
		"/silenceSchedule/timezone":            func(r *ringside.AlertRule) { r.SilenceSchedule.Timezone = "Moon" },
		"/silenceSchedule/windows/0/startTime": func(r *ringside.AlertRule) { r.SilenceSchedule.Windows = make([]ringside.SilenceWindow, 1) },
		"/grouping/timeWindow":                 func(r *ringside.AlertRule) { r.Grouping = ringside.AlertGrouping{Enabled: true, TimeWindow: "x"} },
	} {
		r := good()
		spoil(r)
		e, is := r.Validate().(*ringside.Error)
		if !is || e.Field != field {
			t.Errorf("want a fault at %s, not %v", field, r.Validate())
		}
	}
}
