package api_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/evaluate"
	"github.com/ringsidehq/ringside/internal/judge"
	"github.com/ringsidehq/ringside/internal/llm"
	"github.com/ringsidehq/ringside/internal/llm/llmtest"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

const desk = `{"name":"Desk","description":"Reception","pass_mark":70,"categories":[
	{"name":"Opening","weight":40,"criteria":[
		{"name":"Greeting quality","type":"score_5","examples":{"good":["Hello, this is Harbour Dental."],"bad":["Yes?"]}},
		{"name":"Recording disclosure","critical":true,"rule":{"kind":"says","phrases":["this call is recorded"],"within_seconds":30}}]},
	{"name":"Help","weight":60,"criteria":[{"name":"Next step","type":"enum","weight":2,"options":[{"value":"agreed","score":100},{"value":"none needed","score":null}]}]}]}`

// spoken is the flat body of a call.
func spoken(id string) string {
	return fmt.Sprintf(`{"id":%q,"agent_id":"desk","startedAt":"2026-11-20T09:00:00Z","endedAt":"2026-11-20T09:00:40Z","messages":[
		{"role":"bot","content":"Hello, this is Harbour Dental. This call is recorded.","start_time":1795165200000,"end_time":1795165204000},
		{"role":"user","content":"I need a cleaning, please.","start_time":1795165205000,"end_time":1795165207000}]}`, id)
}

// observe sends a call and gives its id.
func (h *harness) observe(t *testing.T, who asker, body string) string {
	t.Helper()
	return get[struct {
		ID string `json:"call_short_id"`
	}](t, h, who, "POST", "/api/v1/observability/calls", body).ID
}

func TestScorecards(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		ada, _ := h.person(t, "ada", store.Member)
		made := get[api.ScorecardView](t, h, ada, "POST", "/v1/scorecards", desk)
		if made.Version != 1 || made.PassMark != 70 || made.Categories[0].Criteria[1].Key != "recording_disclosure" || made.Categories[0].Criteria[1].Type != "pass_fail" || *made.Categories[1].Criteria[0].Weight != 2 || len(made.UsedBy) != 0 {
			t.Errorf("%+v", made.Scorecard)
		}
		path := "/v1/scorecards/" + made.ID
		if got := get[api.ScorecardView](t, h, ada, "GET", path, ""); text(t, got) != text(t, made) {
			t.Errorf("made %s, got %s", text(t, made), text(t, got))
		}

		refused(t, h, ada, "POST", "/v1/scorecards", strings.Replace(desk, `"weight":60`, `"weight":50`, 1), 422, "invalid", "/categories")
		refused(t, h, ada, "POST", "/v1/scorecards", strings.Replace(desk, "score_5", "stars", 1), 422, "invalid", "/categories/0/criteria/0/type")
		refused(t, h, ada, "POST", "/v1/scorecards", strings.Replace(desk, `"within_seconds":30`, `"within_seconds":0`, 1), 422, "invalid", "/categories/0/criteria/1/rule/within_seconds")

		// What changes nothing makes no version; what does leaves the old one.
		if got := get[api.ScorecardView](t, h, ada, "PATCH", path, desk); got.Version != 1 {
			t.Errorf("the same again is version %d", got.Version)
		}
		changed := get[api.ScorecardView](t, h, ada, "PATCH", path, `{"pass_mark":80,"version":1}`)
		if changed.Version != 2 || changed.PassMark != 80 || changed.Name != "Desk" || len(changed.Categories) != 2 {
			t.Errorf("%+v", changed.Scorecard)
		}
		refused(t, h, ada, "PATCH", path, `{"pass_mark":90,"version":1}`, 409, "version_outdated", "")
		refused(t, h, ada, "PATCH", path, `{"pass_mark":190}`, 422, "invalid", "/pass_mark")
		versions := get[api.ScorecardVersionList](t, h, ada, "GET", path+"/versions", "").Items
		if len(versions) != 2 || versions[0].Version != 2 || versions[1].Author != "ada" || versions[1].Name != "Desk" {
			t.Errorf("%s", text(t, versions))
		}
		if old := get[ringside.Scorecard](t, h, ada, "GET", path+"/versions/1", ""); old.PassMark != 70 || old.Version != 1 {
			t.Errorf("%+v", old)
		}
		refused(t, h, ada, "GET", path+"/versions/3", "", 404, "not_found", "")

		// One that something goes by stays.
		e := get[ringside.Evaluator](t, h, ada, "POST", "/v1/evaluators", fmt.Sprintf(`{"name":"Weekly","scorecard_id":%q}`, made.ID))
		agent := get[api.AgentView](t, h, ada, "POST", "/v1/agents", fmt.Sprintf(`{"name":"Reception","scorecardId":%q}`, made.ID))
		if got := get[api.ScorecardList](t, h, ada, "GET", "/v1/scorecards", "").Items; len(got) != 1 || len(got[0].UsedBy) != 2 || got[0].UsedBy[1].ID != agent.ID {
			t.Errorf("%s", text(t, got))
		}
		// What an agent goes by has to be there.
		for method, path := range map[string]string{"POST": "/v1/agents", "PATCH": "/v1/agents/" + agent.ID} {
			refused(t, h, ada, method, path, `{"name":"Other","scorecardId":"scorecard_x"}`, 422, "invalid", "/scorecardId")
		}
		if v := get[api.AgentView](t, h, ada, "PATCH", "/v1/agents/"+agent.ID, fmt.Sprintf(`{"scorecardId":%q}`, made.ID)); v.ScorecardID != made.ID || v.Name != "Reception" {
			t.Errorf("%s", text(t, v))
		}
		a := h.do(t, ada, "DELETE", path, "")
		if a.Status != 409 || !strings.Contains(string(a.Body), `the evaluator \"Weekly\" and the agent \"Reception\" go by this scorecard`) {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		get[struct{}](t, h, ada, "DELETE", "/v1/evaluators/"+e.ID, "")
		get[struct{}](t, h, ada, "DELETE", "/v1/agents/"+agent.ID, "")
		get[struct{}](t, h, ada, "DELETE", path, "")
		refused(t, h, ada, "DELETE", path, "", 404, "not_found", "")
		refused(t, h, ada, "GET", path+"/versions", "", 404, "not_found", "")
		if n := h.count(t, "scorecard_versions"); n != 0 {
			t.Errorf("%d versions are left", n)
		}
		var actions []string
		for _, e := range get[api.AuditPage](t, h, ada, "GET", "/v1/audit", "").Items {
			actions = append(actions, e.Action)
		}
		slices.Sort(actions)
		if want := []string{"agent.create", "agent.delete", "agent.update", "evaluator.create", "evaluator.delete", "scorecard.create", "scorecard.delete", "scorecard.update"}; !slices.Equal(actions, want) {
			t.Errorf("noted %q, want %q", actions, want)
		}
	})
}

