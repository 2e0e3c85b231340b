package auth

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/ringsidehq/ringside/internal/store"
)

// How often what was used is written, and how exact the times are: the use of
// one key is noted once in seenEvery.
const (
	writeEvery = 5 * time.Second
	seenEvery  = time.Minute
	maxSeen    = 10_000 // past it, uses go unnoted until the next write
)

// seen collects which keys and sessions were used, to be written together and
// off the path of requests.
type seen struct {
	mu       sync.Mutex
	keys     map[string]time.Time                   // by key id; guarded by mu
	sessions map[[sha256.Size]byte]store.SessionUse // guarded by mu
}

func newSeen() *seen {
	return &seen{keys: map[string]time.Time{}, sessions: map[[sha256.Size]byte]store.SessionUse{}}
}

// key notes the use of a key. All but once a minute it only reads a number.
func (s *seen) key(k *knownKey, now time.Time) {
	last := k.used.Load()
	if now.UnixMilli()-last < seenEvery.Milliseconds() || !k.used.CompareAndSwap(last, now.UnixMilli()) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.keys) < maxSeen {
		s.keys[k.principal.KeyID] = now
	}
}

// session notes the use of a session, unless its person was seen within the
// minute and its end is far enough.
func (s *seen) session(row *store.Session, now time.Time) {
	recent := row.User.LastSeenAt != nil && now.Sub(*row.User.LastSeenAt) < seenEvery
	end := now.Add(sessionLife)
	if recent && end.Sub(row.ExpiresAt) < sessionSlide {
		return
	}
	use := store.SessionUse{Hash: row.Hash, UserID: row.User.ID, At: now, ExpiresAt: end}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.sessions) < maxSeen {
		s.sessions[[sha256.Size]byte(row.Hash)] = use
	}
}

func (s *seen) take() (keys map[string]time.Time, sessions []store.SessionUse) {
	s.mu.Lock()
	defer s.mu.Unlock()
	keys, sessions = maps.Clone(s.keys), slices.Collect(maps.Values(s.sessions))
	clear(s.keys)
	clear(s.sessions)
	return keys, sessions
}

// writeSeen writes until ctx ends, and once more then.
func (a *Auth) writeSeen(ctx context.Context) {
	tick := time.NewTicker(writeEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			a.flush(context.WithoutCancel(ctx))
			return
		}
		a.flush(ctx)
	}
}

// flushTimeout bounds one write: the writer may be busy.
const flushTimeout = 10 * time.Second

// flush writes what was used. What it fails to write is forgotten: the next
// use says as much.
func (a *Auth) flush(ctx context.Context) {
	keys, sessions := a.seen.take()
	if len(keys)+len(sessions) == 0 {
		return
	}
	slices.SortFunc(sessions, func(x, y store.SessionUse) int { return slices.Compare(x.Hash, y.Hash) })
	ctx, cancel := context.WithTimeout(ctx, flushTimeout)
	defer cancel()
	err := a.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := store.KeysUsed(ctx, tx, keys); err != nil {
			return err
		}
		return store.SessionsUsed(ctx, tx, sessions)
	})
	if err != nil {
		a.log.Warn("last use not written", slog.Any("error", err))
	}
}
