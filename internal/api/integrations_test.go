package api_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/llm/llmtest"
	"github.com/ringsidehq/ringside/internal/secret"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
	"github.com/ringsidehq/ringside/internal/stt"
	"github.com/ringsidehq/ringside/internal/stt/stttest"
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
		used := get[api.IntegrationList](t, h, admin, http.MethodGet, "/v1/integrations", "").Usage
		if len(used) != 1 || used[0].Model != llmtest.Model || used[0].Requests != 1 || used[0].PromptTokens != llmtest.PromptTokens {
			t.Errorf("the test is counted as %+v", used)
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

// A test that fails says why in the server's words, and what to do where the
// reason is ours.
func TestATestSaysWhatWasAnswered(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		model := llmtest.New(t)
		hub := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusUnauthorized)
			io.WriteString(w, `{"status":"error","category":"INVALID_AUTHENTICATION","message":"The access token is not valid."}`)
		}))
		t.Cleanup(hub.Close)
		gone := httptest.NewServer(nil)
		gone.Close()
		wrong := `","default_model":"` + llmtest.Model + `","key":"a-wrong-key"}`
		for name, tc := range map[string]struct{ kind, at, body, want string }{
			"HubSpot refuses the key":   {"hubspot", "crm/hubspot", `{"base_url":"` + hub.URL + `","secret":"a-wrong-key"}`, "HubSpot: The access token is not valid."},
			"the model refuses the key": {"llm", "llm", `{"base_url":"` + model.URL + wrong, "the server answers 401 Unauthorized: Incorrect API key provided: [key]. invalid_api_key"},
			"the model is not there":    {"llm", "llm", `{"base_url":"` + gone.URL + wrong, "the connection was refused"},
		} {
			get[api.IntegrationView](t, h, admin, http.MethodPut, "/v1/integrations/"+tc.at, tc.body)
			if r := get[api.IntegrationTest](t, h, admin, http.MethodPost, "/v1/integrations/"+tc.kind+"/test", ""); r.OK || r.Detail != tc.want {
				t.Errorf("%s: %+v", name, r)
			}
		}
		box, err := secret.Open(t.TempDir(), "")
		must(t, err)
		h.pipeline.CRMs.Secrets = box
		if r := get[api.IntegrationTest](t, h, admin, http.MethodPost, "/v1/integrations/hubspot/test", ""); r.OK || !strings.Contains(r.Detail, "enter the secret again") {
			t.Errorf("under another key: %+v", r)
		}
	})
}

// Speech to text is connected, tried with a tone and disconnected; its key stays
// with the host that it was given for, and is never shown.
func TestSpeechToText(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		const at = "/v1/integrations/stt"
		open := stttest.New(t, stt.OpenAI, stttest.Verbose(), stttest.Verbose(stttest.Said{End: 0.5, Text: "Beep."}))
		deep := stttest.New(t, stt.Deepgram, stttest.DeepgramProblem(http.StatusBadRequest, "Bad Request", "No such model."))
		put := func(kind stt.Protocol, url, more string) api.IntegrationView {
			return get[api.IntegrationView](t, h, admin, http.MethodPut, at, `{"kind":"`+string(kind)+`","base_url":"`+url+`","model":"`+stttest.Model+`"`+more+`}`)
		}
		key := `,"key":" ` + stttest.Key + `\n"`
		if a := h.do(t, admin, http.MethodPost, at+"/test", ""); a.Status != http.StatusNotFound {
			t.Errorf("a test of what is not connected: %d %s", a.Status, a.Body)
		}
		if v := put(stt.OpenAI, open.URL, `,"language":"en"`+key); !v.SecretSet || v.STT.Kind != stt.OpenAI || v.STT.Language != "en" || v.LLM != nil || v.CRM != nil {
			t.Errorf("connected as %+v", v)
		}
		if a := h.do(t, admin, http.MethodGet, "/v1/integrations", ""); strings.Contains(string(a.Body), stttest.Key) || !strings.Contains(string(a.Body), `"secret_set":true`) {
			t.Errorf("the list says %s", a.Body)
		}
		for _, want := range []string{"whisper-1 was sent half a second of a tone, and heard no words in it.", `whisper-1 was sent half a second of a tone, and heard "Beep." in it.`} {
			if r := get[api.IntegrationTest](t, h, admin, http.MethodPost, at+"/test", ""); !r.OK || r.Detail != want {
				t.Errorf("the test says %+v", r)
			}
		}
		if q := open.Log()[0]; q.Seconds() != 0.5 || q.Language != "en" {
			t.Errorf("sent %v s in %q", q.Seconds(), q.Language)
		}
		if v := put(stt.OpenAI, open.URL+"/v1", ""); !v.SecretSet {
			t.Error("the key went though the host is the same")
		}
		if v := put(stt.OpenAI, strings.Replace(open.URL, "127.0.0.1", "127.0.0.2", 1), ""); v.SecretSet {
			t.Error("the key went along to another host")
		}
		put(stt.Deepgram, deep.URL, key)
		if r := get[api.IntegrationTest](t, h, admin, http.MethodPost, at+"/test", ""); r.OK || r.Detail != "the server answers 400 Bad Request: No such model." {
			t.Errorf("the test says %+v", r)
		}
		for body, field := range map[string]string{
			`{"kind":"openai","base_url":"","model":"x"}`:                                       "/base_url",
			`{"kind":"openai","base_url":"http://169.254.169.254/v1","model":"x"}`:              "/base_url",
			`{"kind":"openai","base_url":"` + open.URL + `","model":""}`:                        "/model",
			`{"kind":"openai","base_url":"` + open.URL + `","model":"x","language":"as it is"}`: "/language",
		} {
			refused(t, h, admin, http.MethodPut, at, body, http.StatusUnprocessableEntity, "invalid", field)
		}
		if a := h.do(t, admin, http.MethodDelete, at, ""); a.Status != http.StatusNoContent {
			t.Errorf("disconnecting: %d %s", a.Status, a.Body)
		}
	})
}

// A CRM's secret stays with the host that it was given for: a path is a path,
// and nothing that makes another host of it.
func TestAPathOfACRMIsNoHost(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		const at = "/v1/integrations/crm/hubspot"
		put := func(path string) string {
			body, err := json.Marshal(map[string]string{"base_url": "http://127.0.0.1", "path": path})
			must(t, err)
			return string(body)
		}
		if v := get[api.IntegrationView](t, h, admin, http.MethodPut, at, put("/crm/objects/2026-03")); v.CRM.Path != "/crm/objects/2026-03" {
			t.Errorf("connected as %+v", v.CRM)
		}
		for _, path := range []string{
			":32931/x", ".evil.example/x", "@evil.example/x", "x", "//evil.example/x", `/\evil.example`, "/x?y", "/x#y", "/x y", "/x\u00a0y", "/x\ny",
		} {
			refused(t, h, admin, http.MethodPut, at, put(path), http.StatusUnprocessableEntity, "invalid", "/path")
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
		if a := h.do(t, admin, http.MethodPost, "/v1/calls/"+over+"/steps/transcription/retry", ""); a.Status != http.StatusConflict || !strings.Contains(string(a.Body), "no_step") {
			t.Errorf("the transcription of a call without a recording: %d %s", a.Status, a.Body)
		}
		if got := again(live, "analysis"); got != http.StatusConflict {
			t.Errorf("the analysis of a call that goes on: %d", got)
		}
		if got := again(over, "dance"); got != http.StatusUnprocessableEntity {
			t.Errorf("a step that there is not: %d", got)
		}
	})
}
