package ingest_test

import (
	"context"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/ingest"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// What a vendor told who asked is kept as its source's, once.
func TestFollowed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHarness(t, s, ingest.Rate{})
		faulty := h.providers["retell"]
		decode := faulty.Decode
		faulty.Decode = func(p provider.Payload) ([]ringside.Event, error) {
			if string(p.Body) == `"a fault"` {
				panic("of the adapter's")
			}
			return decode(p)
		}
		h.providers["retell"] = faulty
		const body = `{"event":"monitor_call","call":{"call_id":"c","call_status":"ongoing","transcript_with_tool_calls":[{"role":"agent","content":"Hello.","time_sec":1,"id":"a"}]}}`
		for _, step := range []struct {
			body   string
			action ledger.Action
			kind   ringside.Kind
		}{
			{body, ledger.Created, ""},
			{body, ledger.Duplicate, ""},
			{`{"event":"monitor_call","call":{"call_id":"c","call_status":"ended","transcript_with_tool_calls":[]}}`, ledger.Updated, ""},
			{`{"event":"monitor_call","call":{"call_id":7}}`, ledger.Quarantined, ""},
			{`{"event":`, "", ringside.Invalid},
			{`"a fault"`, "", ringside.Internal}, // nobody else would catch it
		} {
			r, err := h.door.Followed(t.Context(), ingest.Followed{Workspace: h.workspace, Source: "src_1", Provider: "retell", Body: []byte(step.body), ReceivedAt: time.Now().UTC()})
			if r.Action != step.action || (err != nil) != (step.kind != "") || err != nil && ringside.KindOf(err) != step.kind {
				t.Errorf("%s: %s, %v", step.body, r.Action, err)
			}
		}
		must(t, s.Read(t.Context(), func(ctx context.Context, tx store.Tx) error {
			c, err := store.Call(ctx, tx, h.workspace, ringside.NewCallID(h.workspace, "retell", "c"))
			must(t, err)
			if len(c.Turns) != 1 || !c.Ended() {
				t.Errorf("%d turns, ended %t", len(c.Turns), c.Ended())
			}
			traffic, err := store.TrafficOf(ctx, tx, "src_1")
			if traffic.Deliveries != 3 || traffic.Quarantined != 1 {
				t.Errorf("the source's traffic is %+v", traffic)
			}
			return err
		}))
	})
}
