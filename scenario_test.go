package ringside_test

import (
	"errors"
	"slices"
	"testing"
	"time"
	_ "time/tzdata" // wherever it runs

	"github.com/ringsidehq/ringside"
)

func TestScenarioIsValidated(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*ringside.Scenario)
		field  string // "": nothing is wrong
	}{
		"as it is":       {func(*ringside.Scenario) {}, ""},
		"no name":        {func(s *ringside.Scenario) { s.Name = " " }, "/name"},
		"no calls":       {func(s *ringside.Scenario) { s.Calls = 0 }, "/calls"},
		"too many calls": {func(s *ringside.Scenario) { s.Calls = ringside.MaxScenarioCalls + 1 }, "/calls"},
		"empty phrase":   {func(s *ringside.Scenario) { s.Expect.MustSay = []string{"Hello", ""} }, "/expect/must_say/1"},
		"no alert":       {func(s *ringside.Scenario) { s.Expect.Alerts = []ringside.AlertType{"x"} }, "/expect/alerts/0"},
		"no finding":     {func(s *ringside.Scenario) { s.Expect.NoFindings = []ringside.FindingKind{"x"} }, "/expect/no_findings/0"},
		"nobody":         {func(s *ringside.Scenario) { s.Expect.EndedBy = "x" }, "/expect/ended_by"},
		"quality":        {func(s *ringside.Scenario) { s.Expect.MinQuality = new(101.0) }, "/expect/min_quality"},
		"response":       {func(s *ringside.Scenario) { s.Expect.MaxResponseP95MS = new(0.0) }, "/expect/max_response_p95_ms"},
		"no schedule":    {func(s *ringside.Scenario) { s.Schedule.Kind = "" }, "/schedule/kind"},
		"no hours":       {func(s *ringside.Scenario) { s.Schedule = ringside.ScenarioSchedule{Kind: "hours"} }, "/schedule/every_hours"},
		"no time of day": {func(s *ringside.Scenario) { s.Schedule = ringside.ScenarioSchedule{Kind: "daily", At: "25:00"} }, "/schedule/at"},
		"no zone": {func(s *ringside.Scenario) {
			s.Schedule = ringside.ScenarioSchedule{Kind: "daily", At: "07:30", Timezone: "Nowhere"}
		}, "/schedule/timezone"},
	} {
		s := ringside.Scenario{Name: "Refund", Calls: 1, Schedule: ringside.ScenarioSchedule{Kind: ringside.ScheduleOff}}
		c.change(&s)
		field := ""
		if e, is := errors.AsType[*ringside.Error](s.Validate()); is {
			field = e.Field
		}
		if field != c.field {
			t.Errorf("%s: wrong at %q, want %q", name, field, c.field)
		}
	}
}

