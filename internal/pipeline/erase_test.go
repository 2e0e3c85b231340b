package pipeline

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/flat"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// order keeps an order to erase.
func (b *bench) order(kind, value string) *river.Job[jobs.Erase] {
	b.t.Helper()
	now := time.Now().UTC()
	e := &store.Erasure{ID: ringside.NewID("erasure", now), Workspace: workspace, Kind: kind, Reason: "asked", By: "x", Status: store.ErasureWaiting, CreatedAt: now}
	e.Subject = b.cfg.Secrets.Seal(ErasureSubject(e.ID), []byte(value))
	must(b.t, b.store.Write(b.t.Context(), func(ctx context.Context, tx store.Tx) error { return store.InsertErasure(ctx, tx, e) }))
	return &river.Job[jobs.Erase]{JobRow: &rivertype.JobRow{Attempt: 1}, Args: jobs.Erase{WorkspaceID: workspace, ErasureID: e.ID}}
}

func (b *bench) erasure(job *river.Job[jobs.Erase]) (e *store.Erasure) {
	b.t.Helper()
	must(b.t, b.store.Read(b.t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
		e, err = store.ErasureByID(ctx, tx, workspace, job.Args.ErasureID)
		return err
	}))
	return e
}

// from takes in a call from a number.
func (b *bench) from(name, number, said string) ringside.CallID {
	b.t.Helper()
	return b.receive(0, fmt.Sprintf(`{"id":%q,"from_phone_number":%q,"endedReason":"x","messages":[{"role":"user","content":%q}]}`, name, number, said))
}

func (b *bench) has(id ringside.CallID) bool {
	b.t.Helper()
	var ord int64
	must(b.t, b.store.Read(b.t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
		ord, err = store.OrdOf(ctx, tx, id)
		return err
	}))
	return ord != 0
}

// A number is the same however it is written, an address wherever it stands;
// what only looks alike stays.
func TestAnErasureFindsThePerson(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		theirs := []ringside.CallID{
			b.from("plus", "+14155550142", ""), b.from("digits", "14155550142", ""), b.from("national", "(415) 555-0142", ""), b.from("dots", "+1 415.555.0142", ""),
		}
		others := []ringside.CallID{b.from("near", "+14155550143", ""), b.from("longer", "+441415555014", ""), b.from("none", "", "call +14155550142")}
		job := b.order(ErasePhone, "+1 (415) 555-0142")
		must(t, (&erase{cfg: b.cfg}).Work(t.Context(), job))
		e := b.erasure(job)
		if e.Status != store.ErasureDone || e.Removed.Calls != 4 || e.Subject != nil || e.FinishedAt == nil {
			t.Errorf("by phone: %+v", e)
		}
		for i, id := range theirs {
			if b.has(id) {
				t.Errorf("spelling %d is still there", i)
			}
		}
		for i, id := range others {
			if !b.has(id) {
				t.Errorf("another's call %d has gone", i)
			}
		}

		named := []ringside.CallID{b.from("said", "", "write to\nAnn@Example.com."), b.from("quoted", "", `it is "ann@example.com"`)}
		kept := []ringside.CallID{b.from("prefix", "", "joann@example.com"), b.from("suffix", "", "ann@example.community"), b.from("country", "", "ann@example.com.br")}
		job = b.order(EraseEmail, "ANN@example.com")
		must(t, (&erase{cfg: b.cfg}).Work(t.Context(), job))
		if b.has(named[0]) || b.has(named[1]) || !b.has(kept[0]) || !b.has(kept[1]) || !b.has(kept[2]) {
			t.Errorf("by e-mail: %+v", b.erasure(job).Removed)
		}
	})
}

// An address that is hidden in a call is found there all the same, said or written.
func TestAnErasureFindsAHiddenAddress(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		b.redacting("desk", ringside.RedactionStrict)
		said, _ := b.tell("said", timedTurn(0, ringside.RoleUser, 100, "It's ann dot lee at example dot com"))
		written, _ := b.tell("written", timedTurn(0, ringside.RoleUser, 100, "It's Ann.Lee@example.com"))
		other, _ := b.tell("other", timedTurn(0, ringside.RoleUser, 100, "It's ann@example.com"))
		if in := storetest.Holds(t, s, "ann dot lee", "Ann.Lee"); len(in) > 0 {
			t.Fatalf("stored in the clear: %v", in)
		}
		must(t, (&erase{cfg: b.cfg}).Work(t.Context(), b.order(EraseEmail, "ann.lee@example.com")))
		if b.has(said) || b.has(written) || !b.has(other) {
			t.Errorf("said %v, written %v, another's %v", b.has(said), b.has(written), b.has(other))
		}
	})
}

