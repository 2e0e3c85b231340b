package api_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptrace"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringsidehq/ringside/internal/audio/audiotest"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/importer"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// part is a file of a form.
type part struct{ field, name, body string }

// form gives the body of a form, and who with its type.
func form(t *testing.T, who asker, parts ...part) (asker, string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		f, err := w.CreateFormFile(p.field, p.name)
		must(t, err)
		_, err = f.Write([]byte(p.body))
		must(t, err)
	}
	must(t, w.Close())
	return func(r *http.Request) {
		who(r)
		r.Header.Set("Content-Type", w.FormDataContentType())
	}, b.String()
}

// Recordings that are sent with a CSV become calls, once each.
func TestCallsAreImported(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h, _ := newServerWithRecordings(t, s)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		loud, quiet := string(audiotest.WAV(8000, tone(0.5))), string(audiotest.WAV(8000, tone(0.1)))
		parts := []part{
			{"csv", "calls.csv", "file,from,plan\nmonday/1.wav,+14155550100,gold\n"},
			{"file", "monday/1.wav", loud},
			{"file", "2026-11-20T09-15-00.wav", quiet},
			{"file", "notes.txt", "nothing to hear"},
		}
		const path = "/v1/calls/import?agent=front-desk&direction=inbound"
		send := func(path string, parts ...part) importer.Result {
			t.Helper()
			who, body := form(t, admin, parts...)
			return get[importer.Result](t, h, who, http.MethodPost, path, body)
		}
		if r := send(path+"&dry_run=true", parts...); len(r.Calls) != 2 || len(r.Skipped) != 1 || len(get[struct{ Items []any }](t, h, admin, http.MethodGet, "/v1/calls", "").Items) != 0 {
			t.Errorf("tried: %+v", r)
		}
		for range 2 { // nobody has heard them in between, so the second time they are sent again
			if r := send(path, parts...); r.Sent != 2 || len(r.Skipped) != 1 || len(r.Failed) != 0 {
				t.Errorf("sent: %+v", r)
			}
		}
		list := get[struct {
			Items []struct {
				From         string
				StartedAt    string `json:"started_at"`
				HasRecording bool   `json:"has_recording"`
			}
		}](t, h, admin, http.MethodGet, "/v1/calls?sort=started_at", "").Items
		if len(list) != 2 {
			t.Fatalf("%d calls", len(list))
		}
		var told string
		for _, c := range list {
			told += c.From + " " + c.StartedAt + "; "
		}
		if !strings.Contains(told, "+14155550100") || !strings.Contains(told, "2026-11-20T09:15:00Z") {
			t.Errorf("the calls are %s", told)
		}

		outside := filepath.Join(t.TempDir(), "another's.wav")
		must(t, os.WriteFile(outside, []byte(quiet), 0o600))
		for _, tc := range []struct {
			path, pointer string
			parts         []part
		}{
			{"/v1/calls/import", "agent", parts},
			{path + "&timezone=Nowhere", "timezone", parts},
			{"/v1/calls/import?agent=a&direction=web", "direction", parts},
			{path, "file", []part{{"file", "../1.wav", loud}}},
			{path, "file", []part{{"file", "1.wav", loud}, {"file", "1.wav", quiet}}},
			{path, "file", []part{{"file", strings.Repeat("x", 300) + ".wav", loud}}},
			{path, "file", []part{{"file", "a/" + strings.Repeat("x", 300) + "/1.wav", loud}}},
			{path, "other", []part{{"other", "1.wav", loud}}},
			{path, "csv", []part{{"csv", "calls.csv", "file\n" + outside + "\n"}, {"file", "1.wav", loud}}},
			{path, "csv", []part{{"csv", "calls.csv", "file,from\nnone.wav,1\n"}, {"file", "1.wav", loud}}},
		} {
			who, body := form(t, admin, tc.parts...)
			refused(t, h, who, http.MethodPost, tc.path, body, http.StatusUnprocessableEntity, "invalid", tc.pointer)
		}
		refused(t, h, admin, http.MethodPost, path, "{}", http.StatusUnprocessableEntity, "invalid", "")
		who, body := form(t, nobody, parts...)
		if r := h.do(t, who, http.MethodPost, path, body); r.Status != http.StatusUnauthorized {
			t.Errorf("nobody: %d", r.Status)
		}
	})
}

// Imports whose files are still coming fill no disk: there are so many at a time.
func TestImportsAtATime(t *testing.T) {
	h := newServer(t, storetest.SQLite(t))
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	const path = "/v1/calls/import?agent=front-desk"
	var over sync.WaitGroup
	var coming []*io.PipeWriter
	for range 2 {
		body, sends := io.Pipe()
		taken := make(chan struct{}) // when it is asked for its body
		coming = append(coming, sends)
		over.Go(func() {
			ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{Got100Continue: func() { close(taken) }})
			r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL+path, body)
			if err != nil {
				t.Error(err)
				return
			}
			admin(r)
			r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
			r.Header.Set("Expect", "100-continue")
			res, err := (&http.Transport{ExpectContinueTimeout: time.Minute}).RoundTrip(r)
			if err != nil {
				t.Error(err)
				return
			}
			res.Body.Close()
		})
		<-taken
	}
	who, body := form(t, admin, part{"file", "notes.txt", "nothing to hear"})
	refused(t, h, who, http.MethodPost, path, body, http.StatusTooManyRequests, "rate_limited", "")
	for _, w := range coming {
		must(t, w.Close())
	}
	over.Wait()
	if a := h.do(t, who, http.MethodPost, path, body); a.Status != http.StatusOK {
		t.Errorf("afterwards: %d %s", a.Status, a.Body)
	}
}

// tone is a second of sound.
func tone(level float32) []float32 {
	out := make([]float32, 8000)
	for i := range out {
		out[i] = level * float32(i%20-10) / 10
	}
	return out
}
