package api_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// What would be written is shown for a call or the newest that has ended, by
// the saved mapping or another. No CRM is connected, so none is asked.
func TestCRMPreview(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		agent := get[api.AgentView](t, h, admin, "POST", "/v1/agents", `{"name":"Desk","source_id":"desk","crmSyncFields":["duration","link"],"crmFieldMapping":{"link":"ringside_link"}}`)
		at := "/v1/agents/" + agent.ID
		refused(t, h, admin, "POST", at+"/crm-preview", "", 409, "no_call", "")
		if said := string(h.do(t, admin, "POST", at+"/crm-preview", "").Body); !strings.Contains(said, "try again when one has") || !strings.Contains(said, "call_id") {
			t.Errorf("without a call it says %s", said)
		}
		short := map[string]string{}
		for id, times := range map[string]string{
			"old":  `"startedAt":"2026-11-01T10:00:00Z","endedAt":"2026-11-01T10:01:30Z"`,
			"new":  `"startedAt":"2026-11-02T10:00:00Z","endedAt":"2026-11-02T10:02:00Z"`,
			"live": `"startedAt":"2026-11-03T10:00:00Z"`,
		} {
			short[id] = get[struct {
				ID string `json:"call_short_id"`
			}](t, h, admin, "POST", "/api/v1/observability/calls", fmt.Sprintf(`{"id":%q,"agent_id":"desk",%s}`, id, times)).ID
		}
		refused(t, h, admin, "POST", at+"/crm-preview", "", 422, "invalid", "/crmProvider")
		get[api.AgentView](t, h, admin, "PATCH", at, `{"crmProvider":"hubspot"}`)

		preview := func(body string) (p api.CRMPreview, properties map[string]any) {
			t.Helper()
			p = get[api.CRMPreview](t, h, admin, "POST", at+"/crm-preview", body)
			properties, _ = p.Body.(map[string]any)["properties"].(map[string]any)
			return p, properties
		}
		p, properties := preview("")
		if p.CRM != "hubspot" || p.Method != http.MethodPost || p.Path != "/crm/v3/objects/calls" || !strings.HasSuffix(fmt.Sprint(properties["ringside_link"]), "/calls/"+short["new"]) {
			t.Errorf("%+v", p)
		}
		for body, want := range map[string]struct{ property, call string }{
			`{}`:                                  {"ringside_link", "new"},
			`{"call_id":"` + short["old"] + `"}`:  {"ringside_link", "old"},
			`{"call_id":"` + short["live"] + `"}`: {"ringside_link", "live"},
			`{"crm_field_mapping":{"link":"elsewhere"}}`: {"elsewhere", "new"},
		} {
			if _, properties := preview(body); !strings.HasSuffix(fmt.Sprint(properties[want.property]), "/calls/"+short[want.call]) {
				t.Errorf("%s: %v", body, properties)
			}
		}
		if _, properties := preview(`{"crm_field_mapping":{}}`); properties["ringside_link"] != nil {
			t.Errorf("without a mapping: %v", properties)
		}
		refused(t, h, admin, "POST", at+"/crm-preview", `{"crm_field_mapping":{"link":"No Property"}}`, 422, "invalid", "/crm_field_mapping/link")
		refused(t, h, admin, "POST", at+"/crm-preview", `{"call_id":"nobody"}`, 404, "not_found", "")
		if v := get[api.AgentView](t, h, admin, "GET", at, ""); len(v.CRMFieldMapping) != 1 || h.count(t, "crm_syncs") != 0 {
			t.Errorf("the preview changed %v", v.CRMFieldMapping)
		}
	})
}

// A mapping by which nothing could be written is refused when it is saved, and
// when it becomes so by another CRM. What stood there before stays.
func TestMappingsAreCheckedWhenSaved(t *testing.T) {
	h := newServer(t, storetest.SQLite(t))
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	for body, pointer := range map[string]string{
		`{"crmFieldMapping":{"mood":"x"}}`:                                                                 "/crmFieldMapping",
		`{"crmProvider":"hubspot","crmFieldMapping":{"mood":"x"}}`:                                         "/crmFieldMapping",
		`{"crmProvider":"hubspot","crmFieldMapping":{"summary":"No Property"}}`:                            "/crmFieldMapping/summary",
		`{"crmProvider":"hubspot","crmFieldMapping":{"summary":"hs_call_title"}}`:                          "/crmFieldMapping/summary",
		`{"crmProvider":"hubspot","crmFieldMapping":{"summary":"hs_call_duration"}}`:                       "/crmFieldMapping/summary",
		`{"crmProvider":"salesforce","crmFieldMapping":{"link":"no-field"}}`:                               "/crmFieldMapping/link",
		`{"crmProvider":"salesforce","crmFieldMapping":{"link":"WhoId"}}`:                                  "/crmFieldMapping/link",
		`{"crmProvider":"custom","crmUrl":"https://crm.example.com","crmFieldMapping":{"call_id":"id"}}`:   "/crmFieldMapping/call_id",
		`{"crmProvider":"custom","crmUrl":"https://crm.example.com","crmTemplate":"{\"a\":\"{{mood}}\"}"}`: "/crmTemplate",
	} {
		refused(t, h, admin, "POST", "/v1/agents", `{"name":"Desk",`+body[1:], 422, "invalid", pointer)
		agent := get[api.AgentView](t, h, admin, "POST", "/v1/agents", `{"name":"Desk"}`)
		refused(t, h, admin, "PATCH", "/v1/agents/"+agent.ID, body, 422, "invalid", pointer)
	}
	agent := get[api.AgentView](t, h, admin, "POST", "/v1/agents", `{"name":"Desk","crmProvider":"salesforce","crmFieldMapping":{"call_id":"Ringside__c","link":"Link__c"}}`)
	at := "/v1/agents/" + agent.ID
	refused(t, h, admin, "PATCH", at, `{"crmProvider":"hubspot"}`, 422, "invalid", "/crmFieldMapping/call_id")
	if v := get[api.AgentView](t, h, admin, "PATCH", at, `{"crmProvider":"hubspot","crmFieldMapping":{"link":""}}`); v.CRMProvider != "hubspot" {
		t.Errorf("saved as %+v", v.AgentSettings)
	}
	h.write(t, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE agents SET settings = '{"crmProvider":"hubspot","crmFieldMapping":{"mood":"x"}}' WHERE id = $1`, agent.ID)
		return err
	})
	get[api.AgentView](t, h, admin, "PATCH", at, `{"name":"Front desk","callScoringEnabled":true}`)
}
