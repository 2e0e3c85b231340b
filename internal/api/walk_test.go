package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/deliver"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// operation is one of the document.
type operation struct {
	ID          string                `json:"operationId"`
	Description string                `json:"description"`
	Security    []map[string][]string `json:"security"`

	method, path string
}

// public tells whether the document lets anybody call it.
func (o *operation) public() bool {
	return slices.ContainsFunc(o.Security, func(s map[string][]string) bool { return len(s) == 0 })
}

// scope is what the document says a caller needs; empty for a way in.
func (o *operation) scope() auth.Scope {
	for _, s := range []auth.Scope{auth.ScopeRead, auth.ScopeAdmin} {
		if strings.Contains(o.Description, "Needs the scope `"+string(s)+"`") {
			return s
		}
	}
	return ""
}

// operations are all that the document has.
func operations(t *testing.T, h *harness) []*operation {
	t.Helper()
	doc := get[struct {
		Paths map[string]map[string]*operation `json:"paths"`
	}](t, h, nobody, http.MethodGet, "/openapi.json", "")
	var out []*operation
	for path, methods := range doc.Paths {
		for method, o := range methods {
			o.method, o.path = strings.ToUpper(method), path
			out = append(out, o)
		}
	}
	if len(out) < 50 {
		t.Fatalf("the document has only %d operations", len(out))
	}
	slices.SortFunc(out, func(a, b *operation) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// open are the operations that need no credentials: who adds one says so here.
// Those of the second line know a sender by the URL or the signature.
var open = []string{
	"setup", "setup-state", "sign-in", "sign-out",
	"observe-call-by-url", "observe-retell-by-url", "observe-retell-signed", "receive-webhook",
}

// byKind are the operations whose path names what every workspace may have one
// of: they mean that of the asker's own.
var byKind = []string{"put-crm", "test-integration", "delete-integration"}

// things are one of everything that an id can name, in one workspace.
type things struct {
	names map[string]string // how a path begins → the id that stands in it
	note  string
	run   string // of the scenario
	agent string // another one, to merge into
}

// furnish makes one of everything in the harness's workspace.
func furnish(t *testing.T, h *harness, admin asker) *things {
	t.Helper()
	type made struct {
		ID string `json:"id"`
	}
	call := get[made](t, h, admin, http.MethodPost, "/api/v1/observability/calls", `{"id":"their-call","agent_id":"their-agent","messages":[{"role":"user","content":"theirsecret"}]}`)
	talk := get[made](t, h, admin, http.MethodPost, "/v1/live-calls/their-live-call/events", `{"id":"e","type":"turn","role":"user","text":"theirsecret"}`)
	for h.live.Get(h.workspace.ID, callID(t, talk.ID)) == nil {
		time.Sleep(time.Millisecond)
	}
	at := time.Now().UTC()
	kept, err := h.ledger.Append(t.Context(), ledger.Envelope{
		Workspace: h.workspace.ID, Provider: "acme", Event: "x", ReceivedAt: at, Body: []byte(`{"their":"delivery"}`), State: store.Ignored, Reason: "none",
	})
	must(t, err)
	_, user := h.person(t, "their", store.Role("member"))
	gap := ringside.NewID("gap", at)
	must(t, h.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
		id, err := store.ResolveCall(ctx, tx, h.workspace.ID, call.ID)
		if err != nil {
			return err
		}
		if err := store.InsertGap(ctx, tx, h.workspace.ID, &store.Gap{ID: gap, Question: "their question", Status: "open", UpdatedAt: at}); err != nil {
			return err
		}
		return store.ReplaceCallGaps(ctx, tx, id, at, []store.AskedIn{{GapID: gap, Turn: 0, Question: "theirsecret"}})
	}))
	create := func(path, body string) string { return get[made](t, h, admin, http.MethodPost, path, body).ID }
	card := create("/v1/scorecards", `{"name":"their scorecard","categories":[{"name":"All","weight":100,"criteria":[{"name":"Tone"}]}]}`)
	evaluator := create("/v1/evaluators", `{"name":"their evaluator","scorecard_id":"`+card+`"}`)
	asked := get[api.EvaluationsAsked](t, h, admin, http.MethodPost, "/v1/evaluations", `{"evaluator_id":"`+evaluator+`","call_id":"`+call.ID+`"}`)
	rule := create("/v1/alert-rules", `{"name":"their rule","condition":{"type":"duration","threshold":60}}`)
	alarm := &ringside.Alert{
		ID: ringside.NewID("alert", at), Call: callID(t, call.ID), RuleID: rule, RuleName: "their rule", Type: ringside.AlertLongCall,
		Severity: ringside.AlertLow, Status: ringside.AlertTriggered, Message: "theirsecret", TriggeredAt: at,
	}
	step := create("/v1/intervention-rules", `{"name":"their step","do":{"action":"say","message":"theirsecret"}}`)
	proposed := &ringside.Proposal{
		ID: ringside.NewID("proposal", at), Call: callID(t, talk.ID), Alert: ringside.ProposalAlert{ID: alarm.ID}, RuleID: step, RuleName: "their step",
		Do: ringside.InterventionStep{Action: ringside.StepSay, Message: "theirsecret"}, Mode: ringside.ModeSuggest, CreatedAt: at,
	}
	must(t, h.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
		if _, err := store.InsertAlert(ctx, tx, h.workspace.ID, alarm, false); err != nil {
			return err
		}
		_, err := store.InsertProposal(ctx, tx, h.workspace.ID, proposed)
		return err
	}))
	played := create("/v1/scenarios", `{"name":"their scenario","goal":"theirsecret","script":"# theirs 1 success\nA Hello.\nU Bye."}`)
	run := get[api.ScenarioExecuted](t, h, admin, http.MethodPost, "/v1/scenarios/"+played+"/execute", "").Execution.ID
	const credential = "recordings.theirs.example"
	h.do(t, admin, http.MethodPut, "/v1/recording-credentials", `{"host":"`+credential+`","header":"X-Key","secret":"theirsecret"}`)
	endpoint := create("/v1/webhook-endpoints", `{"url":"https://hooks.example.com/theirhook","description":"their endpoint"}`)
	return &things{run: run, agent: create("/v1/agents", `{"name":"their second agent"}`), note: create("/v1/calls/"+call.ID+"/notes", `{"text":"their note"}`), names: map[string]string{
		"/v1/calls/":                 call.ID,
		"/api/v1/":                   call.ID,
		"/v1/live-calls/":            talk.ID,
		"/v1/recording-credentials/": credential,
		"/v1/queues/":                create("/v1/queues", `{"name":"their queue","number":"+14155550123"}`),
		"/v1/gaps/":                  gap,
		"/v1/agents/":                create("/v1/agents", `{"name":"their agent"}`),
		"/v1/inbox/":                 kept.DeliveryID,
		"/v1/keys/":                  create("/v1/keys", `{"name":"theirs","scope":"read"}`),
		"/v1/users/":                 user.ID,
		"/v1/workspaces/":            h.workspace.ID,
		"/v1/sources/":               create("/v1/sources", `{"provider":"mute","name":"their source","allow_unsigned":true}`),
		"/v1/views/":                 create("/v1/views", `{"name":"their view","query":"status=failed"}`),
		"/v1/webhook-endpoints/":     endpoint,
		"/v1/webhook-deliveries/":    h.told(t, h.workspace.ID, call.ID),
		"/v1/scorecards/":            card,
		"/v1/evaluators/":            evaluator,
		"/v1/evaluations/":           asked.EvaluationID,
		"/v1/alerts/":                alarm.ID,
		"/v1/alert-rules/":           rule,
		"/v1/intervention-rules/":    step,
		"/v1/proposals/":             proposed.ID,
		"/v1/scenarios/":             played,
		"/v1/erasures/":              create("/v1/erasures", `{"phone":"+14155550199","reason":"they asked"}`),
	}}
}

