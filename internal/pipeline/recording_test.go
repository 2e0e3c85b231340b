package pipeline

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/audio"
	"github.com/ringsidehq/ringside/internal/audio/audiotest"
	"github.com/ringsidehq/ringside/internal/blob"
	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// sound is a recording of two channels: bursts of noise on each in turn.
func sound() []byte {
	const rate = 8000
	sides := [2][]float32{make([]float32, 6*rate), make([]float32, 6*rate)}
	noise := rand.New(rand.NewPCG(1, 2))
	for i := range sides[0] {
		sides[0][i], sides[1][i] = 0.0003*noise.Float32(), 0.0003*noise.Float32()
		if i/(rate/2)%2 == 1 {
			sides[i/rate%2][i] += 0.3 * (2*noise.Float32() - 1)
		}
	}
	return audiotest.WAV(rate, sides[0], sides[1])
}

// keeping lets a bench fetch recordings, of at most 1 MiB.
func keeping(t *testing.T, b *bench) *blob.Store {
	t.Helper()
	files, err := blob.Open(t.TempDir())
	must(t, err)
	gate := egress.New(egress.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	t.Cleanup(gate.Close)
	b.cfg.Recordings = &Recordings{
		Files: files, Fetch: true, Store: b.store, Secrets: b.cfg.Secrets,
		HTTP: gate.Client(egress.Limits{Timeout: 2 * time.Second, Body: 1 << 20}),
		Key:  func(context.Context, *ringside.Call) (string, error) { return "", nil },
	}
	return files
}

// recorded takes in a call that ended some time ago.
func (b *bench) recorded(ago time.Duration, name string, recordings ...ringside.Recording) ringside.CallID {
	b.t.Helper()
	return b.took(ago, name, ringside.Facts{Recordings: recordings})
}

func (b *bench) took(ago time.Duration, name string, x ringside.Facts) ringside.CallID {
	b.t.Helper()
	at := time.Now().UTC().Add(-ago)
	x.Phase, x.EndedAt = ringside.PhaseEnded, at
	r, err := b.ledger.Append(b.t.Context(), ledger.Envelope{
		Workspace: workspace, Provider: "acme", ReceivedAt: at, Body: []byte(name),
		Events: []ringside.Event{{
			Provider: "acme", ProviderCallID: name, Name: "ended", Authority: ringside.Report, At: at, ReceivedAt: at,
			Facts: x,
		}},
	})
	must(b.t, err)
	return r.CallID
}

// tryRecording works on a call's recording once, when it was put off some times
// before, and gives for how long it is put off now.
func (b *bench) tryRecording(id ringside.CallID, snoozed int) (time.Duration, error) {
	b.t.Helper()
	return b.tryRecordingWith(&fetchRecording{cfg: b.cfg, alone: make(chan struct{}, 1), near: make(chan struct{}, 1)}, id, snoozed, 1)
}

// tryRecordingWith does it with a worker, for the nth time of eight.
func (b *bench) tryRecordingWith(w *fetchRecording, id ringside.CallID, snoozed, attempt int) (time.Duration, error) {
	b.t.Helper()
	err := w.Work(b.t.Context(), &river.Job[jobs.FetchRecording]{
		JobRow: &rivertype.JobRow{Attempt: attempt, MaxAttempts: 8, Metadata: fmt.Appendf(nil, `{"snoozes":%d}`, snoozed)},
		Args:   jobs.FetchRecording{CallRef: jobs.CallRef{WorkspaceID: workspace, CallID: id}},
	})
	if s, is := errors.AsType[*rivertype.JobSnoozeError](err); is {
		return s.Duration, nil
	}
	return 0, err
}

func (b *bench) stepOf(id ringside.CallID) ringside.Step {
	b.t.Helper()
	for _, s := range b.call(id).Pipeline {
		if s.Step == ringside.StepRecording {
			return s
		}
	}
	b.t.Fatal("there is no such step")
	return ringside.Step{}
}

// In short a 95th percentile is said of ten responses or more, as is documented.
func TestAPercentileOfFewResponsesIsNotSaidInShort(t *testing.T) {
	for responses, said := range map[int]bool{9: false, 10: true} {
		r := &audio.Report{Metrics: audio.Metrics{Responses: responses, P50MS: new(900.0), P95MS: new(2000.0)}}
		if h := inShort(r, &ringside.Call{}, ""); (h.ResponseP95MS != nil) != said || h.ResponseP50MS == nil {
			t.Errorf("of %d responses: median %v, p95 %v", responses, h.ResponseP50MS, h.ResponseP95MS)
		}
	}
}

// A recording of one channel has times of speech, if of nobody's in particular.
func TestTheConfidenceOfOneChannelIsThatOfItsSpeech(t *testing.T) {
	r := &audio.Report{Basis: []audio.Basis{{Metric: "segments", Confidence: audio.None}, {Metric: "speech", Confidence: audio.High}}}
	if h := inShort(r, &ringside.Call{}, ""); h.Confidence != "high" {
		t.Errorf("confidence %q", h.Confidence)
	}
}

// A recording is fetched once its call has ended, kept byte for byte and heard.
func TestARecordingIsFetchedAndHeard(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		files, wav := keeping(t, b), sound()
		asked := 0
		vendor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			asked++
			_, _ = w.Write(wav)
		}))
		defer vendor.Close()
		id := b.recorded(time.Minute, "a",
			ringside.Recording{Kind: ringside.RecordingMixed, URL: vendor.URL + "/mixed"}, ringside.Recording{Kind: ringside.RecordingStereo, URL: vendor.URL + "/stereo"})
		b.run()
		c := b.until(id, "it is heard", func(c *ringside.Call) bool { return c.Analysis.Audio != nil })
		if k := c.Kept; k == nil || k.Kind != ringside.RecordingStereo || k.From != "vendor" || k.Type != "audio/wave" || k.Bytes != int64(len(wav)) || len(k.SHA256) != 64 {
			t.Errorf("kept %+v", k)
		}
		if a := c.Analysis.Audio; a.Channels != 2 || a.AgentChannel == nil || math.Abs(a.Seconds-6) > 0.1 || a.TalkRatio == nil || a.SHA256 != c.Kept.SHA256 {
			t.Errorf("heard %+v", a)
		}
		f, _, err := files.Open(id)
		must(t, err)
		defer f.Close()
		if got, err := io.ReadAll(f); err != nil || !bytes.Equal(got, wav) || asked != 1 {
			t.Errorf("%d bytes kept of %d, %v; asked %d times", len(got), len(wav), err, asked)
		}
		var r audio.Report
		must(t, s.Read(t.Context(), func(ctx context.Context, tx store.Tx) error { return store.Sound(ctx, tx, id, &r) }))
		if len(r.Segments.Agent) == 0 || r.Peaks == nil || len(r.Peaks.Channels) != 2 {
			t.Errorf("report %+v", r.Segments)
		}
		must(t, s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { return s.DeleteCall(ctx, tx, id) }))
		err = s.Read(t.Context(), func(ctx context.Context, tx store.Tx) error { return store.Sound(ctx, tx, id, &r) })
		if ringside.KindOf(err) != ringside.NotFound {
			t.Errorf("after the call was deleted: %v", err)
		}
	})
}

