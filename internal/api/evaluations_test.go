package api_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// ask asks for an evaluation of one call.
func (h *harness) ask(t *testing.T, who asker, evaluator, call string) string {
	t.Helper()
	return get[api.EvaluationsAsked](t, h, who, "POST", "/v1/evaluations", fmt.Sprintf(`{"evaluator_id":%q,"call_id":%q}`, evaluator, call)).EvaluationID
}

// list gives the ids of a list of evaluations, page by page.
func (h *harness) list(t *testing.T, who asker, query string) (ids []string) {
	t.Helper()
	for cursor := ""; ; {
		page := get[store.EvaluationPage](t, h, who, "GET", "/v1/evaluations?limit=2&"+query+"&cursor="+cursor, "")
		for _, e := range page.Items {
			ids = append(ids, e.ID)
		}
		if cursor = page.NextCursor; cursor == "" {
			return ids
		}
	}
}

// settle writes down what evaluations came to, as their jobs do.
func (h *harness) settle(t *testing.T, id string, v ringside.Verdict, score float64) {
	t.Helper()
	h.write(t, func(ctx context.Context, tx store.Tx) error {
		e, err := store.BeginEvaluation(ctx, tx, h.workspace.ID, id)
		if err != nil {
			return err
		}
		e.Status, e.Verdict, e.Score, e.Coverage, e.FinishedAt = ringside.EvaluationDone, v, &score, new(1.0), new(e.CreatedAt)
		e.Result = &ringside.ScorecardResult{Verdict: v, Score: &score, Coverage: 1, Critical: []string{}, Categories: []ringside.CategoryResult{}}
		return store.UpdateEvaluation(ctx, tx, h.workspace.ID, e)
	})
}

func TestEvaluations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		card := get[api.ScorecardView](t, h, admin, "POST", "/v1/scorecards", desk)
		by := get[ringside.Evaluator](t, h, admin, "POST", "/v1/evaluators", fmt.Sprintf(`{"name":"Weekly","scorecard_id":%q}`, card.ID))
		free := get[ringside.Evaluator](t, h, admin, "POST", "/v1/evaluators", `{"name":"Free","criteria":["Tone"]}`)
		one, two := h.observe(t, admin, spoken("one")), h.observe(t, admin, strings.Replace(spoken("two"), "desk", "night", 1))
		var ids []string // oldest first
		for _, e := range [][2]string{{by.ID, one}, {by.ID, two}, {free.ID, one}} {
			ids = append(ids, h.ask(t, admin, e[0], e[1]))
			time.Sleep(2 * time.Millisecond) // lists are in order to the millisecond
		}
		h.settle(t, ids[0], ringside.VerdictPass, 88)
		h.settle(t, ids[1], ringside.VerdictFail, 12)
		agents := get[struct{ Items []*api.AgentView }](t, h, admin, "GET", "/v1/agents", "").Items
		night := agents[0].ID
		if agents[0].SourceID != "night" {
			night = agents[1].ID
		}
		for query, want := range map[string][]string{
			"":                           {ids[2], ids[1], ids[0]},
			"evaluator=" + by.ID:         {ids[1], ids[0]},
			"scorecard=" + card.ID:       {ids[1], ids[0]},
			"call=" + one:                {ids[2], ids[0]},
			"agent=" + night:             {ids[1]},
			"agent=none":                 nil,
			"status=queued,running":      {ids[2]},
			"verdict=pass&verdict=fail":  {ids[1], ids[0]},
			"verdict=pass&call=" + one:   {ids[0]},
			"trigger=automatic":          nil,
			"run=run_x":                  nil,
			"evaluator=x&trigger=manual": nil,
		} {
			if got := h.list(t, admin, query); strings.Join(got, " ") != strings.Join(want, " ") {
				t.Errorf("%s lists %q, want %q", query, got, want)
			}
		}
		refused(t, h, admin, "GET", "/v1/evaluations?cursor=x", "", 422, "invalid", "cursor")
		refused(t, h, admin, "GET", "/v1/evaluations?call=nnnnnnnn", "", 404, "not_found", "")

		path := "/v1/evaluations/" + ids[0]
		got := get[store.EvaluationRow](t, h, admin, "GET", path, "")
		if got.Result == nil || *got.Score != 88 || got.Call.ShortID != one || got.Call.Agent == nil || got.Call.Agent.SourceID != "desk" || got.Trigger != ringside.TriggerManual || got.EvaluatorName != "Weekly" || got.ScorecardVersion != 1 || *got.Call.DurationMS != 40_000 {
			t.Errorf("%s", text(t, got))
		}
		if listed := get[store.EvaluationPage](t, h, admin, "GET", "/v1/evaluations?verdict=pass", "").Items[0]; listed.Result != nil || *listed.Score != 88 {
			t.Errorf("%s", text(t, listed))
		}
		refused(t, h, admin, "POST", "/v1/evaluations/"+ids[2]+"/rerun", "", 409, "not_finished", "")
		again := get[store.EvaluationRow](t, h, admin, "POST", path+"/rerun", "")
		if again.ID == ids[0] || again.Status != ringside.EvaluationQueued || again.CallID != got.CallID {
			t.Errorf("%s", text(t, again))
		}

		// A call that goes takes its evaluations along.
		get[struct{}](t, h, admin, "DELETE", "/v1/calls/"+one, "")
		if got := h.list(t, admin, ""); len(got) != 1 || got[0] != ids[1] {
			t.Errorf("after the removal of the call: %q", got)
		}
		refused(t, h, admin, "GET", path, "", 404, "not_found", "")
	})
}

