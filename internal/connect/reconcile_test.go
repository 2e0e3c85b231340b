package connect_test

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside/internal/connect"
	"github.com/ringsidehq/ringside/internal/provider/bland"
	"github.com/ringsidehq/ringside/internal/provider/elevenlabs"
	"github.com/ringsidehq/ringside/internal/provider/retell"
	"github.com/ringsidehq/ringside/internal/provider/vapi"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

func (d *desk) reconcile(c *connect.Connector) (r *store.Reconciliation) {
	d.t.Helper()
	if _, err := c.Reconcile(d.t.Context(), d.source.Workspace, d.source.ID); err != nil {
		d.t.Fatal(err)
	}
	err := d.store.Read(d.t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
		r, err = store.ReconciliationOf(ctx, tx, d.source.Workspace, d.source.ID)
		return err
	})
	if err != nil || r == nil {
		d.t.Fatalf("no reconciliation: %v", err)
	}
	return r
}

// Calls that ended and whose webhook never came are fetched, those that ended a
// moment ago are left to it; a call whose end alone is missing gets it. What was
// fetched is news, and is not fetched again.
func TestReconcile(t *testing.T) {
	for _, id := range []string{vapi.ID, retell.ID, bland.ID, elevenlabs.ID} {
		t.Run(id, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				v := newVendor(t, id, 6)
				d := newDesk(t, s, v, id)
				v.calls = append([]call{{"call-now", time.Now().Add(-time.Minute), true}}, v.calls...)
				v.calls = append(v.calls, call{"call-long-ago", time.Now().Add(-40 * day), true})
				switch id { // of one call something came, and not what it was
				case retell.ID:
					d.send(`{"event":"call_started","call":{"call_id":"` + v.calls[2].id + `","call_status":"ongoing","agent_id":"asst-1"}}`)
				case elevenlabs.ID:
					d.send(`{"type":"post_call_audio","event_timestamp":1739537297,"data":{"agent_id":"asst-1","conversation_id":"` + v.calls[2].id + `"}}`)
				}
				c := d.process()
				r := d.reconcile(c)
				if r.Fetched != 6 || r.Words != "" || r.LookedAt == nil || d.count(`SELECT COUNT(*) FROM calls`) != 6 {
					t.Errorf("%+v, %d calls", r, d.count(`SELECT COUNT(*) FROM calls`))
				}
				if got := d.call(v.calls[2].id); !got.Ended() || got.Imported || len(got.Turns) != 2 {
					t.Errorf("%+v", got)
				}
				if r := d.reconcile(c); r.Fetched != 6 || d.count(`SELECT COUNT(*) FROM calls`) != 6 {
					t.Errorf("once more: %+v", r)
				}
			})
		})
	}
}

