package api_test

import (
	"testing"

	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// A list or a map that is sent replaces the one that was there, item by item
// and key by key; what is not sent stays.
func TestAnAgentsListsAreReplaced(t *testing.T) {
	h := newServer(t, storetest.SQLite(t))
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	a := get[api.AgentView](t, h, admin, "POST", "/v1/agents", `{"name":"Desk","crmFieldMapping":{"summary":"a","tags":"b"},"callTaggingCategories":["x"],
"compliancePhrases":[{"name":"Greeting","kind":"required","phrases":["hello"],"withinSeconds":5}]}`)
	a = get[api.AgentView](t, h, admin, "PATCH", "/v1/agents/"+a.ID, `{"crmFieldMapping":{"summary":"c"},"compliancePhrases":[{"name":"Promise","kind":"forbidden","phrases":["for free"]}]}`)
	s := a.Settings
	if len(s.CompliancePhrases) != 1 || s.CompliancePhrases[0].WithinSeconds != nil || s.CompliancePhrases[0].Name != "Promise" {
		t.Errorf("rules %+v", s.CompliancePhrases)
	}
	if len(s.CRMFieldMapping) != 1 || s.CRMFieldMapping["summary"] != "c" || len(s.CallTaggingCategories) != 1 {
		t.Errorf("mapping %v, tags %v", s.CRMFieldMapping, s.CallTaggingCategories)
	}
}
