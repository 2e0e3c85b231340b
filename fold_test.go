package ringside_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/bland"
	"github.com/ringsidehq/ringside/internal/provider/retell"
	"github.com/ringsidehq/ringside/internal/provider/vapi"
)

// sequences are real payloads about one call, in the order they are sent.
var sequences = map[string]struct {
	decode func(provider.Payload) ([]ringside.Event, error)
	files  []string
}{
	"vapi": {vapi.Decode, []string{
		"vapi/status-update.ringing.json", "vapi/status-update.in-progress.json", "vapi/speech-update.user.started.json",
		"vapi/transcript.final.json", "vapi/tool-calls.json", "vapi/conversation-update.json", "vapi/user-interrupted.json",
		"vapi/status-update.forwarding.json", "vapi/status-update.ended.json", "vapi/end-of-call-report.json",
	}},
	"retell": {retell.Decode, []string{
		"retell/call_started.json", "retell/transcript_updated.json", "retell/transcript_updated.final.json",
		"retell/call_ended.json", "retell/call_analyzed.json",
	}},
	"bland": {bland.Decode, []string{"bland/live-events.sequence.json", "bland/post-call.json", "bland/citations.event.json"}},
}

// events decodes a sequence and stamps it as the door and the ledger do.
func events(t *testing.T, name string) []ringside.Event {
	t.Helper()
	seq := sequences[name]
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	var all []ringside.Event
	for _, file := range seq.files {
		for _, body := range bodies(t, filepath.Join("testdata/payloads", file)) {
			at = at.Add(time.Second)
			es, err := seq.decode(provider.Payload{Body: body, ReceivedAt: at})
			if _, ignored := provider.IsIgnored(err); ignored {
				continue
			}
			if err != nil {
				t.Fatalf("decode %s: %v", file, err)
			}
			for i := range es {
				es[i].ID = file + "/" + strconv.Itoa(len(all)+i)
			}
			all = append(all, es...)
		}
	}
	return all
}

// bodies gives a file's deliveries: itself, or the items of its list.
func bodies(t *testing.T, path string) [][]byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var items []json.RawMessage
	if json.Unmarshal(b, &items) != nil {
		return [][]byte{b}
	}
	out := make([][]byte, len(items))
	for i := range items {
		out[i] = items[i]
	}
	return out
}

func newCall(e ringside.Event) *ringside.Call {
	return ringside.NewCall("ws", e.Provider, e.ProviderCallID)
}