// Killed after the first chunk, an erasure goes on where it was and counts
// everything once.
func TestAnErasureGoesOnAfterACrash(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		for i := range 3 * eraseChunk {
			b.from(fmt.Sprint("call-", i), "+14155550142", "")
		}
		job := b.order(ErasePhone, "+14155550142")
		ctx, kill := context.WithCancel(t.Context())
		killed := b.cfg
		killed.Forget = func(string, ringside.CallID) { kill() }
		if err := (&erase{cfg: killed}).Work(ctx, job); !errors.Is(err, context.Canceled) {
			t.Fatalf("killed: %v", err)
		}
		if e := b.erasure(job); e.Removed.Calls != eraseChunk || e.Status != store.ErasureRunning || e.Subject == nil {
			t.Fatalf("after the first chunk: %+v", e)
		}
		must(t, (&erase{cfg: b.cfg}).Work(t.Context(), job))
		if e := b.erasure(job); e.Removed.Calls != 3*eraseChunk || e.Status != store.ErasureDone || b.count(`SELECT COUNT(*) FROM calls`) != 0 {
			t.Errorf("at the end: %+v", e)
		}
	})
}

// What waits for the database may be about the person: an erasure waits for it.
func TestAnErasureWaitsForTheSpool(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	id, waiting := b.from("a", "+14155550142", ""), 1
	b.cfg.Spooled = func() int { return waiting }
	job := b.order(ErasePhone, "+14155550142")
	err := (&erase{cfg: b.cfg}).Work(t.Context(), job)
	if _, snoozed := errors.AsType[*rivertype.JobSnoozeError](err); !snoozed || !b.has(id) {
		t.Fatalf("with a delivery in the spool: %v", err)
	}
	waiting = 0
	must(t, (&erase{cfg: b.cfg}).Work(t.Context(), job))
	if b.has(id) {
		t.Error("the call is still there")
	}
}

// Nobody brings an erased call back: not the vendor's retry, not a fresh
// submission. The inbox says why, and has no body.
func TestAnErasedCallStaysErased(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		id := b.from("a", "+14155550142", "")
		job := b.order(EraseCall, id.String())
		must(t, (&erase{cfg: b.cfg}).Work(t.Context(), job))
		for i, fresh := range []bool{false, true, true} {
			body := []byte(fmt.Sprintf(`{"id":"a","from_phone_number":"+14155550142","endedReason":"again %d"}`, i/2))
			at := time.Now().UTC()
			events, err := flat.Decode(provider.Payload{Body: body, ReceivedAt: at})
			must(t, err)
			r, err := b.ledger.Append(t.Context(), ledger.Envelope{Workspace: workspace, Provider: events[0].Provider, Event: "x", ReceivedAt: at, Body: body, Events: events, Revive: fresh})
			must(t, err)
			if r.Action != ledger.Duplicate || r.Call != nil || b.has(id) {
				t.Errorf("delivery %d was %s", i, r.Action)
			}
		}
		if n := b.count(`SELECT COUNT(*) FROM inbox WHERE state = 'ignored' AND size = 0 AND call_id IS NULL AND reason LIKE '%erased%'`); n != 2 || b.count(`SELECT COUNT(*) FROM events`) != 0 {
			t.Errorf("%d refused deliveries are noted, want 2: one came twice", n)
		}
	})
}

// What a call took no more, because it had too many events, is of the call all
// the same: it goes with it, and with its words, and nothing personal stays in it.
func TestWhatACallTookNoMoreIsItsOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		for name, remove := range map[string]func(id ringside.CallID) error{
			"erased": func(id ringside.CallID) error {
				return (&erase{cfg: b.cfg}).Work(t.Context(), b.order(EraseCall, id.String()))
			},
			"words dropped": func(id ringside.CallID) error {
				return s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
					return store.DropQuotes(ctx, tx, workspace, id, strings.ToLower)
				})
			},
			"redacted": func(id ringside.CallID) error {
				_, err := b.ledger.Redact(t.Context(), b.call(id), ringside.RedactionKinds)
				return err
			},
		} {
			id, at := b.from(name, "+14155550142", "Hello"), time.Now().UTC()
			must(t, s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
				q, err := store.InsertDelivery(&store.Delivery{
					ID: ringside.NewID("dlv", at), Workspace: workspace, Call: id, Provider: "acme", Dedupe: id[:], ReceivedAt: at,
					State: store.Ignored, Reason: "the call has enough events", Packed: store.Pack([]byte(`{"said":"write to ann@example.com"}`)),
				})
				if err == nil {
					_, err = tx.Exec(ctx, q.SQL, q.Args...)
				}
				return err
			}))
			must(t, remove(id))
			if in := tables(storetest.Holds(t, s, "ann@example.com")); len(in) > 0 {
				t.Errorf("%s: still there: %v", name, in)
			}
		}
	})
}

