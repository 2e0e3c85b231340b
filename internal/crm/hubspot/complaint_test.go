package hubspot

import (
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/crm"
)

const payloads = "../../../testdata/payloads/hubspot"

func TestComplaint(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]crm.Complaint{
		"error_400.json": {
			Code: "VALIDATION_ERROR", Field: "hs_call_direction",
			Message: "Property values were not valid: INBND was not one of the allowed options",
		},
		"error_429.json": {
			Code: "TEN_SECONDLY_ROLLING", RetryAfter: 10 * time.Second,
			Message: "You have reached your ten_secondly_rolling limit.",
		},
	} {
		b, err := os.ReadFile(filepath.Join(payloads, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := complaint(b, nil); got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
}

func FuzzComplaint(f *testing.F) {
	for _, name := range []string{"error_400.json", "error_429.json"} {
		b, err := os.ReadFile(filepath.Join(payloads, name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`{"message":"x: [{\"message\":\"y\",\"name\":\"z\"}]","policyName":"DAILY","errors":[]}`))
	f.Fuzz(func(_ *testing.T, body []byte) {
		complaint(body, func() time.Duration { return time.Hour })
	})
}

func TestALinkCannotLeaveItsTag(t *testing.T) {
	t.Parallel()
	r := crm.NewRecord(ringside.NewCall("ws", "vapi", "1"), []string{"link"}, `https://example.com/?a="><script>alert(1)</script>&b=1`)
	got := body(r, r.Fields)
	if strings.Count(got, "<") != 4 || strings.Count(got, `"`) != 2 || !strings.Contains(got, "&amp;b=1") {
		t.Error(got)
	}
}

// FuzzBody writes any summary. What is written is within HubSpot's bound, has
// no tag but ours, and read back is the summary, or its beginning.
func FuzzBody(f *testing.F) {
	f.Add("Moved to Friday.\n<b>bold</b> & 'quoted' \"twice\"", "next")
	f.Add(strings.Repeat("&🙂", 10_000), "</a><script>")
	f.Fuzz(func(t *testing.T, summary, step string) {
		c := ringside.NewCall("ws", "vapi", "1")
		c.Summary = &ringside.Summary{Overview: summary, ActionItems: []string{step, step}, Outcome: "resolved"}
		r := crm.NewRecord(c, ringside.CRMFieldNames, "https://ringside.example.com/calls/1")
		got := body(r, r.Fields)
		if crm.Length(got) > maxText || !utf8.ValidString(got) {
			t.Fatalf("%d units, valid %t", crm.Length(got), utf8.ValidString(got))
		}
		bare := strings.NewReplacer("<br>", "\n", "<b>", "", "</b>", "", `<a href="https://ringside.example.com/calls/1">`, "", "</a>", "").Replace(got)
		if strings.ContainsAny(bare, `<>"'`) {
			t.Errorf("not escaped: %q", got)
		}
		if r.Summary == "" {
			return
		}
		said, _, _ := strings.Cut(bare, "\n\nOutcome:")
		if said = html.UnescapeString(said); !strings.HasPrefix(r.Summary, said) && !strings.Contains(r.Summary, "\n\nOutcome:") {
			t.Errorf("%q became %q", r.Summary, said)
		}
	})
}