func written(t interface{ Fatal(...any) }, c *ringside.Call) string {
	b, err := json.MarshalIndent(c, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// stored gives the call as it comes back from storage.
func stored(t *rapid.T, c *ringside.Call) *ringside.Call {
	b, err := json.Marshal(c.State())
	if err != nil {
		t.Fatal(err)
	}
	again, err := ringside.RestoreCall("ws", c.Provider, c.ProviderCallID, func(v any) error { return json.Unmarshal(b, v) })
	if err != nil {
		t.Fatal(err)
	}
	return again
}

// parts splits an event's facts over several events with the same stamp, as
// deliveries that tell the same in pieces would.
func parts(t *rapid.T, e ringside.Event) []ringside.Event {
	raw, err := json.Marshal(e.Facts)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		t.Fatal(err)
	}
	halves := [2]map[string]json.RawMessage{{}, {}}
	for k, v := range fields {
		halves[rapid.IntRange(0, 1).Draw(t, k)][k] = v
	}
	var out []ringside.Event
	for _, half := range halves {
		b, err := json.Marshal(half)
		if err != nil {
			t.Fatal(err)
		}
		p := e
		p.Facts = ringside.Facts{}
		if err := json.Unmarshal(b, &p.Facts); err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return out
}

// The fold is a confluence: events permuted, repeated, split and late, with
// the call stored and restored in between, give one and the same call.
func TestApplyIsAConfluence(t *testing.T) {
	for name := range sequences {
		t.Run(name, func(t *testing.T) {
			in := events(t, name)
			want := newCall(in[0])
			for _, e := range in {
				want.Apply(e)
			}
			wantText := written(t, want)
			rapid.Check(t, func(t *rapid.T) {
				var es []ringside.Event
				for _, e := range in {
					switch rapid.IntRange(0, 5).Draw(t, "what") {
					case 0:
						es = append(es, e, e)
					case 1:
						es = append(es, parts(t, e)...)
					default:
						es = append(es, e)
					}
				}
				es = rapid.Permutation(es).Draw(t, "order")
				c := newCall(in[0])
				for _, e := range es {
					c.Apply(e)
					if rapid.IntRange(0, 9).Draw(t, "store") == 0 {
						c = stored(t, c)
					}
				}
				if got := written(t, c); got != wantText {
					t.Fatalf("another order gives another call:\n%s\nwant:\n%s", got, wantText)
				}
			})
		})
	}
}

func report(at time.Time, id string, f ringside.Facts) ringside.Event {
	return ringside.Event{ID: id, Provider: "p", ProviderCallID: "1", Name: id, Authority: ringside.Report, At: at, ReceivedAt: at, Facts: f}
}

func TestLaterIsNotBetter(t *testing.T) {
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	c := ringside.NewCall("ws", "p", "1")
	end := report(at, "report", ringside.Facts{
		Phase: ringside.PhaseEnded, EndedReason: "customer-ended-call", End: &ringside.End{By: ringside.EndedByCustomer},
		Turns: []ringside.Turn{{Role: ringside.RoleAgent, Text: "Hello"}},
	})
	late := report(at.Add(time.Hour), "ringing", ringside.Facts{Phase: ringside.PhaseRinging, EndedReason: "unknown", Turns: []ringside.Turn{}})
	late.Authority = ringside.Live
	c.Apply(end)
	c.Apply(late)
	if c.Status != ringside.StatusCompleted || c.EndedReason != "customer-ended-call" || len(c.Turns) != 1 || c.LastEvent != "report" {
		t.Errorf("a late ringing changed the call: %s, %q, %d turns, %s", c.Status, c.EndedReason, len(c.Turns), c.LastEvent)
	}
}

// Who tells of a beginning twice while the call goes on does not move it, in
// whichever order it comes; a report corrects it, and a later one that.
func TestABeginningToldAgain(t *testing.T) {
	at := func(s int) time.Time { return time.Date(2026, 11, 20, 9, 0, s, 0, time.UTC) }
	begins := func(id string, by ringside.Authority, told int, x ringside.Facts) ringside.Event {
		return ringside.Event{ID: id, Authority: by, At: at(told), ReceivedAt: at(told), Facts: x}
	}
	live := []ringside.Event{
		begins("a", ringside.Live, 10, ringside.Facts{StartedAt: at(10), RingingAt: at(11)}),
		begins("b", ringside.Live, 20, ringside.Facts{AnsweredAt: at(20)}),
		begins("c", ringside.Live, 30, ringside.Facts{StartedAt: at(30), RingingAt: at(31), CreatedAt: at(29)}),
		begins("d", ringside.Live, 40, ringside.Facts{AnsweredAt: at(40), CreatedAt: at(28)}),
		begins("e", ringside.Live, 50, ringside.Facts{AnsweredAt: at(20)}),
	}
	reports := []ringside.Event{
		begins("x", ringside.Report, 60, ringside.Facts{AnsweredAt: at(25)}), begins("y", ringside.Report, 61, ringside.Facts{AnsweredAt: at(27)}),
	}
	for name, tc := range map[string]struct {
		events   []ringside.Event
		answered int
	}{"while it goes on": {live, 20}, "with reports": {append(slices.Clone(live), reports...), 27}} {
		t.Run(name, func(t *testing.T) {
			var want string
			rapid.Check(t, func(t *rapid.T) {
				c := ringside.NewCall("ws", "p", "1")
				for _, e := range rapid.Permutation(tc.events).Draw(t, "order") {
					c.Apply(e)
				}
				if !c.StartedAt.Equal(at(tc.answered)) || !c.AnsweredAt.Equal(at(tc.answered)) || !c.RingingAt.Equal(at(11)) || !c.CreatedAt.Equal(at(28)) {
					t.Fatalf("made %v, rang %v, answered %v, started %v", c.CreatedAt, c.RingingAt, c.AnsweredAt, c.StartedAt)
				}
				if got := written(t, c); want == "" {
					want = got
				} else if got != want {
					t.Fatalf("another order gives another call:\n%s\nwant:\n%s", got, want)
				}
			})
		})
	}
}

func TestReapedCallIsUnknownUntilSomethingIsHeard(t *testing.T) {
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	started := report(at, "started", ringside.Facts{Phase: ringside.PhaseActive, StartedAt: at})
	reaped := report(at.Add(3*time.Hour), "reaped", ringside.Facts{Reaped: true, Ours: true})
	reaped.Authority = ringside.Guess
	ended := report(at.Add(4*time.Hour), "ended", ringside.Facts{Phase: ringside.PhaseEnded, EndedAt: at.Add(time.Minute)})

	c := ringside.NewCall("ws", "p", "1")
	c.Apply(started)
	c.Apply(reaped)
	if c.Status != ringside.StatusUnknown || c.LastEvent != "started" || c.Outcome.Explanation == "" {
		t.Errorf("after the reaper: %s, last event %q, %q", c.Status, c.LastEvent, c.Outcome.Explanation)
	}
	c.Apply(ended)
	if c.Status != ringside.StatusCompleted || *c.DurationMS != 60_000 {
		t.Errorf("after a late end: %s, %v ms", c.Status, c.DurationMS)
	}
}

func TestToolErrorIsReadOutOfTheResult(t *testing.T) {
	for result, want := range map[string]string{
		`{"error":"no such slot"}`:             "no such slot",
		`{"error":{"message":"down"}}`:         "down",
		`{"error":false}`:                      "",
		`{"ok":false}`:                         "the result says ok: false",
		`{"success":false,"message":"denied"}`: "denied",
		`{"success":true}`:                     "",
		`plain text`:                           "",
	} {
		c := ringside.NewCall("ws", "p", "1")
		c.Apply(report(time.Now(), "e", ringside.Facts{ToolCalls: []ringside.ToolCall{{ID: "t", Name: "book", Result: provider.ParseText(result)}}}))
		if got := c.ToolCalls[0]; got.Error != want || want != "" && got.ErrorMethod != "local" {
			t.Errorf("%s: error %q by %q, want %q", result, got.Error, got.ErrorMethod, want)
		}
	}
}

func TestCallIDForms(t *testing.T) {
	id := ringside.NewCallID("ws", "vapi", "abc")
	for _, form := range []string{id.String(), id.UUID()} {
		if got, ok := ringside.ParseCallID(form); !ok || got != id {
			t.Errorf("%s does not read back", form)
		}
	}
	if id.UUID()[14] != '8' || !slices.Contains([]byte("89ab"), id.UUID()[19]) {
		t.Errorf("%s is no UUIDv8", id.UUID())
	}
	if id == ringside.NewCallID("ws", "vap", "iabc") {
		t.Error("the parts of an id run into one another")
	}
	for _, bad := range []string{"", "call_", "call_abc", id.UUID()[1:], id.Short(8)} {
		if _, ok := ringside.ParseCallID(bad); ok {
			t.Errorf("%q was read as an id", bad)
		}
	}
}

// A turn that comes late moves the others on, and none gets another name. In a
// list that came whole there are none.
func TestAPieceKeepsItsName(t *testing.T) {
	at := time.Date(2026, 11, 17, 22, 0, 0, 0, time.UTC)
	c := ringside.NewCall("ws", "custom", "c")
	say := func(id, key string, after time.Duration) {
		c.Apply(ringside.Event{ID: id, Authority: ringside.Live, At: at.Add(after), ReceivedAt: at, Facts: ringside.Facts{Key: key, Turn: &ringside.Turn{Text: id}, Span: &ringside.Span{Name: ringside.SpanError, Title: id}}})
	}
	say("d1/0", "k1", 0)
	say("d2/0", "", 2*time.Second)
	say("d3/0", "k3", time.Second)
	for i, want := range []string{"k1", "k3", "d2/0"} {
		if c.Turns[i].Piece != want || c.Turns[i].Index != i || c.Spans[i].Piece != want {
			t.Errorf("turn %+v and span %+v, want %s", c.Turns[i], c.Spans[i], want)
		}
	}
	c.Apply(report(at.Add(time.Minute), "d4/0", ringside.Facts{Turns: []ringside.Turn{{Text: "all"}}}))
	if len(c.Turns) != 1 || c.Turns[0].Piece != "" || c.Spans[0].Piece == "" {
		t.Errorf("with a list: %+v, %+v", c.Turns, c.Spans)
	}
}

// Many events at once cost what they are, not each what all before it are.
func TestManyEventsAtOnceAreFoldedOnce(t *testing.T) {
	at := time.Date(2026, 11, 17, 22, 0, 0, 0, time.UTC)
	perEvent := func(n int) float64 {
		events := make([]ringside.Event, n)
		for i := range events {
			key := strconv.Itoa(i)
			events[i] = ringside.Event{ID: key, Authority: ringside.Live, At: at.Add(time.Duration(i) * time.Second), ReceivedAt: at}
			if events[i].Facts.Key = key; i%3 == 0 {
				events[i].Facts.ToolCalls = []ringside.ToolCall{{ID: key, Name: "look"}}
			} else {
				events[i].Facts.Turn = &ringside.Turn{Text: key}
			}
		}
		events[0].Facts.StartedAt = at
		return testing.AllocsPerRun(3, func() { ringside.NewCall("ws", "custom", "c").Apply(events...) }) / float64(n)
	}
	if few, many := perEvent(100), perEvent(1600); many > 2*few {
		t.Errorf("%.1f allocations for each of 100 events, %.1f for each of 1,600", few, many)
	}
}

// A call is for the records as long as imports alone have told of it.
func TestImportedUntilAWebhookTellsOfIt(t *testing.T) {
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	imported := func(after time.Duration, id string) ringside.Event {
		return report(at.Add(after), id, ringside.Facts{Phase: ringside.PhaseEnded, Imported: true})
	}
	ours := report(at.Add(3*time.Hour), "ours", ringside.Facts{Ours: true})
	for _, n := range []struct {
		name   string
		events []ringside.Event
		want   bool
	}{
		{"one import", []ringside.Event{imported(0, "a")}, true},
		{"two", []ringside.Event{imported(time.Hour, "b"), imported(0, "a")}, true},
		{"and what we found out", []ringside.Event{imported(0, "a"), ours}, true},
		{"a webhook later", []ringside.Event{imported(0, "a"), report(at.Add(time.Hour), "w", ringside.Facts{})}, false},
		{"a webhook before", []ringside.Event{report(at.Add(-time.Hour), "w", ringside.Facts{}), imported(0, "a")}, false},
		{"a webhook alone", []ringside.Event{report(at, "w", ringside.Facts{})}, false},
	} {
		c := ringside.NewCall("ws", "p", "1")
		c.Apply(n.events...)
		if c.Imported != n.want {
			t.Errorf("%s: %t", n.name, c.Imported)
		}
	}
}
