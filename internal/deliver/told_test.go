package deliver

import (
	"context"
	"slices"
	"testing"

	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// What was planned is known by its key and, under another key, by its words,
// as often as it was told. A target that came later has heard of less.
func TestWhatWasToldBefore(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		c := b.call("a")
		event := func(key, detail string) Event {
			return Event{Name: "error_occurred", At: b.clock(), Call: c, Key: key, Detail: detail}
		}
		hears := func(e *store.WebhookEndpoint) { e.Events = []string{"error_occurred", "message_received"} }
		b.endpoint("https://example.com/first", hears)
		b.plan(event("a", "slow"))
		b.plan(event("0", "slow"))
		b.plan(Event{Name: "message_received", At: b.clock(), Call: c, Key: "0", Turn: new(0)})
		b.endpoint("https://example.com/second", hears)
		b.plan(event("b", "down"))

		asked := []Event{
			event("b", "said otherwise"), event("c", "slow"), event("a", "slow"), event("d", "slow"), event("e", "down"),
			{Name: "message_received", Call: c, Key: "x", Turn: new(0)},
			{Name: "agent_speech", Call: c, Key: "x", Turn: new(0)},
		}
		b.must(s.Read(t.Context(), func(ctx context.Context, tx store.Tx) error {
			told, err := ToldBefore(ctx, tx, c.ID, asked)
			if err != nil {
				return err
			}
			if want := []bool{true, true, true, false, false, true, false}; !slices.Equal(told.Known, want) {
				t.Errorf("known %v, want %v", told.Known, want)
			}
			if told.Count["error_occurred"] != 3 || told.Count["message_received"] != 1 || told.Count["agent_speech"] != 0 {
				t.Errorf("counted %v", told.Count)
			}
			return nil
		}))
	})
}
