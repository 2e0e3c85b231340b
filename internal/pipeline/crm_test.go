package pipeline

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/crm/crmtest"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/secret"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// syncJob is the job of writing a call into its CRM, at one of its attempts.
func syncJob(id ringside.CallID, attempt int) *river.Job[jobs.SyncCRM] {
	return &river.Job[jobs.SyncCRM]{
		JobRow: &rivertype.JobRow{Attempt: attempt, MaxAttempts: jobs.SyncCRM{}.InsertOpts().MaxAttempts, ScheduledAt: time.Now()},
		Args:   jobs.SyncCRM{CallRef: jobs.CallRef{WorkspaceID: workspace, CallID: id}},
	}
}

// refusing is the way out to servers that refuse every key. It notes which key
// each host was shown.
type refusing map[string]string

// RoundTrip implements http.RoundTripper.
func (r refusing) RoundTrip(q *http.Request) (*http.Response, error) {
	r[q.URL.Host] = q.Header.Get("Authorization")
	return &http.Response{StatusCode: http.StatusUnauthorized, Header: http.Header{}, Body: http.NoBody, Request: q}, nil
}

// An agent's own key goes to HubSpot and not to the address in the workspace's
// settings, which gets the workspace's key.
func TestAKeyGoesToTheHostItIsFor(t *testing.T) {
	for name, tc := range map[string]struct{ own, host, want string }{
		"the agent's own": {"agents-own-key", "api.hubapi.com", "Bearer agents-own-key"},
		"the workspace's": {"", "proxy.example", "Bearer workspace-key"},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				b := newBench(t, s)
				shown := refusing{}
				b.cfg.CRMs.HTTP = &http.Client{Transport: shown}
				b.connect("hubspot", CRMServer{BaseURL: "https://proxy.example"}, "workspace-key")
				b.desk(ringside.AgentSettings{CRMAutoSyncEnabled: new(true), CRMProvider: "hubspot"}, ringside.AgentSecrets{CRMAPIKey: tc.own})
				id := b.receive(0, call("a"))
				b.analyse(id)
				must(t, (&syncCRM{cfg: b.cfg}).Work(t.Context(), syncJob(id, 1)))
				if len(shown) != 1 || shown[tc.host] != tc.want {
					t.Errorf("shown: %v, want %q at %s", shown, tc.want, tc.host)
				}
			})
		})
	}
}

// gone is the address of a server that is there no more.
func gone(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.NotFoundHandler())
	s.Close()
	return s.URL
}

// A CRM that does not answer is asked eight times in all, with pauses that
// grow; then the step says why it failed.
func TestACRMIsGivenUpAtLast(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		b.desk(ringside.AgentSettings{CRMAutoSyncEnabled: new(true), CRMProvider: "custom", CRMURL: gone(t) + "/x"}, ringside.AgentSecrets{CRMAPIKey: "a-signing-key"})
		id := b.receive(0, call("a"))
		b.analyse(id)
		w := &syncCRM{cfg: b.cfg}
		for attempt := 1; attempt < 8; attempt++ {
			job := syncJob(id, attempt)
			err := w.Work(t.Context(), job)
			if _, snoozed := errors.AsType[*rivertype.JobSnoozeError](err); err == nil || snoozed {
				t.Fatalf("attempt %d gives %v, which is not counted", attempt, err)
			}
			if st := step(b.call(id), ringside.StepCRM); st.Status != ringside.StepWaiting || st.Attempts != attempt || !strings.HasSuffix(st.Reason, "refused. It is tried again.") {
				t.Errorf("after attempt %d: %+v", attempt, st)
			}
			want := 30 * time.Second << (attempt - 1)
			if wait := time.Until(w.NextRetry(job)); wait > want || wait < want-10*time.Second {
				t.Errorf("after attempt %d it waits %s, want %s", attempt, wait, want)
			}
		}
		must(t, w.Work(t.Context(), syncJob(id, 8)))
		if st := step(b.call(id), ringside.StepCRM); st.Status != ringside.StepFailed || st.Reason != "Your CRM: did not answer: the connection was refused" {
			t.Errorf("at last: %+v", st)
		}
	})
}

