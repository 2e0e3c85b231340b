package ledger

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/store"
)

// run is one transaction of a writer.
type run struct {
	ledger  *Ledger
	items   []*item
	found   map[agentKey]agentRef // agents that this transaction looked up or made
	begun   []jobs.CallRef        // calls that are on, and were not before
	ended   []jobs.CallRef        // calls to analyse
	calls   map[ringside.CallID]*working
	open    *openCalls
	tried   bool
	changed bool
	noted   []providerKey // providers that this transaction noted
}

// shortID is a new call's short id. A clash of two calls that are made in the
// same moment goes unseen: one in 2^40 for each pair.
func shortID(id ringside.CallID, clash bool) string {
	if clash {
		return id.Short(ringside.LongShortIDLen)
	}
	return id.Short(ringside.ShortIDLen)
}

// maxAttempts bounds the search for unique values: each attempt takes other
// bits of the ord and another number.
const maxAttempts = 8

// write folds and writes the items. When one fails, those before it stay and
// those after it are folded again, on what then stands.
func (b *run) write(ctx context.Context, tx store.Tx) error {
	b.found, b.begun, b.ended, b.changed, b.noted = map[agentKey]agentRef{}, nil, nil, false, nil
	if b.tried {
		b.open.drop(b.items)
	}
	defer func() { b.tried = true }()
	for _, it := range b.items {
		it.result, it.err, it.attempt = Result{}, nil, 0
	}
	rest := b.items
	for len(rest) > 0 {
		plans, err := b.plan(ctx, tx, rest)
		if err != nil {
			return err
		}
		groups := make([][]store.Stmt, len(plans))
		for i := range plans {
			groups[i] = plans[i].stmts
		}
		done, bad, err := store.ExecGroups(ctx, tx, groups, !b.tried)
		if err != nil {
			return err
		}
		for i := range plans[:done] {
			b.accept(rest[i], &plans[i])
		}
		rest = rest[done:]
		if bad == nil {
			break
		}
		b.open.drop(b.items)
		if rest[0].attempt++; !store.Conflict(bad) || rest[0].attempt > maxAttempts {
			rest[0].err = fmt.Errorf("store delivery: %w", bad)
			rest = rest[1:]
		}
	}
	return b.ledger.cfg.Jobs.Enqueue(ctx, tx, append(jobs.Start(b.begun), jobs.Analyse(b.ended)...))
}

func (b *run) accept(it *item, p *plan) {
	it.result = p.result
	b.changed = b.changed || p.writes
	ref := jobs.CallRef{WorkspaceID: it.key.Workspace, CallID: it.key.Call}
	if p.begins {
		b.begun = append(b.begun, ref)
	}
	if p.analyse {
		b.ended = append(b.ended, ref)
	}
}

// commits gives each call that the batch changed, as it left it.
func (b *run) commits() []Commit {
	last := make(map[ringside.CallID]int, len(b.items))
	out := make([]Commit, 0, len(b.items))
	for _, it := range b.items {
		r := &it.result
		if it.err != nil || r.Call == nil || r.Action != Created && r.Action != Updated {
			continue
		}
		at, again := last[r.CallID]
		if !again {
			at = len(out)
			out, last[r.CallID] = append(out, Commit{}), at
		}
		out[at] = Commit{Call: r.Call, AgentID: r.AgentID, Version: r.version}
	}
	return out
}

// plan is what one item will do.
type plan struct {
	result  Result
	stmts   []store.Stmt
	begins  bool
	analyse bool
	writes  bool
}

// plan looks everything up and folds the items in order. Items about the same
// call fold one on another.
func (b *run) plan(ctx context.Context, tx store.Tx, items []*item) ([]plan, error) {
	keys := make([]store.AppendKey, len(items))
	for i, it := range items {
		keys[i] = it.key
		if w := b.open.get(it.key.Call); w != nil {
			keys[i].Seq, keys[i].Events = w.seq, w.events
		}
	}
	priors, err := store.LoadPriors(ctx, tx, keys)
	if err != nil {
		return nil, err
	}
	if err := b.noteProviders(ctx, tx, items); err != nil {
		return nil, err
	}
	b.calls = map[ringside.CallID]*working{}
	seen := map[string]string{} // workspace and dedupe → delivery id
	plans := make([]plan, len(items))
	for i, it := range items {
		w := b.calls[it.key.Call]
		if w == nil {
			if w = newWorking(&priors[i]); priors[i].Current {
				w = b.open.get(it.key.Call)
			}
			b.calls[it.key.Call] = w
		}
		if err := b.planItem(ctx, tx, it, &priors[i], w, seen, &plans[i]); err != nil {
			return nil, err
		}
	}
	return plans, nil
}

