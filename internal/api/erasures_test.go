package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/pipeline"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// An erasure is counted before, ordered with a reason, and listed without what
// it was about.
func TestErasures(t *testing.T) {
	h := newServer(t, storetest.SQLite(t))
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	const body = `{"id":"c","from_phone_number":"+14155550142","messages":[{"role":"user","content":"ann@example.com"}]}`
	get[struct{}](t, h, admin, http.MethodPost, "/api/v1/observability/calls", body)
	for subject, want := range map[string]int{
		`{"phone":"1 415 555 0142"}`: 1, `{"phone":"+14155550143"}`: 0, `{"email":"Ann@example.com"}`: 1, `{"email":"bob@example.com"}`: 0,
	} {
		if found := get[pipeline.Found](t, h, admin, http.MethodPost, "/v1/erasures/preview", subject); found.Calls != want || found.AreLowerBound {
			t.Errorf("%s finds %+v, want %d", subject, found, want)
		}
	}
	for _, c := range []struct{ body, pointer string }{
		{`{"reason":"x"}`, "/phone"},
		{`{"phone":"+14155550142","email":"ann@example.com","reason":"x"}`, "/phone"},
		{`{"phone":"12","reason":"x"}`, "/phone"},
		{`{"email":"ann","reason":"x"}`, "/email"},
		{`{"phone":"+14155550142","reason":"  "}`, "/reason"},
		{`{"phone":"+14155550142","reason":"415-555-0142 asked"}`, "/reason"},
	} {
		a := h.do(t, admin, http.MethodPost, "/v1/erasures", c.body)
		if a.Status != http.StatusUnprocessableEntity && a.Status != http.StatusBadRequest || !strings.Contains(string(a.Body), `"pointer":"`+c.pointer+`"`) {
			t.Errorf("%s: %d %s", c.body, a.Status, a.Body)
		}
	}
	made := get[store.Erasure](t, h, admin, http.MethodPost, "/v1/erasures", `{"phone":"+14155550142","reason":"they asked"}`)
	if made.Status != store.ErasureWaiting || made.Kind != pipeline.ErasePhone {
		t.Errorf("ordered %+v", made)
	}
	list := get[api.ErasurePage](t, h, admin, http.MethodGet, "/v1/erasures?limit=1", "")
	if len(list.Items) != 1 || list.Items[0].ID != made.ID || list.NextCursor != "" || list.Items[0].Reason != "they asked" {
		t.Errorf("listed %+v", list)
	}
	if one := get[store.Erasure](t, h, admin, http.MethodGet, "/v1/erasures/"+made.ID, ""); one.ID != made.ID {
		t.Errorf("got %+v", one)
	}
	for _, path := range []string{"/v1/erasures", "/v1/audit"} {
		if a := h.do(t, admin, http.MethodGet, path, ""); strings.Contains(string(a.Body), "0142") {
			t.Errorf("%s tells the number: %s", path, a.Body)
		}
	}
	// The audit outlives what was said: it quotes nothing of it.
	gap := &store.Gap{ID: ringside.NewID("gap", made.CreatedAt), Question: "Where does quixotrywombat park?", Status: "open", UpdatedAt: made.CreatedAt}
	must(t, h.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { return store.InsertGap(ctx, tx, h.workspace.ID, gap) }))
	get[struct{}](t, h, admin, http.MethodPatch, "/v1/gaps/"+gap.ID, `{"status":"ignored"}`)
	if a := h.do(t, admin, http.MethodGet, "/v1/audit", ""); strings.Contains(string(a.Body), "quixotrywombat") || !strings.Contains(string(a.Body), gap.ID) {
		t.Errorf("the audit says %s", a.Body)
	}
	refused(t, h, admin, http.MethodPost, "/v1/erasures", `{"call":"aaaaaaaa","reason":"x"}`, http.StatusNotFound, "not_found", "")
}