// A CRM that says how long to wait is left alone for as long: also until its day
// ends, for eight attempts an hour apart would be over before.
func TestACRMSaysWhenToComeAgain(t *testing.T) {
	for asked, want := range map[string]time.Duration{"1": 30 * time.Second, "600": 10 * time.Minute, "86400": 24 * time.Hour} {
		b := newBench(t, storetest.SQLite(t))
		hub := crmtest.NewHubSpot(t)
		hub.Break(&crmtest.Fault{Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {asked}}})
		b.connect("hubspot", CRMServer{BaseURL: hub.Connection().BaseURL}, hub.Connection().Key)
		b.desk(ringside.AgentSettings{CRMAutoSyncEnabled: new(true), CRMProvider: "hubspot"}, ringside.AgentSecrets{})
		id := b.receive(0, call("a"))
		b.analyse(id)
		w, job := &syncCRM{cfg: b.cfg}, syncJob(id, 1)
		if err := w.Work(t.Context(), job); err == nil {
			t.Fatal("it is not tried again")
		}
		if wait := time.Until(w.NextRetry(job)); wait > want || wait < want-10*time.Second {
			t.Errorf("Retry-After %s: it waits %s, want %s", asked, wait, want)
		}
	}
}

// What only a person can mend is not tried again; what went wrong with us is,
// and fails at last.
func TestAStepThatCannotBeDoneFails(t *testing.T) {
	for name, tc := range map[string]struct {
		url     string
		spoil   func(*bench)
		attempt int
		want    string
	}{
		"an address that is refused": {"https://10.1.2.3/x", func(*bench) {}, 1, "private or reserved"},
		"a key under another key": {"", func(b *bench) {
			box, err := secret.Open(b.t.TempDir(), "")
			must(b.t, err)
			b.cfg.Secrets = box
		}, 1, "enter the secret again"},
		"our own fault": {"", func(b *bench) {
			b.write(func(ctx context.Context, tx store.Tx) error {
				_, err := tx.Exec(ctx, `ALTER TABLE crm_syncs RENAME TO lost`)
				return err
			})
		}, 8, "its log says why"},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				b := newBench(t, s)
				b.desk(ringside.AgentSettings{CRMAutoSyncEnabled: new(true), CRMProvider: "custom", CRMURL: cmp.Or(tc.url, gone(t))}, ringside.AgentSecrets{CRMAPIKey: "a-signing-key"})
				id := b.receive(0, call("a"))
				b.analyse(id)
				tc.spoil(b)
				if err := (&syncCRM{cfg: b.cfg}).Work(t.Context(), syncJob(id, tc.attempt)); (err != nil) != (tc.attempt == 8) {
					t.Errorf("the job says %v", err)
				}
				if st := step(b.call(id), ringside.StepCRM); st.Status != ringside.StepFailed || !strings.Contains(st.Reason, tc.want) {
					t.Errorf("the step is %+v", st)
				}
			})
		})
	}
}

// A process that ends while it asks leaves the step as it was, also at the last
// attempt: River does not count it.
func TestAnEndOfTheProcessIsNoFailure(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	hub := crmtest.NewHubSpot(t)
	hanging := make(chan struct{})
	hub.Break(&crmtest.Fault{Hang: hanging, Times: 1})
	b.connect("hubspot", CRMServer{BaseURL: hub.Connection().BaseURL}, hub.Connection().Key)
	b.desk(ringside.AgentSettings{CRMAutoSyncEnabled: new(true), CRMProvider: "hubspot"}, ringside.AgentSecrets{})
	id := b.receive(0, call("a"))
	b.analyse(id)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-hanging
		cancel()
	}()
	if err := (&syncCRM{cfg: b.cfg}).Work(ctx, syncJob(id, 8)); !errors.Is(err, context.Canceled) {
		t.Errorf("the job says %v", err)
	}
	if st := step(b.call(id), ringside.StepCRM); st.Status != ringside.StepWaiting {
		t.Errorf("the step is %+v", st)
	}
}

// The queue counts a try that got no answer, and keeps the job for as long as
// was said: one that River itself spaced would be available at once.
func TestTheQueueWaitsForACRM(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		b.desk(ringside.AgentSettings{CRMAutoSyncEnabled: new(true), CRMProvider: "custom", CRMURL: gone(t)}, ringside.AgentSecrets{CRMAPIKey: "a-signing-key"})
		b.run()
		b.receive(0, call("a"))
		waiting := func() bool {
			return b.count(`SELECT COUNT(*) FROM river_job WHERE kind = 'sync_crm' AND state = 'retryable' AND attempt = 1`) == 1
		}
		for deadline := time.Now().Add(30 * time.Second); !waiting(); time.Sleep(20 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("no job waits that has been tried once")
			}
		}
	})
}