// What a server answers decides whether a recording is tried again, and when.
func TestRecordingsThatCannotBeHadYet(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	keeping(t, b)
	answer := http.NewServeMux()
	for path, h := range map[string]http.HandlerFunc{
		"/404": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) },
		"/403": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) },
		"/500": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		"/429": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "90")
			w.WriteHeader(http.StatusTooManyRequests)
		},
		"/page":  func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>Sign in</html>") },
		"/empty": func(http.ResponseWriter, *http.Request) {},
		"/large": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write(append([]byte("ID3\x04\x00\x00"), make([]byte, 2<<20)...))
		},
		"/cut": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100000")
			_, _ = w.Write(append([]byte("ID3\x04\x00\x00"), make([]byte, 5000)...))
		},
		"/slow": func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write(append([]byte("ID3\x04\x00\x00"), make([]byte, 5000)...))
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		},
		"/round": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/round", http.StatusFound) },
		"/in": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/latest", http.StatusFound)
		},
	} {
		answer.HandleFunc(path, h)
	}
	vendor := httptest.NewServer(answer)
	t.Cleanup(vendor.Close)
	soon, day := time.Minute, 26*time.Hour
	for i, tc := range []struct {
		at      string
		ago     time.Duration
		expires time.Duration // from now; 0: not said
		snoozed int
		status  ringside.StepStatus
		pause   time.Duration
		reason  string
	}{
		{"/404", soon, 0, 0, ringside.StepWaiting, 5 * time.Second, "has no such recording (404). It is tried again."},
		{"/404", 2 * time.Hour, 0, 0, ringside.StepLost, 0, "has no such recording (404)."},
		{"/403", soon, 0, 2, ringside.StepWaiting, 80 * time.Second, "the link has expired, or it wants a key"},
		{"/403", soon, -time.Second, 0, ringside.StepLost, 0, "the link has expired, or it wants a key"},
		{"/500", 2 * time.Hour, 0, 20, ringside.StepWaiting, 30 * time.Minute, "The server answered 500."},
		{"/500", soon, 10 * time.Minute, 9, ringside.StepWaiting, 4*time.Minute + 59*time.Second, "The server answered 500. It is tried again."},
		{"/429", soon, time.Minute, 0, ringside.StepWaiting, 29 * time.Second, "The server answered 429. It is tried again."},
		{"/500", soon, 9 * time.Second, 9, ringside.StepLost, 0, "The server answered 500."},
		{"/500", day, 0, 0, ringside.StepLost, 0, "The server answered 500."},
		{"/429", soon, 0, 0, ringside.StepWaiting, 90 * time.Second, "The server answered 429."},
		{"/page", soon, 0, 0, ringside.StepWaiting, 5 * time.Second, "with text and not with a recording"},
		{"/empty", soon, 0, 0, ringside.StepWaiting, 5 * time.Second, "an empty file"},
		{"/cut", soon, 0, 0, ringside.StepWaiting, 5 * time.Second, "The recording could not be fetched: "},
		{"/slow", soon, 0, 0, ringside.StepWaiting, 5 * time.Second, "no answer in time"},
		{"/large", soon, 0, 0, ringside.StepFailed, 0, "larger than 1 MiB"},
		{"/round", soon, 0, 0, ringside.StepFailed, 0, "moved more than 3 times"},
		{"/in", soon, 0, 0, ringside.StepFailed, 0, "The recording could not be fetched: "},
		{"http://127.0.0.2:9/x", soon, 0, 0, ringside.StepFailed, 0, "The recording could not be fetched: "},
		{"file:///etc/passwd", soon, 0, 0, ringside.StepFailed, 0, "The recording could not be fetched: "},
	} {
		u := tc.at
		if strings.HasPrefix(u, "/") {
			u = vendor.URL + u
		}
		rec := ringside.Recording{Kind: ringside.RecordingMixed, URL: u}
		if tc.expires != 0 {
			rec.ExpiresAt = new(time.Now().Add(tc.expires))
		}
		id := b.recorded(tc.ago, fmt.Sprint(i), rec)
		pause, err := b.tryRecording(id, tc.snoozed)
		must(t, err)
		if s := b.stepOf(id); s.Status != tc.status || pause != tc.pause || !strings.Contains(s.Reason, tc.reason) || b.call(id).Kept != nil {
			t.Errorf("%s, ended %s ago: %s %q, again in %s; want %s %q, %s", tc.at, tc.ago, s.Status, s.Reason, pause, tc.status, tc.reason, tc.pause)
		}
	}
}

