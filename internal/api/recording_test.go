package api_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/audio/audiotest"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/blob"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// A recording that is kept is served to those who may read, and goes with its
// call.
func TestRecordings(t *testing.T) {
	h, audio := newServerWithRecordings(t, storetest.SQLite(t))
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	observe(t, h, admin, map[string]any{"id": "a"})
	observe(t, h, admin, map[string]any{"id": "b"})
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

// Nobody hears a recording without that being noted, whichever part they ask for
// first; who goes on is not noted again.
func TestHearingIsNoted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h, files := newServerWithRecordings(t, s)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		observe(t, h, admin, map[string]any{"id": "a"})
		id := ringside.NewCallID(h.workspace.ID, "external", "a")
		must(t, files.Keep(t.Context(), id, bytes.NewReader(audiotest.WAV(8000, tone(0.5)))))
		noted := func(action string) int {
			return strings.Count(string(h.do(t, admin, http.MethodGet, "/v1/audit", "").Body), `"recording.`+action+`"`)
		}
		plays := []int{1, 2, 4, 5} // each of two that ask for its beginning
		for i, part := range []string{"bytes=1-", "bytes=-100000", "bytes=0-", "bytes=00-"} {
			one := h.key(t, h.workspace.ID, auth.ScopeRead)
			asks := func(r *http.Request) {
				one(r)
				r.Header.Set("Range", part)
			}
			for range 2 {
				if a := h.do(t, asks, http.MethodGet, "/v1/calls/"+id.String()+"/recording", ""); a.Status != http.StatusPartialContent {
					t.Errorf("%s: %d", part, a.Status)
				}
			}
			if n := noted("play"); n != plays[i] {
				t.Errorf("after %s, %d are noted, want %d", part, n, plays[i])
			}
			a := h.do(t, asks, http.MethodGet, "/v1/calls/"+id.String()+"/recording?format=wav", "")
			if n := noted("download"); a.Status != http.StatusOK || n != i+1 {
				t.Errorf("after all of it as WAV with %s, %d, %d are noted", part, a.Status, n)
			}
		}
	})
}

// A recording of a strict agent's call is played once it was heard, and what is
// personal in it muted.
func TestAStrictAgentsRecordingIsHeldBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h, files := newServerWithRecordings(t, s)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		observe(t, h, admin, map[string]any{"id": "a", "agent_id": "desk"})
		call := get[ringside.Call](t, h, admin, http.MethodGet, "/v1/calls/"+ringside.NewCallID(h.workspace.ID, "external", "a").String(), "")
		path := "/v1/calls/" + call.ID.String()
		must(t, files.Keep(t.Context(), call.ID, bytes.NewReader(audiotest.WAV(8000, tone(0.5)))))
		plays := func(want bool) {
			t.Helper()
			a, shown := h.do(t, admin, http.MethodGet, path+"/recording", ""), get[struct {
				AudioURL string `json:"audio_url"`
			}](t, h, admin, http.MethodGet, path, "").AudioURL
			if (a.Status == http.StatusOK) != want || (shown != "") != want {
				t.Errorf("it is played %v: %d, at %q", want, a.Status, shown)
			}
		}
		plays(true)
		h.write(t, func(ctx context.Context, tx store.Tx) error {
			a, err := store.Agent(ctx, tx, h.workspace.ID, call.Agent.ID)
			if err != nil {
				return err
			}
			a.Settings.RedactionMode = ringside.RedactionStrict
			return store.UpdateAgent(ctx, tx, h.workspace.ID, a)
		})
		plays(false)
		refused(t, h, admin, http.MethodGet, path+"/recording?format=wav", "", http.StatusConflict, "recording_unmuted", "")
		f, k, err := files.Open(call.ID)
		must(t, err)
		must(t, f.Close())
		now := time.Now().UTC()
		_, err = h.ledger.Append(t.Context(), ledger.Envelope{
			Workspace: h.workspace.ID, Provider: "external", ReceivedAt: now, Events: []ringside.Event{{
				Provider: "external", ProviderCallID: "a", Name: "recording", Authority: ringside.Guess, At: now, ReceivedAt: now,
				Facts: ringside.Facts{Ours: true, Kept: &ringside.Kept{Kind: ringside.RecordingMixed, From: "upload", SHA256: k.SHA256}},
			}},
		})
		must(t, err)
		plays(true)
		must(t, files.Keep(t.Context(), call.ID, bytes.NewReader(audiotest.WAV(8000, tone(0.2))))) // another, which nobody has heard yet
		refused(t, h, admin, http.MethodGet, path+"/recording", "", http.StatusConflict, "recording_unmuted", "")
	})
}

