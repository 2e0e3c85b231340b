package deliver

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/golden"
)

func moment(s string) time.Time {
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return at
}

// exampleCall is a call about which everything is known.
func exampleCall() *ringside.Call {
	c := ringside.NewCall("ws_golden", "vapi", "7420f27a-30fd-4f49-a995-5549ae7cc00d")
	c.ShortID = c.ID.Short(ringside.ShortIDLen)
	c.Agent = &ringside.AgentRef{ID: "agent_2qkz", Name: "Front desk <Berlin>", SourceID: "asst_1"}
	c.Direction, c.Status, c.From, c.To = ringside.Inbound, ringside.StatusCompleted, "+4930111111", "+4930222222"
	c.StartedAt, c.EndedAt, c.DurationMS = new(moment("2026-11-20T09:00:00Z")), new(moment("2026-11-20T09:02:30.25Z")), new(int64(150250))
	c.EndedReason = "customer-ended-call"
	c.Outcome = ringside.Outcome{Success: new(true), EndedBy: ringside.EndedByCustomer, Explanation: "The customer hung up."}
	c.Turns = []ringside.Turn{{Index: 0, Role: ringside.RoleAgent, Text: "Hello, how can I help?"}, {Index: 1, Role: ringside.RoleUser, Text: "I'd like to move my appointment.", StartMS: new(int64(2100))}}
	c.Summary = &ringside.Summary{Overview: "The customer moved an appointment to Friday.", Method: ringside.MethodLocal}
	c.Sentiment = &ringside.Sentiment{Label: "positive"}
	c.Tags = []string{"appointment", "existing_customer"}
	c.Quality = &ringside.Quality{Score: new(86.5)}
	return c
}

func TestCallBodyGolden(t *testing.T) {
	t.Parallel()
	at := moment("2026-11-20T09:02:31.123456789Z")
	bare := ringside.NewCall("ws_golden", "custom", "a")
	bare.ShortID = bare.ID.Short(ringside.ShortIDLen)
	for _, e := range []Event{
		{Name: "call_ended", At: at, Call: exampleCall()},
		{Name: "call_started", At: at, Call: bare},
		{Name: "message_received", At: at, Call: exampleCall(), Turn: new(1), Key: "1"},
		{Name: "error_occurred", At: at, Call: exampleCall(), Detail: "The language model did not answer in time.", Turn: new(99)},
	} {
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			body, err := CallBody("msg_0123456789abcdef0123456789abcdef", e, "https://ringside.example.com")
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if err := json.Indent(&got, body, "", "  "); err != nil {
				t.Fatal(err)
			}
			got.WriteByte('\n')
			golden.Compare(t, filepath.Join("testdata", e.Name+".json"), got.Bytes())
		})
	}
}

// Whatever a vendor writes into a call, the body is JSON and stays small.
func TestBodiesStaySmall(t *testing.T) {
	t.Parallel()
	for _, piece := range []string{"a", "ü", "\x00", "\xff", "\"", "\\", "\u2028", "😀", "<>&"} {
		c := exampleCall()
		long := strings.Repeat(piece, 50_000)
		c.Provider, c.ProviderCallID, c.From, c.To, c.EndedReason = long, long, long, long, long
		c.Agent.Name, c.Outcome.Component, c.Outcome.Explanation = long, long, long
		c.Summary.Overview, c.Sentiment.Label, c.Turns[1].Text = long, long, long
		c.Tags = nil
		for range 100 {
			c.Tags = append(c.Tags, long)
		}
		body, err := CallBody("msg_x", Event{Name: "message_received", Call: c, Turn: new(1), Detail: long}, publicURL)
		if err != nil || len(body) >= maxBody || !json.Valid(body) {
			t.Errorf("of %q: %d bytes, %v", piece, len(body), err)
		}
	}
}

func TestMessageIDs(t *testing.T) {
	t.Parallel()
	c, other := exampleCall(), ringside.NewCall("ws_golden", "vapi", "other")
	seen := map[string]bool{}
	for _, e := range []Event{
		{Name: "call_ended", Call: c}, {Name: "call_started", Call: c}, {Name: "call_ended", Call: other}, {Name: "message_received", Call: c, Key: "1"}, {Name: "message_received", Call: c, Key: "2"},
	} {
		for _, target := range []string{"endpoint:a", "endpoint:b", "agent:a:webhook"} {
			seen[messageID(target, e)] = true
			e.At, e.Detail = time.Now(), "another time it may say something else"
			if id := messageID(target, e); !seen[id] || len(id) != 36 {
				t.Errorf("%s: %s", e.Name, id)
			}
		}
	}
	if len(seen) != 15 {
		t.Errorf("%d ids for 15 messages", len(seen))
	}
}
