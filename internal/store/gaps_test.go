package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// A question is compared with the thousand that were asked last, whatever
// somebody did to others since, and with none that only deleted calls asked.
func TestGapWordsAreThoseAskedLast(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := &shelf{t: t, store: s}
		at := time.Date(2026, 11, 1, 10, 0, 0, 0, time.UTC)
		b.write(func(ctx context.Context, tx store.Tx) error {
			for i := range 1002 {
				id := fmt.Sprintf("gap_%04d", i)
				g := &store.Gap{ID: id, Question: id, Words: id, Status: "open", UpdatedAt: at.Add(-time.Duration(i) * time.Hour)}
				if err := store.InsertGap(ctx, tx, home, g); err != nil {
					return err
				}
				if i == 0 {
					continue // its calls are gone
				}
				asked := []store.AskedIn{{GapID: id, Turn: 1, Question: id}}
				if err := store.ReplaceCallGaps(ctx, tx, ringside.NewCallID(home, "acme", id), at.Add(time.Duration(i)*time.Hour), asked); err != nil {
					return err
				}
			}
			return nil
		})
		b.read(func(ctx context.Context, tx store.Tx) error {
			words, err := store.GapWords(ctx, tx, home)
			if len(words) != 1000 || words["gap_0002"] != "gap_0002" || words["gap_1001"] != "gap_1001" {
				t.Errorf("%d gaps, that of longest ago %q, that of last %q", len(words), words["gap_0002"], words["gap_1001"])
			}
			return err
		})
	})
}
