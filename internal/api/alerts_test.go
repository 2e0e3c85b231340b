package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/alert"
	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider/flat"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// await asks until an answer is as wanted.
func await[T any](t *testing.T, h *harness, who asker, path string, ok func(T) bool) (v T) {
	t.Helper()
	for until := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if v = get[T](t, h, who, http.MethodGet, path, ""); ok(v) {
			return v
		}
		if time.Now().After(until) {
			t.Fatalf("%s: still %+v", path, v)
		}
	}
}

// An error that an agent tells of is an alert, which a person takes on and
// settles; it is seen in the call, in the list and by who follows.
func TestAnAlertsLife(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		watch := h.follow(t, admin, "alertsOnly=true", "")
		watch.next()
		call := h.tell(t, admin, "mine", `{"id":"e1","type":"started","agent":"desk"}`).ID
		h.tell(t, admin, "mine", turn("e2", "agent", "Hello!"))
		h.tell(t, admin, "mine", `{"id":"e3","type":"error","component":"model","message":"503, overloaded"}`)
		if f := watch.until("alert_triggered"); f.Call != call {
			t.Errorf("%+v", f)
		}
		page := await(t, h, admin, "/v1/alerts?status=open&type=call_error&call="+call, func(p store.AlertPage) bool { return len(p.Items) == 1 })
		a := page.Items[0]
		if page.Open != 1 || a.RuleID != "call_error" || a.Severity != ringside.AlertCritical || a.Cause != "model" || *a.Turn != 0 || a.Of.ID.String() != call || a.Of.Status != ringside.StatusActive {
			t.Errorf("%d open, %+v", page.Open, a)
		}
		took := get[api.AlertDetail](t, h, admin, http.MethodPost, "/v1/alerts/"+a.ID+"/acknowledge", "{}")
		if took.Status != ringside.AlertAcknowledged || took.AcknowledgedBy != string(auth.ScopeAdmin) {
			t.Errorf("%+v", took.AlertRow)
		}
		done := get[api.AlertDetail](t, h, admin, http.MethodPost, "/v1/alerts/"+a.ID+"/resolve", "")
		if done.Status != ringside.AlertResolved || done.ResolvedBy != string(auth.ScopeAdmin) {
			t.Errorf("%+v", done.AlertRow)
		}
		watch.until("alert_resolved")
		refused(t, h, admin, http.MethodPost, "/v1/alerts/"+a.ID+"/acknowledge", "", http.StatusConflict, "alert_resolved", "")
		h.tell(t, admin, "mine", `{"id":"e4","type":"error","component":"model","message":"503, again"}`)
		h.tell(t, admin, "mine", `{"id":"e5","type":"error","component":"voice","message":"quota"}`)
		await(t, h, admin, "/v1/alerts?status=triggered", func(p store.AlertPage) bool { return len(p.Items) == 1 && p.Items[0].Cause == "voice" })
		h.tell(t, admin, "mine", `{"id":"e6","type":"ended"}`)
		ended := await(t, h, admin, "/v1/alerts", func(p store.AlertPage) bool { return p.Open == 0 })
		if len(ended.Items) != 2 || ended.Items[0].ResolvedBy != ringside.ByCallEnd {
			t.Errorf("after the end: %+v", ended.Items)
		}
		triggered := get[api.TriggeredAlerts](t, h, admin, http.MethodGet, "/v1/alerts/triggered?timeRange=1d&severity=critical", "")
		if triggered.Total != 2 || triggered.Alerts[1].ID != a.ID || !triggered.Alerts[1].Resolved {
			t.Errorf("%+v", triggered)
		}
		if a := h.do(t, admin, http.MethodDelete, "/v1/calls/"+call, ""); a.Status != http.StatusNoContent {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		if left := get[store.AlertPage](t, h, admin, http.MethodGet, "/v1/alerts", ""); len(left.Items) != 0 {
			t.Errorf("of a deleted call: %+v", left.Items)
		}
	})
}

