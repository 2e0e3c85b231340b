package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/audio"
	"github.com/ringsidehq/ringside/internal/blob"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// private is what the calls of these tests must not say in the end.
var private = []string{"4111 1111 1111 1111", "123-45-6789", "nine eight seven four five six two"}

// redacting makes an agent whose calls are redacted.
func (b *bench) redacting(source, mode string) {
	b.t.Helper()
	now := time.Now().UTC()
	a := &ringside.Agent{ID: ringside.NewID("agent", now), Name: source, SourceID: source, CreatedAt: now, UpdatedAt: now}
	a.Settings.RedactionMode = mode
	must(b.t, b.store.Write(b.t.Context(), func(ctx context.Context, tx store.Tx) error { return store.InsertAgent(ctx, tx, workspace, a, nil) }))
	b.ledger.AgentsChanged()
}

// words are those of a turn, each of 100 ms.
func timedTurn(index int, role ringside.Role, start int64, text string) ringside.Turn {
	t := ringside.Turn{Index: index, Role: role, Text: text, StartMS: &start}
	at := start
	for w := range strings.FieldsSeq(text) {
		t.Words = append(t.Words, ringside.Word{Text: w, StartMS: at, EndMS: at + 100})
		at += 100
	}
	t.EndMS = &at
	return t
}

// tell takes in the report of a call of the agent desk, of some turns.
func (b *bench) tell(name string, turns ...ringside.Turn) (ringside.CallID, ledger.Result) {
	b.t.Helper()
	at := time.Now().UTC().Add(-time.Minute).Truncate(time.Millisecond)
	body, err := json.Marshal(map[string]any{"call": name, "said": turns, "n": len(turns)})
	must(b.t, err)
	r, err := b.ledger.Append(b.t.Context(), ledger.Envelope{
		Workspace: workspace, Provider: "acme", ReceivedAt: at, Body: body,
		Events: []ringside.Event{{
			Provider: "acme", ProviderCallID: name, Name: "ended", Authority: ringside.Report, At: at, ReceivedAt: at,
			Facts: ringside.Facts{Phase: ringside.PhaseEnded, EndedAt: at, Turns: turns, Agent: &ringside.AgentFact{SourceID: "desk"}},
		}},
	})
	must(b.t, err)
	return r.CallID, r
}

func conversation() []ringside.Turn {
	return []ringside.Turn{
		timedTurn(0, ringside.RoleAgent, 500, "What is your card number?"),
		timedTurn(1, ringside.RoleUser, 1500, "It is 4111 1111 1111 1111 and my social is 123-45-6789"),
		timedTurn(2, ringside.RoleAgent, 3500, "Thanks, and the account?"),
		timedTurn(3, ringside.RoleUser, 4500, "nine eight seven four five six two"),
	}
}

// Analysed, a call says nothing personal, nor does anything that is stored of it:
// what it was received as, and what was told of it. Told again it is known, and
// folded again it stays as it is.
func TestACallIsRedactedOnceItHasEnded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		b.redacting("desk", ringside.RedactionAnalysis)
		id, first := b.tell("a", conversation()...)
		if got := b.call(id).Turns[1].Text; !strings.Contains(got, "4111") {
			t.Fatalf("before its analysis the turn is %q", got)
		}
		b.analyse(id)
		c := b.call(id)
		if got := c.Turns[1].Text; got != "It is [card 1] and my social is [ssn 1]" {
			t.Errorf("the turn is %q", got)
		}
		if x := c.Turns[1].Redacted; len(x) != 2 || x[0].Method != "words" || *x[0].StartMS != 1700 || *x[0].EndMS != 2100 {
			t.Errorf("hidden: %+v", x)
		}
		if st := c.Pipeline[0]; st.Step != ringside.StepRedaction || st.Reason != "Hidden: 1 card number or code, 1 social security number, 1 number that was read out." {
			t.Errorf("the first step is %+v", st)
		}
		found := 0
		for _, x := range c.Findings {
			if x.Kind == ringside.FindingSensitiveData {
				found++
			}
		}
		if found != 2 {
			t.Errorf("%d findings say that something was said in the clear, want 2: %+v", found, c.Findings)
		}
		if in := tables(storetest.Holds(t, s, private...)); len(in) > 0 {
			t.Errorf("stored in the clear: %v", in)
		}
		if _, again := b.tell("a", conversation()...); again.Action != ledger.Duplicate || again.DeliveryID != first.DeliveryID {
			t.Errorf("told again it is %s", again.Action)
		}
		b.tell("a", conversation()[:3]...) // late, and not redacted by who sends it
		if in := tables(storetest.Holds(t, s, private...)); len(in) > 0 {
			t.Errorf("stored in the clear by what came late: %v", in)
		}
	})
}

