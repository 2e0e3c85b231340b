package ledger

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
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

	mu      sync.Mutex
	known   map[agentKey]agentRef // guarded by mu
	changes int                   // guarded by mu: how often all was forgotten
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

// version is to be given to learn: it is taken before anything is looked up.
func (c *agentCache) version() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.changes
}

// learn remembers what was looked up since a version, unless agents have
// changed meanwhile.
func (c *agentCache) learn(found map[agentKey]agentRef, version int) {
	if !c.on || len(found) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.changes != version {
		return
	}
	if len(c.known) > maxCachedAgents {
		clear(c.known)
	}
	maps.Copy(c.known, found)
}

func (c *agentCache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.known)
	c.changes++
}

// AgentsChanged must be called after agents were made, renamed, merged, set up
// or deleted by anybody but the ledger.
func (l *Ledger) AgentsChanged() {
	l.agents.forget()
	l.hidden.forget()
}

// agent finds the agent of a call, or makes it when the call is the first to
// name it. A call that names none has none.
func (b *run) agent(ctx context.Context, tx store.Tx, c *ringside.Call) (string, error) {
	source, name := c.AgentSource()
	if source == "" {
		return "", nil
	}
	source = clip(source)
	k := agentKey{c.WorkspaceID, source}
	ref, ok := b.found[k]
	if !ok {
		ref, ok = b.ledger.agents.get(k)
	}
	if !ok {
		var err error
		if ref, err = b.ledger.findAgent(ctx, tx, k, cmp.Or(clip(name), source), c.Provider); err != nil {
			return "", err
		}
		b.found[k] = ref
	}
	c.Agent.ID, c.Agent.Name = ref.id, ref.name
	return ref.id, nil
}

// maxAgentText is how much of an agent's id and name at the vendor is kept: the
// API takes no longer ones, and an index holds no much longer ones.
const maxAgentText = 512

func clip(s string) string {
	if len(s) <= maxAgentText {
		return s
	}
	return strings.ToValidUTF8(s[:maxAgentText], "")
}

func (l *Ledger) findAgent(ctx context.Context, tx store.Tx, k agentKey, name, provider string) (agentRef, error) {
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
	insert := func(ctx context.Context, tx store.Tx) error { return store.InsertAgent(ctx, tx, k.workspace, a, nil) }
	if l.cfg.Store.Engine == store.Postgres {
		// In a transaction of its own: two batches that discover the same
		// agents in another order would wait for each other.
		err = l.cfg.Store.Write(ctx, insert)
	} else {
		err = insert(ctx, tx)
	}
	if err != nil {
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

type providerKey struct{ workspace, provider string }

// providerSet remembers which providers of a workspace have been noted.
type providerSet struct {
	mu   sync.Mutex
	have map[providerKey]bool // guarded by mu
}

func (s *providerSet) has(k providerKey) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.have[k]
}

func (s *providerSet) add(ks []providerKey) {
	if len(ks) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.have == nil || len(s.have) > maxCachedAgents {
		s.have = map[providerKey]bool{}
	}
	for _, k := range ks {
		s.have[k] = true
	}
}

// noteProviders notes the providers that items are of, for look-ups by the
// provider's own call id.
func (b *run) noteProviders(ctx context.Context, tx store.Tx, items []*item) error {
	for _, it := range items {
		k := providerKey{it.key.Workspace, it.key.Provider}
		if k.provider == "" || b.ledger.noted.has(k) || slices.Contains(b.noted, k) {
			continue
		}
		s := store.AddProvider(k.workspace, k.provider)
		if _, err := tx.Exec(ctx, s.SQL, s.Args...); err != nil {
			return fmt.Errorf("note provider: %w", err)
		}
		b.noted = append(b.noted, k)
	}
	return nil
}