// A vendor that refuses is noted; after a week without a look, the calls of the
// week are fetched, for the records.
func TestReconcileLater(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		v := newVendor(t, retell.ID, 0)
		d := newDesk(t, s, v, retell.ID)
		c := d.process()
		v.set(func() { v.limitEach = 1 })
		if again, err := c.Reconcile(t.Context(), d.source.Workspace, d.source.ID); again != 10*time.Millisecond || err != nil {
			t.Errorf("it comes again after %v, %v", again, err)
		}
		v.set(func() { v.limitEach = 0 })
		d.key = "another-key"
		if r := d.reconcile(c); !strings.Contains(r.Words, "refused") || r.LookedAt != nil {
			t.Errorf("%+v", r)
		}
		d.key = apiKey
		d.reconcile(c)
		d.write(func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE reconciliations SET until_ms = $1`, time.Now().Add(-7*day).UnixMilli())
			return err
		})
		v.set(func() { v.calls = []call{{"call-old", time.Now().Add(-5 * day), true}} })
		if r := d.reconcile(c); r.Fetched != 1 || r.Words != "" {
			t.Errorf("%+v", r)
		}
		if got := d.call("call-old"); !got.Imported {
			t.Error("people are told of a call of last week")
		}
	})
}

// A vendor whose list never ends is given up, and it is said why.
func TestAListInACircle(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		v := newVendor(t, elevenlabs.ID, 130)
		v.set(func() { v.circle = true })
		d := newDesk(t, s, v, elevenlabs.ID)
		c := d.process()
		if r := d.reconcile(c); !strings.Contains(r.Words, "circle") || r.LookedAt != nil {
			t.Errorf("%+v", r)
		}
		if err := d.work(t.Context(), c, d.begin(c).Run); err != nil {
			t.Fatal(err)
		}
		if i := d.stands(); i.State != store.ImportFailed || !strings.Contains(i.Words, "circle") || i.Found != 100 {
			t.Errorf("%+v", i)
		}
	})
}

// Agents that can't be read keep no calls from being fetched, and it is said what
// is wrong; how many there are is known from before.
func TestReconcileWithoutAgents(t *testing.T) {
	for _, tc := range []struct {
		name, words string
		bend        func(*vendor)
	}{
		{"a key for calls alone", "answered 403", func(v *vendor) { v.agentless = true }},
		{"agents without an end", "circle", func(v *vendor) { v.whirl = true }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				v := newVendor(t, elevenlabs.ID, 3)
				v.agents = []map[string]any{{"agent_id": "asst-1"}}
				d := newDesk(t, s, v, elevenlabs.ID)
				before := d.reconcile(d.process())
				time.Sleep(2 * time.Millisecond) // times are kept in milliseconds
				v.set(func() {
					v.calls = append(v.calls, call{"another", time.Now().Add(-2 * time.Hour), true})
					tc.bend(v)
				})
				r := d.reconcile(d.process())
				if r.Fetched != before.Fetched+1 || !r.LookedAt.After(*before.LookedAt) || !strings.Contains(r.Words, tc.words) || r.Agents != 1 {
					t.Errorf("%+v, before that %+v", r, before)
				}
			})
		})
	}
}

// A job finds every source that has a key.
func TestReconcileAll(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s, newVendor(t, vapi.ID, 0), vapi.ID)
		d.write(func(ctx context.Context, tx store.Tx) error {
			all, err := store.KeyedSources(ctx, tx)
			if err != nil || len(all) != 0 {
				t.Errorf("%v, %v", all, err)
			}
			return store.PutSourceKey(ctx, tx, d.source.Workspace, d.source.ID, []byte("sealed"))
		})
		d.write(func(ctx context.Context, tx store.Tx) error {
			all, err := store.KeyedSources(ctx, tx)
			if err != nil || len(all) != 1 || all[0].ID != d.source.ID {
				t.Errorf("%v, %v", all, err)
			}
			return d.process().Ask(ctx, tx, d.source)
		})
	})
}

// Agents are made, their names follow the vendor's until somebody gives them
// another, and another prompt, model or voice is a version of its own.
func TestAgents(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		v := newVendor(t, vapi.ID, 0)
		d := newDesk(t, s, v, vapi.ID)
		c := d.process()
		show := func(name, prompt, voice string) (a *store.AgentRow, versions []*store.AgentVersion) {
			t.Helper()
			v.set(func() {
				v.agents = []map[string]any{{
					"id": "asst-1", "name": name, "createdAt": "2026-01-01T00:00:00Z", "voice": map[string]any{"provider": "11labs", "voiceId": voice},
					"model": map[string]any{"provider": "openai", "model": "gpt-4.1", "messages": []any{map[string]any{"role": "system", "content": prompt}}},
				}}
			})
			if r := d.reconcile(c); r.Agents != 1 || r.Words != "" {
				t.Errorf("%+v", r)
			}
			d.write(func(ctx context.Context, tx store.Tx) error {
				all, err := store.Agents(ctx, tx, d.source.Workspace)
				if err != nil || len(all) != 1 {
					t.Fatalf("%d agents, %v", len(all), err)
				}
				a = all[0]
				versions, err = store.AgentVersions(ctx, tx, d.source.Workspace, a.ID)
				return err
			})
			return a, versions
		}
		a, versions := show("Front desk", "Book tables.", "anna")
		if a.Name != "Front desk" || !a.Discovered || len(versions) != 1 || versions[0].PromptHash == "" || versions[0].Voice == "" {
			t.Errorf("%+v, %+v", a, versions)
		}
		if a, versions = show("Desk", "Book tables.", "anna"); a.Name != "Desk" || len(versions) != 1 {
			t.Errorf("renamed: %q, %d versions", a.Name, len(versions))
		}
		for i, n := range []struct{ prompt, voice string }{{"Book rooms.", "anna"}, {"Book rooms.", "bert"}, {"Book rooms.", "bert"}} {
			if _, versions = show("Desk", n.prompt, n.voice); len(versions) != min(2+i, 3) || versions[0].Number != len(versions) {
				t.Errorf("%v: %d versions", n, len(versions))
			}
		}
		a.Name, a.Discovered = "Our own name", false
		d.write(func(ctx context.Context, tx store.Tx) error { return store.UpdateAgent(ctx, tx, d.source.Workspace, a) })
		if a, _ = show("Another name", "Book rooms.", "bert"); a.Name != "Our own name" {
			t.Errorf("the name that somebody gave is %q now", a.Name)
		}
	})
}

// Webhooks are set where none is, and where another is only when somebody says
// so.
func TestHooks(t *testing.T) {
	const own = "https://ringside.example.com/webhooks/x/token"
	for id, keys := range map[string][2]string{vapi.ID: {"id", "serverUrl"}, retell.ID: {"agent_id", "webhook_url"}} {
		t.Run(id, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				v := newVendor(t, id, 0)
				d := newDesk(t, s, v, id)
				c := d.process()
				v.agents = []map[string]any{{keys[0]: "a"}, {keys[0]: "b", keys[1]: "https://theirs.example.com/hook"}}
				states := func(h *connect.Hooks, err error) string {
					t.Helper()
					if err != nil {
						t.Fatal(err)
					}
					return h.Items[0].State + " " + h.Items[1].State
				}
				looked, _, err := c.Hooks(t.Context(), d.source, own)
				if got := states(looked, err); got != "unset elsewhere" || !looked.Settable || len(looked.Steps) == 0 {
					t.Errorf("%s, %+v", got, looked)
				}
				if got := states(c.SetHooks(t.Context(), d.source, own, "hush", nil, false)); got != "here elsewhere" {
					t.Error(got)
				}
				if got := states(c.SetHooks(t.Context(), d.source, own, "hush", []string{"b"}, true)); got != "here here" {
					t.Error(got)
				}
				if _, err := c.SetHooks(t.Context(), d.source, own, "", []string{"z"}, true); err == nil {
					t.Error("the webhook of an agent is set that there is none of")
				}
				again, _, err := c.Hooks(t.Context(), d.source, own)
				if got := states(again, err); got != "here here" {
					t.Error(got)
				}
			})
		})
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s, newVendor(t, bland.ID, 0), bland.ID)
		if h, _, err := d.process().Hooks(t.Context(), d.source, own); err != nil || h.Settable || len(h.Steps) == 0 {
			t.Errorf("%+v, %v", h, err)
		}
		if _, err := d.process().SetHooks(t.Context(), d.source, own, "", nil, false); err == nil {
			t.Error("Bland's webhook is set")
		}
	})
}

// Another address for Vapi's messages leaves how long an answer may take, and
// hands nobody's credentials on.
func TestAVapiHookKeepsItsTimes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		v := newVendor(t, vapi.ID, 0)
		d := newDesk(t, s, v, vapi.ID)
		v.agents = []map[string]any{{"id": "a", "server": map[string]any{
			"url": "https://theirs.example.com/hook", "timeoutSeconds": 7, "credentialId": "cred-1", "headers": map[string]any{"Authorization": "Bearer theirs"},
		}}}
		if _, err := d.process().SetHooks(t.Context(), d.source, "https://ringside.example.com/webhooks/x/token", "hush", nil, true); err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(v.listed()[0]["server"])
		const want = `{"headers":{"X-Vapi-Secret":"hush"},"timeoutSeconds":7,"url":"https://ringside.example.com/webhooks/x/token"}`
		if err != nil || string(got) != want {
			t.Errorf("%s, want %s, %v", got, want, err)
		}
	})
}

// What is missing is counted over the calls that the source brought.
func TestCompleteness(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s, newVendor(t, retell.ID, 0), retell.ID)
		at := time.Now().Add(-time.Hour).UnixMilli()
		times := `"start_timestamp":` + strconv.FormatInt(at, 10) + `,"end_timestamp":` + strconv.FormatInt(at+30_000, 10) + `,"duration_ms":30000`
		d.send(`{"event":"call_ended","call":{"call_id":"whole","call_status":"ended","recording_url":"https://a.example/x.wav","transcript_object":[{"role":"agent","content":"Hi."}],` + times + `}}`)
		d.send(`{"event":"call_ended","call":{"call_id":"mute","call_status":"ended",` + times + `}}`)
		d.send(`{"event":"call_ended","call":{"call_id":"nobody","call_status":"not_connected","disconnection_reason":"dial_no_answer"}}`)
		var got store.Completeness
		d.write(func(ctx context.Context, tx store.Tx) (err error) {
			got, err = store.CompletenessOf(ctx, tx, d.source, time.Now().Add(-day), time.Now().Add(time.Minute))
			return err
		})
		if want := (store.Completeness{Calls: 3, WithoutTranscript: 1, WithoutRecording: 1}); got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
		other := *d.source
		other.ID = "src_other"
		d.write(func(ctx context.Context, tx store.Tx) (err error) {
			got, err = store.CompletenessOf(ctx, tx, &other, time.Now().Add(-day), time.Now())
			return err
		})
		if got != (store.Completeness{}) {
			t.Errorf("another source brought %+v", got)
		}
	})
}