// Calls from one number make one contact, though the CRM's search does not find
// it at once, and several are written at a time.
func TestOneNumberMakesOneContact(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		hub := crmtest.NewHubSpot(t)
		hub.Lag()
		b.connect("hubspot", CRMServer{BaseURL: hub.Connection().BaseURL}, hub.Connection().Key)
		b.desk(ringside.AgentSettings{CRMAutoSyncEnabled: new(true), CRMProvider: "hubspot", CRMCreateContact: new(true)}, ringside.AgentSecrets{})
		for _, name := range []string{"a", "b"} {
			id := b.receive(0, call(name))
			b.analyse(id)
			must(t, (&syncCRM{cfg: b.cfg}).Work(t.Context(), syncJob(id, 1)))
			if st := step(b.call(id), ringside.StepCRM); st.Status != ringside.StepDone {
				t.Errorf("call %s: %+v", name, st)
			}
		}
		if n := len(hub.Contacts()); n != 1 {
			t.Errorf("%d contacts have the number, want 1", n)
		}
		if n := b.count(`SELECT COUNT(DISTINCT contact_id) FROM crm_syncs WHERE contact_id <> ''`); n != 1 {
			t.Errorf("the calls are with %d contacts, want 1", n)
		}
	})
}

// A CRM that hangs leaves places to the others, and a call, or a customer who may
// become a contact, is one call's at a time.
func TestPlacesAtACRM(t *testing.T) {
	t.Parallel()
	at := func(id, from, url string) *file {
		c := ringside.NewCall(workspace, "flat", id)
		c.Direction, c.From = ringside.Inbound, from
		return &file{workspace, c, &store.AgentRow{Agent: ringside.Agent{Settings: ringside.AgentSettings{CRMProvider: "custom", CRMURL: url, CRMCreateContact: new(true)}}}}
	}
	c := &CRMs{}
	for i, f := range []*file{at("a", "+14155550141", "https://hangs.example"), at("b", "+14155550142", "https://hangs.example"), at("c", "+14155550143", "https://hangs.example")} {
		if !c.hold(places(f)) {
			t.Fatalf("call %d gets no place", i)
		}
	}
	fourth := at("d", "+14155550144", "https://hangs.example")
	if c.hold(places(fourth)) {
		t.Error("a fourth call is written into a CRM that hangs")
	}
	other := at("e", "+14155550145", "https://works.example")
	if !c.hold(places(other)) {
		t.Error("another CRM has no place")
	}
	if c.hold(places(other)) {
		t.Error("a call is written twice at a time")
	}
	if c.hold(places(at("f", "+1 (415) 555-0145", "https://works.example"))) {
		t.Error("two calls of one number may make a contact at a time")
	}
	c.release(places(at("a", "+14155550141", "https://hangs.example")))
	if !c.hold(places(fourth)) {
		t.Error("a place that was given back is not free")
	}
}

// A sync that was cut off before its end was noted comes again once the CRM's
// search finds what it may have made, and not before: it would make it twice.
func TestASyncThatWasCutOffWaitsForTheSearch(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	hub := crmtest.NewHubSpot(t)
	b.connect("hubspot", CRMServer{BaseURL: hub.Connection().BaseURL}, hub.Connection().Key)
	b.desk(ringside.AgentSettings{CRMAutoSyncEnabled: new(true), CRMProvider: "hubspot"}, ringside.AgentSecrets{})
	id := b.receive(0, call("a"))
	b.analyse(id)
	cut := func(ago time.Duration) {
		b.write(func(ctx context.Context, tx store.Tx) error {
			return store.PutCRMSync(ctx, tx, workspace, id, &store.CRMSync{CRM: "hubspot", SyncedAt: time.Now().Add(-ago)})
		})
	}
	cut(5 * time.Second)
	err := (&syncCRM{cfg: b.cfg}).Work(t.Context(), syncJob(id, 1))
	if snooze, ok := errors.AsType[*rivertype.JobSnoozeError](err); !ok || snooze.Duration < 20*time.Second || snooze.Duration > 25*time.Second || len(hub.Requests()) > 0 {
		t.Errorf("the job says %v after %d requests", err, len(hub.Requests()))
	}
	cut(31 * time.Second)
	must(t, (&syncCRM{cfg: b.cfg}).Work(t.Context(), syncJob(id, 1)))
	if n := len(hub.Logged()); n != 1 {
		t.Errorf("%d calls are in HubSpot, want 1", n)
	}
}
