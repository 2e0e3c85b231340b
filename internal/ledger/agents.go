package ledger

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
)

type agentKey struct{ workspace, source string }

type agentRef struct{ id, name string }

// agentCache remembers which agent a source id means. Only one process writes
// to SQLite, and it is told of every change; on PostgreSQL others write too,
// so nothing is remembered there.
type agentCache struct {
	on bool

	mu    sync.Mutex
	known map[agentKey]agentRef // guarded by mu
}

func newAgentCache(e store.Engine) agentCache {
	return agentCache{on: e == store.SQLite, known: map[agentKey]agentRef{}}
}

const maxCachedAgents = 10_000

func (c *agentCache) get(k agentKey) (agentRef, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r, ok := c.known[k]
	return r, ok
}

func (c *agentCache) learn(found map[agentKey]agentRef) {
	if !c.on || len(found) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.known) > maxCachedAgents {
		clear(c.known)
	}
	maps.Copy(c.known, found)
}

func (c *agentCache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.known)
}

// AgentsChanged must be called after agents were made, renamed, merged or
// deleted by anybody but the ledger.
func (l *Ledger) AgentsChanged() { l.agents.forget() }

// agent finds the agent of a call, or makes it when the call is the first to
// name it. A call that names none has none.
func (b *run) agent(ctx context.Context, tx store.Tx, c *ringside.Call) (string, error) {
	source, name := c.AgentSource()
	if source == "" {
		return "", nil
	}
	k := agentKey{c.WorkspaceID, source}
	ref, ok := b.found[k]
	if !ok {
		ref, ok = b.ledger.agents.get(k)
	}
	if !ok {
		var err error
		if ref, err = findAgent(ctx, tx, k, cmp.Or(name, source), c.Provider); err != nil {
			return "", err
		}
		b.found[k] = ref
	}
	c.Agent.ID, c.Agent.Name = ref.id, ref.name
	return ref.id, nil
}

func findAgent(ctx context.Context, tx store.Tx, k agentKey, name, provider string) (agentRef, error) {
	id, found, err := store.AgentBySource(ctx, tx, k.workspace, k.source)
	if err != nil {
		return agentRef{}, fmt.Errorf("look up agent: %w", err)
	}
	if id != "" {
		return agentRef{id, found}, nil
	}
	now := time.Now().UTC()
	a := &ringside.Agent{
		ID: ringside.NewID("agent", now), Name: name, SourceID: k.source, Provider: provider,
		Discovered: true, CreatedAt: now, UpdatedAt: now,
	}
	if err := store.InsertAgent(ctx, tx, k.workspace, a, nil); err != nil {
		return agentRef{}, fmt.Errorf("discover agent: %w", err)
	}
	// Another process may have discovered it in the same moment: whoever came
	// first holds the source.
	id, found, err = store.AgentBySource(ctx, tx, k.workspace, k.source)
	if err != nil {
		return agentRef{}, fmt.Errorf("look up agent: %w", err)
	}
	return agentRef{id, found}, nil
}