// A vendor's API hands out a link to its storage: the key goes to the API, the
// workspace's credential to its host, and neither to where they lead.
func TestWhoIsGivenAKey(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	keeping(t, b)
	var got []string
	note := func(r *http.Request, who string) {
		got = append(got, who+" "+r.URL.Path+" "+r.Header.Get("Authorization")+r.Header.Get("X-Key"))
	}
	storage := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		note(r, "storage")
		if r.URL.Path == "/raw" && r.Header.Get("X-Key") != "sesame" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		_, _ = w.Write(sound())
	}))
	t.Cleanup(storage.Close)
	vendor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		note(r, "api")
		http.Redirect(w, r, storage.URL+"/signed", http.StatusFound)
	}))
	t.Cleanup(vendor.Close)
	b.cfg.Recordings.Providers = map[string]provider.Provider{"acme": {Name: "Acme", Recordings: provider.RecordingAPI{Base: vendor.URL, Authorize: provider.Bearer}}}
	via := ringside.Recording{Kind: ringside.RecordingMixed, URL: storage.URL + "/raw", Via: "GET /call/1/mono"}
	only := ringside.Recording{Kind: ringside.RecordingMixed, Via: "GET /call/2/mono"}

	id := b.recorded(time.Minute, "without a key", only)
	_, err := b.tryRecording(id, 0)
	must(t, err)
	if s := b.stepOf(id); s.Status != ringside.StepSkipped || !strings.HasPrefix(s.Reason, "Acme gives recordings for an API key only") || len(got) > 0 {
		t.Errorf("%+v, asked %v", s, got)
	}
	b.cfg.Recordings.Key = func(context.Context, *ringside.Call) (string, error) { return "k1", nil }
	fetched := func(name string, r ringside.Recording, want ...string) {
		t.Helper()
		got = nil
		id := b.recorded(time.Minute, name, r)
		_, err := b.tryRecording(id, 0)
		must(t, err)
		if b.call(id).Kept == nil || strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s: %+v, asked %q", name, b.stepOf(id), got)
		}
	}
	fetched("by the API", only, "api /call/2/mono Bearer k1", "storage /signed ")
	fetched("by the API, the link refused", via, "storage /raw ", "api /call/1/mono Bearer k1", "storage /signed ")
	host := strings.TrimPrefix(storage.URL, "http://")
	must(t, b.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
		return store.PutRecordingCredential(ctx, tx, workspace, &store.RecordingCredential{
			Host: host, Header: "X-Key", Secret: b.cfg.Secrets.Seal(CredentialPurpose(workspace, host), []byte("sesame")), CreatedAt: time.Now(),
		})
	}))
	fetched("with a credential", via, "storage /raw sesame")
}