func TestAlertListsAskForWhatTheyCanGive(t *testing.T) {
	h := newServer(t, storetest.SQLite(t))
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	for query, field := range map[string]string{
		"cursor=x": "cursor", "triggered_after=soon": "triggered_after", "limit=0": "limit",
	} {
		refused(t, h, admin, http.MethodGet, "/v1/alerts?"+query, "", http.StatusUnprocessableEntity, "invalid", field)
	}
	refused(t, h, admin, http.MethodGet, "/v1/alerts/triggered?timeRange=long", "", http.StatusUnprocessableEntity, "invalid", "timeRange")
	refused(t, h, admin, http.MethodGet, "/v1/alerts/alert_nobody", "", http.StatusNotFound, "not_found", "")
}

// Rules are made in Chanl's fields, changed, kept in versions and deleted; the
// built-in ones can be changed and set back.
func TestAlertRules(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		agent := get[api.AgentView](t, h, admin, http.MethodPost, "/v1/agents", `{"name":"agent-v1"}`).ID
		told := 0
		slack := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			told++
			_, _ = w.Write([]byte("ok"))
		}))
		defer slack.Close()
		made := get[ringside.AlertRule](t, h, admin, http.MethodPost, "/v1/alerts", `{"name":"Low Quality Score Alert",
 "condition":{"type":"score_threshold","threshold":70,"operator":"less_than"},"severity":"high",
 "notifications":{"slack":{"webhook":"`+slack.URL+`/services/theirpath","channel":"#ai-alerts","mentionOnCritical":true}},
 "agents":["agent-v1","`+agent+`"],"active":true,
 "throttling":{"enabled":true,"cooldownMinutes":15,"maxAlertsPerHour":10},"grouping":{"enabled":true,"timeWindow":"5m","maxGroupSize":5},
 "silenceSchedule":{"enabled":true,"windows":[{"days":["saturday","sunday"],"startTime":"22:00","endTime":"06:00"}]}}`)
		if made.Version != 1 || !slices.Equal(made.Agents, []string{agent}) || made.Notifications["slack"]["webhook_set"] != true || made.Notifications["slack"]["webhook"] != nil {
			t.Errorf("made: %+v", made)
		}
		tried := get[api.AlertRuleTried](t, h, admin, http.MethodPost, "/v1/alert-rules/"+made.ID+"/test-notification", "")
		if len(tried.Items) != 1 || !tried.Items[0].OK || told != 1 {
			t.Errorf("tried: %+v, %d got", tried, told)
		}
		changed := get[ringside.AlertRule](t, h, admin, http.MethodPatch, "/v1/alert-rules/"+made.ID,
			`{"severity":"critical","notifications":{"slack":{"webhook_set":true,"channel":"#other"}}}`)
		if changed.Version != 2 || changed.Severity != ringside.AlertCritical || changed.Notifications["slack"]["webhook_set"] != true {
			t.Errorf("changed: %+v", changed)
		}
		if tried := get[api.AlertRuleTried](t, h, admin, http.MethodPost, "/v1/alert-rules/"+made.ID+"/test-notification?channel=slack", ""); !tried.Items[0].OK {
			t.Errorf("the address that was kept: %+v", tried)
		}
		versions := get[api.AlertRuleVersions](t, h, admin, http.MethodGet, "/v1/alert-rules/"+made.ID+"/versions", "")
		if len(versions.Items) != 2 || versions.Items[1].Rule.Severity != ringside.AlertHigh || versions.Items[0].Author == "" {
			t.Errorf("versions: %+v", versions.Items)
		}
		for _, body := range []answer{h.do(t, admin, http.MethodGet, "/v1/alert-rules", ""), h.do(t, admin, http.MethodGet, "/v1/alert-rules/"+made.ID+"/versions", "")} {
			if strings.Contains(string(body.Body), "theirpath") {
				t.Errorf("a secret is told: %s", body.Body)
			}
		}
		get[struct{}](t, h, admin, http.MethodDelete, "/v1/agents/"+agent, "")
		if alone := get[ringside.AlertRule](t, h, admin, http.MethodGet, "/v1/alert-rules/"+made.ID, ""); alone.Active || len(alone.Agents) != 0 {
			t.Errorf("of an agent that went: %+v", alone)
		}
		get[struct{}](t, h, admin, http.MethodDelete, "/v1/alert-rules/"+made.ID, "")
		refused(t, h, admin, http.MethodGet, "/v1/alert-rules/"+made.ID, "", http.StatusNotFound, "not_found", "")
	})
}

