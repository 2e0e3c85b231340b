package ledger

import (
	"context"
	"fmt"
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
	changed bool
	noted   []providerKey // providers that this transaction noted
}

// working is a call while a batch folds into it.
type working struct {
	call     *ringside.Call // nil while there is none
	ord, seq int64          // 0 while there is none
	agentID  string
	clash    bool // its short id would be another's too
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
		done, bad, err := store.ExecGroups(ctx, tx, groups)
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
	}
	priors, err := store.LoadPriors(ctx, tx, keys)
	if err != nil {
		return nil, err
	}
	if err := b.noteProviders(ctx, tx, items); err != nil {
		return nil, err
	}
	calls := map[ringside.CallID]*working{}
	seen := map[string]string{} // workspace and dedupe → delivery id
	plans := make([]plan, len(items))
	for i, it := range items {
		w := calls[it.key.Call]
		if w == nil {
			w = &working{priors[i].Call, priors[i].Ord, priors[i].Seq, priors[i].AgentID, priors[i].Clash}
			calls[it.key.Call] = w
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
	if prior.DeliveryID != "" || deleted && !it.env.Revive || own && w.call == nil {
		p.result.Action = Duplicate
		if prior.DeliveryID != "" {
			p.result.DeliveryID = prior.DeliveryID
		}
		p.result.Call = w.call
		if w.call != nil {
			p.result.ShortID = w.call.ShortID
		}
		return nil
	}
	seen[same] = it.delivery.ID
	if !own {
		insert, err := store.InsertDelivery(&it.delivery)
		if err != nil {
			return err
		}
		p.stmts = append(p.stmts, insert)
	}
	if len(it.env.Events) == 0 {
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

// planCall folds an item's events into its call.
func (b *run) planCall(ctx context.Context, tx store.Tx, it *item, w *working, p *plan) error {
	p.result.Action, p.writes = Updated, true
	ch := store.Change{Was: w.ord}
	wasEnded, wasOn := false, false
	c := w.call
	if c == nil {
		p.result.Action = Created
		c = ringside.NewCall(it.key.Workspace, it.key.Provider, it.key.ProviderCallID)
		c.ShortID = shortID(c.ID, w.clash)
	} else {
		ch.Before, wasEnded, wasOn = store.Entries(c), c.Ended(), c.Status == ringside.StatusActive
	}
	if w.seq == 0 {
		w.seq = store.NewSeq(time.Now())
	}
	told := false // whether something came that an analysis should see
	for i := range it.env.Events {
		e := &it.env.Events[i]
		p.stmts = append(p.stmts, store.InsertEvent(it.key.Workspace, w.seq, e, it.facts[i]))
		c.Apply(*e)
		told = told || e.Authority >= ringside.Report
	}
	ch.Whole = len(it.env.Events) == 1 && ch.Was == 0
	stmts, err := b.rows(ctx, tx, c, w, it.attempt, &ch)
	if err != nil {
		return err
	}
	p.stmts = append(p.stmts, stmts...)
	p.result.ShortID, p.result.AgentID, p.result.Call = c.ShortID, w.agentID, c
	p.begins = !wasOn && c.Status == ringside.StatusActive
	p.analyse = c.Ended() && (!wasEnded || told)
	return nil
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
	w.call, w.ord, w.agentID = c, ch.Ord, agent
	return store.WriteCall(ch)
}
