// Package auth says who asks: a program by its API key or a person by the
// session in their browser. It makes keys, checks passwords and starts
// sessions; what a principal may do is in principal.go.
//
// Of keys, session tokens and the set-up token only the SHA-256 is stored: all
// are random enough that nothing slower is needed. Passwords are not; they are
// stored by argon2id.
package auth

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
)

// Auth authenticates. It is safe for concurrent use. Start it so that the
// times of last use are written.
type Auth struct {
	store   *store.Store
	log     *slog.Logger
	now     func() time.Time
	keys    *keyCache
	seen    *seen
	logins  *limiter
	hashing chan struct{} // a place for each password that may be hashed at once

	mu      sync.Mutex
	stop    context.CancelFunc // guarded by mu; nil before Start
	writing sync.WaitGroup
}

// New makes an Auth on a store.
func New(s *store.Store, log *slog.Logger) *Auth {
	return &Auth{
		store: s, log: log, now: time.Now,
		keys: newKeyCache(), seen: newSeen(), logins: newLimiter(),
		hashing: make(chan struct{}, maxHashing),
	}
}

// Start begins to write the times of last use, now and then.
func (a *Auth) Start() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.stop != nil {
		return
	}
	var ctx context.Context
	ctx, a.stop = context.WithCancel(context.Background())
	a.writing.Go(func() { a.writeSeen(ctx) })
}

// Stop writes what is left to write and returns.
func (a *Auth) Stop() {
	a.mu.Lock()
	stop := a.stop
	a.mu.Unlock()
	if stop != nil {
		stop()
	}
	a.writing.Wait()
}

// keyHeaders are where a key may stand besides Authorization, first come first
// served. The later two are those of systems that Ringside stands in for.
var keyHeaders = [...]string{"X-Api-Key", "X-Efficientai-Api-Key", "X-Workspace-Key"}

// keyOf finds the key in a request; empty when there is none.
func keyOf(h http.Header) string {
	scheme, key, _ := strings.Cut(h.Get("Authorization"), " ")
	if strings.EqualFold(scheme, "Bearer") {
		if key = strings.TrimSpace(key); key != "" {
			return key
		}
	}
	for _, name := range keyHeaders {
		if v := h[name]; len(v) > 0 && v[0] != "" {
			return v[0]
		}
	}
	return ""
}

// Authenticate says who makes a request. A key wins over a session. It fails
// with Unauthorized when there is neither or what is there is not valid.
func (a *Auth) Authenticate(r *http.Request) (*Principal, error) {
	if key := keyOf(r.Header); key != "" {
		return a.ByKey(r.Context(), key)
	}
	if c, err := r.Cookie(SessionCookie); err == nil && c.Value != "" {
		return a.bySession(r.Context(), c.Value)
	}
	return nil, (*Principal)(nil).Require(ScopeIngest)
}

// hash is what of a token is stored.
func hash(token string) [sha256.Size]byte { return sha256.Sum256([]byte(token)) }

// unauthorized is an Unauthorized error with a code.
func unauthorized(code, message string) error {
	return ringside.Errorf(ringside.Unauthorized, "%s", message).WithCode(code)
}