// A credential is the host's however its address is written, and goes to no other
// and by no other way: not with a redirect that leaves TLS either.
func TestACredentialStaysWithItsHost(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	keeping(t, b)
	const host = "files.acme.com"
	must(t, b.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
		return store.PutRecordingCredential(ctx, tx, workspace, &store.RecordingCredential{
			Host: host, Header: "X-Key", Secret: b.cfg.Secrets.Seal(CredentialPurpose(workspace, host), []byte("sesame")), CreatedAt: time.Now(),
		})
	}))
	var got []string
	var to string // where the first request is sent on to
	b.cfg.Recordings.HTTP = &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: standIn(func(r *http.Request) *http.Response {
			got = append(got, r.URL.Scheme+" "+r.URL.Host+" "+r.Header.Get("X-Key"))
			w := httptest.NewRecorder()
			if len(got) == 1 && to != "" {
				http.Redirect(w, r, to, http.StatusFound)
			} else {
				_, _ = w.Write(sound())
			}
			return w.Result()
		}),
	}
	for i, tc := range []struct{ url, to, want string }{
		{"https://files.acme.com/1", "", "https files.acme.com sesame"},
		{"https://FILES.acme.com:443/1", "", "https FILES.acme.com:443 sesame"},
		{"https://files.acme.com:8443/1", "", "https files.acme.com:8443 "},
		{"https://files.acme.com.evil.com/1", "", "https files.acme.com.evil.com "},
		{"https://files.acme.com/1", "https://Files.Acme.com:443/2", "https files.acme.com sesame, https Files.Acme.com:443 sesame"},
		{"https://files.acme.com/1", "http://files.acme.com/2", "https files.acme.com sesame, http files.acme.com "},
		{"https://files.acme.com/1", "https://eu.files.acme.com/2", "https files.acme.com sesame, https eu.files.acme.com "},
	} {
		got, to = nil, tc.to
		_, err := b.tryRecording(b.recorded(time.Minute, fmt.Sprint(i), ringside.Recording{Kind: ringside.RecordingMixed, URL: tc.url}), 0)
		must(t, err)
		if all := strings.Join(got, ", "); all != tc.want {
			t.Errorf("%s, sent on to %q: asked %q, want %q", tc.url, tc.to, all, tc.want)
		}
	}
}

// standIn answers in a server's place.
type standIn func(*http.Request) *http.Response

func (s standIn) RoundTrip(r *http.Request) (*http.Response, error) { return s(r), nil }

