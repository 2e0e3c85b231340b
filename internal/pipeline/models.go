package pipeline

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/judge"
	"github.com/ringsidehq/ringside/internal/llm"
	"github.com/ringsidehq/ringside/internal/secret"
	"github.com/ringsidehq/ringside/internal/store"
)

// LLM is the kind of integration that holds a workspace's language model.
const LLM = "llm"

// IntegrationSecret is what the secret of an integration is sealed for.
func IntegrationSecret(workspace, kind string) string {
	return "integration:" + workspace + ":" + kind
}

// Models gives each workspace's language model. A client is kept for as long
// as its settings hold: it remembers what its server takes.
type Models struct {
	Store   *store.Store
	Secrets *secret.Box
	HTTP    func(timeout time.Duration) *http.Client // the guarded client

	mu   sync.Mutex
	kept map[string]*Model        // by workspace; guarded by mu
	read map[ringside.CallID]bool // calls that are being read; guarded by mu
}

// Model is one workspace's language model.
type Model struct {
	Settings llm.Settings
	Client   *llm.Client

	row   *store.Integration // what it was made of
	slots chan struct{}      // as many as may be asked at a time
}

// Of gives a workspace's model; nil when it has none. The error is Conflict when
// its key has to be entered again.
func (m *Models) Of(ctx context.Context, workspace string) (*Model, error) {
	var row *store.Integration
	err := m.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		row, err = store.IntegrationOf(ctx, tx, workspace, LLM)
		return err
	})
	if ringside.KindOf(err) == ringside.NotFound {
		return nil, nil //nolint:nilnil // none is set up
	}
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	// Not by when it was saved: twice within one tick of that clock, and the
	// key would go on going where it was taken from.
	if kept := m.kept[workspace]; kept != nil && bytes.Equal(kept.row.Settings, row.Settings) && bytes.Equal(kept.row.Secret, row.Secret) {
		return kept, nil
	}
	made := &Model{row: row}
	if err := json.Unmarshal(row.Settings, &made.Settings); err != nil {
		return nil, fmt.Errorf("read language model settings: %w", err)
	}
	if !made.Settings.Enabled() {
		return nil, nil //nolint:nilnil // none is set up
	}
	key, err := keyOf(m.Secrets, workspace, row, "The language model's key")
	if err != nil {
		return nil, err
	}
	made.Client = made.Settings.Client(key, nil)
	made.Client.HTTP = m.HTTP(made.Client.Timeout)
	made.slots = make(chan struct{}, made.Settings.Parallel())
	if m.kept == nil {
		m.kept = map[string]*Model{}
	}
	m.kept[workspace] = made
	return made, nil
}

// keyOf is the key of an integration; empty without one. The error is Conflict
// when it has to be entered again.
func keyOf(box *secret.Box, workspace string, row *store.Integration, name string) (string, error) {
	if row.Secret == nil {
		return "", nil
	}
	plain, err := box.Open(IntegrationSecret(workspace, row.Kind), row.Secret)
	if secret.Lost(err) {
		return "", ringside.Errorf(ringside.Conflict, "%s can't be opened any more: enter it again in Settings → Integrations.", name).WithCode("secret_lost")
	}
	if err != nil {
		return "", fmt.Errorf("unseal the key of %s: %w", row.Kind, err)
	}
	return string(plain), nil
}

// acquire takes one of the places for a question, and tells whether there was
// one. It never waits: a job that finds none comes again.
func (m *Model) acquire() bool {
	select {
	case m.slots <- struct{}{}:
		return true
	default:
		return false
	}
}

func (m *Model) release() { <-m.slots }

// hold keeps a call from being read twice at a time, and paid for twice; false
// when it is.
func (m *Models) hold(id ringside.CallID) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.read[id] {
		return false
	}
	if m.read == nil {
		m.read = map[ringside.CallID]bool{}
	}
	m.read[id] = true
	return true
}

func (m *Models) letGo(id ringside.CallID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.read, id)
}

// lacking says for people why a workspace has no model that can be asked, given
// what Of gives; "" when it has one.
func lacking(m *Model, err error) (string, error) {
	switch {
	case ringside.KindOf(err) == ringside.Conflict:
		return reasonOf(err), nil
	case err == nil && m == nil:
		return "No language model is set up in Settings → Integrations.", nil
	}
	return "", err
}

// Take takes a place at a workspace's model, for who asks it beside the
// pipeline; a nil judge when it has none. Done gives the place back and counts
// what the model was asked. The error is RateLimited when every place is taken,
// and Conflict when the month's budget is spent or the key is lost; the judge's
// own are Conflict for a model whose cost can't be counted.
func (m *Models) Take(ctx context.Context, workspace string) (j *judge.Judge, done func(context.Context, ringside.Usage) error, err error) {
	model, err := m.Of(ctx, workspace)
	if model == nil || err != nil {
		return nil, nil, err
	}
	over := ""
	err = m.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		over, err = model.overBudget(ctx, tx, workspace, time.Now())
		return err
	})
	switch {
	case err != nil:
		return nil, nil, err
	case over != "":
		return nil, nil, ringside.Errorf(ringside.Conflict, "%s", over).WithCode("over_budget")
	case !model.acquire():
		return nil, nil, ringside.Errorf(ringside.RateLimited, "The language model is asked as much as its settings allow at a time.")
	}
	return model.Judge(), func(ctx context.Context, used ringside.Usage) error {
		defer model.release()
		if used.Requests == 0 {
			return nil
		}
		return m.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
			return store.AddUsage(ctx, tx, workspace, time.Now(), &used)
		})
	}, nil
}

// Judge is what asks the model about calls.
func (m *Model) Judge() *judge.Judge {
	return &judge.Judge{Chat: m.chat, Models: m.Settings.Features(), Cost: m.Settings.Cost}
}

// chat asks one of the server's models; Conflict when there is a budget and
// nobody knows what the model costs. An agent or an evaluator can name one that
// the settings have no price for.
func (m *Model) chat(ctx context.Context, r llm.Request) (llm.Response, error) {
	if !m.Settings.MayAsk(r.Model) {
		return llm.Response{}, ringside.Errorf(ringside.Conflict,
			"There is a monthly budget and no price for %s, so it is not asked: enter the price in Settings → Integrations. The local analysis stands.", r.Model).WithCode("no_price")
	}
	return m.Client.Chat(ctx, r)
}

// overBudget says that the month's budget is spent; "" while it is not.
func (m *Model) overBudget(ctx context.Context, tx store.Tx, workspace string, now time.Time) (string, error) {
	b := m.Settings.MonthlyBudgetUSD
	if b == nil {
		return "", nil
	}
	spent, err := store.Spent(ctx, tx, workspace, now)
	if err != nil || spent < *b {
		return "", err
	}
	return fmt.Sprintf("This month's budget for the language model is spent: $%.2f of $%.2f. The local analysis stands.", spent, *b), nil
}
