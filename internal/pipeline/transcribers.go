package pipeline

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/secret"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/stt"
)

// STT is the kind of integration that holds a workspace's speech to text.
const STT = "stt"

// parallelSTT is how many calls of a workspace are transcribed at a time: a
// server of one's own does little more at once, and others' limits are low.
const parallelSTT = 2

// Transcribers give each workspace's speech to text. A client is kept for as long
// as its settings hold: it remembers what its server takes.
type Transcribers struct {
	Store   *store.Store
	Secrets *secret.Box
	HTTP    *http.Client // the guarded one

	mu   sync.Mutex
	kept map[string]*Transcriber // by workspace; guarded by mu
}

// Transcriber is one workspace's speech to text.
type Transcriber struct {
	Client *stt.Client

	row   *store.Integration // what it was made of
	slots chan struct{}      // as many as are at it at a time
}

// Of gives a workspace's speech to text; nil when it has none. The error is
// Conflict when its key has to be entered again.
func (t *Transcribers) Of(ctx context.Context, workspace string) (*Transcriber, error) {
	var row *store.Integration
	err := t.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		row, err = store.IntegrationOf(ctx, tx, workspace, STT)
		return err
	})
	if ringside.KindOf(err) == ringside.NotFound {
		return nil, nil //nolint:nilnil // none is set up
	}
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if kept := t.kept[workspace]; kept != nil && bytes.Equal(kept.row.Settings, row.Settings) && bytes.Equal(kept.row.Secret, row.Secret) {
		return kept, nil
	}
	made := &Transcriber{Client: &stt.Client{HTTP: t.HTTP}, row: row, slots: make(chan struct{}, parallelSTT)}
	if err := json.Unmarshal(row.Settings, &made.Client.Settings); err != nil {
		return nil, fmt.Errorf("read speech to text settings: %w", err)
	}
	if made.Client.Key, err = keyOf(t.Secrets, workspace, row, "The key for speech to text"); err != nil {
		return nil, err
	}
	if t.kept == nil {
		t.kept = map[string]*Transcriber{}
	}
	t.kept[workspace] = made
	return made, nil
}

// acquire takes one of the places, and tells whether there was one.
func (t *Transcriber) acquire() bool {
	select {
	case t.slots <- struct{}{}:
		return true
	default:
		return false
	}
}

func (t *Transcriber) release() { <-t.slots }

// unheard says for people why a workspace has no speech to text, given what Of
// gives; "" when it has one.
func unheard(t *Transcriber, err error) (string, error) {
	switch {
	case ringside.KindOf(err) == ringside.Conflict:
		return reasonOf(err), nil
	case err == nil && t == nil:
		return "No speech to text is set up in Settings → Integrations.", nil
	}
	return "", err
}