// A link that has died is no end where the vendor's API hands out another, or
// where another file lasts; the API is where the operator says that it is.
func TestAnotherWayThanADeadLink(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	keeping(t, b)
	up := false
	vendor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/signed":
			w.WriteHeader(http.StatusForbidden)
		case !up || r.URL.Path == "/api/call/1" && r.Header.Get("Authorization") != "Bearer k1":
			w.WriteHeader(http.StatusBadGateway)
		default:
			_, _ = w.Write(sound())
		}
	}))
	t.Cleanup(vendor.Close)
	b.cfg.Recordings.Providers = map[string]provider.Provider{"acme": {Name: "Acme", Recordings: provider.RecordingAPI{Base: "https://api.acme.invalid", Authorize: provider.Bearer}}}
	b.cfg.Recordings.BaseURLs = map[string]string{"acme": vendor.URL + "/api/"}
	b.cfg.Recordings.Key = func(context.Context, *ringside.Call) (string, error) { return "k1", nil }
	dead := ringside.Recording{Kind: ringside.RecordingStereo, URL: vendor.URL + "/signed", ExpiresAt: new(time.Now().Add(-time.Minute))}
	asked := dead
	asked.Via = "GET /call/1"
	for name, all := range map[string][]ringside.Recording{
		"by the API": {asked}, "the scrubbed one": {dead, {Kind: ringside.RecordingScrubbed, URL: vendor.URL + "/scrubbed"}},
	} {
		up = false
		id := b.recorded(time.Minute, name, all...)
		if pause, err := b.tryRecording(id, 0); err != nil || pause != soonRecording {
			t.Errorf("%s: again in %s, %v, %+v", name, pause, err, b.stepOf(id))
		}
		up = true
		_, err := b.tryRecording(id, 1)
		must(t, err)
		if k := b.call(id).Kept; k == nil || (k.Kind == ringside.RecordingScrubbedStereo) != (name == "the scrubbed one") {
			t.Errorf("%s: kept %+v, %+v", name, k, b.stepOf(id))
		}
	}
}

// A recording whose process died between fetching and hearing it is the vendor's
// still, and so is one that had to wait; what is in their way is not waited for.
func TestARecordingThatIsHeardLater(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	files := keeping(t, b)
	vendor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(sound()) }))
	t.Cleanup(vendor.Close)
	w := &fetchRecording{cfg: b.cfg, alone: make(chan struct{}, 1), near: make(chan struct{}, 1)}
	w.near <- struct{}{} // somebody is heard
	id := b.recorded(time.Minute, "a", ringside.Recording{Kind: ringside.RecordingMixed, URL: vendor.URL})
	if pause, err := b.tryRecordingWith(w, id, 0, 1); err != nil || pause == 0 || !files.Has(id) {
		t.Errorf("put off for %s, %v; kept: %v", pause, err, files.Has(id))
	}
	<-w.near
	_, err := b.tryRecordingWith(w, id, 1, 1)
	must(t, err)
	if k := b.call(id).Kept; k == nil || k.From != "vendor" || k.Kind != ringside.RecordingStereo {
		t.Errorf("kept %+v", k)
	}
}

// Thousands of recordings of the past don't stand before one whose link dies.
func TestRecordingsOfImportedCallsComeLater(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		keeping(t, b)
		rec := []ringside.Recording{{Kind: ringside.RecordingMixed, URL: "https://files.acme.com/1"}}
		for _, x := range []ringside.Facts{{Recordings: rec, Imported: true}, {Recordings: rec}} {
			id := b.took(time.Minute, fmt.Sprint(x.Imported), x)
			must(t, b.cfg.Analyse(t.Context(), []jobs.CallRef{{WorkspaceID: workspace, CallID: id}}))
			if n := b.count(`SELECT COUNT(*) FROM river_job WHERE kind = 'fetch_recording' AND priority > 1`); n != 1 {
				t.Errorf("imported %v: %d jobs that come later", x.Imported, n)
			}
		}
	})
}

// A try at a link that dies soon is as short as other jobs are, and so is the time
// after which it is taken up again when its process died.
func TestATryAtABriefLinkIsShort(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	keeping(t, b)
	for after, want := range map[time.Duration]time.Duration{10 * time.Minute: 0, 24 * time.Hour: fetchTimeout} {
		id := b.recorded(time.Minute, after.String(), ringside.Recording{Kind: ringside.RecordingMixed, URL: "https://files.acme.com/1", ExpiresAt: new(time.Now().Add(after))})
		must(t, b.cfg.Analyse(t.Context(), []jobs.CallRef{{WorkspaceID: workspace, CallID: id}}))
		var args string
		must(t, b.store.Read(t.Context(), func(ctx context.Context, tx store.Tx) error {
			return tx.QueryRow(ctx, `SELECT json(args) FROM river_job WHERE kind = 'fetch_recording' ORDER BY id DESC LIMIT 1`).Scan(&args)
		}))
		var job river.Job[jobs.FetchRecording]
		must(t, json.Unmarshal([]byte(args), &job.Args))
		if got := (&fetchRecording{}).Timeout(&job); job.Args.CallID != id || got != want {
			t.Errorf("a link of %s: %s, want %s; %s", after, got, want, args)
		}
	}
}

