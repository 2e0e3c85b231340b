package ledger

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
)

// believePolicies is how long policies are believed on PostgreSQL, where other
// processes change them too. On SQLite they hold until they change.
const believePolicies = 2 * time.Second

// policies remembers in which agents' calls something is hidden.
type policies struct {
	mu      sync.Mutex
	known   map[string]map[string]ringside.RedactionSettings // by workspace and agent; guarded by mu
	at      time.Time                                        // when they were read; zero: they were not. Guarded by mu
	changes int                                              // guarded by mu
}

func (p *policies) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at = time.Time{}
	p.changes++
}

// of gives the policies of a workspace, by agent.
func (p *policies) of(ctx context.Context, s *store.Store, workspace string) (map[string]ringside.RedactionSettings, error) {
	p.mu.Lock()
	known, changes := p.known, p.changes
	fresh := !p.at.IsZero() && (s.Engine == store.SQLite || time.Since(p.at) < believePolicies)
	p.mu.Unlock()
	if fresh {
		return known[workspace], nil
	}
	at := time.Now()
	var rows []store.RedactionPolicy
	err := s.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		rows, err = store.RedactionPolicies(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	known = map[string]map[string]ringside.RedactionSettings{}
	for _, r := range rows {
		if known[r.Workspace] == nil {
			known[r.Workspace] = map[string]ringside.RedactionSettings{}
		}
		known[r.Workspace][r.Agent] = r.Settings
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.changes == changes {
		p.known, p.at = known, at
	}
	return known[workspace], nil
}

// Policy says what is to be hidden at once in events about a call: those of an
// agent whose calls are redacted before they are stored, and what comes of a call
// that has been redacted already. nil: nothing is.
//
// What tells of no agent, in a workspace with strict ones, may be of any of them:
// everything is hidden that one of them hides.
func (l *Ledger) policy(ctx context.Context, workspace string, call ringside.CallID, events []ringside.Event) ([]ringside.RedactionKind, error) {
	all, err := l.hidden.of(ctx, l.cfg.Store, workspace)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	source := sourceOf(events)
	var agent, named string
	var on, known bool
	err = l.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if !call.IsZero() {
			if agent, on, known, err = store.CallAgent(ctx, tx, call); err != nil {
				return err
			}
		}
		if source == "" {
			return nil
		}
		named, _, err = store.AgentBySource(ctx, tx, workspace, clip(source))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look up what is to be hidden: %w", err)
	}
	if agent == "" && source == "" {
		return strictest(all), nil
	}
	// The call may stay the agent's that it has, whoever is named now.
	return hiddenBy(func(k ringside.RedactionKind) bool {
		return slices.ContainsFunc([]string{agent, named}, func(a string) bool {
			s, set := all[a]
			return set && (s.RedactionMode == ringside.RedactionStrict || known && !on) && slices.Contains(s.Hidden(), k)
		})
	}), nil
}

// sourceOf is the agent that events name, as they fold; empty when none does.
func sourceOf(events []ringside.Event) string {
	if len(events) == 0 {
		return ""
	}
	c := ringside.NewCall("", events[0].Provider, events[0].ProviderCallID)
	for i := range events {
		x := &events[i].Facts
		if x.Agent == nil && x.LinkedAgent == "" {
			continue
		}
		e := events[i]
		e.Facts = ringside.Facts{Agent: x.Agent, LinkedAgent: x.LinkedAgent}
		c.Apply(e)
	}
	source, _ := c.AgentSource()
	return source
}

func strictest(all map[string]ringside.RedactionSettings) []ringside.RedactionKind {
	return hiddenBy(func(k ringside.RedactionKind) bool {
		for _, s := range all {
			if s.RedactionMode == ringside.RedactionStrict && slices.Contains(s.Hidden(), k) {
				return true
			}
		}
		return false
	})
}

// hiddenBy are the kinds that something hides.
func hiddenBy(hides func(ringside.RedactionKind) bool) (kinds []ringside.RedactionKind) {
	for _, k := range ringside.RedactionKinds {
		if hides(k) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// passing stamps by a key of this process.
func passing() func(string, []byte) []byte {
	key := []byte(rand.Text())
	return func(purpose string, value []byte) []byte {
		h := hmac.New(sha256.New, key)
		h.Write([]byte(purpose + "\x00"))
		h.Write(value)
		return h.Sum(nil)[:16]
	}
}
