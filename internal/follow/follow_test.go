package follow_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/follow"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/providertest"
	"github.com/ringsidehq/ringside/internal/provider/retell"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

const (
	workspace = "ws_test"
	source    = "src_test"
	callID    = "call/1"

	hello = `{"role":"agent","content":"Hello.","time_sec":1,"id":"a"}`
	hi    = `{"role":"user","content":"Hi.","time_sec":3,"id":"b"}`
	key   = `{"role":"dtmf","digit":"4","time_sec":4,"id":"c"}`
)

var quiet = slog.New(slog.DiscardHandler)

// desk is a ledger with what follows it, and the vendor.
type desk struct {
	t       *testing.T
	store   *store.Store
	ledger  *ledger.Ledger
	monitor *providertest.Monitor

	mu        sync.Mutex // guards all below
	followers []*follow.Follower
	noKey     bool
	broken    error // what Take gives
	faults    int   // how often the adapter's code breaks yet
	saying    []string
}

func newDesk(t *testing.T, s *store.Store) *desk {
	d := &desk{t: t, store: s, monitor: providertest.NewMonitor(t, callID)}
	q, err := jobs.New(t.Context(), s, jobs.Config{Hold: true, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	d.ledger = ledger.New(ledger.Config{Store: s, Jobs: q, Log: quiet, Committed: func(c []ledger.Commit) {
		d.mu.Lock()
		defer d.mu.Unlock()
		for _, f := range d.followers {
			f.Observe(c)
		}
	}})
	d.ledger.Start()
	t.Cleanup(d.ledger.Stop)
	return d
}

// process is a follower of a process of its own.
func (d *desk) process() *follow.Follower {
	vendor := retell.Provider
	vendor.Follow = func(ctx context.Context, on provider.Line, tell func(provider.Told) error) error {
		d.mu.Lock()
		d.faults--
		faulty := d.faults >= 0
		d.mu.Unlock()
		if faulty {
			panic("a fault of the adapter's")
		}
		return retell.Provider.Follow(ctx, on, tell)
	}
	f := follow.New(follow.Config{
		Store: d.store, Providers: map[string]provider.Provider{retell.ID: vendor}, Log: quiet,
		Times: follow.Times{Claim: 600 * time.Millisecond, First: 10 * time.Millisecond, Longest: 40 * time.Millisecond},
		Line: func(context.Context, *ringside.Call) (provider.Line, string, error) {
			d.mu.Lock()
			defer d.mu.Unlock()
			on := d.monitor.Line(d.t)
			if d.noKey {
				on.Key = ""
			}
			return on, source, nil
		},
		Take: func(ctx context.Context, x follow.Delivery) (ledger.Result, error) {
			d.mu.Lock()
			err := d.broken
			d.mu.Unlock()
			if err != nil {
				return ledger.Result{}, err
			}
			if x.Workspace != workspace || x.Source != source {
				d.t.Errorf("taken for %s by %s", x.Workspace, x.Source)
			}
			return d.append(ctx, string(x.Body))
		},
		Partials: func(_ string, _ ringside.CallID, p []ringside.Partial) {
			d.mu.Lock()
			defer d.mu.Unlock()
			for i := range p {
				d.saying = append(d.saying, p[i].Text)
			}
		},
	})
	d.mu.Lock()
	d.followers = append(d.followers, f)
	d.mu.Unlock()
	d.t.Cleanup(f.Stop)
	return f
}

func (d *desk) append(ctx context.Context, body string) (ledger.Result, error) {
	at := time.Now().UTC()
	events, err := retell.Decode(provider.Payload{Body: []byte(body), ReceivedAt: at})
	if err != nil {
		return ledger.Result{}, err
	}
	return d.ledger.Append(ctx, ledger.Envelope{Workspace: workspace, Provider: retell.ID, SourceID: source, ReceivedAt: at, Body: []byte(body), Events: events})
}

// webhook is a delivery of Retell's about the call.
func (d *desk) webhook(event, more string) {
	d.t.Helper()
	if _, err := d.append(d.t.Context(), fmt.Sprintf(`{"event":%q,"call":{"call_id":%q%s}}`, event, callID, more)); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) set(noKey bool, broken error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.noKey, d.broken = noKey, broken
}

// call is how the call stands in the store: its status and what was said.
func (d *desk) call() (out string) {
	d.t.Helper()
	err := d.store.Read(d.t.Context(), func(ctx context.Context, tx store.Tx) error {
		c, err := store.Call(ctx, tx, workspace, ringside.NewCallID(workspace, retell.ID, callID))
		if err != nil {
			return err
		}
		out = string(c.Status) + ":"
		for i := range c.Turns {
			out += " " + c.Turns[i].Text
		}
		return nil
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return out
}

// count runs a query that gives one number.
func (d *desk) count(query string) (n int) {
	d.t.Helper()
	err := d.store.Read(d.t.Context(), func(ctx context.Context, tx store.Tx) error { return tx.QueryRow(ctx, query).Scan(&n) })
	if err != nil {
		d.t.Fatal(err)
	}
	return n
}

func (d *desk) until(what string, is func() bool) {
	d.t.Helper()
	for end := time.Now().Add(15 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			d.t.Fatalf("never: %s; the call is %q", what, d.call())
		}
	}
}

func (d *desk) watched(n int) {
	d.t.Helper()
	d.until(fmt.Sprintf("%d watch", n), func() bool { now, _ := d.monitor.Watchers(); return now == n })
}

func TestACallIsFollowedToItsEnd(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		f := d.process()
		f.Start()
		d.monitor.Say(hello)
		d.webhook("call_started", "")
		d.until("the snapshot is in the call", func() bool { return d.call() == "active: Hello." })
		if got := f.Of(source); got.Calls != 1 || got.Trouble != "" {
			t.Errorf("the source says %+v", got)
		}
		d.monitor.Say(hi)
		d.until("what is being said is shown", func() bool {
			d.mu.Lock()
			defer d.mu.Unlock()
			return strings.Join(d.saying, "") == "Hi."
		})
		d.monitor.End("user_hangup", true)
		d.until("the call has ended", func() bool { return d.call() == "completed: Hello. Hi." })
		d.until("it is given up", func() bool { return d.count("SELECT COUNT(*) FROM follows") == 0 })
		d.webhook("call_ended", `,"transcript":"Agent: Hello.\nUser: Hi."`)
		if _, ever := d.monitor.Watchers(); ever != 1 || f.Of(source).Calls != 0 {
			t.Errorf("%d connections, %+v", ever, f.Of(source))
		}
	})
}

func TestAConnectionThatBreaksIsMadeAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		f := d.process()
		f.Start()
		d.monitor.Closes(4004, "Call is not ongoing") // the webhook was sooner
		d.webhook("call_started", "")
		d.until("it was tried", func() bool { _, ever := d.monitor.Watchers(); return ever >= 2 })
		d.monitor.Closes(0, "")
		d.watched(1)
		d.monitor.Say(hello, hi, key)
		d.until("all is in the call", func() bool { return d.call() == "active: Hello. Hi." })
		told := d.count("SELECT COUNT(*) FROM inbox")

		d.monitor.Answers(503)
		d.monitor.Drop()
		d.until("the source says why", func() bool { return strings.Contains(f.Of(source).Trouble, "try later") })
		d.monitor.Answers(0)
		d.watched(1)
		d.until("all is well again", func() bool { return f.Of(source).Trouble == "" })
		if now := d.count("SELECT COUNT(*) FROM inbox"); now != told {
			t.Errorf("what was told again stands in the inbox: %d deliveries, not %d", now, told)
		}

		d.set(false, errors.New("the disk is full"))
		d.monitor.Say(`{"role":"agent","content":"How can I help?","time_sec":6,"id":"d"}`, `{"role":"dtmf","digit":"5","time_sec":9,"id":"e"}`)
		d.until("it is told once more", func() bool { _, ever := d.monitor.Watchers(); return ever > 6 })
		d.set(false, nil)
		d.until("it is stored when it can be", func() bool { return strings.HasSuffix(d.call(), "How can I help?") })
	})
}