// A recording that can't be kept fails in sight when it was tried often enough.
func TestARecordingIsNotGivenUpInSilence(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	keeping(t, b)
	vendor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(sound()) }))
	t.Cleanup(vendor.Close)
	b.cfg.Recordings.Files = full{b.cfg.Recordings.Files}
	w := &fetchRecording{cfg: b.cfg, alone: make(chan struct{}, 1), near: make(chan struct{}, 1)}
	id := b.recorded(time.Minute, "a", ringside.Recording{Kind: ringside.RecordingMixed, URL: vendor.URL})
	for attempt := 7; attempt <= 8; attempt++ {
		if _, err := b.tryRecordingWith(w, id, 0, attempt); !errors.Is(err, errFull) {
			t.Errorf("attempt %d: %v", attempt, err)
		}
		failed := slices.ContainsFunc(b.call(id).Pipeline, func(s ringside.Step) bool {
			return s.Step == ringside.StepRecording && s.Status == ringside.StepFailed && s.Reason != ""
		})
		if failed != (attempt == 8) {
			t.Errorf("after attempt %d: %+v", attempt, b.call(id).Pipeline)
		}
	}
}

// full is a disk that takes nothing.
type full struct{ Files }

var errFull = errors.New("no space left")

func (full) Keep(context.Context, ringside.CallID, io.Reader) error { return errFull }

// A store that had not answered is asked once more before a recording is taken for
// one that is there.
func TestARecordingIsFetchedOnceItsStoreAnswers(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	keeping(t, b)
	vendor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(sound()) }))
	t.Cleanup(vendor.Close)
	files := &silent{Files: b.cfg.Recordings.Files, away: true}
	b.cfg.Recordings.Files = files
	id := b.recorded(time.Minute, "a", ringside.Recording{Kind: ringside.RecordingMixed, URL: vendor.URL})
	if pause, err := b.tryRecording(id, 0); err != nil || pause != soonRecording {
		t.Errorf("again in %s, %v", pause, err)
	}
	files.away = false
	_, err := b.tryRecording(id, 1)
	must(t, err)
	if b.call(id).Kept == nil {
		t.Errorf("%+v", b.stepOf(id))
	}
}

// silent are files whose store does not say whether it has them.
type silent struct {
	Files
	away bool
}

func (s *silent) Has(id ringside.CallID) bool { return s.away || s.Files.Has(id) }

// A recording that came while its call was deleted goes after it.
func TestARecordingOfADeletedCallGoes(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	files := keeping(t, b)
	id := b.recorded(time.Minute, "a")
	must(t, b.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { return b.store.DeleteCall(ctx, tx, id) }))
	must(t, files.Keep(t.Context(), id, bytes.NewReader(sound())))
	_, err := b.tryRecording(id, 0)
	must(t, err)
	if files.Has(id) {
		t.Error("it is kept")
	}
}

// What there is nothing to do about is said at once, without a job.
func TestCallsWithoutARecording(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	files := keeping(t, b)
	for name, tc := range map[string]struct {
		recordings []ringside.Recording
		reason     string
	}{
		"none":    {nil, "The vendor tells of no recording."},
		"video":   {[]ringside.Recording{{Kind: ringside.RecordingVideo, URL: "https://v.acme.com/x"}}, "The vendor tells of no recording."},
		"made up": {[]ringside.Recording{{Kind: ringside.RecordingMixed, URL: "https://recordings.example.com/x", Via: "GET /x"}}, "recordings.example.com is a made-up name: there is nothing to fetch."},
	} {
		id := b.recorded(time.Minute, name, tc.recordings...)
		must(t, b.cfg.Analyse(t.Context(), []jobs.CallRef{{WorkspaceID: workspace, CallID: id}}))
		if s := b.stepOf(id); s.Status != ringside.StepSkipped || s.Reason != tc.reason {
			t.Errorf("%s: %+v", name, s)
		}
	}
	if n := b.count(`SELECT COUNT(*) FROM river_job WHERE kind = 'fetch_recording'`); n != 0 {
		t.Errorf("%d jobs", n)
	}
	id := b.recorded(time.Minute, "given by hand")
	must(t, files.Keep(t.Context(), id, bytes.NewReader(sound())))
	must(t, b.cfg.Analyse(t.Context(), []jobs.CallRef{{WorkspaceID: workspace, CallID: id}}))
	_, err := b.tryRecording(id, 0)
	must(t, err)
	if c := b.call(id); c.Kept == nil || c.Kept.From != "upload" || c.Analysis.Audio == nil {
		t.Errorf("%+v, %+v", c.Kept, c.Analysis.Audio)
	}
}