// A filter means the same calls as in the list of calls.
func TestEvaluateByFilter(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		by := get[ringside.Evaluator](t, h, admin, "POST", "/v1/evaluators", `{"name":"Free","criteria":["Tone"]}`)
		for i, extra := range []string{`"metadata":{"tier":"gold"}`, `"metadata":{"tier":"gold"},"endedReason":"customer-hungup"`, `"metadata":{"tier":"tin"}`} {
			h.observe(t, admin, strings.Replace(spoken(fmt.Sprint("c", i)), `"agent_id"`, extra+`,"agent_id"`, 1))
		}
		for filter, want := range map[string]int{
			`{}`:                           3,
			`{"metadata":{"tier":"gold"}}`: 2,
			`{"ended_reason":["customer-hungup"],"has_recording":false,"simulation":false}`:                                                                1,
			`{"min_duration_ms":40000,"max_duration_ms":40000,"status":["completed","failed"],"started_after":"2026-11-20T09:00:00Z","direction":["web"]}`: 0,
			`{"min_duration_ms":40000,"max_duration_ms":40000,"status":["completed","failed"],"started_after":"2026-11-20T09:00:00Z"}`:                     3,
			`{"started_before":"2026-11-20T09:00:00Z"}`: 0,
			`{"min_quality":0.5,"max_quality":99.5}`:    0,
		} {
			r := get[api.EvaluationsAsked](t, h, admin, "POST", "/v1/evaluations", fmt.Sprintf(`{"evaluator_id":%q,"filter":%s}`, by.ID, filter))
			if r.Matched != want || r.Queued != want || r.ID == "" || r.EvaluationID != "" {
				t.Errorf("%s: %+v, want %d", filter, r, want)
			}
			if got := h.list(t, admin, "run="+r.ID); len(got) != want {
				t.Errorf("%s: %d are listed, want %d", filter, len(got), want)
			}
		}
		r := get[api.EvaluationsAsked](t, h, admin, "POST", "/v1/evaluations", fmt.Sprintf(`{"evaluator_id":%q,"filter":{},"limit":2}`, by.ID))
		if r.Matched != 3 || r.Queued != 2 || len(h.list(t, admin, "trigger=filter&run="+r.ID)) != 2 {
			t.Errorf("%+v", r)
		}
		refused(t, h, admin, "POST", "/v1/evaluations", fmt.Sprintf(`{"evaluator_id":%q}`, by.ID), 422, "invalid", "/call_id")
		refused(t, h, admin, "POST", "/v1/evaluations", fmt.Sprintf(`{"evaluator_id":%q,"filter":{},"limit":10001}`, by.ID), 422, "invalid", "/limit")
		refused(t, h, admin, "POST", "/v1/evaluations", fmt.Sprintf(`{"evaluator_id":%q,"filter":{"started_after":"yesterday"}}`, by.ID), 422, "invalid", "/filter/started_after")
		refused(t, h, admin, "POST", "/v1/evaluations", fmt.Sprintf(`{"evaluator_id":%q,"filter":{"colour":"red"}}`, by.ID), 422, "invalid", "/filter/colour")
		refused(t, h, admin, "POST", "/v1/evaluations", `{"evaluator_id":"evaluator_x","filter":{}}`, 404, "not_found", "")
		if got := get[api.AuditPage](t, h, admin, "GET", "/v1/audit?limit=1", "").Items[0]; got.Action != "evaluation.run" || got.Subject != "2 calls ("+r.ID+")" {
			t.Errorf("noted %+v", got)
		}
	})
}

