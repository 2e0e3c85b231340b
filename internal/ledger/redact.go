package ledger

import (
	"bytes"
	"context"
	"fmt"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/redact"
	"github.com/ringsidehq/ringside/internal/store"
)

// redact hides personal data in an envelope before anything of it is stored,
// where its agent's settings say so.
func (l *Ledger) redact(ctx context.Context, e *Envelope) error {
	var call ringside.CallID
	if len(e.Events) > 0 {
		call = ringside.NewCallID(e.Workspace, e.Events[0].Provider, e.Events[0].ProviderCallID)
	} else if e.Body == nil {
		return nil
	}
	kinds, err := l.policy(ctx, e.Workspace, call, e.Events)
	if err != nil || len(kinds) == 0 {
		return err
	}
	if e.Body != nil {
		if e.stamped, err = l.recognised(ctx, dedupe(e, call)); err != nil {
			return err
		}
	}
	before, err := l.saidBefore(ctx, call, live(e.Events))
	if err != nil {
		return err
	}
	r := redact.New(redact.Config{
		Kinds: kinds, Pieces: live(e.Events), Before: before, Keep: kept(e.Events, &e.Context),
		Token: l.tokens(call, func(fn func(context.Context, store.Tx) error) error { return l.cfg.Store.Write(ctx, fn) }),
	})
	e.Events = append([]ringside.Event(nil), e.Events...) // the caller's stay as they are
	if err := r.Events(e.Events); err != nil {
		return err
	}
	if e.Body != nil {
		if e.Body, err = r.Body(e.Body); err != nil {
			return err
		}
	}
	if len(e.Context.Metadata) > 0 {
		if err := r.JSON(&e.Context.Metadata); err != nil {
			return err
		}
	}
	e.Reason, err = r.Text(e.Reason)
	return err
}

// recognised is what a redacted delivery is known by. The hash of what it was
// would give it away to who tries all numbers, so it is stamped; one that is kept
// by its hash from before goes by that.
func (l *Ledger) recognised(ctx context.Context, dedupe []byte) ([]byte, error) {
	var has bool
	err := l.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		has, err = store.HasDelivery(ctx, tx, dedupe)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look up delivery: %w", err)
	}
	if has {
		return dedupe, nil
	}
	return l.stamp(dedupe), nil
}

// A hash has as many bytes; a stamp of one has one more.
const hashSize = 16

func (l *Ledger) stamp(dedupe []byte) []byte {
	if len(dedupe) > hashSize {
		return dedupe // it is one
	}
	return append(l.cfg.Stamp("delivery", dedupe), 1)
}

// live tells whether events were told while the call was on, so that what is said
// in them may go on.
func live(events []ringside.Event) bool {
	for i := range events {
		if events[i].Authority == ringside.Live {
			return true
		}
	}
	return false
}

// enoughBefore is how many turns before it tell what a turn is an answer to.
const enoughBefore = 6

// saidBefore is what was said last in a call that is on, as it is stored: what
// comes next may answer it, or be the rest of a number.
func (l *Ledger) saidBefore(ctx context.Context, call ringside.CallID, live bool) (out []redact.Said, err error) {
	if !live || call.IsZero() {
		return nil, nil
	}
	var turns []ringside.Turn
	err = l.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		turns, err = store.LastTurns(ctx, tx, call, enoughBefore)
		return err
	})
	for i := range turns {
		out = append(out, redact.Said{Role: turns[i].Role, Text: turns[i].Text})
	}
	return out, err
}

// kept are the names in events: those of the call, its agent and its parties, and
// where recordings are.
func kept(events []ringside.Event, c *store.DeliveryContext) []string {
	out := []string{c.LinkedAgent, c.AgentName, c.CallID}
	for i := range events {
		e := &events[i]
		x := &e.Facts
		out = append(out, e.ProviderCallID, x.Key, x.From, x.To, x.CustomerID, x.LinkedAgent)
		if x.Agent != nil {
			out = append(out, x.Agent.SourceID, x.Agent.Name)
		}
		if x.Control != nil {
			out = append(out, x.Control.ListenURL, x.Control.ControlURL)
		}
		for _, r := range x.Recordings {
			out = append(out, r.URL, r.Via)
		}
	}
	return out
}

// RedactionMark is what a value that is hidden in a call is known by, given how
// the ledger stamps.
func RedactionMark(stamp func(string, []byte) []byte, call ringside.CallID, k ringside.RedactionKind, value string) []byte {
	return stamp("redaction", append(call[:], string(k)+"\x00"+value...))
}