// waiting are the jobs of a kind that nobody has worked on.
func (b *bench) waiting(kind string) int {
	b.t.Helper()
	return b.count(`SELECT COUNT(*) FROM river_job WHERE kind = '` + kind + `'`)
}

// A transcript that comes once the recording was heard has it heard again, with the
// words: they tell whose channel is whose and what the vendor claims of a turn.
func TestARecordingIsHeardAgainWithALateTranscript(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		keeping(t, b)
		id := b.given("a", sound())
		if a := b.call(id).Analysis.Audio; a == nil || a.Confidence != "low" || a.WPMAgent != nil {
			t.Fatalf("without a transcript: %+v", a)
		}
		analyse := func() {
			t.Helper()
			must(t, b.cfg.Analyse(t.Context(), []jobs.CallRef{{WorkspaceID: workspace, CallID: id}}))
		}
		before := b.waiting("fetch_recording")
		analyse()
		if n := b.waiting("fetch_recording"); n != before {
			t.Errorf("heard again though nothing has come: %d jobs, %d before", n, before)
		}
		turn := func(role ringside.Role, from int64, claimed float64) ringside.Turn {
			return ringside.Turn{Role: role, Text: "I want to cancel it", StartMS: &from, EndMS: new(from + 500), Latency: &ringside.Latency{Source: ringside.Claimed, TotalMS: &claimed}}
		}
		r, err := b.ledger.Append(t.Context(), ledger.Envelope{
			Workspace: workspace, Provider: "acme", ReceivedAt: time.Now(), Body: []byte("words"),
			Events: []ringside.Event{{
				Provider: "acme", ProviderCallID: "a", Name: "transcript", Authority: ringside.Report, ReceivedAt: time.Now(),
				Facts: ringside.Facts{Turns: []ringside.Turn{turn(ringside.RoleUser, 500, 1), turn(ringside.RoleAgent, 1500, 400), turn(ringside.RoleUser, 2500, 1), turn(ringside.RoleAgent, 3500, 400)}},
			}},
		})
		must(t, err)
		if r.CallID != id {
			t.Fatal("another call")
		}
		analyse()
		if n := b.waiting("fetch_recording"); n != before+1 {
			t.Errorf("%d jobs to hear it, %d before", n, before)
		}
		_, err = b.tryRecording(id, 0)
		must(t, err)
		a := b.call(id).Analysis.Audio
		if a == nil || a.Confidence != "high" || a.AgentChannel == nil || *a.AgentChannel != 1 {
			t.Errorf("with the transcript: %+v", a)
		}
		analyse()
		if n := b.waiting("fetch_recording"); n != before+1 {
			t.Errorf("heard once more with the same words: %d jobs", n)
		}
	})
}

// A recording that can't be measured in place of one that was heard takes along
// what was heard in that.
func TestWhatWasHeardGoesWithItsRecording(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		files := keeping(t, b)
		id := b.given("a", sound())
		was := b.call(id).Kept.SHA256
		must(t, files.Keep(t.Context(), id, bytes.NewReader(sound()[:9000])))
		_, err := b.tryRecording(id, 0)
		must(t, err)
		c := b.call(id)
		if c.Kept == nil || c.Kept.SHA256 == was || c.Analysis.Audio != nil || !strings.Contains(b.stepOf(id).Reason, "could not be measured") {
			t.Errorf("kept %+v, heard %+v, %+v", c.Kept, c.Analysis.Audio, b.stepOf(id))
		}
		var r audio.Report
		err = s.Read(t.Context(), func(ctx context.Context, tx store.Tx) error { return store.Sound(ctx, tx, id, &r) })
		if n := b.count(`SELECT COUNT(*) FROM sound_figures`); ringside.KindOf(err) != ringside.NotFound || n != 0 {
			t.Errorf("the report of the other is there: %v, %d figures", err, n)
		}
	})
}