func TestBuiltInAlertRules(t *testing.T) {
	h := newServer(t, storetest.SQLite(t))
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	all := get[api.AlertRuleList](t, h, admin, http.MethodGet, "/v1/alert-rules", "").Items
	if len(all) != 9 || all[0].ID != "quality_drop" || !all[0].Active || all[0].Version != 0 {
		t.Fatalf("%d rules, %+v", len(all), all[0])
	}
	changed := get[ringside.AlertRule](t, h, admin, http.MethodPatch, "/v1/alert-rules/dead_air", `{"condition":{"type":"dead_air","threshold":4},"severity":"high","active":false}`)
	if changed.Version != 1 || *changed.Condition.Threshold != 4 || changed.Active || !changed.BuiltIn {
		t.Errorf("%+v", changed)
	}
	again := get[ringside.AlertRule](t, h, admin, http.MethodPost, "/v1/alert-rules/dead_air/reset", "")
	if again.Version != 2 || *again.Condition.Threshold != 10 || !again.Active || again.Severity != ringside.AlertMedium {
		t.Errorf("%+v", again)
	}
	refused(t, h, admin, http.MethodDelete, "/v1/alert-rules/dead_air", "", http.StatusConflict, "built_in", "")
	refused(t, h, admin, http.MethodPatch, "/v1/alert-rules/dead_air", `{"name":"Quiet"}`, http.StatusUnprocessableEntity, "invalid", "/name")
	refused(t, h, admin, http.MethodPatch, "/v1/alert-rules/dead_air", `{"condition":{"type":"duration","threshold":4}}`, http.StatusUnprocessableEntity, "invalid", "/condition/type")
	for body, field := range map[string]string{
		`{"condition":{"type":"dead_air","threshold":4}}`: "/name",
		`{"name":"x"}`: "/condition/type",
		`{"name":"x","condition":{"type":"score_threshold"}}`:                                            "/condition/threshold",
		`{"name":"x","condition":{"type":"required_phrase","phrase":"hello"}}`:                           "/condition/location",
		`{"name":"x","condition":{"type":"sensitive_data","detect":["iris"]}}`:                           "/condition/detect/0",
		`{"name":"x","condition":{"type":"call_error"},"agents":["nobody"]}`:                             "/agents/0",
		`{"name":"x","condition":{"type":"call_error"},"notifications":{"pigeon":{}}}`:                   "/notifications/pigeon",
		`{"name":"x","condition":{"type":"call_error"},"notifications":{"slack":{}}}`:                    "/notifications/slack/webhook",
		`{"name":"x","condition":{"type":"call_error"},"notifications":{"email":["a@example.com"]}}`:     "/notifications/email",
		`{"name":"x","condition":{"type":"call_error"},"grouping":{"enabled":true,"timeWindow":"ages"}}`: "/grouping/timeWindow",
	} {
		refused(t, h, admin, http.MethodPost, "/v1/alert-rules", body, http.StatusUnprocessableEntity, "invalid", field)
	}
}