// tables leaves out what is in no row: a database's file holds for a while what
// rows said before.
func tables(found map[string]string) map[string]string {
	for value, where := range found {
		if strings.HasPrefix(where, "the file") {
			delete(found, value)
		}
	}
	return found
}

// A number of which each turn has a part is whole once the call has ended.
func TestANumberInPiecesIsHidden(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		b.redacting("desk", ringside.RedactionStrict)
		at := time.Now().UTC().Add(-time.Minute)
		for i, text := range []string{"it's 4111 1111", "okay", "1111", "1111"} {
			role := ringside.RoleUser
			if text == "okay" {
				role = ringside.RoleAgent
			}
			e := ringside.Event{
				Provider: "acme", ProviderCallID: "p", Name: "turn", Authority: ringside.Live, At: at.Add(time.Duration(i) * time.Second), ReceivedAt: at,
				Facts: ringside.Facts{Phase: ringside.PhaseActive, Agent: &ringside.AgentFact{SourceID: "desk"}, Turn: &ringside.Turn{Role: role, Text: text}},
			}
			_, err := b.ledger.Append(t.Context(), ledger.Envelope{Workspace: workspace, Provider: "acme", ReceivedAt: at, Body: fmt.Appendf(nil, `{"n":%d,"text":%q}`, i, text), Events: []ringside.Event{e}})
			must(t, err)
		}
		if in := storetest.Holds(t, s, `"1111"`, "4111 1111"); len(in) > 0 {
			t.Errorf("stored in the clear: %v", in)
		}
	})
}

// The same words are silent in the recording that is kept, on the channel of who
// said them, whichever came first.
func TestWhatIsHiddenIsMuted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, mode := range []string{ringside.RedactionStrict, ringside.RedactionAnalysis} {
			b := newBench(t, s)
			files := keeping(t, b)
			b.redacting("desk", mode)
			turns := conversation()
			id, _ := b.tell("late-"+mode, turns[0])
			must(t, files.Keep(t.Context(), id, strings.NewReader(string(sound()))))
			b.analyse(id)
			if _, err := b.tryRecording(id, 0); err != nil {
				t.Fatal(err)
			}
			heard := b.call(id).Kept
			b.tell("late-"+mode, turns...)
			b.analyse(id)
			if st := b.stepOf(id); st.Status != ringside.StepWaiting {
				t.Fatalf("with what is hidden the recording is %s", st.Status)
			}
			if _, err := b.tryRecording(id, 0); err != nil {
				t.Fatal(err)
			}
			c := b.call(id)
			if c.Kept.SHA256 == heard.SHA256 || c.Kept.Redacted != 3 || c.Kept.Original != heard.SHA256 {
				t.Errorf("kept %+v, was %+v", c.Kept, heard)
			}
			var report audio.Report
			must(t, s.Read(t.Context(), func(ctx context.Context, tx store.Tx) error { return store.Sound(ctx, tx, id, &report) }))
			if len(report.Redactions) != 3 || report.Redactions[0].StartMS != 1550 || report.Redactions[0].EndMS != 2250 {
				t.Fatalf("muted: %+v", report.Redactions)
			}
			wantSilent(t, files, id, report.Redactions)
			b.analyse(id)
			if next := b.stepOf(id); next.Status != ringside.StepDone {
				t.Errorf("muted, the recording is %s", next.Status)
			}
			cleanAgent(t, s)
		}
	})
}

// A call that names no agent may be a strict one's: what is hidden in it is muted.
func TestWhatIsHiddenInNobodysCallIsMuted(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	files := keeping(t, b)
	b.redacting("desk", ringside.RedactionStrict)
	at := time.Now().UTC().Add(-time.Minute).Truncate(time.Millisecond)
	r, err := b.ledger.Append(t.Context(), ledger.Envelope{
		Workspace: workspace, Provider: "acme", ReceivedAt: at, Body: []byte(`{}`),
		Events: []ringside.Event{{
			Provider: "acme", ProviderCallID: "nobody", Name: "ended", Authority: ringside.Report, At: at, ReceivedAt: at,
			Facts: ringside.Facts{Phase: ringside.PhaseEnded, EndedAt: at, Turns: conversation()},
		}},
	})
	must(t, err)
	must(t, files.Keep(t.Context(), r.CallID, strings.NewReader(string(sound()))))
	if _, err := b.tryRecording(r.CallID, 0); err != nil {
		t.Fatal(err)
	}
	if k := b.call(r.CallID).Kept; k == nil || k.Redacted != 3 {
		t.Fatalf("kept: %+v", k)
	}
	var report audio.Report
	must(t, b.store.Read(t.Context(), func(ctx context.Context, tx store.Tx) error { return store.Sound(ctx, tx, r.CallID, &report) }))
	wantSilent(t, files, r.CallID, report.Redactions)
}