// Where a vendor says whose channel is whose it is told, and of no other file.
func TestTheVendorTellsTheAgentsChannel(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	files := keeping(t, b)
	b.cfg.Recordings.Providers = map[string]provider.Provider{"acme": {Name: "Acme", Recordings: provider.RecordingAPI{AgentChannel: new(0)}}}
	vendor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(sound()) }))
	t.Cleanup(vendor.Close)
	fetched := b.recorded(time.Minute, "fetched", ringside.Recording{Kind: ringside.RecordingStereo, URL: vendor.URL})
	given := b.recorded(time.Minute, "given")
	must(t, files.Keep(t.Context(), given, bytes.NewReader(sound())))
	for id, want := range map[ringside.CallID]audio.AgentChannel{
		fetched: {Channel: 0, Method: "told", Confidence: audio.High, Reason: "Acme says so of its recordings."},
		given:   {Channel: 1, Method: "assumed", Confidence: audio.Low},
	} {
		_, err := b.tryRecording(id, 0)
		must(t, err)
		var r audio.Report
		must(t, b.store.Read(t.Context(), func(ctx context.Context, tx store.Tx) error { return store.Sound(ctx, tx, id, &r) }))
		if got := *r.AgentChannel; got.Channel != want.Channel || got.Method != want.Method || got.Confidence != want.Confidence || want.Reason != "" && got.Reason != want.Reason {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
}

// What is to be muted is muted on both channels where only the vendor's word says
// whose is whose: it may be wrong of one recording.
func TestAVendorsWordDoesNotDecideWhatIsMuted(t *testing.T) {
	c := &ringside.Call{Turns: []ringside.Turn{{Role: ringside.RoleUser, Redacted: []ringside.Redacted{{Kind: ringside.RedactCard, StartMS: new(int64(1000)), EndMS: new(int64(2000))}}}}}
	for method, want := range map[string]*int{"transcript": new(1), "told": nil, "assumed": nil} {
		all, _ := mutes(c, &audio.AgentChannel{Channel: 0, Method: method})
		if got := all[0].Channel; (got == nil) != (want == nil) || got != nil && *got != *want {
			t.Errorf("%s: channel %v", method, got)
		}
	}
}

// A kind says what is in the file, and a vendor's own redacted copy stays one.
func TestKindsAreAsHeard(t *testing.T) {
	for _, c := range []struct {
		said  ringside.RecordingKind
		apart bool
		want  ringside.RecordingKind
	}{
		{ringside.RecordingStereo, true, ringside.RecordingStereo},
		{ringside.RecordingStereo, false, ringside.RecordingMixed},
		{ringside.RecordingMixed, true, ringside.RecordingStereo},
		{ringside.RecordingMixed, false, ringside.RecordingMixed},
		{ringside.RecordingScrubbedStereo, true, ringside.RecordingScrubbedStereo},
		{ringside.RecordingScrubbedStereo, false, ringside.RecordingScrubbed},
		{ringside.RecordingScrubbed, true, ringside.RecordingScrubbedStereo},
		{ringside.RecordingAgent, true, ringside.RecordingAgent},
	} {
		if got := kindOf(c.said, c.apart); got != c.want {
			t.Errorf("%s, apart %t: %s, want %s", c.said, c.apart, got, c.want)
		}
	}
}

// A recording that is too long, or damaged, is so whenever it is tried; a disk that
// fails may do better the next time.
func TestWhatCannotBeMeasuredIsNotTriedAgain(t *testing.T) {
	long := append([]byte("fLaC\x80\x00\x00\x22\x10\x00\x10\x00\x00\x00\x00\x00\x00\x00\x01\xf4\x02\xff\xff\xff\xff\xff"), make([]byte, 16)...)
	_, tooLong := audio.Length(bytes.NewReader(long))
	_, text := audio.Length(strings.NewReader("#EXTM3U\n"))
	if ringside.KindOf(tooLong) != ringside.TooLarge || ringside.KindOf(text) != ringside.Invalid {
		t.Fatalf("%v; %v", tooLong, text)
	}
	for err, want := range map[error]bool{tooLong: true, text: true, io.ErrUnexpectedEOF: false, ringside.Errorf(ringside.NotFound, "gone"): false} {
		if got := unmeasurable(err) != nil; got != want {
			t.Errorf("%v: %t", err, got)
		}
	}
	if unmeasurable(nil) != nil {
		t.Error("nothing can't be measured")
	}
}