// A delivery that could not be read before its call was erased is read again:
// then it leaves nothing but why.
func TestWhatIsReadAfterAnErasureIsNotKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		id, at := b.from("a", "+14155550142", "Hello"), time.Now().UTC()
		body := []byte(`{"id":"a","messages":[{"role":"user","content":"My word is quixotrywombat"}]}`)
		odd, err := b.ledger.Append(t.Context(), ledger.Envelope{Workspace: workspace, Provider: "external", Event: "x", ReceivedAt: at, Body: body, State: store.Quarantined, Reason: "odd"})
		must(t, err)
		must(t, (&erase{cfg: b.cfg}).Work(t.Context(), b.order(EraseCall, id.String())))
		events, err := flat.Decode(provider.Payload{Body: body, ReceivedAt: at})
		must(t, err)
		if _, err := b.ledger.Refold(t.Context(), workspace, odd.DeliveryID, events); err != nil {
			t.Fatal(err)
		}
		if in := tables(storetest.Holds(t, s, "quixotrywombat")); len(in) > 0 || b.has(id) {
			t.Errorf("still there: %v", in)
		}
		if n := b.count(`SELECT COUNT(*) FROM inbox WHERE state = 'ignored' AND size = 0 AND reason LIKE '%erased%'`); n != 1 {
			t.Errorf("%d deliveries say why, want 1", n)
		}
	})
}

// What was read of a call before it was erased, and is worked on still, leaves
// nothing of it.
func TestWhatIsUnderWayLeavesNothingOfAnErasedCall(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		id := b.from("a", "+14155550142", "Hello")
		f, err := newDesk(&b.cfg).open(t.Context(), jobs.CallRef{WorkspaceID: workspace, CallID: id})
		must(t, err)
		f.call.Findings = append(f.call.Findings, ringside.Finding{Kind: ringside.FindingKnowledgeGap, Topic: "Where is the quixotrywombat?"})
		must(t, (&erase{cfg: b.cfg}).Work(t.Context(), b.order(EraseCall, id.String())))
		must(t, b.cfg.write(t.Context(), func(ctx context.Context, tx store.Tx) error { return b.cfg.finish(ctx, tx, f) }))
		must(t, (&syncCRM{cfg: b.cfg}).keep(t.Context(), f, &store.CRMSync{CRM: "custom", ContactID: "wombatquixotry"}))
		if in := tables(storetest.Holds(t, s, "quixotrywombat", "wombatquixotry")); len(in) > 0 {
			t.Errorf("left: %v", in)
		}
	})
}

// A question that an erased call asked first is put in the words of another.
func TestAnErasedCallsQuestionIsReworded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		first, second := b.from("a", "+14155550142", ""), b.from("b", "+14155550143", "")
		at := time.Now().UTC()
		must(t, s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
			if err := store.InsertGap(ctx, tx, workspace, &store.Gap{ID: "gap_1", Question: "Where does Ann park?", Words: "ann park", Status: "open", UpdatedAt: at}); err != nil {
				return err
			}
			if err := store.ReplaceCallGaps(ctx, tx, first, at, []store.AskedIn{{GapID: "gap_1", Question: "Where does Ann park?"}}); err != nil {
				return err
			}
			return store.ReplaceCallGaps(ctx, tx, second, at, []store.AskedIn{{GapID: "gap_1", Question: "Where to park?"}})
		}))
		must(t, (&erase{cfg: b.cfg}).Work(t.Context(), b.order(EraseCall, first.String())))
		must(t, s.Read(t.Context(), func(ctx context.Context, tx store.Tx) error {
			g, err := store.GapByID(ctx, tx, workspace, "gap_1")
			if err == nil && (g.Question != "Where to park?" || g.Words != "park") {
				t.Errorf("the question is %q, compared by %q", g.Question, g.Words)
			}
			return err
		}))
	})
}