func callID(t *testing.T, s string) ringside.CallID {
	t.Helper()
	id, ok := ringside.ParseCallID(s)
	if !ok {
		t.Fatalf("%q is no call's id", s)
	}
	return id
}

// told plans to tell of a call's end and gives the delivery's id.
func (h *harness) told(t *testing.T, workspace, call string) (id string) {
	t.Helper()
	h.write(t, func(ctx context.Context, tx store.Tx) error {
		cid, err := store.ResolveCall(ctx, tx, workspace, call)
		if err != nil {
			return err
		}
		c, err := store.Call(ctx, tx, workspace, cid)
		if err != nil {
			return err
		}
		if n, err := h.deliver.Plan(ctx, tx, deliver.Event{Name: "call_ended", At: time.Now(), Call: c}); n != 1 || err != nil {
			t.Fatalf("%d are told, %v", n, err)
		}
		all, err := store.WebhookDeliveries(ctx, tx, store.WebhookFilter{Workspace: workspace, Call: cid, Limit: 1})
		id = all[0].ID
		return err
	})
	return id
}

// bodies are what operations are sent that ask for one.
func (x *things) body(id string) string {
	bodies := map[string]string{
		"add-note": `{"text":"x"}`, "create-agent": `{"name":"x"}`, "update-agent": `{"name":"x"}`,
		"merge-agent": `{"into":"` + x.agent + `"}`, "create-key": `{"name":"x","scope":"read"}`,
		"create-user": `{"email":"x@example.com","name":"x","role":"viewer"}`, "update-user": `{"name":"x"}`,
		"create-workspace": `{"name":"x"}`, "rename-workspace": `{"name":"x"}`, "create-source": `{"provider":"mute","allow_unsigned":true}`,
		"start-import": `{}`, "set-source-webhook": `{}`,
		"update-source": `{"name":"x"}`, "create-view": `{"name":"x","query":""}`, "switch-workspace": `{"workspace_id":"` + x.names["/v1/workspaces/"] + `"}`,
		"create-scorecard":  `{"name":"x","categories":[{"name":"x","weight":100,"criteria":[{"name":"x"}]}]}`,
		"update-scorecard":  `{"name":"x"}`,
		"dry-run-scorecard": `{"call_id":"` + x.names["/v1/calls/"] + `","scorecard_id":"` + x.names["/v1/scorecards/"] + `"}`,
		"create-evaluator":  `{"name":"x","criteria":["x"]}`, "update-evaluator": `{"name":"x"}`,
		"evaluate-calls":           `{"evaluator_id":"` + x.names["/v1/evaluators/"] + `","call_id":"` + x.names["/v1/calls/"] + `"}`,
		"evaluate-observed-call":   `{"evaluator_id":"` + x.names["/v1/evaluators/"] + `"}`,
		"update-gap":               `{"status":"ignored"}`,
		"add-live-note":            `{"note":"x"}`,
		"live-say":                 `{"message":"x"}`,
		"live-transfer":            `{"transferTo":"+14155550123"}`,
		"live-end":                 `{}`,
		"put-recording-credential": `{"host":"recordings.x.example","header":"X-Key","secret":"x"}`,
		"create-queue":             `{"name":"x","number":"+14155550123"}`,
		"update-queue":             `{"name":"y"}`,
		"create-intervention-rule": `{"name":"x","do":{"action":"end"}}`,
		"update-intervention-rule": `{"name":"x"}`,
		"create-scenario":          `{"name":"x","script":"# x 1 success\nA Hello."}`,
		"update-scenario":          `{"name":"x"}`,
		"put-llm":                  `{"base_url":"http://127.0.0.1:49151/v1","default_model":"x"}`,
		"put-crm":                  `{"base_url":"http://127.0.0.1:49151","client_id":"x"}`,
		"create-erasure":           `{"phone":"+14155550198","reason":"x"}`,
		"preview-erasure":          `{"phone":"+14155550198"}`,
		"preview-crm":              `{"call_id":"` + x.names["/v1/calls/"] + `"}`,
		"create-alert":             `{"name":"x","condition":{"type":"dead_air","threshold":5}}`,
		"create-alert-rule":        `{"name":"x","condition":{"type":"dead_air","threshold":5}}`,
		"update-alert-rule":        `{"name":"x"}`,
		"backtest-alert-rule":      `{"rule":{"condition":{"type":"dead_air","threshold":5}}}`,
		"setup":                    `{"token":"x","name":"x","email":"y@example.com","password":"a long enough password"}`,
		"sign-in":                  `{"email":"y@example.com","password":"x"}`,
		"create-webhook-endpoint":  `{"url":"https://hooks.example.com/x"}`, "update-webhook-endpoint": `{"description":"x"}`,
	}
	return bodies[id]
}

