package api_test

import (
	"strings"
	"testing"

	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/connect"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// A source with a key imports; without one, or of a vendor that lists nothing,
// it says what to do.
func TestImportOfSource(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		key := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		get[api.SourceView](t, h, key, "POST", "/v1/sources", `{"provider":"acme","secret":"x","api_key":"k"}`)
		get[api.SourceView](t, h, key, "POST", "/v1/sources", `{"provider":"mute","allow_unsigned":true}`)
		list := get[api.SourceList](t, h, key, "GET", "/v1/sources", "").Items
		acme, mute := "/v1/sources/"+list[0].ID, "/v1/sources/"+list[1].ID
		if list[1].Import != nil || list[1].Reconciliation != nil {
			t.Errorf("%+v", list[1])
		}
		refused(t, h, key, "POST", acme+"/import", `{}`, 409, "not_possible", "")
		refused(t, h, key, "POST", mute+"/import", `{}`, 409, "not_configured", "")
		get[api.SourceView](t, h, key, "PATCH", mute, `{"api_key":"k"}`)
		i := get[store.Import](t, h, key, "POST", mute+"/import", `{"days":7}`)
		if i.State != store.ImportRunning || i.To.Sub(i.From).Hours() != 7*24 {
			t.Errorf("%+v", i)
		}
		if v := get[api.SourceList](t, h, key, "GET", "/v1/sources", "").Items[1]; v.Import == nil || v.Import.State != store.ImportRunning {
			t.Errorf("%+v", v.Import)
		}
		get[struct{}](t, h, key, "DELETE", mute+"/import", "")
		if v := get[api.SourceList](t, h, key, "GET", "/v1/sources", "").Items[1]; v.Import.State != store.ImportStopped {
			t.Errorf("%+v", v.Import)
		}
		refused(t, h, key, "POST", mute+"/import", `{"days":400}`, 422, "invalid", "/days")
		refused(t, h, h.key(t, h.newWorkspace(t, "Other").ID, auth.ScopeAdmin), "POST", mute+"/import", `{}`, 404, "not_found", "")

		if got := get[connect.Hooks](t, h, key, "GET", mute+"/webhook", ""); got.Items[0].State != "elsewhere" || got.Steps[0] != "Open Mute." {
			t.Errorf("%+v", got)
		}
		if got := get[connect.Hooks](t, h, key, "POST", mute+"/webhook", `{}`); got.Items[0].State != "elsewhere" {
			t.Errorf("%+v", got)
		}
		if got := get[connect.Hooks](t, h, key, "POST", mute+"/webhook", `{"replace":true}`); got.Items[0].State != "here" || got.Items[0].URL == "" {
			t.Errorf("%+v", got)
		}
		get[api.SourceView](t, h, key, "PATCH", acme, `{"hmac":{"enabled":true}}`)
		if a := h.do(t, key, "POST", acme+"/webhook", `{}`); a.Status != 409 || !strings.Contains(string(a.Body), "sets no signature") {
			t.Errorf("a source that takes signed deliveries alone: %d %s", a.Status, a.Body)
		}
		if got := get[api.CompletenessView](t, h, key, "GET", mute+"/completeness", ""); got.Calls != 0 || got.To.Sub(got.From).Hours() < 29*24 {
			t.Errorf("%+v", got)
		}
		refused(t, h, key, "GET", mute+"/completeness?from=never", "", 422, "invalid", "from")
		get[struct{}](t, h, key, "DELETE", mute, "")

		for _, p := range get[api.ProviderList](t, h, key, "GET", "/v1/providers", "").Items {
			if want := (api.KeyGives{StepIn: p.ID == "mute", Calls: p.ID == "mute", Webhook: p.ID == "mute"}); p.KeyGives != want {
				t.Errorf("%s: %+v", p.ID, p.KeyGives)
			}
		}
	})
}