// A draft is tried on stored calls by the code that looks at those that are on.
func TestBacktest(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		begun := time.Now().Add(-time.Hour).UTC().Truncate(time.Second)
		for i, pause := range []int64{2_000, 25_000} {
			h.stored(t, fmt.Sprint("call", i), begun.Add(time.Duration(i)*time.Minute), pause)
		}
		out := get[alert.Backtest](t, h, admin, http.MethodPost, "/v1/alert-rules/backtest", `{"rule":{"condition":{"type":"dead_air","threshold":8}}}`)
		m := out.Marked
		if out.Calls != 2 || out.Fired != 1 || out.Alerts != 1 || m.Bad != 1 || m.BadFired != 1 || m.Fine != 1 || *m.Precision != 1 || *m.Recall != 1 {
			t.Errorf("%+v", out)
		}
		if len(out.Items) != 1 || out.Items[0].Alerts[0].AtMS != 14_000 || out.Items[0].Alerts[0].ResolvedAtMS != 31_000 || out.Items[0].Alerts[0].ResolvedBy != ringside.ByRecovery {
			t.Fatalf("%+v", out.Items)
		}
		all := get[alert.Backtest](t, h, admin, http.MethodPost, "/v1/alert-rules/backtest", `{"rule":{"condition":{"type":"dead_air","threshold":8}},"agents":["all"]}`)
		if all.Calls != 2 {
			t.Errorf("of all agents: %+v", all)
		}
		if page := get[store.AlertPage](t, h, admin, http.MethodGet, "/v1/alerts", ""); len(page.Items) != 0 {
			t.Errorf("a test leaves alerts: %+v", page.Items)
		}
		none := get[alert.Backtest](t, h, admin, http.MethodPost, "/v1/alert-rules/backtest", `{"rule":{"condition":{"type":"dead_air","threshold":8}},"to":"`+begun.Format(time.RFC3339)+`"}`)
		if none.Calls != 0 || none.Marked.Precision != nil {
			t.Errorf("of an earlier time: %+v", none)
		}
	})
	h := newServer(t, storetest.SQLite(t))
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	for body, field := range map[string]string{
		`{"rule":{}}`: "/rule/condition",
		`{"rule":{"condition":{"type":"error_rate","threshold":0.1,"timeWindow":"1h"}}}`: "/rule/condition/type",
		`{"rule":{"condition":{"type":"duration"}}}`:                                     "/rule/condition/threshold",
		`{"rule":{"condition":{"type":"call_error"}},"from":"then"}`:                     "/from",
	} {
		refused(t, h, admin, http.MethodPost, "/v1/alert-rules/backtest", body, http.StatusUnprocessableEntity, "invalid", field)
	}
}

// stored keeps an ended call in which the agent let the customer wait; one that
// waited long did not go well.
func (h *harness) stored(t *testing.T, id string, begun time.Time, pause int64) {
	t.Helper()
	said := func(role ringside.Role, text string, from, to int64) ringside.Turn {
		return ringside.Turn{Role: role, Text: text, StartMS: &from, EndMS: &to}
	}
	x := ringside.Facts{
		StartedAt: begun, EndedAt: begun.Add(time.Duration(9_000+pause) * time.Millisecond), Phase: ringside.PhaseEnded, Success: new(pause < 8_000),
		Turns: []ringside.Turn{
			said(ringside.RoleAgent, "Hello, how can I help you?", 0, 3_000), said(ringside.RoleUser, "Where is my parcel?", 4_000, 6_000),
			said(ringside.RoleAgent, "It is on its way.", 6_000+pause, 8_000+pause),
		},
	}
	_, err := h.ledger.Append(t.Context(), ledger.Envelope{
		Workspace: h.workspace.ID, Provider: flat.ID, Event: "x", ReceivedAt: begun, Body: []byte(`{"id":"` + id + `"}`), State: store.Stored,
		Events: []ringside.Event{{Provider: flat.ID, ProviderCallID: id, Name: "ended", Authority: ringside.Report, ReceivedAt: begun, Facts: x}},
	})
	must(t, err)
}
