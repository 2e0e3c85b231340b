package connect_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/connect"
	"github.com/ringsidehq/ringside/internal/provider/retell"
	"github.com/ringsidehq/ringside/internal/provider/vapi"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// ended is the webhook of a call of Retell's that ended.
func ended(id string) string {
	return `{"event":"call_ended","call":{"call_id":"` + id + `","call_status":"ended","agent_id":"asst-1","disconnection_reason":"agent_hangup",` +
		`"transcript_object":[{"role":"agent","content":"By webhook."}]}}`
}

// A call that a webhook told of before is not read again, and one that a webhook
// tells of after is the same call; what was deleted does not come back.
func TestImportBesideWebhooks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		v := newVendor(t, retell.ID, 10)
		d := newDesk(t, s, v, retell.ID)
		v.calls[1].ended = false
		before, after, gone := v.calls[3].id, v.calls[5], v.calls[7].id
		d.send(ended(before))
		d.send(ended(gone))
		d.write(func(ctx context.Context, tx store.Tx) error {
			return s.DeleteCall(ctx, tx, ringside.NewCallID(d.source.Workspace, retell.ID, gone))
		})
		time.Sleep(2 * time.Millisecond) // times are kept in milliseconds
		c := d.process()
		if err := d.work(t.Context(), c, d.begin(c).Run); err != nil {
			t.Fatal(err)
		}
		if i := d.stands(); i.State != store.ImportDone || i.Found != 10 || i.Brought != 7 || i.Known != 2 || i.Passed != 1 {
			t.Errorf("%+v", i)
		}
		if got := d.call(before); got.Turns[0].Text != "By webhook." || got.Imported || v.read[before] != 0 {
			t.Errorf("read %d times; %+v", v.read[before], got)
		}
		d.send(ended(after.id))
		if got := d.call(after.id); got.Imported {
			t.Error("a webhook told of it, and it is for the records still")
		}
		if got := d.count(`SELECT COUNT(*) FROM calls`); got != 8 {
			t.Errorf("%d calls, want 8", got)
		}

		// Once more: everything is known, but the call that was on and is over now.
		v.set(func() { v.calls[1].ended = true })
		time.Sleep(2 * time.Millisecond)
		if err := d.work(t.Context(), c, d.begin(c).Run); err != nil {
			t.Fatal(err)
		}
		if i := d.stands(); i.Found != 10 || i.Brought != 1 || i.Known != 9 {
			t.Errorf("%+v", i)
		}
	})
}

// A vendor that is away is asked again; one that refuses the key is not, and the
// import says why without the key. With a good one it goes on.
func TestImportRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		v := newVendor(t, vapi.ID, 150)
		d := newDesk(t, s, v, vapi.ID)
		c := d.process()
		v.set(func() { v.away = true })
		run := d.begin(c).Run
		again, err := c.Import(t.Context(), d.source.Workspace, d.source.ID, run)
		if i := d.stands(); err != nil || again == 0 || i.State != store.ImportWaiting || i.Next == nil || !strings.Contains(i.Words, "502") {
			t.Errorf("%v %v %+v", again, err, i)
		}
		v.set(func() { v.away = false })
		d.key = "another-key"
		if err := d.work(t.Context(), c, run); err != nil {
			t.Fatal(err)
		}
		i := d.stands()
		if i.State != store.ImportFailed || !strings.Contains(i.Words, "API key was refused") || strings.Contains(i.Words, "another-key") {
			t.Errorf("%+v", i)
		}
		d.key = apiKey
		if err := d.work(t.Context(), c, d.begin(c).Run); err != nil {
			t.Fatal(err)
		}
		if i := d.stands(); i.State != store.ImportDone || i.Brought != 150 {
			t.Errorf("%+v", i)
		}
	})
}

// Of two that go on with one import, every call is there once and the one that
// is behind stops; one that is stopped stays so.
func TestImportByTwo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		v := newVendor(t, vapi.ID, 900)
		d := newDesk(t, s, v, vapi.ID)
		run := d.begin(d.process()).Run
		over := make(chan error)
		for range 2 {
			go func() { over <- d.work(t.Context(), d.process(), run) }()
		}
		for range 2 {
			if err := <-over; err != nil {
				t.Error(err)
			}
		}
		if i, n := d.stands(), d.count(`SELECT COUNT(*) FROM inbox`); i.State != store.ImportDone || i.Found != 900 || n != 900 || d.count(`SELECT COUNT(*) FROM calls`) != n {
			t.Errorf("%+v, %d deliveries", i, n)
		}
	})
}

func TestImportStopped(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		v := newVendor(t, vapi.ID, 400)
		d := newDesk(t, s, v, vapi.ID)
		c := d.process()
		run := d.begin(c).Run
		v.set(func() {
			v.onRequest = func(n int) {
				if n == 2 {
					if err := s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
						return store.StopImport(ctx, tx, d.source.Workspace, d.source.ID, time.Now())
					}); err != nil {
						t.Error(err)
					}
				}
			}
		})
		if err := d.work(t.Context(), c, run); err != nil {
			t.Fatal(err)
		}
		if i := d.stands(); i.State != store.ImportStopped || i.Found != 50 {
			t.Errorf("%+v", i)
		}
		if err := d.work(t.Context(), c, d.begin(c).Run); err != nil {
			t.Fatal(err)
		}
		if i := d.stands(); i.State != store.ImportDone || i.Found != 400 || d.count(`SELECT COUNT(*) FROM calls`) != 400 {
			t.Errorf("%+v", i)
		}
	})
}

// A vendor so slow that a page outlasts its job: the job comes again soon, and
// what was brought of the page is not read again.
func TestImportFromASlowVendor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		v := newVendor(t, retell.ID, 60)
		d := newDesk(t, s, v, retell.ID)
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		v.set(func() {
			v.onRequest = func(n int) {
				if n == 30 {
					<-ctx.Done()
				}
			}
		})
		c := d.process()
		run := d.begin(c).Run
		if again, err := c.Import(ctx, d.source.Workspace, d.source.ID, run); again == 0 || err != nil {
			t.Fatalf("again in %s, %v", again, err)
		}
		if err := d.work(t.Context(), c, run); err != nil {
			t.Fatal(err)
		}
		if i := d.stands(); i.State != store.ImportDone || i.Brought != 60 || d.count(`SELECT COUNT(*) FROM calls`) != 60 {
			t.Errorf("%+v", i)
		}
		if first := v.calls[0].id; v.read[first] != 1 {
			t.Errorf("the first call was read %d times", v.read[first])
		}
	})
}

// A vendor that has no such list where it is asked is not said to have lost a call.
func TestImportFromTheWrongPlace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s, newVendor(t, vapi.ID, 0), retell.ID)
		c := d.process()
		if err := d.work(t.Context(), c, d.begin(c).Run); err != nil {
			t.Fatal(err)
		}
		if i, r := d.stands(), d.reconcile(c); i.State != store.ImportFailed || !strings.HasPrefix(i.Words, "Retell answered 404") || !strings.HasPrefix(r.Words, "Retell answered 404") {
			t.Errorf("%q, %q", i.Words, r.Words)
		}
	})
}

// A vendor without a list of calls has nothing to import.
func TestImportImpossible(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s, newVendor(t, vapi.ID, 0), vapi.ID)
		bare := connect.New(connect.Config{Store: s, Log: quiet})
		d.write(func(ctx context.Context, tx store.Tx) error {
			if _, err := bare.Begin(ctx, tx, d.source, 30); err == nil {
				t.Error("it begins")
			}
			return nil
		})
	})
}
