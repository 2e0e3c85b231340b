package api_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/audio/audiotest"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/blob"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// As a WAV a recording comes whole, with its length, named by its call.
func TestARecordingAsWAV(t *testing.T) {
	h := newServer(t, storetest.SQLite(t))
	files, err := blob.Open(t.TempDir())
	must(t, err)
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	observe(t, h, admin, map[string]any{"id": "a", "startedAt": "2026-11-26T10:00:00Z"})
	server := httptest.NewServer(api.New(api.Config{
		Store: h.store, Ledger: h.ledger, Auth: h.auth, Secrets: h.secrets, Audio: files, Live: h.live, Alerts: h.alerts, Log: slog.New(slog.DiscardHandler),
	}))
	t.Cleanup(server.Close)
	h.Server = server
	id := ringside.NewCallID(h.workspace.ID, "external", "a")
	path := "/v1/calls/" + id.String() + "/recording?format=wav"
	refused(t, h, admin, http.MethodGet, path, "", http.StatusNotFound, "no_recording", "")

	sound := make([]float32, 8000)
	for i := range sound {
		sound[i] = float32(i%100) / 200
	}
	wav := audiotest.WAV(8000, sound)
	must(t, files.Keep(t.Context(), id, bytes.NewReader(wav)))
	a := h.do(t, admin, http.MethodGet, path, "")
	if a.Status != http.StatusOK || !bytes.Equal(a.Body, wav) {
		t.Errorf("%d with %d bytes, want %d", a.Status, len(a.Body), len(wav))
	}
	for name, want := range map[string]string{
		"Content-Type": "audio/wav", "Content-Length": strconv.Itoa(len(wav)), "Accept-Ranges": "none",
		"Content-Disposition": `attachment; filename="call-` + id.Short(8) + `-20261126-100000.wav"`,
	} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	must(t, files.Keep(t.Context(), id, strings.NewReader("ID3\x04 and no sound")))
	refused(t, h, admin, http.MethodGet, path, "", http.StatusUnprocessableEntity, "unreadable_recording", "")
	refused(t, h, admin, http.MethodGet, path+"3", "", http.StatusUnprocessableEntity, "invalid", "format")
}
