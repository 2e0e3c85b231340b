package crm_test

import (
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/crm"
)

// call is one with something for each field.
func call() *ringside.Call {
	start := time.Date(2026, 11, 17, 15, 4, 5, 0, time.FixedZone("", 3600))
	c := ringside.NewCall("ws", "vapi", "1")
	c.Direction, c.Status, c.StartedAt = ringside.Inbound, ringside.StatusCompleted, &start
	c.From, c.To, c.CustomerName = "+12025550143", "+12025550100", "Robin Hale"
	c.DurationMS = new(int64(27_400))
	c.Summary = &ringside.Summary{Overview: "Moved to Friday.", ActionItems: []string{"Send a reminder"}, Outcome: "resolved"}
	c.Sentiment = &ringside.Sentiment{Label: "negative"}
	c.Tags = []string{"appointment"}
	c.Quality = &ringside.Quality{Score: new(82.4)}
	c.Recordings = []ringside.Recording{{Kind: ringside.RecordingMixed, URL: "https://example.com/1.mp3"}}
	return c
}

const link = "https://ringside.example.com/calls/1"

func TestARecordHasOnlyWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	for _, field := range ringside.CRMFieldNames {
		r := crm.NewRecord(call(), []string{field}, link)
		for _, other := range ringside.CRMFieldNames {
			if got := r.Value(other); (got != nil) != (other == field) {
				t.Errorf("asked for %s, %s is %v", field, other, got)
			}
		}
	}
	r := crm.NewRecord(call(), []string{"link", "mood", "score", "duration"}, link)
	if want := []string{"duration", "score", "link"}; !reflect.DeepEqual(r.Fields, want) {
		t.Errorf("fields %q, want %q", r.Fields, want)
	}
	if r.Customer.Number != "+12025550143" || r.Customer.Name != "Robin Hale" || r.StartedAt.Location() != time.UTC {
		t.Errorf("record %+v", r)
	}
}

func TestTheOutcomeIsInWords(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(*ringside.Call)
		want   string
	}{
		{"as the summary says", func(*ringside.Call) {}, "Resolved"},
		{"why it failed", func(c *ringside.Call) {
			c.Outcome = ringside.Outcome{FailureClass: ringside.FailureTransfer, Explanation: "A transfer did not succeed."}
			c.Summary.Outcome = "unresolved"
		}, "Unresolved. A transfer did not succeed."},
		{"as the call ended", func(c *ringside.Call) {
			c.Outcome.Explanation = "The customer hung up."
			c.Summary = nil
		}, "The customer hung up."},
		{"not what is unknown", func(c *ringside.Call) {
			c.Outcome.Explanation = "The customer hung up."
			c.Summary.Outcome = "unknown"
		}, "The customer hung up."},
	} {
		c := call()
		tc.change(c)
		if got := crm.NewRecord(c, []string{"outcome"}, link).Outcome; got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestTheCustomerIsTheOtherParty(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		direction     ringside.Direction
		from, to, key string
		number, e164  string
	}{
		{ringside.Inbound, "2025550143", "+12025550100", "", "2025550143", "+12025550143"},
		{ringside.Outbound, "+12025550100", "2025550143", "", "2025550143", "+12025550143"},
		{"", "2025550143", "+12025550100", "", "2025550143", "+12025550143"},
		{ringside.Web, "", "", "+12025550143", "+12025550143", "+12025550143"},
		{ringside.Web, "", "", "user_2025550143", "", ""},
		{ringside.Inbound, "anonymous", "+12025550100", "anonymous", "anonymous", ""},
	} {
		c := call()
		c.Direction, c.From, c.To, c.CustomerKey = tc.direction, tc.from, tc.to, tc.key
		r := crm.NewRecord(c, nil, "")
		if p, _ := r.Phone(); r.Customer.Number != tc.number || p.E164 != tc.e164 {
			t.Errorf("%+v: customer %q, phone %q", tc, r.Customer.Number, p.E164)
		}
	}
}

