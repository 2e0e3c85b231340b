package api_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/live"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// awaitProposal waits until who watches sees a call's newest proposal as wanted.
func (h *harness) awaitProposal(t *testing.T, who asker, call string, ok func(*ringside.Proposal) bool) *ringside.Proposal {
	t.Helper()
	list := await(t, h, who, "/v1/live-calls", func(l api.LiveCalls) bool {
		for _, c := range l.ActiveCalls {
			if c.ID == call {
				return len(c.Proposals) > 0 && ok(c.Proposals[0])
			}
		}
		return false
	})
	for _, c := range list.ActiveCalls {
		if c.ID == call {
			return c.Proposals[0]
		}
	}
	return nil
}

// untilProposal reads up to a frame whose call has a newest proposal of a status.
func (r *reader) untilProposal(status ringside.ProposalStatus) ringside.Proposal {
	r.t.Helper()
	for {
		if all := r.until(live.EventUpdated).Now.Proposals; len(all) > 0 && all[0].Status == status {
			return all[0]
		}
	}
}

func isOpen(p *ringside.Proposal) bool { return p.Open() }

// What a rule proposes is seen by everybody who watches, with how it ends; each
// proposal is decided once.
func TestProposals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h, a := newServer(t, s), newAgent(t)
		admin, reader := h.key(t, h.workspace.ID, auth.ScopeAdmin), h.key(t, h.workspace.ID, auth.ScopeRead)
		agent := get[api.AgentView](t, h, admin, "POST", "/v1/agents", `{"name":"Desk","source_id":"desk"}`)
		queue := get[ringside.Queue](t, h, admin, "POST", "/v1/queues", `{"name":"Care","number":"+14155550123"}`)
		rule := get[ringside.InterventionRule](t, h, admin, "POST", "/v1/intervention-rules",
			`{"name":"Broken","when":{"types":["call_error"],"minSeverity":"high"},"agents":["Desk"],"mode":"act","countdown":300,"do":{"action":"transfer","transferTo":"care","message":"They wait."}}`)
		if rule.Do.TransferTo != queue.ID || rule.Agents[0] != agent.ID || !rule.Active {
			t.Errorf("%+v", rule)
		}
		id := h.begin(t, admin, "mine", `{"id":"1","type":"started","agent":"desk","controlUrl":"`+a.URL+`"}`)
		watch := h.follow(t, reader, "", "")
		watch.next()
		h.tell(t, admin, "mine", `{"id":"2","type":"error","component":"model","message":"503, overloaded"}`)
		p := h.awaitProposal(t, reader, id, isOpen)
		if left := time.Until(*p.DueAt); left > 300*time.Second || left < 250*time.Second || p.To != "Care" || p.RuleName != "Broken" || p.Alert.Type != ringside.AlertCallError || p.Alert.Message == "" {
			t.Errorf("%+v, %s left", p, left)
		}
		if f := watch.untilProposal(ringside.ProposalOpen); f.ID != p.ID {
			t.Errorf("who follows sees %+v", f)
		}
		refused(t, h, reader, "POST", "/v1/proposals/"+p.ID+"/cancel", "", http.StatusForbidden, "forbidden", "")
		got := get[ringside.Proposal](t, h, admin, "POST", "/v1/proposals/"+p.ID+"/cancel", "")
		if got.Status != ringside.ProposalCancelled || got.DecidedBy != "admin" {
			t.Errorf("%+v", got)
		}
		if f := watch.untilProposal(ringside.ProposalCancelled); f.ID != p.ID {
			t.Errorf("who follows sees %+v", f)
		}
		refused(t, h, admin, "POST", "/v1/proposals/"+p.ID+"/accept", "", http.StatusConflict, "proposal_decided", "")
		refused(t, h, admin, "POST", "/v1/proposals/nobody/accept", "", http.StatusNotFound, "not_found", "")

		get[any](t, h, admin, "PATCH", "/v1/intervention-rules/"+rule.ID, `{"mode":"suggest","agents":[]}`)
		h.tell(t, admin, "mine", `{"id":"3","type":"error","component":"voice","message":"quota"}`)
		if p = h.awaitProposal(t, reader, id, isOpen); p.DueAt != nil {
			t.Errorf("%+v", p)
		}
		got = get[ringside.Proposal](t, h, admin, "POST", "/v1/proposals/"+p.ID+"/accept", "")
		if order, _ := a.last(); got.Status != ringside.ProposalDone || got.Result != "Transferred to Care." || order["to"] != "+14155550123" || order["context"] != "They wait." {
			t.Errorf("%+v, order %v", got, order)
		}
		h.awaitProposal(t, reader, id, func(p *ringside.Proposal) bool { return p.Status == ringside.ProposalDone })

		h.tell(t, admin, "mine", `{"id":"4","type":"error","component":"ears","message":"none"}`)
		p = h.awaitProposal(t, reader, id, isOpen)
		get[any](t, h, admin, "POST", "/v1/alerts/"+p.Alert.ID+"/resolve", "")
		h.awaitProposal(t, reader, id, func(p *ringside.Proposal) bool { return p.Result == "The alert was resolved by admin." })
		h.tell(t, admin, "mine", `{"id":"5","type":"error","component":"legs","message":"none"}`)
		h.awaitProposal(t, reader, id, isOpen)
		get[any](t, h, admin, "PATCH", "/v1/intervention-rules/"+rule.ID, `{"active":false}`)
		h.awaitProposal(t, reader, id, func(p *ringside.Proposal) bool { return p.Result == "The rule was switched off." })
		get[any](t, h, admin, "PATCH", "/v1/intervention-rules/"+rule.ID, `{"active":true}`)
		h.tell(t, admin, "mine", `{"id":"6","type":"error","component":"arms","message":"none"}`)
		h.awaitProposal(t, reader, id, isOpen)
		h.tell(t, admin, "mine", `{"id":"7","type":"ended"}`)
		list := await(t, h, reader, "/v1/live-calls/"+id+"/proposals", func(l api.ProposalList) bool { return !l.Items[0].Open() })
		if len(list.Items) != 5 || list.Items[0].Result != "The call has ended." || list.Items[4].Status != ringside.ProposalCancelled {
			t.Errorf("%d, %+v", len(list.Items), list.Items[0])
		}
		log := string(h.do(t, admin, "GET", "/v1/audit", "").Body)
		for _, action := range []string{"intervention_rule.create", "intervention_rule.update", "proposal.cancel", "proposal.accept"} {
			if !strings.Contains(log, action) {
				t.Errorf("no %s in the audit", action)
			}
		}
	})
}