func (b *run) planItem(ctx context.Context, tx store.Tx, it *item, prior *store.Prior, w *working, seen map[string]string, p *plan) error {
	p.result = Result{DeliveryID: it.delivery.ID, CallID: it.key.Call, AgentID: w.agentID}
	own := it.env.Body == nil
	same := it.key.Workspace + "\x00" + string(it.key.Dedupe)
	if prior.DeliveryID == "" && !own {
		prior.DeliveryID = seen[same]
	}
	deleted := prior.Deleted && w.call == nil
	if err := remember(ctx, tx, w, it.env.Events); err != nil {
		return err
	}
	if deleted && prior.Erased && prior.DeliveryID == "" && !own {
		seen[same] = it.delivery.ID
		return p.refuse(it)
	}
	if prior.DeliveryID != "" || deleted && !it.env.Revive || own && w.call == nil || w.hasAll(it.env.Events) {
		p.result.Action = Duplicate
		if prior.DeliveryID != "" {
			p.result.DeliveryID = prior.DeliveryID
		}
		p.result.Known = len(it.env.Events)
		if w.call != nil {
			p.result.Call, p.result.ShortID = w.call.Snapshot(), w.call.ShortID
		}
		return nil
	}
	seen[same] = it.delivery.ID
	full := w.full(it.env.Events, b.ledger.cfg.MaxEvents)
	if full {
		p.result.Reason = fmt.Sprintf("the call has %d events already; only its end is taken in", w.events)
		it.delivery.State, it.delivery.Reason = store.Ignored, p.result.Reason
	}
	if !own {
		insert, err := store.InsertDelivery(&it.delivery)
		if err != nil {
			return err
		}
		p.stmts = append(p.stmts, insert)
	}
	if len(it.env.Events) == 0 || full {
		p.result.Action = Ignored
		if it.env.State == store.Quarantined {
			p.result.Action = Quarantined
		}
		return nil
	}
	if deleted {
		p.stmts = append(p.stmts, store.Stmt{SQL: `DELETE FROM tombstones WHERE hash = $1`, Args: []any{store.Tombstone(it.key.Call)}})
	}
	return b.planCall(ctx, tx, it, w, p)
}

// refuse notes that a delivery came about an erased call, and drops what it
// says.
func (p *plan) refuse(it *item) error {
	bare := store.Delivery{
		ID: it.delivery.ID, Workspace: it.delivery.Workspace, Provider: it.delivery.Provider, SourceID: it.delivery.SourceID, Dedupe: it.delivery.Dedupe,
		ReceivedAt: it.delivery.ReceivedAt, Event: it.delivery.Event, State: store.Ignored, Reason: erasedReason, Packed: store.Pack(nil),
	}
	insert, err := store.InsertDelivery(&bare)
	p.stmts, p.result.Action, p.result.Known = append(p.stmts, insert), Duplicate, len(it.env.Events)
	return err
}

// erasedReason is why a delivery stands in the inbox without its body.
const erasedReason = "its call was erased: what it says is not kept"

// remember looks up what the events of a call that has ended are known by, when
// more come that have names.
func remember(ctx context.Context, tx store.Tx, w *working, events []ringside.Event) error {
	if w.names != nil || !slices.ContainsFunc(events, func(e ringside.Event) bool { return e.Facts.Key != "" }) {
		return nil
	}
	names, err := store.EventNames(ctx, tx, w.seq)
	if err == nil {
		w.learn(names)
	}
	return err
}

// planCall folds an item's events into its call. Of a call that is on, the row
// is written only when something in it matters or it is old: the events are the
// call.
func (b *run) planCall(ctx context.Context, tx store.Tx, it *item, w *working, p *plan) error {
	p.result.Action, p.writes = Updated, true
	ch := store.Change{Was: w.ord, Before: w.entries}
	var before row
	wasEnded, wasOn := false, false
	c := w.call
	if c == nil {
		p.result.Action = Created
		c = ringside.NewCall(it.key.Workspace, it.key.Provider, it.key.ProviderCallID)
		c.ShortID = shortID(c.ID, w.clash)
	} else {
		before, wasEnded, wasOn = rowOf(c), c.Ended(), c.Status == ringside.StatusActive
	}
	if w.seq == 0 {
		w.seq = store.NewSeq(time.Now())
	}
	told := b.fold(it, c, w, p) // whether something came that an analysis should see
	p.begins = !wasOn && c.Status == ringside.StatusActive
	p.analyse = c.Ended() && (!wasEnded || told)
	now := store.Entries(c)
	same := w.ord != 0 && !c.Ended() && before == rowOf(c) && slices.Equal(w.entries, now)
	w.call = c
	if !same || time.Since(w.saved) >= saveEvery {
		ch.Quiet = same && time.Since(w.shown) < showEvery
		ch.Whole = !c.Ended() || len(it.env.Events) == 1 && ch.Was == 0
		stmts, err := b.rows(ctx, tx, c, w, it.attempt, &ch)
		if err != nil {
			return err
		}
		p.stmts = append(p.stmts, stmts...)
		if w.saved, w.entries = time.Now(), now; !ch.Quiet {
			w.shown = w.saved
		}
	}
	p.result.ShortID, p.result.AgentID, p.result.Call = c.ShortID, w.agentID, c
	p.result.version = store.Version{Seq: w.seq, Events: w.events}
	if !c.Ended() {
		p.result.Call = c.Snapshot()
	}
	return nil
}

// fold applies the events that the call does not have yet.
func (b *run) fold(it *item, c *ringside.Call, w *working, p *plan) (told bool) {
	fresh := make([]ringside.Event, 0, len(it.env.Events))
	for i := range it.env.Events {
		e := &it.env.Events[i]
		if w.has(e) {
			p.result.Known++
			continue
		}
		w.note(e)
		p.stmts = append(p.stmts, store.InsertEvent(it.key.Workspace, w.seq, e, it.facts[i]))
		fresh = append(fresh, *e)
		told = told || e.Authority >= ringside.Report
	}
	c.Apply(fresh...)
	return told
}

// rows resolves the agent and the place of a folded call and gives the
// statements that write it.
func (b *run) rows(ctx context.Context, tx store.Tx, c *ringside.Call, w *working, attempt int, ch *store.Change) ([]store.Stmt, error) {
	agent, err := b.agent(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	ch.Call, ch.AgentID, ch.Ord, ch.Seq = c, agent, w.ord, w.seq
	if w.ord == 0 || !store.SameMoment(c, w.ord) {
		ch.Ord = store.Ord(c, attempt)
	}
	w.ord, w.agentID = ch.Ord, agent
	return store.WriteCall(ch)
}
