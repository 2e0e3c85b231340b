package pipeline

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/deliver"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider/stream"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// listener is an agent whose webhook hears what happens in its calls.
func listener(t *testing.T, s *store.Store) *bench {
	t.Helper()
	b := newBench(t, s)
	b.desk(ringside.AgentSettings{WebhookURL: "https://hooks.example.com/x", WebhookEvents: []string{"message_received", "agent_speech", "error_occurred", "caller.authenticated"}}, ringside.AgentSecrets{})
	return b
}

// tells shows a teller what was committed and has it plan what is new.
func (b *bench) tells(t *Teller, c ledger.Commit) {
	b.t.Helper()
	t.Observe([]ledger.Commit{c})
	if !t.drain(b.t.Context()) {
		b.t.Fatal("what waits could not be told")
	}
}

// heard lists what was told of a call, first to last: the words of a turn, or
// the detail.
func (b *bench) heard(id ringside.CallID) (out []string) {
	b.t.Helper()
	must(b.t, b.store.Read(b.t.Context(), func(ctx context.Context, tx store.Tx) error {
		all, err := store.WebhooksOf(ctx, tx, id)
		for _, d := range all {
			var body struct {
				Data struct {
					Message struct{ Text string }
					Detail  string
				}
			}
			must(b.t, json.Unmarshal(d.Payload, &body))
			out = append(out, body.Data.Message.Text+body.Data.Detail)
		}
		return err
	}))
	return out
}

func (b *bench) wantHeard(when string, id ringside.CallID, want ...string) {
	b.t.Helper()
	if got := b.heard(id); !slices.Equal(got, want) {
		b.t.Errorf("%s: %q was told, want %q", when, got, want)
	}
}

// whole tells of the call of live events by a list: turns of the two sides in
// turn, the customer's first, 150 ms later than the pieces said.
func (b *bench) whole(authority ringside.Authority, phase ringside.Phase, texts ...string) ledger.Commit {
	b.t.Helper()
	now := time.Now().UTC()
	e := ringside.Event{Provider: stream.Calls, ProviderCallID: "live", Name: "list", Authority: authority, ReceivedAt: now, Facts: ringside.Facts{Phase: phase}}
	for i, text := range texts {
		role := []ringside.Role{ringside.RoleUser, ringside.RoleAgent}[i%2]
		e.Facts.Turns = append(e.Facts.Turns, ringside.Turn{Role: role, Text: text, StartMS: new(int64(i*1000 + 150))})
	}
	r, err := b.ledger.Append(b.t.Context(), ledger.Envelope{
		Workspace: workspace, Provider: stream.ID, Event: e.Name, ReceivedAt: now, Body: []byte(e.Name + strconv.Itoa(len(texts))), Events: []ringside.Event{e},
	})
	must(b.t, err)
	return ledger.Commit{Call: r.Call, AgentID: r.AgentID}
}

const begun = `{"id":"0","type":"started","agent":"desk","at":"2026-11-17T22:00:00Z"}`

// Turns and steps are told once each, in whichever order they come, and the
// report that takes their place tells only what is more.
func TestWhatComesLateIsToldOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := listener(t, s)
		teller := NewTeller(&b.cfg)
		b.tells(teller, b.live(begun+`{"id":"1","type":"turn","role":"user","text":"first","at":"2026-11-17T22:00:00Z"}`))
		b.tells(teller, b.live(`{"id":"3","type":"turn","role":"user","text":"third","at":"2026-11-17T22:00:02Z"}{"id":"5","type":"error","message":"late","at":"2026-11-17T22:00:03Z"}`))
		b.tells(teller, b.live(`{"id":"2","type":"turn","role":"agent","text":"second","at":"2026-11-17T22:00:01Z"}{"id":"4","type":"error","message":"early","at":"2026-11-17T22:00:01Z"}`))
		late := b.live(`{"id":"6","type":"auth","result":"success","method":"pin","at":"2026-11-17T22:00:04Z"}{"id":"7","type":"auth","result":"success","method":"voice","at":"2026-11-17T22:00:02Z"}`)
		b.tells(teller, late)
		want := []string{"first", "third", "agent: late", "second", "agent: early", "voice", "pin"}
		b.wantHeard("out of order", late.Call.ID, want...)

		again := NewTeller(&b.cfg)
		b.tells(again, late)
		b.wantHeard("after a new start", late.Call.ID, want...)
		b.tells(again, b.whole(ringside.Report, ringside.PhaseEnded, "First.", "Second.", "Third.", "Fourth."))
		b.wantHeard("after the report", late.Call.ID, append(want, "Fourth.")...)
	})
}

// Some vendors tell of single turns until they tell of the whole conversation
// each time. A process that begins in between does not tell it again.
func TestAListTakesThePlaceOfPieces(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := listener(t, s)
		teller := NewTeller(&b.cfg)
		b.tells(teller, b.live(begun+`{"id":"1","type":"turn","role":"user","text":"one"}`))
		b.tells(teller, b.whole(ringside.Live, ringside.PhaseActive, "one"))
		c := b.whole(ringside.Live, ringside.PhaseActive, "one", "two")
		b.tells(teller, c)
		b.wantHeard("list by list", c.Call.ID, "one", "two")
		again := NewTeller(&b.cfg)
		b.tells(again, c)
		b.wantHeard("after a new start", c.Call.ID, "one", "two")
		b.tells(again, b.whole(ringside.Live, ringside.PhaseActive, "one", "two", "three"))
		b.wantHeard("with one more", c.Call.ID, "one", "two", "three")
	})
}

// A call that was on while Ringside was upgraded has its turns and steps told
// by their places. They are known again by what they say.
func TestWhatWasToldByItsPlaceIsNotToldAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := listener(t, s)
		c := b.live(begun + `{"id":"1","type":"turn","role":"user","text":"yes"}{"id":"2","type":"turn","role":"user","text":"yes"}` +
			`{"id":"3","type":"error","message":"slow"}{"id":"4","type":"auth","result":"success","method":"pin"}`)
		b.write(func(ctx context.Context, tx store.Tx) error {
			for _, e := range []deliver.Event{
				{Name: "message_received", Key: "0", Turn: new(0)},
				{Name: "message_received", Key: "1", Turn: new(1)},
				{Name: "error_occurred", Key: "span0", Detail: "agent: slow"},
				{Name: "caller.authenticated", Key: "span0", Detail: "pin"},
			} {
				e.Call, e.At = c.Call, time.Now()
				if _, err := b.cfg.Webhooks.Plan(ctx, tx, e); err != nil {
					return err
				}
			}
			return nil
		})
		want := []string{"yes", "yes", "agent: slow", "pin"}
		teller := NewTeller(&b.cfg)
		b.tells(teller, c)
		b.wantHeard("after the upgrade", c.Call.ID, want...)
		b.tells(teller, b.live(`{"id":"5","type":"turn","role":"user","text":"yes"}{"id":"6","type":"error","message":"slow"}`))
		b.wantHeard("with the same words again", c.Call.ID, append(want, "yes", "agent: slow")...)
	})
}