// tokens numbers the values of a call, in transactions that write gives. Those of
// a delivery about no call all have the number 0.
func (l *Ledger) tokens(call ringside.CallID, write func(func(context.Context, store.Tx) error) error) func(ringside.RedactionKind, string) (string, error) {
	known := map[string]string{}
	return func(k ringside.RedactionKind, value string) (string, error) {
		name := string(k) + "\x00" + value
		if t, is := known[name]; is {
			return t, nil
		}
		n := 0
		if !call.IsZero() {
			mark := RedactionMark(l.cfg.Stamp, call, k, value)
			err := write(func(ctx context.Context, tx store.Tx) (err error) {
				n, err = store.RedactionNumber(ctx, tx, call, k, mark)
				return err
			})
			if err != nil {
				return "", err
			}
		}
		known[name] = fmt.Sprintf("[%s %d]", k, n)
		return known[name], nil
	}
}

// Partials hides personal data in words that are still being said, where the
// agent's settings say that nothing else may be shown.
func (l *Ledger) Partials(ctx context.Context, workspace string, call ringside.CallID, all []ringside.Partial) ([]ringside.Partial, error) {
	kinds, err := l.policy(ctx, workspace, call, nil)
	if err != nil || len(kinds) == 0 {
		return all, err
	}
	before, err := l.saidBefore(ctx, call, true)
	if err != nil {
		return nil, err
	}
	r := redact.New(redact.Config{
		Kinds: kinds, Pieces: true, Before: before,
		// What it is, its end will tell.
		Token: func(ringside.RedactionKind, string) (string, error) { return "[…]", nil },
	})
	out := append([]ringside.Partial(nil), all...)
	for i := range out {
		if out[i].Text, err = r.Answer(out[i].Role, out[i].Text); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Redact hides personal data in all that is stored of a call: its events, the
// bodies that they came in, and what was told of it. Nothing is news of the call,
// and nothing is enqueued. When there was nothing to hide it is a Duplicate; its
// call is nil when it was deleted.
func (l *Ledger) Redact(ctx context.Context, c *ringside.Call, kinds []ringside.RedactionKind) (Result, error) {
	if store.InWrite(ctx) {
		panic("ledger: Redact inside of a write transaction would wait for itself")
	}
	k := store.AppendKey{Workspace: c.WorkspaceID, Provider: c.Provider, ProviderCallID: c.ProviderCallID, Call: c.ID, Dedupe: []byte{}}
	it := &item{ctx: ctx, key: k, done: make(chan struct{})}
	it.alone = func() { it.result, it.err = l.rewrite(ctx, k, kinds) }
	return l.await(ctx, it)
}

// rewrite is done by the call's writer, as a refold is.
func (l *Ledger) rewrite(ctx context.Context, k store.AppendKey, kinds []ringside.RedactionKind) (result Result, err error) {
	err = l.anew(ctx, func(ctx context.Context, tx store.Tx, b *run, attempt int) (err error) {
		result, err = b.rewrite(ctx, tx, k, kinds, attempt)
		return err
	})
	if err == nil && result.Action == Updated {
		l.tell(&result)
	}
	return result, err
}

func (b *run) rewrite(ctx context.Context, tx store.Tx, k store.AppendKey, kinds []ringside.RedactionKind, attempt int) (Result, error) {
	priors, err := store.LoadPriors(ctx, tx, []store.AppendKey{k})
	if err != nil {
		return Result{}, err
	}
	prior := priors[0]
	result := Result{Action: Duplicate, CallID: k.Call, AgentID: prior.AgentID, Call: prior.Call}
	if prior.Call == nil {
		return result, nil
	}
	events, err := storedEvents(ctx, tx, prior.Call)
	if err != nil {
		return Result{}, err
	}
	r := redact.New(redact.Config{
		Kinds: kinds, Keep: kept(events, &store.DeliveryContext{}),
		Token: b.ledger.tokens(k.Call, func(fn func(context.Context, store.Tx) error) error { return fn(ctx, tx) }),
	})
	changed, err := hide(r, events)
	if err != nil {
		return Result{}, err
	}
	if err := store.RewriteDeliveries(ctx, tx, k.Call, r.Body, b.ledger.stamp); err != nil {
		return Result{}, err
	}
	if err := store.RewriteTold(ctx, tx, k.Call, r.Body); err != nil {
		return Result{}, err
	}
	if len(changed) == 0 {
		return result, nil
	}
	return b.replace(ctx, tx, &prior, events, changed, attempt)
}

// hide hides personal data in events, and gives the packed facts of those that
// it changed, by their places.
func hide(r *redact.Redactor, events []ringside.Event) (map[int][]byte, error) {
	before := make([][]byte, len(events))
	for i := range events {
		var err error
		if before[i], err = store.PackJSON(&events[i].Facts); err != nil {
			return nil, err
		}
	}
	if err := r.Events(events); err != nil {
		return nil, err
	}
	changed := map[int][]byte{}
	for i := range events {
		after, err := store.PackJSON(&events[i].Facts)
		if err != nil {
			return nil, err
		}
		if !bytes.Equal(before[i], after) {
			changed[i] = after
		}
	}
	return changed, nil
}
