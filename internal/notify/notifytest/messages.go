package notifytest

import (
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/notify"
)

// Messages are what the suite tells, by name.
func Messages() map[string]notify.Message {
	began := time.Date(2026, 11, 17, 23, 8, 10, 0, time.UTC)
	triggered := notify.Message{
		Event: notify.Triggered, Key: "rule_quality:agent_desk", At: began, FirstAt: began, Count: 1,
		Alert: notify.Alert{
			ID: "alert_7f3a21", Rule: "Low quality", Type: "score_threshold", Severity: notify.Critical,
			Text: "The score fell to 62; the threshold is 70.", Quote: "I have told you twice & nothing < happened",
			Turn: new(14), Seconds: new(245), Link: "https://ringside.example.com/live/call_abc?tab=alerts&turn=14",
			Call: &notify.Call{
				ID: ringside.NewCallID("ws_test", "vapi", "call-7f3a21"), ShortID: "q7f3a21k", Agent: "Front desk",
				From: "+12025550143", To: "+12025550100", StartedAt: began.Add(-245 * time.Second),
			},
		},
		Transcript: []notify.Said{
			{Role: ringside.RoleAgent, Text: "How can I help?"}, {Role: ringside.RoleUser, Text: "I have told you twice & nothing < happened"},
		},
	}
	acknowledged, resolved := triggered, triggered
	acknowledged.Event, acknowledged.At = notify.Acknowledged, began.Add(time.Minute)
	resolved.Event, resolved.At, resolved.Text = notify.Resolved, began.Add(6*time.Minute), "The score is back at 81."

	grouped := triggered
	grouped.Key, grouped.Count, grouped.Severity = "rule_tools", 7, notify.High
	simulated := *triggered.Call
	simulated.IsSimulation, simulated.ShortID = true, "simulate"
	for _, name := range []string{"Tool fails", "No progress"} {
		grouped.Also = append(grouped.Also, notify.Alert{
			ID: "alert_" + name, Rule: name, Type: "tool_error", Severity: notify.Medium, Text: name + " in two calls.",
			Call: &simulated, Link: "https://ringside.example.com/live/call_def",
		})
	}
	bare := notify.Message{
		Event: notify.Triggered, Key: "rule_errors", At: began, FirstAt: began,
		Alert: notify.Alert{ID: "alert_bare", Rule: "Error rate", Type: "error_rate", Severity: notify.Low, Text: "12 % of the calls of an hour failed."},
	}
	return map[string]notify.Message{
		"triggered": triggered, "acknowledged": acknowledged, "resolved": resolved, "grouped": grouped, "bare": bare, "hostile": hostile(triggered),
	}
}

// Hostile is what somebody may say, or call a rule, to have it do harm.
const Hostile = `<!channel> <script>alert(1)</script> <https://evil.example.com|Click> &lt;@U123ABC&gt; "}],"x":[{" {{call_id}} {{ agent }} ${7*7} %n =?utf-8?q?x?= ` +
	"\r\nBcc: victim@example.com\r\n\r\n.\r\nMAIL FROM:<evil@example.com>\r\n\x00\x1b[31m\xff\u2028\u202e"

func hostile(m notify.Message) notify.Message {
	call := *m.Call
	call.Agent, call.From, call.To, call.ShortID = Hostile, Hostile, Hostile, Hostile
	m.Key, m.Count = "rule_hostile", 2
	m.Alert = notify.Alert{
		ID: Hostile, Rule: Hostile, Type: Hostile, Severity: notify.High, Text: Hostile, Quote: Hostile, Call: &call,
		Link: `https://ringside.example.com/calls/1?a="><script>alert(1)</script>|x` + "&b=1",
	}
	m.Also = []notify.Alert{m.Alert}
	m.Also[0].Link = "javascript:alert(1)"
	m.Transcript = []notify.Said{{Role: ringside.RoleUser, Text: Hostile}}
	return m
}

// long is a message of which everything is as long as can be, and longer.
func long(m notify.Message) notify.Message {
	words := strings.Repeat(`"<&🙂é`, 10_000)
	call := *m.Call
	call.Agent, call.From, call.To, call.ShortID = words, words, words, words
	m.Key = strings.Repeat("k", 400)
	m.Alert = notify.Alert{ID: words, Rule: words, Type: words, Severity: notify.Critical, Text: words, Quote: words, Call: &call, Link: "https://ringside.example.com/" + strings.Repeat("&", 1900)}
	for range 100 {
		m.Also = append(m.Also, m.Alert)
		m.Transcript = append(m.Transcript, notify.Said{Role: ringside.RoleUser, Text: words})
	}
	m.Count = 5_000
	return m
}