// The observability API asks by the call's short id and answers as its clients
// expect.
func TestEvaluateAnObservedCall(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		by := get[ringside.Evaluator](t, h, admin, "POST", "/v1/evaluators", `{"name":"Free","criteria":["Follow Instructions","Problem Resolution"]}`)
		path := "/api/v1/observability/calls/" + h.observe(t, admin, spoken("a")) + "/evaluate"
		body := fmt.Sprintf(`{"evaluator_id":%q}`, by.ID)
		a := h.do(t, admin, "POST", path, body)
		if a.Status != 201 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		asked := get[api.ObservedEvaluation](t, h, admin, "POST", path, fmt.Sprintf(`{"evaluator_id":%q}`, ringside.IDAsUUID(by.ID)))
		if asked.Status != "queued" || asked.Message != "Evaluation queued successfully" || len(asked.EvaluatorResultID) != 36 || asked.EvaluatorResultID == asked.ResultID {
			t.Errorf("%+v", asked)
		}
		for _, id := range []string{asked.EvaluatorResultID, asked.ResultID} {
			if got := get[store.EvaluationRow](t, h, admin, "GET", "/v1/evaluations/"+id, ""); got.Trigger != ringside.TriggerAPI || got.Status != ringside.EvaluationQueued || got.EvaluatorID != by.ID {
				t.Errorf("%s", text(t, got))
			}
		}
		if n := h.count(t, "river_job WHERE kind = 'evaluate'"); n != 2 {
			t.Errorf("%d jobs for two requests", n)
		}
		silent := h.observe(t, admin, `{"id":"silent"}`)
		for _, r := range []struct {
			path, body   string
			status       int
			code, detail string
		}{
			{"/api/v1/observability/calls/nnnnnnnn/evaluate", body, 404, "not_found", "Call not found"},
			{"/api/v1/observability/calls/" + silent + "/evaluate", body, 400, "no_transcript", "Call has no messages to evaluate"},
			{path, `{"evaluator_id":"00000000-0000-0000-0000-000000000000"}`, 404, "not_found", "Evaluator not found"},
			{path, `{}`, 422, "invalid", "evaluator_id"},
		} {
			refused(t, h, admin, "POST", r.path, r.body, r.status, r.code, "")
			if a := h.do(t, admin, "POST", r.path, r.body); !strings.Contains(string(a.Body), r.detail) {
				t.Errorf("%s: %s, want %s", r.path, a.Body, r.detail)
			}
		}
		if a := h.do(t, admin, "POST", strings.TrimSuffix(path, "evaluate")+"judge", body); a.Status != 404 {
			t.Errorf("another word in its place: %d", a.Status)
		}
		// The ways in beside it are still known by their own paths.
		if a := h.do(t, nobody, "POST", "/api/v1/observability/calls/webhook/evaluate", spoken("b")); a.Status != 401 {
			t.Errorf("a webhook with the key evaluate: %d %s", a.Status, a.Body)
		}
	})
}

// A workspace that goes takes along what it was judged by and what that came to.
func TestADeletedWorkspaceLeavesNoJudgement(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		ada, _ := h.person(t, "ada", store.Admin)
		gone := h.newWorkspace(t, "Gone")
		theirs := h.key(t, gone.ID, auth.ScopeAdmin)
		card := get[api.ScorecardView](t, h, theirs, "POST", "/v1/scorecards", desk)
		by := get[ringside.Evaluator](t, h, theirs, "POST", "/v1/evaluators", fmt.Sprintf(`{"name":"Weekly","scorecard_id":%q}`, card.ID))
		h.ask(t, theirs, by.ID, h.observe(t, theirs, spoken("a")))
		// One that is left of a call whose removal crossed it.
		h.write(t, func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO evaluations SELECT 'eval_orphan', workspace_id, $1, evaluator_id, evaluator_name, scorecard_id, scorecard_version, scorecard_name,
 run_id, cause, status, reason, attempts, verdict, score, coverage, model, prompt_hash, detail, created_ms, finished_ms FROM evaluations`, []byte("0123456789abcdef"))
			return err
		})
		get[struct{}](t, h, ada, "DELETE", "/v1/workspaces/"+gone.ID, "")
		for _, table := range []string{"scorecards", "scorecard_versions", "evaluators", "evaluations"} {
			if n := h.count(t, table); n != 0 {
				t.Errorf("%d rows of %s left", n, table)
			}
		}
	})
}