// A fault in an adapter's code breaks a connection, and not the process.
func TestAFaultOfAnAdapters(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		d.faults = 2
		d.process().Start()
		d.webhook("call_started", "")
		d.watched(1)
	})
}

func TestOneProcessFollows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		a, b := d.process(), d.process()
		d.webhook("call_started", "") // before they start: as when calls are loaded
		a.Start()
		d.watched(1)
		b.Start()
		time.Sleep(900 * time.Millisecond) // longer than a claim that nobody keeps
		if now, ever := d.monitor.Watchers(); now != 1 || ever != 1 {
			t.Errorf("%d watch, %d came", now, ever)
		}
		a.Stop()
		d.watched(1)
		d.monitor.Say(hello, hi, key)
		d.until("the other goes on", func() bool { return d.call() == "active: Hello. Hi." })
	})
}

// A process that dies gives nothing up: its claim runs out.
func TestADeadProcessIsReplaced(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		err := s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
			now := time.Now()
			_, err := store.ClaimFollow(ctx, tx, ringside.NewCallID(workspace, retell.ID, callID), "dead", now, now.Add(400*time.Millisecond))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		d.process().Start()
		d.webhook("call_started", "")
		d.watched(1)
		if waited := time.Since(began); waited < 300*time.Millisecond {
			t.Errorf("taken from the living after %s", waited)
		}
	})
}

