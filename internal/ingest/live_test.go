package ingest_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/ingest"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider/stream"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// What a call takes no more is not told to be accepted.
func TestLiveEventsOfAFullCall(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	log := slog.New(slog.DiscardHandler)
	q, err := jobs.New(t.Context(), h.store, jobs.Config{Hold: true, Log: log})
	must(t, err)
	l := ledger.New(ledger.Config{Store: h.store, Jobs: q, Log: log, MaxEvents: 2})
	l.Start()
	t.Cleanup(l.Stop)
	door := ingest.New(ingest.Config{Store: h.store, Ledger: l, Auth: h.auth, Providers: h.providers, Split: stream.Split, Log: log})
	tell := func(body string) ingest.LiveAnswer {
		t.Helper()
		a, err := door.Live(t.Context(), &auth.Principal{WorkspaceID: h.workspace}, "mine", []byte(body), time.Now().UTC())
		must(t, err)
		return a
	}
	if a := tell(`[{"id":"1","type":"started"},{"id":"2","type":"turn","role":"agent","text":"One."}]`); a.Accepted != 2 || a.Ignored != 0 || a.Reason != "" {
		t.Errorf("%+v", a)
	}
	over := `{"id":"3","type":"turn","role":"user","text":"Two."}{"id":"4","type":"turn","role":"agent","text":"Three."}{"type":"partial","role":"user","text":"Fo"}`
	if a := tell(over); a.Accepted != 1 || a.Duplicates != 0 || a.Ignored != 2 || a.Reason == "" {
		t.Errorf("over: %+v", a)
	}
	if a := tell(`{"id":"5","type":"ended"}`); a.Accepted != 1 || a.Ignored != 0 {
		t.Errorf("its end: %+v", a)
	}
}
