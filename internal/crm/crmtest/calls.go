package crmtest

import (
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/crm"
)

// Calls are the calls that the suite syncs, by name.
func Calls() map[string]*ringside.Call {
	start := time.Date(2026, 11, 17, 23, 4, 5, 331_000_000, time.UTC)
	inbound := ringside.NewCall("ws_test", "vapi", "call-7f3a21")
	inbound.Direction = ringside.Inbound
	inbound.Status = ringside.StatusCompleted
	inbound.From, inbound.To = "+12025550143", "+12025550100"
	inbound.CustomerName = "Robin Hale"
	inbound.Agent = &ringside.AgentRef{Name: "Front desk"}
	inbound.StartedAt = &start
	inbound.DurationMS = new(int64(27_400))
	inbound.Outcome = ringside.Outcome{EndedBy: ringside.EndedByCustomer, Explanation: "The customer hung up."}
	inbound.Summary = &ringside.Summary{
		Overview:    "Caller moved the appointment to Friday 14:00.\nWants a reminder.",
		ActionItems: []string{"Send a reminder on Thursday", "Check the room"},
		Outcome:     "resolved",
	}
	inbound.Sentiment = &ringside.Sentiment{Label: "mixed"}
	inbound.Tags = []string{"appointment", "reschedule"}
	inbound.Quality = &ringside.Quality{Score: new(82.4)}
	inbound.Recordings = []ringside.Recording{{Kind: ringside.RecordingMixed, URL: "https://recordings.example.com/calls/call-7f3a21.mp3"}}

	outbound := ringside.NewCall("ws_test", "retell", "call-out")
	outbound.Direction = ringside.Outbound
	outbound.Status = ringside.StatusMissed
	outbound.From, outbound.To = "+442079460000", "+442079460018"
	outbound.StartedAt = &start
	outbound.Outcome = ringside.Outcome{
		FailureClass: ringside.FailureBusy, Explanation: "The line was busy.", EndedBy: ringside.EndedBySystem, Success: new(false),
	}

	web := ringside.NewCall("ws_test", "elevenlabs", "call-web")
	web.Direction = ringside.Web
	web.Status = ringside.StatusCompleted
	web.StartedAt = &start
	web.DurationMS = new(int64(3_661_000))
	web.CustomerKey = "user_42"

	hostile := ringside.NewCall("ws_test", "vapi", `'; DROP TABLE calls; --`)
	hostile.Direction = ringside.Inbound
	hostile.Status = ringside.StatusCompleted
	hostile.From, hostile.To = "+13035550199", "+12025550100"
	hostile.CustomerName = `Robin <b>"Bobby" O'Hale`
	hostile.Agent = &ringside.AgentRef{Name: `"}]} {{call_id}} ' OR CallObject != ''`}
	hostile.StartedAt = &start
	hostile.Summary = &ringside.Summary{
		Overview:    Hostile,
		ActionItems: []string{Hostile},
		Outcome:     Hostile,
	}
	hostile.Sentiment = &ringside.Sentiment{Label: Hostile}
	hostile.Tags = []string{Hostile}
	return map[string]*ringside.Call{"inbound": inbound, "outbound": outbound, "web": web, "hostile": hostile}
}

// Hostile is what somebody may say to have it do harm in a CRM.
const Hostile = `<script>alert(1)</script><img src=x onerror=alert(1)> ' OR 1=1 -- \' "}],"x":[{" {{ call_id }} {{summary}} ${7*7} <%= 7 %> %n` +
	"\x00\x1b[31m\xff\u2028 =cmd|' /C calc'!A0"

// hostile syncs words that mean something in HTML, JSON, SQL, SOQL and
// templates. They come out as the words they are.
func (s Suite) hostile(t *testing.T) {
	t.Parallel()
	v, a, call := s.Vendor(t), s.New(), *Calls()["hostile"]
	for range 2 {
		if _, err := syncOne(t, a, v, &call, crm.Options{CreateContact: true}); err != nil {
			t.Fatal(err)
		}
	}
	got := v.Logged()
	if len(got) != 1 {
		t.Fatalf("the CRM holds %+v", got)
	}
	all := joined(got[0].Text)
	for _, want := range []string{"{{ call_id }}", "${7*7}", "OR 1=1"} {
		if !strings.Contains(all, want) {
			t.Errorf("%s is gone: %s", want, all)
		}
	}
	if strings.ContainsAny(all, "\x00\x1b") {
		t.Errorf("control characters were sent: %q", all)
	}
	if names := v.Contacts(); !s.NoContacts && (len(names) != 1 || names[0] != call.CustomerName) {
		t.Errorf("contacts %q", names)
	}
	// The longest that a call may bring is cut to what the CRM takes.
	call.ID = ringside.NewCallID("ws_test", "vapi", "a long one")
	long := strings.Repeat(`"<&🙂`, 20_000)
	call.Summary = &ringside.Summary{Overview: long, Outcome: "resolved"}
	for range 100 {
		call.Summary.ActionItems = append(call.Summary.ActionItems, long)
		call.Tags = append(call.Tags, long)
	}
	call.Agent = &ringside.AgentRef{Name: long}
	call.CustomerName = long
	call.From = "+13035550198"
	if _, err := syncOne(t, a, v, &call, crm.Options{CreateContact: true, First: true}); err != nil {
		t.Fatalf("a long call: %v", err)
	}
	if n := len(v.Logged()); n != 2 {
		t.Errorf("%d calls", n)
	}
	if n := len(v.Contacts()); !s.NoContacts && n != 2 {
		t.Errorf("%d contacts", n)
	}
}