// url fills the path of an operation with ids of things.
func (x *things) url(o *operation) string {
	path := strings.NewReplacer("{note}", x.note, "{run}", x.run).Replace(o.path)
	for begin, id := range x.names {
		if strings.HasPrefix(path, begin) {
			path = strings.NewReplacer("{id}", id, "{call_short_id}", id, "{host}", id).Replace(path)
		}
	}
	return strings.NewReplacer("{key}", "rs_live_nobody", "{provider}", "mute", "{source}", "nobody", "{kind}", "llm", "{crm}", "salesforce", "{step}", "analysis", "{version}", "1").Replace(path)
}

func send(t *testing.T, h *harness, who asker, o *operation, x *things) answer {
	t.Helper()
	url, body := x.url(o), x.body(o.ID)
	if strings.Contains(url, "{") {
		t.Fatalf("%s: no id is known for %s", o.ID, url)
	}
	switch o.ID {
	case "stream-live-calls":
		return h.glimpse(t, who, url)
	case "send-live-events":
		body = `{"id":"walk","type":"turn","role":"user","text":"x"}`
	case "send-call-log":
		body = `{"provider":"external","payload":{"id":"walk"}}`
	case "observe-call", "observe-call-by-url", "observe-retell-by-url", "observe-retell-signed", "receive-webhook":
		body = `{"id":"walk"}`
	}
	return h.do(t, who, o.method, url, body)
}