func text(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	must(t, err)
	return string(b)
}

func TestEvaluators(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		ada, _ := h.person(t, "ada", store.Member)
		card := get[api.ScorecardView](t, h, ada, "POST", "/v1/scorecards", desk)
		agent := get[api.AgentView](t, h, ada, "POST", "/v1/agents", `{"name":"Reception","source_id":"desk"}`)
		other := get[api.AgentView](t, h, ada, "POST", "/v1/agents", `{"name":"Night"}`)
		free := get[ringside.Evaluator](t, h, ada, "POST", "/v1/evaluators", `{"name":"Free","criteria":["Follow Instructions","Professionalism"]}`)
		if free.SamplingRate != 1 || !free.Enabled || free.ScorecardID != "" || len(free.AgentIDs) != 0 {
			t.Errorf("%+v", free)
		}
		path := "/v1/evaluators/" + free.ID
		edited := get[ringside.Evaluator](t, h, ada, "PATCH", path, fmt.Sprintf(`{"name":"By card","scorecard_id":%q,"agent_ids":[%q,"all"],"sampling_rate":0.25,"enabled":false,"model":"qwen3:32b"}`, card.ID, agent.ID))
		if edited.ScorecardID != card.ID || len(edited.Criteria) != 0 || edited.SamplingRate != 0.25 || edited.Enabled || edited.Model != "qwen3:32b" {
			t.Errorf("%+v", edited)
		}
		if got := get[ringside.Evaluator](t, h, ada, "GET", path, ""); text(t, got) != text(t, edited) {
			t.Errorf("edited %s, got %s", text(t, edited), text(t, got))
		}
		back := get[ringside.Evaluator](t, h, ada, "PATCH", path, `{"criteria":["Tone"]}`)
		if back.ScorecardID != "" || !slices.Equal(back.Criteria, []string{"Tone"}) || back.Name != "By card" {
			t.Errorf("%+v", back)
		}

		refused(t, h, ada, "POST", "/v1/evaluators", `{"criteria":["x"]}`, 422, "invalid", "/name")
		refused(t, h, ada, "POST", "/v1/evaluators", `{"name":"x"}`, 422, "invalid", "/scorecard_id")
		refused(t, h, ada, "POST", "/v1/evaluators", `{"name":"x","scorecard_id":"scorecard_x"}`, 422, "invalid", "/scorecard_id")
		refused(t, h, ada, "POST", "/v1/evaluators", `{"name":"x","criteria":["x"],"agent_ids":["all","agent_x"]}`, 422, "invalid", "/agent_ids/1")
		refused(t, h, ada, "POST", "/v1/evaluators", `{"name":"x","criteria":["x"],"sampling_rate":1.5}`, 422, "invalid", "/sampling_rate")
		foreign := h.key(t, h.newWorkspace(t, "Other").ID, auth.ScopeAdmin)
		refused(t, h, foreign, "POST", "/v1/evaluators", fmt.Sprintf(`{"name":"x","scorecard_id":%q}`, card.ID), 422, "invalid", "/scorecard_id")

		// An evaluator follows an agent into another, and forgets one that goes.
		get[api.AgentView](t, h, ada, "POST", "/v1/agents/"+agent.ID+"/merge", fmt.Sprintf(`{"into":%q}`, other.ID))
		if got := get[ringside.Evaluator](t, h, ada, "GET", path, "").AgentIDs; !slices.Equal(got, []string{"all", other.ID}) {
			t.Errorf("after the merger: %q", got)
		}
		get[struct{}](t, h, ada, "DELETE", "/v1/agents/"+other.ID, "")
		if got := get[ringside.Evaluator](t, h, ada, "GET", path, "").AgentIDs; !slices.Equal(got, []string{"all"}) {
			t.Errorf("after the removal: %q", got)
		}
		get[ringside.Evaluator](t, h, ada, "POST", "/v1/evaluators", `{"name":"all","criteria":["Tone"]}`)
		if got := get[api.EvaluatorList](t, h, ada, "GET", "/v1/evaluators", "").Items; len(got) != 2 || got[0].Name != "all" {
			t.Errorf("%s", text(t, got))
		}
	})
}