func TestOnlyARecordingThatLastsIsLinked(t *testing.T) {
	t.Parallel()
	mixed := ringside.Recording{Kind: ringside.RecordingMixed, URL: "https://example.com/mixed"}
	dying := mixed
	dying.ExpiresAt = new(time.Now())
	for _, tc := range []struct {
		name string
		all  []ringside.Recording
		want string
	}{
		{"a mixed one", []ringside.Recording{mixed}, "https://example.com/mixed"},
		{"rather one without personal data", []ringside.Recording{mixed, {Kind: ringside.RecordingScrubbed, URL: "https://example.com/scrubbed"}}, "https://example.com/scrubbed"},
		{"none that dies", []ringside.Recording{dying}, ""},
		{"none of one side", []ringside.Recording{{Kind: ringside.RecordingAgent, URL: "https://example.com/agent"}}, ""},
		{"none without an address", []ringside.Recording{{Kind: ringside.RecordingMixed, Via: "/recordings/1"}}, ""},
		{"no script", []ringside.Recording{{Kind: ringside.RecordingMixed, URL: "javascript:alert(1)"}}, ""},
	} {
		c := call()
		c.Recordings = tc.all
		if got := crm.NewRecord(c, []string{"recording"}, "").Recording; got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestWhatNobodyKnowsIsNotWritten(t *testing.T) {
	t.Parallel()
	c := ringside.NewCall("ws", "vapi", "1")
	c.Sentiment = &ringside.Sentiment{Label: "unknown"}
	c.Quality = &ringside.Quality{Score: new(math.NaN())}
	c.DurationMS = new(int64(-1))
	r := crm.NewRecord(c, ringside.CRMFieldNames, "")
	if got := r.Lines(r.Fields); len(got) > 0 || len(r.Place(nil, nil)) > 0 {
		t.Errorf("lines %+v", got)
	}
	c.Analysis.Provider = &ringside.ProviderAnalysis{Summary: "The vendor's words."}
	if got := crm.NewRecord(c, []string{"summary"}, "").Summary; got != "The vendor's words." {
		t.Errorf("summary %q", got)
	}
}

func TestTheTitleStaysWhileMoreBecomesKnown(t *testing.T) {
	t.Parallel()
	c := call()
	before := crm.NewRecord(c, ringside.CRMFieldNames, link).Title()
	c.Summary, c.Sentiment, c.Tags, c.EndedReason = nil, nil, nil, "hangup"
	after := crm.NewRecord(c, nil, "")
	if before != after.Title() || !strings.HasSuffix(before, "("+after.Reference()+")") {
		t.Errorf("%q, then %q", before, after.Title())
	}
	if !strings.HasPrefix(c.ID.String(), "call_"+after.Reference()) {
		t.Errorf("%s is no beginning of %s", after.Reference(), c.ID)
	}
}

func TestProseCutsTheSummaryAndKeepsTheRest(t *testing.T) {
	t.Parallel()
	c := call()
	c.Summary.Overview = strings.Repeat("long 🙂 ", 5000)
	r := crm.NewRecord(c, ringside.CRMFieldNames, link)
	got := r.Prose(r.Fields, 1000)
	if n := crm.Length(got); n > 1000 || n < 950 {
		t.Errorf("%d units", n)
	}
	for _, want := range []string{"…\n\nDuration: 0:27\n", "Next steps:\n- Send a reminder\n", "In Ringside: " + link} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
	if got := r.Prose([]string{"tags"}, 1000); got != "Tags: appointment" {
		t.Errorf("one field by itself: %q", got)
	}
}

func FuzzClip(f *testing.F) {
	f.Add("Moved to Friday 🙂", 5)
	f.Add("\xff\xfe", 1)
	f.Fuzz(func(t *testing.T, s string, n int) {
		if n < 0 || n > 1<<16 || !utf8.ValidString(s) {
			t.Skip()
		}
		got := crm.Clip(s, n)
		if crm.Length(got) > n || !utf8.ValidString(got) {
			t.Errorf("Clip(%q, %d) = %q", s, n, got)
		}
		if crm.Length(s) <= n && got != s {
			t.Errorf("Clip(%q, %d) cuts what fits: %q", s, n, got)
		}
		if cut, ok := strings.CutSuffix(got, "…"); got != s && (!ok && n > 0 || !strings.HasPrefix(s, cut)) {
			t.Errorf("Clip(%q, %d) = %q is no beginning", s, n, got)
		}
	})
}