// Nobody without credentials is told or changes anything, but where the
// document says so.
func TestEveryOperationWithoutCredentials(t *testing.T) {
	h := newServer(t, storetest.SQLite(t))
	x := furnish(t, h, h.key(t, h.workspace.ID, auth.ScopeAdmin))
	for _, o := range operations(t, h) {
		listed := slices.Contains(open, o.ID)
		if listed != o.public() {
			t.Errorf("%s: public in the document %t, on the list %t", o.ID, o.public(), listed)
		}
		a := send(t, h, nobody, o, x)
		var p struct {
			Code   string `json:"code"`
			Status int    `json:"status"`
		}
		if listed {
			// Those that know a sender by the URL take from nobody else.
			if isDoor := strings.HasPrefix(o.path, "/webhooks/") || strings.HasPrefix(o.path, "/api/"); isDoor && a.Status < 400 {
				t.Errorf("%s takes a delivery from anybody: %d %s", o.ID, a.Status, a.Body)
			}
			continue
		}
		if a.Status != http.StatusUnauthorized || json.Unmarshal(a.Body, &p) != nil || p.Status != http.StatusUnauthorized || p.Code == "" {
			t.Errorf("%s without credentials: %d %s, want 401", o.ID, a.Status, a.Body)
		}
		if bad := send(t, h, as("rs_live_000000000000000000000000000000000000"), o, x); bad.Status != http.StatusUnauthorized {
			t.Errorf("%s with a key that is none: %d %s, want 401", o.ID, bad.Status, bad.Body)
		}
	}
}

// A key of another workspace finds nothing by the ids of this one, and sees
// nothing of it in lists.
func TestEveryOperationWithAnotherWorkspacesKey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		x := furnish(t, h, admin)
		stranger := h.key(t, h.newWorkspace(t, "Other").ID, auth.ScopeAdmin)
		for _, o := range operations(t, h) {
			if o.public() {
				continue
			}
			a := send(t, h, stranger, o, x)
			named := strings.Contains(o.path, "{") && !slices.Contains(byKind, o.ID) || o.ID == "switch-workspace"
			if named && a.Status != http.StatusNotFound && a.Status != http.StatusForbidden {
				t.Errorf("%s on what is another workspace's: %d %s, want 404", o.ID, a.Status, a.Body)
			}
			for _, id := range append([]string{"their-call", "theirsecret", "their agent", "their view", "their source", "their note", "their endpoint", "theirhook", "their scorecard", "their evaluator", "their queue", "their rule", "their scenario", x.note}, values(x.names)...) {
				if a.Status < 300 && strings.Contains(string(a.Body), id) {
					t.Errorf("%s tells a stranger of %q: %s", o.ID, id, a.Body)
				}
			}
		}
		// All of it is still there, under its own names.
		for _, path := range []string{"/v1/calls/", "/v1/agents/", "/v1/inbox/", "/v1/scorecards/", "/v1/evaluators/", "/v1/evaluations/", "/v1/alerts/", "/v1/alert-rules/"} {
			if a := h.do(t, admin, http.MethodGet, path+x.names[path], ""); a.Status != http.StatusOK || strings.Contains(string(a.Body), `"name":"x"`) {
				t.Errorf("%s after the stranger: %d %s", path, a.Status, a.Body)
			}
		}
	})
}