func TestDryRunOfADraft(t *testing.T) {
	t.Parallel()
	h := newServer(t, storetest.SQLite(t))
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	call := h.observe(t, admin, spoken("a"))
	draft := fmt.Sprintf(`{"call_id":%q,"scorecard":%s}`, call, desk)
	got := get[evaluate.Judgement](t, h, admin, "POST", "/v1/scorecards/dry-run", draft)
	if got.Note == "" || *got.Result.Score != 100 || got.Result.Verdict != ringside.VerdictUnknown || got.Scores[1].Verdict != ringside.VerdictPass || len(got.Scores[1].Evidence) != 1 {
		t.Errorf("without a model: %s", text(t, got))
	}
	server := llmtest.New(t, llmtest.Good(`{"scores":{
		"greeting_quality":{"evidence":[{"turn":0,"quote":"this is Harbour Dental"}],"reason":"Names the practice.","value":5,"verdict":"scored"},
		"next_step":{"evidence":[{"turn":1,"quote":"I need a cleaning"}],"reason":"Nothing was agreed.","value":"none needed","verdict":"scored"}}}`), llmtest.Status(503))
	h.model = &judge.Judge{Chat: server.Client().Chat, Models: (&llm.Settings{DefaultModel: llmtest.Model}).Features()}
	got = get[evaluate.Judgement](t, h, admin, "POST", "/v1/scorecards/dry-run", draft)
	if got.Note != "" || *got.Result.Score != 100 || got.Result.Coverage != 0.4 || got.Result.Verdict != ringside.VerdictPass || got.Usage.Requests != 1 {
		t.Errorf("with a model: %s", text(t, got))
	}
	refused(t, h, admin, "POST", "/v1/scorecards/dry-run", draft, 503, "model_unavailable", "")
	if n := h.count(t, "evaluations") + h.count(t, "scorecards"); n != 0 {
		t.Errorf("a dry run left %d rows", n)
	}
	refused(t, h, admin, "POST", "/v1/scorecards/dry-run", fmt.Sprintf(`{"call_id":%q}`, call), 422, "invalid", "/scorecard")
	refused(t, h, admin, "POST", "/v1/scorecards/dry-run", strings.Replace(draft, `"pass_mark":70`, `"pass_mark":-1`, 1), 422, "invalid", "/scorecard/pass_mark")
	refused(t, h, admin, "POST", "/v1/scorecards/dry-run", strings.Replace(draft, call, "nnnnnnnn", 1), 404, "not_found", "")
	refused(t, h, admin, "POST", "/v1/scorecards/dry-run", fmt.Sprintf(`{"call_id":%q,"scorecard_id":"scorecard_x"}`, call), 404, "not_found", "")
	kept := get[api.ScorecardView](t, h, admin, "POST", "/v1/scorecards", desk)
	h.model = nil
	if got := get[evaluate.Judgement](t, h, admin, "POST", "/v1/scorecards/dry-run", fmt.Sprintf(`{"call_id":%q,"scorecard_id":%q}`, call, kept.ID)); len(got.Scores) != 3 {
		t.Errorf("of one that is kept: %s", text(t, got))
	}
}
