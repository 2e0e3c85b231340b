package store_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// Queues follow the agents that may transfer to them; one for an agent alone that
// goes is nobody else's.
func TestQueuesFollowAgents(t *testing.T) {
	for name, c := range map[string]struct{ before, after []string }{
		"of all":                {[]string{}, []string{}},
		"of others":             {[]string{"other"}, []string{"other"}},
		"of one that is merged": {[]string{"merged", "other"}, []string{"heir", "other"}},
		"of both":               {[]string{"heir", "merged"}, []string{"heir"}},
		"of one made anew":      {[]string{"replaced"}, []string{"heir"}},
		"of one that goes":      {[]string{"deleted", "other"}, []string{"other"}},
		"of that one alone":     {[]string{"deleted"}, []string{"deleted"}},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				now := time.Now().UTC()
				var q *ringside.Queue
				err := s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
					for _, workspace := range []string{home, "ws_other"} {
						q := &ringside.Queue{ID: "queue of " + workspace, Name: "Billing", Number: "+14155550123", Agents: c.before, CreatedAt: now, UpdatedAt: now}
						if err := store.PutQueue(ctx, tx, workspace, q); err != nil {
							return err
						}
					}
					if err := store.MergeAgents(ctx, tx, home, "merged", "heir"); err != nil {
						return err
					}
					if err := store.ReplaceAgent(ctx, tx, home, "replaced", "heir"); err != nil {
						return err
					}
					if err := store.DeleteAgent(ctx, tx, home, "deleted"); err != nil {
						return err
					}
					var err error
					if q, err = store.Queue(ctx, tx, "ws_other", "queue of ws_other"); err != nil || !slices.Equal(q.Agents, c.before) {
						t.Errorf("another workspace's: %v, %v", q, err)
					}
					q, err = store.Queue(ctx, tx, home, "queue of "+home)
					return err
				})
				if err != nil || !slices.Equal(q.Agents, c.after) || q.Number == "" {
					t.Errorf("%+v, %v, want agents %q", q, err, c.after)
				}
			})
		})
	}
}