func values(m map[string]string) (out []string) {
	for _, v := range m {
		out = append(out, v)
	}
	return out
}

// A key may do what its scope says and no more.
func TestEveryOperationWithTooSmallAScope(t *testing.T) {
	h := newServer(t, storetest.SQLite(t))
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	x := furnish(t, h, admin)
	keys := map[auth.Scope]asker{
		auth.ScopeIngest: h.key(t, h.workspace.ID, auth.ScopeIngest),
		auth.ScopeRead:   h.key(t, h.workspace.ID, auth.ScopeRead),
	}
	less := map[auth.Scope][]auth.Scope{auth.ScopeRead: {auth.ScopeIngest}, auth.ScopeAdmin: {auth.ScopeIngest, auth.ScopeRead}}
	all := operations(t, h)
	for _, o := range all {
		if o.public() {
			continue
		}
		need := o.scope()
		if need == "" && o.ID != "observe-call" && o.ID != "send-call-log" && o.ID != "put-recording" && o.ID != "import-calls" && o.ID != "send-live-events" && o.ID != "socket-live-events" {
			t.Errorf("%s: the document does not say which scope it needs", o.ID)
		}
		for _, small := range less[need] {
			if a := send(t, h, keys[small], o, x); a.Status != http.StatusForbidden {
				t.Errorf("%s with the scope %s: %d %s, want 403", o.ID, small, a.Status, a.Body)
			}
		}
	}
	// With the right key the same requests are answered: what was refused was
	// refused for its scope.
	for _, o := range all {
		if o.method != http.MethodGet || o.public() || o.ID == "list-users" || o.ID == "call-recording" || o.ID == "call-audio" || o.ID == "listen-live-call" || o.ID == "socket-live-events" {
			continue
		}
		who := admin
		if o.scope() == auth.ScopeRead {
			who = keys[auth.ScopeRead]
		}
		if a := send(t, h, who, o, x); a.Status != http.StatusOK {
			t.Errorf("%s with its scope: %d %s, want 200", o.ID, a.Status, a.Body)
		}
	}
}

// A deleted call's short id, UUID and id lead nowhere.
func TestADeletedCallIsGoneUnderEveryName(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		seen := get[struct {
			ID    string `json:"id"`
			Short string `json:"call_short_id"`
		}](t, h, admin, http.MethodPost, "/api/v1/observability/calls", `{"id":"a","messages":[{"role":"user","content":"hi"}]}`)
		names := []string{seen.ID, seen.Short, ringside.NewCallID(h.workspace.ID, "external", "a").String()}
		for _, n := range names {
			if a := h.do(t, admin, http.MethodGet, "/v1/calls/"+n, ""); a.Status != http.StatusOK {
				t.Errorf("%s: %d %s", n, a.Status, a.Body)
			}
		}
		a := h.do(t, admin, http.MethodDelete, "/api/v1/observability/calls/"+seen.Short, "")
		if a.Status != http.StatusOK || !strings.Contains(string(a.Body), "Call deleted") {
			t.Errorf("delete: %d %s", a.Status, a.Body)
		}
		for _, n := range names {
			for _, path := range []string{"", "/raw", "/events", "/transcript", "/log", "/notes", "/neighbours"} {
				refused(t, h, admin, http.MethodGet, "/v1/calls/"+n+path, "", http.StatusNotFound, "not_found", "")
			}
			refused(t, h, admin, http.MethodGet, "/api/v1/observability/calls/"+n, "", http.StatusNotFound, "not_found", "")
		}
		again := get[struct {
			Action string `json:"action"`
		}](t, h, admin, http.MethodPost, "/api/v1/observability/calls", `{"id":"a","messages":[{"role":"user","content":"hi"}]}`)
		if again.Action != "created" {
			t.Errorf("a new submission of a deleted call is %s", again.Action)
		}
	})
}