// A recording is given to a call by whoever may change it: what is none, too
// large or cut off changes nothing.
func TestGivingARecording(t *testing.T) {
	h := newServer(t, storetest.SQLite(t))
	audio, err := blob.Open(t.TempDir())
	must(t, err)
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	observe(t, h, admin, map[string]any{"id": "a", "startedAt": "2026-11-26T10:00:00Z"})
	server := httptest.NewServer(api.New(api.Config{
		Store: h.store, Ledger: h.ledger, Auth: h.auth, Secrets: h.secrets, Audio: audio, Live: h.live, Alerts: h.alerts, Pipeline: h.pipeline, Log: slog.New(slog.DiscardHandler),
	}))
	t.Cleanup(server.Close)
	h.Server = server
	id := ringside.NewCallID(h.workspace.ID, "external", "a")
	path := "/v1/calls/" + id.String() + "/recording"
	for body, want := range map[string]string{
		"":                        "the file is empty",
		"<html>not found</html>":  "the file is text",
		"#EXTM3U\nhttps://a/b.ts": "the file is text",
		"PK\x03\x04\x00":          "the file is a ZIP archive",
	} {
		if a := h.do(t, admin, http.MethodPut, path, body); a.Status != http.StatusUnprocessableEntity || !strings.Contains(string(a.Body), want) {
			t.Errorf("%q: %d %s", body, a.Status, a.Body)
		}
	}
	viewer, _ := h.person(t, "viewer", "viewer")
	refused(t, h, viewer, http.MethodPut, path, "ID3\x04", http.StatusForbidden, "forbidden", "")
	refused(t, h, admin, http.MethodPut, "/v1/calls/nobody/recording", "ID3\x04", http.StatusNotFound, "not_found", "")
	if audio.Has(id) {
		t.Error("something is kept")
	}
	const file = "ID3\x04\x00 and the rest"
	if a := h.do(t, h.key(t, h.workspace.ID, auth.ScopeIngest), http.MethodPut, "/v1/calls/a/recording", file); a.Status != http.StatusAccepted {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	a := h.do(t, admin, http.MethodGet, path+"?download=true", "")
	if string(a.Body) != file || !strings.HasPrefix(a.Header.Get("Content-Disposition"), `attachment; filename="call-`) || !strings.Contains(a.Header.Get("Content-Disposition"), "-20261126-100000") {
		t.Errorf("%q, %v", a.Body, a.Header)
	}
	var jobs int
	must(t, h.store.Read(t.Context(), func(ctx context.Context, tx store.Tx) error {
		return tx.QueryRow(ctx, `SELECT COUNT(*) FROM river_job WHERE kind = 'fetch_recording'`).Scan(&jobs)
	}))
	log := string(h.do(t, admin, http.MethodGet, "/v1/audit", "").Body)
	if jobs != 1 || !strings.Contains(log, "recording.upload") || !strings.Contains(log, "recording.download") {
		t.Errorf("%d jobs, audit %s", jobs, log)
	}
	refused(t, h, admin, http.MethodGet, "/v1/calls/"+id.String()+"/audio", "", http.StatusNotFound, "not_found", "")
}

// A host's credential is checked, kept sealed and never shown.
func TestRecordingCredentials(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		for body, field := range map[string]string{
			`{"host":"https://a.com","header":"X-Key","secret":"s"}`:            "/host",
			`{"host":"u@a.com","header":"X-Key","secret":"s"}`:                  "/host",
			`{"host":"a.com/x","header":"X-Key","secret":"s"}`:                  "/host",
			`{"host":"*.a.com","header":"X-Key","secret":"s"}`:                  "/host",
			`{"host":"a.com.","header":"X-Key","secret":"s"}`:                   "/host",
			`{"host":"a.com:","header":"X-Key","secret":"s"}`:                   "/host",
			`{"host":"10.1.2.3","header":"X-Key","secret":"s"}`:                 "/host",
			`{"host":"a.com","header":"X Key","secret":"s"}`:                    "/header",
			`{"host":"a.com","header":"Host","secret":"s"}`:                     "/header",
			`{"host":"a.com","header":"X-Key","secret":"s\r\nSet-Cookie: a=b"}`: "/secret",
		} {
			refused(t, h, admin, http.MethodPut, "/v1/recording-credentials", body, http.StatusUnprocessableEntity, "invalid", field)
		}
		for range 2 {
			get[any](t, h, admin, http.MethodPut, "/v1/recording-credentials", `{"host":"Files.Acme.com:8443","header":"X-Key","secret":"sesame"}`)
		}
		list := string(h.do(t, admin, http.MethodGet, "/v1/recording-credentials", "").Body)
		if strings.Count(list, "files.acme.com:8443") != 1 || strings.Contains(list, "sesame") {
			t.Errorf("%s", list)
		}
		if a := h.do(t, admin, http.MethodDelete, "/v1/recording-credentials/Files.acme.com:8443", ""); a.Status != http.StatusNoContent {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	})
}
