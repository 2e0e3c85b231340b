package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/llm/llmtest"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// A key is kept and never shown; it stays with the host that it was given for;
// the test button says what the server really answers.
func TestIntegrations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		server := llmtest.NewFunc(t, func(llmtest.Request) llmtest.Reply { return llmtest.Good("ready") })
		put := func(body string) api.IntegrationView {
			return get[api.IntegrationView](t, h, admin, http.MethodPut, "/v1/integrations/llm", body)
		}
		if v := put(`{"base_url":"` + server.URL + `","default_model":"` + llmtest.Model + `","key":" ` + llmtest.Key + `\n","monthly_budget_usd":5,"prices":{"` + llmtest.Model + `":{"input_per_million":0,"output_per_million":0}}}`); !v.SecretSet || v.LLM.BaseURL != server.URL {
			t.Errorf("connected as %+v", v)
		}
		if a := h.do(t, admin, http.MethodGet, "/v1/integrations", ""); strings.Contains(string(a.Body), llmtest.Key) || !strings.Contains(string(a.Body), `"secret_set":true`) {
			t.Errorf("the list says %s", a.Body)
		}
		try := func(kind string) api.IntegrationTest {
			return get[api.IntegrationTest](t, h, admin, http.MethodPost, "/v1/integrations/"+kind+"/test", "")
		}
		if r := try("llm"); !r.OK || !strings.Contains(r.Detail, "ready") {
			t.Errorf("the model answers %+v", r)
		}
		if v := put(`{"base_url":"` + server.URL + `","default_model":"other"}`); !v.SecretSet {
			t.Error("the key went though the host is the same")
		}
		moved := strings.Replace(server.URL, "127.0.0.1", "127.0.0.2", 1)
		if v := put(`{"base_url":"` + moved + `","default_model":"other"}`); v.SecretSet {
			t.Error("the key went along to another host")
		}
		for body, field := range map[string]string{
			`{"base_url":"","default_model":"x"}`:                                           "/base_url",
			`{"base_url":"http://169.254.169.254/v1","default_model":"x"}`:                  "/base_url",
			`{"base_url":"` + server.URL + `"}`:                                             "/default_model",
			`{"base_url":"` + server.URL + `","default_model":"x","monthly_budget_usd":-1}`: "/monthly_budget_usd",
			`{"base_url":"` + server.URL + `","default_model":"x","monthly_budget_usd":5}`:  "/prices/x",
		} {
			if a := h.do(t, admin, http.MethodPut, "/v1/integrations/llm", body); a.Status != http.StatusUnprocessableEntity || !strings.Contains(string(a.Body), `"pointer":"`+field+`"`) {
				t.Errorf("%s: %d %s, want 422 at %s", body, a.Status, a.Body, field)
			}
		}
		if a := h.do(t, admin, http.MethodPost, "/v1/integrations/salesforce/test", ""); a.Status != http.StatusNotFound {
			t.Errorf("a test of what is not connected: %d %s", a.Status, a.Body)
		}
		if a := h.do(t, admin, http.MethodDelete, "/v1/integrations/llm", ""); a.Status != http.StatusNoContent {
			t.Errorf("disconnecting: %d %s", a.Status, a.Body)
		}
	})
}

// A step is done again once the call has ended.
func TestStepsAreDoneAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		type made struct {
			ID string `json:"id"`
		}
		live := get[made](t, h, admin, http.MethodPost, "/api/v1/observability/calls", `{"id":"live","startedAt":"2026-11-01T10:00:00Z"}`).ID
		over := get[made](t, h, admin, http.MethodPost, "/api/v1/observability/calls", `{"id":"over","endedReason":"x"}`).ID
		again := func(id, step string) int {
			return h.do(t, admin, http.MethodPost, "/v1/calls/"+id+"/steps/"+step+"/retry", "").Status
		}
		for _, step := range []string{"analysis", "judge", "crm"} {
			if got := again(over, step); got != http.StatusAccepted {
				t.Errorf("%s again: %d", step, got)
			}
		}
		if got := again(over, "webhooks"); got != http.StatusConflict {
			t.Errorf("webhooks again, and none has failed: %d", got)
		}
		if got := again(live, "analysis"); got != http.StatusConflict {
			t.Errorf("the analysis of a call that goes on: %d", got)
		}
		if got := again(over, "dance"); got != http.StatusUnprocessableEntity {
			t.Errorf("a step that there is not: %d", got)
		}
	})
}
