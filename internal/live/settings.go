package live

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
)

// keepSettings is how long an agent's settings are believed: another process
// may change them.
const keepSettings = 30 * time.Second

// settings remembers agents' settings.
type settings struct {
	store *store.Store
	log   *slog.Logger

	mu   sync.Mutex
	have map[string]known // by agent; guarded by mu
}

type known struct {
	settings *ringside.AgentSettings
	at       time.Time
}

func (s *settings) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.have)
}

// of gives an agent's settings; empty ones when there is none, or they can't be
// read.
func (s *settings) of(ctx context.Context, workspace, agent string, now time.Time) *ringside.AgentSettings {
	if agent == "" || s.store == nil {
		return &ringside.AgentSettings{}
	}
	s.mu.Lock()
	k, ok := s.have[agent]
	s.mu.Unlock()
	if ok && now.Sub(k.at) < keepSettings {
		return k.settings
	}
	k = known{settings: &ringside.AgentSettings{}, at: now}
	err := s.store.Read(ctx, func(ctx context.Context, tx store.Tx) error {
		a, err := store.Agent(ctx, tx, workspace, agent)
		if err == nil {
			k.settings = &a.Settings
		}
		return err
	})
	if err != nil && ringside.KindOf(err) != ringside.NotFound && ctx.Err() == nil {
		s.log.WarnContext(ctx, "agent's settings can't be read", slog.String("agent_id", agent), slog.Any("error", err))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.have == nil || len(s.have) > 10_000 {
		s.have = map[string]known{}
	}
	s.have[agent] = k
	return k.settings
}
