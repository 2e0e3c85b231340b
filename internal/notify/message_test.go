package notify

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/ringsidehq/ringside"
)

func TestAMessageIsNamedByItsIncidentItsEventAndItsTime(t *testing.T) {
	t.Parallel()
	m := message()
	if m.MessageID() != message().MessageID() || m.MessageID() != m.Clean().MessageID() {
		t.Error("the same message has two names")
	}
	m.At = m.At.In(time.FixedZone("east", 3600))
	if m.MessageID() != message().MessageID() {
		t.Error("the zone of its time changes a message's name")
	}
	seen := map[string]bool{}
	for _, change := range []func(*Message){
		func(*Message) {}, func(m *Message) { m.Key = "other" }, func(m *Message) { m.Event = Resolved }, func(m *Message) { m.At = m.At.Add(1) },
	} {
		m := message()
		change(&m)
		seen[m.MessageID()] = true
	}
	if len(seen) != 4 {
		t.Errorf("names %v", seen)
	}
}

func TestTitles(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*Message){
		"[High] Low quality":               func(*Message) {},
		"Resolved: [High] Low quality":     func(m *Message) { m.Event = Resolved },
		"Acknowledged: [High] Low quality": func(m *Message) { m.Event = Acknowledged },
		"[High] Low quality (4 alerts)":    func(m *Message) { m.Count = 4 },
		"Low quality":                      func(m *Message) { m.Severity = "" },
	} {
		m := message()
		change(&m)
		if got := m.Clean().Title(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestFactsSayWhatIsKnown(t *testing.T) {
	t.Parallel()
	var got []string
	for _, f := range message().Facts() {
		got = append(got, f.Name+"="+f.Text)
	}
	want := "Agent=Front desk, Call=abc, From=+12025550143, Call started=2026-11-17 23:08:10 UTC, Simulation=yes, Into the call=1:15, Turn=3"
	if all := strings.Join(got, ", "); all != want {
		t.Errorf("%s, want %s", all, want)
	}
	if facts := (Message{Event: Triggered}).Facts(); len(facts) != 0 {
		t.Errorf("of nothing: %v", facts)
	}
}

func TestOnlyLinksOfTheWebAreKept(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"https://r.example.com/a?b=c&d=e": "https://r.example.com/a?b=c&d=e",
		"http://10.0.0.1:8080/a":          "http://10.0.0.1:8080/a",
		`https://r.example.com/"><b>|x y`: "https://r.example.com/%22%3E%3Cb%3E%7Cx%20y",
		"javascript:alert(1)":             "",
		"https://r.example.com/a\nb":      "",
		"https://":                        "", "https:///a": "",
		"//r.example.com": "",
		"https://e.com/" + strings.Repeat("x", 2000): "",
	} {
		if got := link(raw); got != want {
			t.Errorf("%.40q: %q, want %q", raw, got, want)
		}
	}
}

// What was said last is kept of a transcript that is too long.
func TestATranscriptIsBounded(t *testing.T) {
	t.Parallel()
	m := message()
	for range 5_000 {
		m.Transcript = append(m.Transcript, Said{ringside.RoleUser, "word " + strings.Repeat("x", 95)})
	}
	m.Transcript = append(m.Transcript, Said{ringside.RoleAgent, "the end"})
	got := m.Clean().Transcript
	if len(got) != 300 || got[len(got)-1].Text != "the end" || len(m.Transcript) != 5_001 {
		t.Errorf("%d lines of %d", len(got), len(m.Transcript))
	}
}

func FuzzClean(f *testing.F) {
	f.Add("a\r\nb\x00\u202e", "https://r.example.com/<>", 3)
	f.Add(strings.Repeat("🙂", 2000), "http://x", 0)
	f.Fuzz(func(t *testing.T, said, to string, count int) {
		m := message()
		m.Key, m.Rule, m.Text, m.Quote, m.Link, m.Count = said, said, said, said, to, count
		m.Also = []Alert{m.Alert}
		c := m.Clean()
		for _, s := range []string{c.Key, c.Rule, c.Text, c.Quote, c.Link, c.Also[0].Text, c.Title(), c.Also[0].Line()} {
			if !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\r\x1b\u202e") && s != c.Key || len(s) > 4*maxWords {
				t.Errorf("%q became %q", said, s)
			}
		}
		if strings.ContainsAny(c.Rule+c.Quote+c.Link, "\n") || strings.ContainsAny(c.Link, `<>|" `) || c.Rest() < 0 {
			t.Errorf("%q %q %q, %d", c.Rule, c.Quote, c.Link, c.Rest())
		}
	})
}