// In Berlin the clock leaps from 02:00 to 03:00 on 29 March 2026, and goes from
// 03:00 back to 02:00 on 25 October.
func TestScheduleFollowsTheClockOnTheWall(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	berlin := func(clock string) ringside.ScenarioSchedule {
		return ringside.ScenarioSchedule{Kind: ringside.ScheduleDaily, At: clock, Timezone: "Europe/Berlin"}
	}
	for name, c := range map[string]struct {
		schedule        ringside.ScenarioSchedule
		last, now, want string
	}{
		"later today":           {berlin("07:30"), "2026-01-10T06:30:00Z", "2026-01-11T05:00:00Z", "2026-01-11T06:30:00Z"},
		"at this very moment":   {berlin("07:30"), "2026-01-10T06:30:00Z", "2026-01-10T06:30:00Z", "2026-01-11T06:30:00Z"},
		"over the leap":         {berlin("07:30"), "2026-03-28T06:30:00Z", "2026-03-28T06:30:00Z", "2026-03-29T05:30:00Z"},
		"in the leap":           {berlin("02:30"), "2026-03-28T01:30:00Z", "2026-03-28T01:30:00Z", "2026-03-29T01:30:00Z"},
		"after the leap":        {berlin("02:30"), "2026-03-29T01:30:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"},
		"twice, the first time": {berlin("02:30"), "2026-10-24T00:30:00Z", "2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z"},
		"not the second time":   {berlin("02:30"), "2026-10-25T00:30:00Z", "2026-10-25T00:31:00Z", "2026-10-26T01:30:00Z"},
		"without a zone":        {ringside.ScenarioSchedule{Kind: ringside.ScheduleDaily, At: "00:00"}, "2026-01-10T00:00:00Z", "2026-01-10T23:59:00Z", "2026-01-11T00:00:00Z"},
		"hours":                 {ringside.ScenarioSchedule{Kind: ringside.ScheduleHours, EveryHours: 6}, "2026-01-10T05:00:00Z", "2026-01-10T05:00:30Z", "2026-01-10T11:00:00Z"},
		"hours that passed":     {ringside.ScenarioSchedule{Kind: ringside.ScheduleHours, EveryHours: 6}, "2026-01-10T05:00:00Z", "2026-01-11T00:00:00Z", "2026-01-11T05:00:00Z"},
	} {
		if got := c.schedule.Next(at(c.last), at(c.now)).Format(time.RFC3339); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	if off := (&ringside.ScenarioSchedule{Kind: ringside.ScheduleOff}).Next(time.Time{}, time.Now()); !off.IsZero() {
		t.Errorf("a schedule that is off is due at %s", off)
	}
}

func TestScenarioChecks(t *testing.T) {
	call := &ringside.Call{
		Status: ringside.StatusCompleted, Outcome: ringside.Outcome{EndedBy: ringside.EndedByCustomer},
		Turns: []ringside.Turn{
			{Role: ringside.RoleUser, Text: "I want my money back"},
			{Role: ringside.RoleAgent, Text: "Your  refund is\non its way."},
		},
		ToolCalls: []ringside.ToolCall{
			{Name: "refund", Result: "done"}, {Name: "lookup", Error: "timed out"}, {Name: "lookup", Result: "ok"}, {Name: "mail", Error: "no such address"},
		},
		Quality:  &ringside.Quality{Score: new(72.0)},
		Findings: []ringside.Finding{{Kind: ringside.FindingDeadAir, Detail: "Nobody spoke for 9 s."}},
		Analysis: ringside.Analysis{Measured: &ringside.Measured{ResponseP95MS: new(1800.0)}},
	}
	alerts := []ringside.AlertType{ringside.AlertFrustration}
	const passed, failed, unknown = ringside.ScenarioPassed, ringside.ScenarioFailed, ringside.ScenarioUnknown
	for name, c := range map[string]struct {
		expect ringside.ScenarioExpect
		want   []ringside.ScenarioResult
	}{
		"nothing":      {ringside.ScenarioExpect{}, nil},
		"who ended it": {ringside.ScenarioExpect{EndedBy: ringside.EndedByCustomer}, []ringside.ScenarioResult{passed}},
		"who did not":  {ringside.ScenarioExpect{EndedBy: ringside.EndedByAgent}, []ringside.ScenarioResult{failed}},
		"what is said": {ringside.ScenarioExpect{MustSay: []string{"refund is on", "money back"}}, []ringside.ScenarioResult{passed, failed}},
		"what is not":  {ringside.ScenarioExpect{MustNotSay: []string{"REFUND", "goodbye"}}, []ringside.ScenarioResult{failed, passed}},
		"tools":        {ringside.ScenarioExpect{Tools: []string{"refund", "lookup", "mail", "call"}}, []ringside.ScenarioResult{passed, passed, failed, failed}},
		"alerts":       {ringside.ScenarioExpect{Alerts: []ringside.AlertType{ringside.AlertFrustration, ringside.AlertStuck}}, []ringside.ScenarioResult{passed, failed}},
		"findings":     {ringside.ScenarioExpect{NoFindings: []ringside.FindingKind{ringside.FindingStuck, ringside.FindingDeadAir}}, []ringside.ScenarioResult{passed, failed}},
		"quality":      {ringside.ScenarioExpect{MinQuality: new(72.0)}, []ringside.ScenarioResult{passed}},
		"worse":        {ringside.ScenarioExpect{MinQuality: new(73.0)}, []ringside.ScenarioResult{failed}},
		"response":     {ringside.ScenarioExpect{MaxResponseP95MS: new(1800.0)}, []ringside.ScenarioResult{passed}},
		"slower":       {ringside.ScenarioExpect{MaxResponseP95MS: new(1799.0)}, []ringside.ScenarioResult{failed}},
		"no model":     {ringside.ScenarioExpect{Success: new(true)}, []ringside.ScenarioResult{unknown}},
	} {
		result, checks := c.expect.Check(call, alerts)
		var got []ringside.ScenarioResult
		for _, k := range checks {
			if got = append(got, k.Result); k.Reason == "" {
				t.Errorf("%s: %s has no reason", name, k.Expected)
			}
		}
		want := passed
		if len(c.want) > 0 {
			want = ringside.Sum(c.want)
		}
		if !slices.Equal(got, c.want) || result != want {
			t.Errorf("%s: %v, in all %s; want %v, in all %s", name, got, result, c.want, want)
		}
	}
	read := *call
	read.Judge, read.Outcome.Success = &ringside.Usage{}, new(false)
	if r, _ := (&ringside.ScenarioExpect{Success: new(true)}).Check(&read, nil); r != failed {
		t.Errorf("a call that did not do what it was for: %s", r)
	}
	if r, _ := (&ringside.ScenarioExpect{}).Check(&ringside.Call{Status: ringside.StatusUnknown}, nil); r != unknown {
		t.Errorf("a call without an end: %s", r)
	}
	if r, _ := (&ringside.ScenarioExpect{MinQuality: new(1.0), MaxResponseP95MS: new(1.0), EndedBy: "agent"}).Check(&ringside.Call{Status: ringside.StatusCompleted}, nil); r != unknown {
		t.Errorf("a call that nothing is known of: %s", r)
	}
}