// What a rule can't be is said with the field; one that is there can be switched
// off though its queue has gone.
func TestInterventionRulesThatAreRefused(t *testing.T) {
	h := newServer(t, storetest.SQLite(t))
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	agent := get[api.AgentView](t, h, admin, "POST", "/v1/agents", `{"name":"Desk"}`)
	get[any](t, h, admin, "POST", "/v1/agents", `{"name":"Other"}`)
	queue := get[ringside.Queue](t, h, admin, "POST", "/v1/queues", `{"name":"Care","number":"+14155550123","agents":["`+agent.ID+`"]}`)
	const end = `"do":{"action":"end"}`
	to := func(to string) string { return `"do":{"action":"transfer","transferTo":"` + to + `"}` }
	for body, want := range map[string][2]string{
		`{` + end + `}`:                         {"/name", "invalid"},
		`{"name":"x"}`:                          {"/do/action", "invalid"},
		`{"name":"x","mode":"act",` + end + `}`: {"/agents", "invalid"},
		`{"name":"x","mode":"act","agents":["all"],` + end + `}`:     {"/agents", "invalid"},
		`{"name":"x","mode":"act","agents":["nobody"],` + end + `}`:  {"/agents/0", "invalid"},
		`{"name":"x","countdown":4,` + end + `}`:                     {"/countdown", "invalid"},
		`{"name":"x","when":{"types":["dead_air","x"]},` + end + `}`: {"/when/types/1", "invalid"},
		`{"name":"x",` + to("nobody") + `}`:                          {"/do/transferTo", "queue_unknown"},
		`{"name":"x",` + to("555") + `}`:                             {"/do/transferTo", "queue_unknown"},
		`{"name":"x","agents":["Other"],` + to("Care") + `}`:         {"/do/transferTo", "transfer_not_configured"},
	} {
		refused(t, h, admin, "POST", "/v1/intervention-rules", body, http.StatusUnprocessableEntity, want[1], want[0])
	}
	for _, good := range []string{"+14155550123", "sip:desk@example.com", queue.ID, "care"} {
		get[any](t, h, admin, "POST", "/v1/intervention-rules", `{"name":"`+good+`",`+to(good)+`}`)
	}
	rules := get[api.InterventionRuleList](t, h, admin, "GET", "/v1/intervention-rules", "").Items
	if len(rules) != 4 || rules[0].Countdown != 30 || rules[0].Mode != ringside.ModeSuggest || rules[0].When.MinSeverity != ringside.AlertLow {
		t.Errorf("%d rules, %+v", len(rules), rules[0])
	}
	get[any](t, h, admin, "DELETE", "/v1/queues/"+queue.ID, "")
	byID := slices.IndexFunc(rules, func(r *ringside.InterventionRule) bool { return r.Name == queue.ID })
	path := "/v1/intervention-rules/" + rules[byID].ID
	if r := get[ringside.InterventionRule](t, h, admin, "PATCH", path, `{"active":false}`); r.Active {
		t.Errorf("%+v", r)
	}
	refused(t, h, admin, "PATCH", path, `{"agents":["Desk"]}`, http.StatusUnprocessableEntity, "queue_unknown", "/do/transferTo")
	get[any](t, h, admin, "DELETE", path, "")
	refused(t, h, admin, "GET", path, "", http.StatusNotFound, "not_found", "")
	var body map[string]any
	must(t, json.Unmarshal(h.do(t, admin, "GET", "/v1/intervention-rules/"+rules[0].ID, "").Body, &body))
	for _, field := range []string{"when", "agents", "do", "mode", "countdown", "active"} {
		if _, is := body[field]; !is {
			t.Errorf("no %s in %v", field, body)
		}
	}
}
