package connect_test

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/connect"
	"github.com/ringsidehq/ringside/internal/ingest"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/bland"
	"github.com/ringsidehq/ringside/internal/provider/elevenlabs"
	"github.com/ringsidehq/ringside/internal/provider/retell"
	"github.com/ringsidehq/ringside/internal/provider/vapi"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

var quiet = slog.New(slog.DiscardHandler)

var adapters = map[string]provider.Provider{
	vapi.ID: vapi.Provider, retell.ID: retell.Provider, bland.ID: bland.Provider, elevenlabs.ID: elevenlabs.Provider,
}

// desk is a source of a workspace with a vendor that is not the real one.
type desk struct {
	t      *testing.T
	store  *store.Store
	ledger *ledger.Ledger
	door   *ingest.Door
	queue  *jobs.Queue
	vendor *vendor
	source *store.Source

	mu  sync.Mutex // guards key
	key string
}

func newDesk(t *testing.T, s *store.Store, v *vendor, id string) *desk {
	t.Helper()
	d := &desk{t: t, store: s, vendor: v, key: apiKey}
	var err error
	if d.queue, err = jobs.New(t.Context(), s, jobs.Config{Hold: true, Log: quiet}); err != nil {
		t.Fatal(err)
	}
	d.ledger = ledger.New(ledger.Config{Store: s, Jobs: d.queue, Log: quiet})
	d.ledger.Start()
	t.Cleanup(d.ledger.Stop)
	d.door = ingest.New(ingest.Config{Store: s, Ledger: d.ledger, Auth: auth.New(s, quiet), Providers: adapters, Log: quiet})
	ws := &ringside.Workspace{ID: "ws_test", Name: "Test", CreatedAt: time.Now()}
	d.source = &store.Source{
		ID: "src_test", Workspace: ws.ID, Provider: id, Name: "Source", Token: "token", HMAC: "{}", CreatedAt: time.Now().Add(-400 * day),
	}
	d.write(func(ctx context.Context, tx store.Tx) error {
		if err := store.InsertWorkspace(ctx, tx, ws); err != nil {
			return err
		}
		return store.InsertSource(ctx, tx, d.source)
	})
	return d
}

func (d *desk) write(fn func(context.Context, store.Tx) error) {
	d.t.Helper()
	if err := d.store.Write(d.t.Context(), fn); err != nil {
		d.t.Fatal(err)
	}
}

// process is a connector of a process of its own.
func (d *desk) process() *connect.Connector {
	return connect.New(connect.Config{
		Store: d.store, Providers: adapters, Queue: func() *jobs.Queue { return d.queue }, Log: quiet,
		Times:         connect.Times{First: time.Millisecond, Longest: 5 * time.Millisecond},
		AgentsChanged: d.ledger.AgentsChanged,
		Line: func(context.Context, *store.Source) (provider.Line, error) {
			d.mu.Lock()
			defer d.mu.Unlock()
			return provider.Line{HTTP: http.DefaultClient, Key: d.key, BaseURL: d.vendor.URL}, nil
		},
		Take: func(ctx context.Context, in connect.Delivery) (ledger.Result, error) {
			return d.door.Pulled(ctx, ingest.Pulled(in))
		},
	})
}

// begin begins an import of the last 30 days.
func (d *desk) begin(c *connect.Connector) (i *store.Import) {
	d.t.Helper()
	d.write(func(ctx context.Context, tx store.Tx) (err error) {
		i, err = c.Begin(ctx, tx, d.source, 30)
		return err
	})
	return i
}

// work goes on with an import as its job does, until it is over.
func (d *desk) work(ctx context.Context, c *connect.Connector, run string) error {
	for {
		again, err := c.Import(ctx, d.source.Workspace, d.source.ID, run)
		if again == 0 || err != nil {
			return err
		}
		time.Sleep(again)
	}
}

func (d *desk) stands() (i *store.Import) {
	d.t.Helper()
	err := d.store.Read(d.t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
		i, err = store.ImportOf(ctx, tx, d.source.Workspace, d.source.ID)
		return err
	})
	if err != nil || i == nil {
		d.t.Fatalf("no import: %v", err)
	}
	return i
}

// count counts rows.
func (d *desk) count(query string, args ...any) (n int) {
	d.t.Helper()
	err := d.store.Read(d.t.Context(), func(ctx context.Context, tx store.Tx) error {
		return tx.QueryRow(ctx, query, args...).Scan(&n)
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return n
}

// call loads a call by its id at the vendor.
func (d *desk) call(id string) (c *ringside.Call) {
	d.t.Helper()
	err := d.store.Read(d.t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
		c, err = store.Call(ctx, tx, d.source.Workspace, ringside.NewCallID(d.source.Workspace, d.source.Provider, id))
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return c
}

// send has a webhook come.
func (d *desk) send(body string) {
	d.t.Helper()
	_, err := d.door.Followed(d.t.Context(), ingest.Followed{
		Workspace: d.source.Workspace, Source: d.source.ID, Provider: d.source.Provider, Body: []byte(body), ReceivedAt: time.Now().UTC(),
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

// Three thousand calls, with pauses that the vendor asks for and a process that
// dies in the middle: every call is there once, and the counts are right.
func TestImport(t *testing.T) {
	for id, n := range map[string]int{vapi.ID: 3000, retell.ID: 230, bland.ID: 430, elevenlabs.ID: 230} {
		t.Run(id, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				v := newVendor(t, id, n)
				d := newDesk(t, s, v, id)
				ctx, die := context.WithCancel(t.Context())
				defer die()
				v.set(func() {
					v.limitEach = 7
					v.onRequest = func(k int) {
						if k == v.middle(id, n) {
							die()
						}
					}
				})
				run := d.begin(d.process()).Run
				if err := d.work(ctx, d.process(), run); err == nil {
					t.Fatal("it does not die")
				}
				half := d.stands()
				if !half.Going() || half.Found == 0 || half.Found >= n {
					t.Fatalf("it died at %+v", half)
				}
				if err := d.work(t.Context(), d.process(), run); err != nil {
					t.Fatal(err)
				}
				i := d.stands()
				if i.State != store.ImportDone || i.Found != n || i.Brought != n || i.Known != 0 || i.Passed != 0 || i.Words != "" {
					t.Errorf("%+v", i)
				}
				if oldest := v.calls[n-1].began; i.Oldest == nil || !i.Oldest.Equal(oldest) {
					t.Errorf("the oldest is %v, want %v", i.Oldest, oldest)
				}
				if got := d.count(`SELECT COUNT(*) FROM calls`); got != n {
					t.Errorf("%d calls, want %d", got, n)
				}
				if got := d.count(`SELECT COUNT(*) FROM inbox WHERE state = 'stored' AND source_id = $1`, d.source.ID); got != n {
					t.Errorf("%d deliveries, want %d", got, n)
				}
				c := d.call(v.calls[n/2].id)
				if !c.Imported || !c.Ended() || len(c.Turns) != 2 || c.Agent == nil || c.Agent.SourceID != "asst-1" {
					t.Errorf("%+v", c)
				}
			})
		})
	}
}

// middle is the request at which half of the calls have been listed.
func (v *vendor) middle(id string, n int) int {
	if id == vapi.ID {
		return n / 100 / 2
	}
	return n * 3 / 4
}
