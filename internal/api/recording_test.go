package api_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/blob"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// A recording that is kept is served to those who may read, and goes with its
// call.
func TestRecordings(t *testing.T) {
	h := newServer(t, storetest.SQLite(t))
	audio, err := blob.Open(t.TempDir())
	must(t, err)
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	observe(t, h, admin, map[string]any{"id": "a"})
	observe(t, h, admin, map[string]any{"id": "b"})
	server := httptest.NewServer(api.New(api.Config{
		Store: h.store, Ledger: h.ledger, Auth: h.auth, Secrets: h.secrets, Audio: audio, Live: h.live, Alerts: h.alerts, Log: slog.New(slog.DiscardHandler),
	}))
	t.Cleanup(server.Close)
	h.Server = server
	ids := map[string]ringside.CallID{}
	for _, n := range []string{"a", "b"} {
		ids[n] = ringside.NewCallID(h.workspace.ID, "external", n)
	}
	refused(t, h, admin, http.MethodGet, "/v1/calls/"+ids["a"].String()+"/recording", "", http.StatusNotFound, "no_recording", "")
	for _, id := range ids {
		must(t, audio.Keep(t.Context(), id, strings.NewReader("ID3\x04 and the rest")))
	}
	detail := get[struct {
		AudioURL string `json:"audio_url"`
	}](t, h, admin, http.MethodGet, "/v1/calls/"+ids["a"].String(), "")
	a := h.do(t, as(""), http.MethodGet, detail.AudioURL, "")
	if a.Status != http.StatusUnauthorized {
		t.Errorf("anybody may listen: %d", a.Status)
	}
	a = h.do(t, admin, http.MethodGet, detail.AudioURL, "")
	if a.Status != http.StatusOK || a.Header.Get("Content-Type") != "audio/mpeg" || string(a.Body) != "ID3\x04 and the rest" {
		t.Errorf("%s: %d %v %q", detail.AudioURL, a.Status, a.Header, a.Body)
	}
	if a := h.do(t, admin, http.MethodDelete, "/v1/calls/"+ids["a"].String(), ""); a.Status != http.StatusNoContent {
		t.Errorf("delete: %d %s", a.Status, a.Body)
	}
	if audio.Has(ids["a"]) || !audio.Has(ids["b"]) {
		t.Error("the recording of a deleted call is kept, or another's has gone")
	}
	admin2, _ := h.person(t, "owner", "admin")
	h.newWorkspace(t, "Other")
	if a := h.do(t, admin2, http.MethodDelete, "/v1/workspaces/"+h.workspace.ID, ""); a.Status != http.StatusNoContent {
		t.Errorf("delete workspace: %d %s", a.Status, a.Body)
	}
	if audio.Has(ids["b"]) {
		t.Error("the recordings of a deleted workspace are kept")
	}
}