// A transcript that comes later may know better when something was said: then it
// is silent there.
func TestWhatIsHiddenIsMutedWhereItWasSaid(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	files := keeping(t, b)
	b.redacting("desk", ringside.RedactionStrict)
	said := "It is 4111 1111 1111 1111, thanks"
	id, _ := b.tell("moved", timedTurn(0, ringside.RoleUser, 1000, said), timedTurn(1, ringside.RoleAgent, 5000, "Good. 0"))
	must(t, files.Keep(t.Context(), id, strings.NewReader(string(sound()))))
	for i, start := range []int64{1000, 1000, 2500} {
		if i > 0 {
			b.tell("moved", timedTurn(0, ringside.RoleUser, start, said), timedTurn(1, ringside.RoleAgent, 5000, fmt.Sprint("Good. ", i)))
			b.analyse(id)
			if want := map[bool]ringside.StepStatus{true: ringside.StepWaiting, false: ringside.StepDone}[start != 1000]; b.stepOf(id).Status != want {
				t.Fatalf("after report %d the recording is %+v", i, b.stepOf(id))
			}
		}
		if _, err := b.tryRecording(id, 0); err != nil {
			t.Fatal(err)
		}
		var report audio.Report
		must(t, b.store.Read(t.Context(), func(ctx context.Context, tx store.Tx) error { return store.Sound(ctx, tx, id, &report) }))
		if len(report.Redactions) != 1 || report.Redactions[0].StartMS != start+200-wordMargin {
			t.Fatalf("after report %d muted: %+v", i, report.Redactions)
		}
		wantSilent(t, files, id, report.Redactions)
	}
}

// cleanAgent removes the agent desk, for the next mode.
func cleanAgent(t *testing.T, s *store.Store) {
	t.Helper()
	must(t, s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
		id, _, err := store.AgentBySource(ctx, tx, workspace, "desk")
		if err != nil {
			return err
		}
		return store.DeleteAgent(ctx, tx, workspace, id)
	}))
}

// wantSilent fails where a sample that is to be muted is not zero, and where all
// of them are.
func wantSilent(t *testing.T, files *blob.Store, id ringside.CallID, where []audio.Redaction) {
	t.Helper()
	sound, _, err := files.Open(id)
	must(t, err)
	defer sound.Close()
	at, loud := int64(0), 0
	must(t, audio.Decode(t.Context(), sound, func(f audio.Format, block []float32) error {
		for i, v := range block {
			ms, channel := 1000*at/int64(f.Rate), i%f.Channels
			if channel == f.Channels-1 {
				at++
			}
			if v == 0 {
				continue
			}
			loud++
			for _, r := range where {
				if ms >= r.StartMS && ms < r.EndMS && (r.Channel == nil || *r.Channel == channel) {
					t.Fatalf("at %d ms channel %d is %v", ms, channel, v)
				}
			}
		}
		return nil
	}))
	if loud == 0 {
		t.Error("nothing is left to hear")
	}
}

// A recording in which nobody knows where to mute is not kept of a strict agent's
// call.
func TestARecordingThatCantBeMutedIsNotKept(t *testing.T) {
	for _, tc := range []struct {
		mode string
		want ringside.StepStatus
		kept bool
	}{{ringside.RedactionStrict, ringside.StepFailed, false}, {ringside.RedactionAnalysis, ringside.StepDone, true}} {
		b := newBench(t, storetest.SQLite(t))
		files := keeping(t, b)
		b.redacting("desk", tc.mode)
		id, _ := b.tell("untimed", ringside.Turn{Role: ringside.RoleUser, Text: "It's 4111 1111 1111 1111"})
		must(t, files.Keep(t.Context(), id, strings.NewReader(string(sound()))))
		b.analyse(id)
		if _, err := b.tryRecording(id, 0); err != nil {
			t.Fatal(err)
		}
		if st := b.stepOf(id); st.Status != tc.want || !strings.Contains(st.Reason, "can't be muted") || files.Has(id) != tc.kept || (b.call(id).Kept != nil) != tc.kept {
			t.Errorf("%s: the step is %+v, kept %v", tc.mode, st, files.Has(id))
		}
	}
}
