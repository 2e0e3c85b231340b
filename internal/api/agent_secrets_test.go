package api_test

import (
	"context"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/secret"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// Secrets that were sealed with another key hide no agent. They come back with
// their key until somebody enters one anew, and never go to another host.
func TestSecretsUnderAnotherKey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		other, err := secret.Open(t.TempDir(), "")
		must(t, err)
		type state struct{ webhook, crm, lost bool }
		of := func(v api.AgentSettingsShown) state {
			return state{v.WebhookSecretSet, v.CRMAPIKeySet, v.SecretsLost}
		}
		for body, want := range map[string]struct {
			now  state
			back bool // with their key
		}{
			`{"name":"B"}`:       {state{lost: true}, true},
			`{"crmApiKey":null}`: {state{lost: true}, true},
			`{"webhookUrl":"https://a.example.com/else"}`: {state{lost: true}, true},
			`{"webhookUrl":"https://evil.example.com/"}`:  {},
			`{"crmUrl":"https://evil.example.com/"}`:      {},
			`{"crmApiKey":""}`:                            {},
			`{"crmApiKey":"again"}`:                       {now: state{crm: true}},
			`{"webhookSecret":"again"}`:                   {now: state{webhook: true}},
		} {
			at := "/v1/agents/" + get[api.AgentView](t, h, admin, "POST", "/v1/agents", `{"name":"A","webhookUrl":"https://a.example.com/"}`).ID
			h.write(t, func(ctx context.Context, tx store.Tx) error {
				row, err := store.Agent(ctx, tx, h.workspace.ID, at[len("/v1/agents/"):])
				must(t, err)
				must(t, row.SealSecrets(other, ringside.AgentSecrets{WebhookSecret: "w", CRMAPIKey: "c"}))
				return store.UpdateAgent(ctx, tx, h.workspace.ID, row)
			})
			list := get[struct{ Items []api.AgentView }](t, h, admin, "GET", "/v1/agents", "")
			if v := get[api.AgentView](t, h, admin, "GET", at, ""); of(v.Settings) != (state{lost: true}) || len(list.Items) == 0 {
				t.Errorf("before %s: %+v among %d", body, of(v.Settings), len(list.Items))
			}
			if v := get[api.AgentView](t, h, admin, "PATCH", at, body); of(v.Settings) != want.now {
				t.Errorf("%s: %+v, want %+v", body, of(v.Settings), want.now)
			}
			must(t, h.store.Read(t.Context(), func(ctx context.Context, tx store.Tx) error {
				row, err := store.Agent(ctx, tx, h.workspace.ID, at[len("/v1/agents/"):])
				must(t, err)
				if sec, err := row.OpenSecrets(other); (err == nil && sec.WebhookSecret == "w" && sec.CRMAPIKey == "c") != want.back {
					t.Errorf("%s: with their key there are %+v, %v", body, sec, err)
				}
				return nil
			}))
		}
	})
}