func TestWhatEndsFollowing(t *testing.T) {
	for name, end := range map[string]func(d *desk, f *follow.Follower){
		"a webhook of the end": func(d *desk, _ *follow.Follower) { d.webhook("call_ended", `,"disconnection_reason":"user_hangup"`) },
		"nothing is to be kept": func(d *desk, _ *follow.Follower) {
			d.webhook("transcript_updated", `,"call_status":"ongoing","data_storage_setting":"basic_attributes_only"`)
		},
		"the call is deleted": func(_ *desk, f *follow.Follower) { f.Forget(ringside.NewCallID(workspace, retell.ID, callID)) },
		"the key is removed":  func(d *desk, _ *follow.Follower) { d.set(true, nil) },
		"the end":             func(_ *desk, f *follow.Follower) { f.Stop(); f.Stop() },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, storetest.SQLite(t))
			f := d.process()
			f.Start()
			d.webhook("call_started", "")
			d.watched(1)
			end(d, f)
			d.watched(0)
			d.until("it is given up", func() bool { return d.count("SELECT COUNT(*) FROM follows") == 0 })
		})
	}
}

func TestWhatIsNotFollowed(t *testing.T) {
	for _, tc := range []struct {
		name  string
		set   func(d *desk)
		event string
		more  string
		came  int
		says  string
	}{
		{"without a key", func(d *desk) { d.set(true, nil) }, "call_started", "", 0, ""},
		{"no transcript is to be kept", func(*desk) {}, "call_started", `,"data_storage_setting":"basic_attributes_only"`, 0, ""},
		{"no personal data is to be kept", func(*desk) {}, "call_started", `,"data_storage_setting":"everything_except_pii"`, 0, ""},
		{"a call that has ended", func(*desk) {}, "call_ended", "", 0, ""},
		{"a call that has not begun", func(*desk) {}, "other", `,"call_status":"registered"`, 0, ""},
		{"a refusal for good", func(d *desk) { d.monitor.Closes(4008, "Too many watchers") }, "call_started", "", 1, "4008: Too many watchers"},
		{"a call that is never on", func(d *desk) { d.monitor.Closes(4004, "Call is not ongoing") }, "call_started", "", 8, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, storetest.SQLite(t))
			tc.set(d)
			f := d.process()
			f.Start()
			d.webhook(tc.event, tc.more)
			d.until("it was tried", func() bool { _, ever := d.monitor.Watchers(); return ever >= tc.came })
			d.until("it is left", func() bool { return f.Of(source).Calls == 0 })
			d.webhook(tc.event, tc.more+`,"metadata":{"again":true}`)
			time.Sleep(100 * time.Millisecond)
			if _, ever := d.monitor.Watchers(); ever != tc.came || !strings.Contains(f.Of(source).Trouble, tc.says) || (tc.says == "") != (f.Of(source).Trouble == "") {
				t.Errorf("%d connections, and the source says %+v", ever, f.Of(source))
			}
		})
	}
}

func TestStopBeforeStart(*testing.T) {
	f := follow.New(follow.Config{Log: quiet})
	f.Stop()
	f.Start()
	f.Stop()
}
