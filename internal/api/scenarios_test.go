package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

func TestScenarios(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		const script = `"script":"# refund 1 success\nA Hello.\nU Bye."`
		for body, pointer := range map[string]string{
			`{` + script + `}`: "/name",
			`{"name":"x"}`:     "/script",
			`{"name":"x","script":"# refund 1 success\nZ Hello."}`:                                      "/script",
			`{"name":"x","script":"# refund 1 success\nT no result"}`:                                   "/script",
			`{"name":"x",` + script + `,"agent_id":"nobody"}`:                                           "/agent_id",
			`{"name":"x",` + script + `,"expect":{"must_say":[" "]}}`:                                   "/expect/must_say/0",
			`{"name":"x",` + script + `,"expect":{"alerts":["x"]}}`:                                     "/expect/alerts/0",
			`{"name":"x",` + script + `,"schedule":{"kind":"hours"}}`:                                   "/schedule/every_hours",
			`{"name":"x",` + script + `,"schedule":{"kind":"daily","at":"7","timezone":"UTC"}}`:         "/schedule/at",
			`{"name":"x",` + script + `,"schedule":{"kind":"daily","at":"07:30","timezone":"Nowhere"}}`: "/schedule/timezone",
		} {
			refused(t, h, admin, http.MethodPost, "/v1/scenarios", body, http.StatusUnprocessableEntity, "invalid", pointer)
		}
		agent := get[ringside.Agent](t, h, admin, http.MethodPost, "/v1/agents", `{"name":"Front desk"}`)
		made := get[store.ScenarioRow](t, h, admin, http.MethodPost, "/v1/scenarios",
			`{"name":"Refund",`+script+`,"agent_id":"Front desk","calls":2,"schedule":{"kind":"hours","every_hours":3}}`)
		if made.AgentID != agent.ID || made.Behaviour != "normal" || !made.Active || made.NextAt == nil || made.LastRun != nil {
			t.Errorf("made: %+v", made)
		}
		path := "/v1/scenarios/" + made.ID
		// A change of the words leaves when it is due; one of the schedule does not.
		if same := get[store.ScenarioRow](t, h, admin, http.MethodPatch, path, `{"goal":"Money back"}`); same.NextAt == nil || !same.NextAt.Equal(*made.NextAt) {
			t.Errorf("a change of the goal makes it due at %v", same.NextAt)
		}
		if off := get[store.ScenarioRow](t, h, admin, http.MethodPatch, path, `{"active":false}`); off.NextAt != nil {
			t.Errorf("switched off it is due at %s", off.NextAt)
		}
		refused(t, h, admin, http.MethodPatch, path, `{"script":""}`, http.StatusUnprocessableEntity, "invalid", "/script")

		begun := get[api.ScenarioExecuted](t, h, admin, http.MethodPost, path+"/execute", `{"concurrent":3}`).Execution
		if begun.Status != "queued" || begun.SimulationsCreated != 3 || begun.ScenarioID != made.ID || begun.EstimatedCompletion.Before(time.Now()) {
			t.Errorf("begun: %+v", begun)
		}
		refused(t, h, admin, http.MethodPost, path+"/execute", "", http.StatusConflict, "scenario_running", "")
		refused(t, h, admin, http.MethodDelete, path, "", http.StatusConflict, "scenario_running", "")
		run := get[ringside.ScenarioRun](t, h, admin, http.MethodGet, path+"/runs/"+begun.ID, "")
		if run.Wanted != 3 || len(run.Calls) != 3 || run.By == "" || run.Scheduled {
			t.Errorf("its run: %+v", run)
		}
		if all := get[api.ScenarioList](t, h, admin, http.MethodGet, "/v1/scenarios", "").Items; len(all) != 1 || all[0].LastRun == nil || all[0].LastRun.ID != begun.ID {
			t.Errorf("listed: %+v", all)
		}
		refused(t, h, admin, http.MethodGet, path+"/runs/run_none", "", http.StatusNotFound, "not_found", "")

		other := get[store.ScenarioRow](t, h, admin, http.MethodPost, "/v1/scenarios", `{"name":"Many",`+script+`,"calls":48}`)
		refused(t, h, admin, http.MethodPost, "/v1/scenarios/"+other.ID+"/execute", "", http.StatusConflict, "too_many_calls", "")
		h.do(t, admin, http.MethodDelete, "/v1/scenarios/"+other.ID, "")
		refused(t, h, admin, http.MethodGet, "/v1/scenarios/"+other.ID, "", http.StatusNotFound, "not_found", "")
	})
}

// A scenario whose agent goes is not played by itself as another's.
func TestAScenarioLosesItsAgent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		agent := get[ringside.Agent](t, h, admin, http.MethodPost, "/v1/agents", `{"name":"Front desk"}`)
		made := get[store.ScenarioRow](t, h, admin, http.MethodPost, "/v1/scenarios",
			`{"name":"Refund","script":"# x 1 success\nA Hello.","agent_id":"`+agent.ID+`","schedule":{"kind":"daily","at":"07:30","timezone":"Europe/Berlin"}}`)
		h.do(t, admin, http.MethodDelete, "/v1/agents/"+agent.ID, "")
		if left := get[store.ScenarioRow](t, h, admin, http.MethodGet, "/v1/scenarios/"+made.ID, ""); left.AgentID != "" || left.Active || left.NextAt != nil {
			t.Errorf("without its agent: %+v", left)
		}
	})
}
