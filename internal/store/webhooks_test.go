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

const webhookWorkspace = "ws_hooks"

// An agent that goes takes its endpoints along; one that is merged into
// another, or replaced by it, hands them over, with what was sent about its
// calls and the views of them. None leaves a stop behind.
func TestWhatAgentsThatGoLeave(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		now := time.Now().UTC()
		write := func(fn func(context.Context, store.Tx) error) {
			t.Helper()
			if err := s.Write(t.Context(), fn); err != nil {
				t.Fatal(err)
			}
		}
		write(func(ctx context.Context, tx store.Tx) error {
			for _, id := range []string{"merged", "replaced", "deleted", "heir"} {
				if err := store.InsertAgent(ctx, tx, webhookWorkspace, &ringside.Agent{ID: id, Name: id, CreatedAt: now, UpdatedAt: now}, nil); err != nil {
					return err
				}
				e := &store.WebhookEndpoint{ID: "of " + id, Workspace: webhookWorkspace, AgentID: id, URL: "https://example.com", CreatedAt: now, UpdatedAt: now}
				if err := store.InsertWebhookEndpoint(ctx, tx, e); err != nil {
					return err
				}
				d := &store.WebhookDelivery{ID: "to " + id, Workspace: webhookWorkspace, Target: store.EndpointTarget("of " + id), AgentID: id, CallID: ringside.NewCallID(webhookWorkspace, "acme", id)}
				if _, _, err := store.InsertWebhookDelivery(ctx, tx, d); err != nil {
					return err
				}
				if err := store.InsertView(ctx, tx, webhookWorkspace, &store.View{ID: "view of " + id, Query: "agent=" + id + "&status=failed"}); err != nil {
					return err
				}
				if err := store.StopWebhook(ctx, tx, webhookWorkspace, store.AgentTarget(id, store.WebhookOwn), store.WebhookStop{At: now}); err != nil {
					return err
				}
			}
			if err := store.MergeAgents(ctx, tx, webhookWorkspace, "merged", "heir"); err != nil {
				return err
			}
			if err := store.ReplaceAgent(ctx, tx, webhookWorkspace, "replaced", "heir"); err != nil {
				return err
			}
			return store.DeleteAgent(ctx, tx, webhookWorkspace, "deleted")
		})
		write(func(ctx context.Context, tx store.Tx) error {
			all, err := store.WebhookEndpointsFor(ctx, tx, webhookWorkspace, "heir")
			if err != nil {
				return err
			}
			var got []string
			for _, e := range all {
				got = append(got, e.ID)
			}
			if !slices.Equal(got, []string{"of heir", "of merged", "of replaced"}) {
				t.Errorf("the heir's endpoints are %q", got)
			}
			if rest, err := store.WebhookEndpoints(ctx, tx, webhookWorkspace); err != nil || len(rest) != 3 {
				t.Errorf("%d endpoints are left, %v", len(rest), err)
			}
			for agent, want := range map[string]int{"heir": 3, "": 1} {
				var sent int
				if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM webhook_deliveries WHERE agent_id = $1`, agent).Scan(&sent); err != nil || sent != want {
					t.Errorf("%d deliveries are about calls of %q, %v, want %d", sent, agent, err, want)
				}
			}
			views, err := store.Views(ctx, tx, webhookWorkspace)
			for _, v := range views {
				if want := v.ID == "view of deleted"; (v.Query != "agent=heir&status=failed") != want {
					t.Errorf("%s asks for %s", v.ID, v.Query)
				}
			}
			if len(views) != 4 || err != nil {
				t.Errorf("%d views, %v", len(views), err)
			}
			var stops int
			if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM webhook_stops`).Scan(&stops); err != nil || stops != 1 {
				t.Errorf("%d stops are left, %v, want the heir's", stops, err)
			}
			return err
		})
	})
}
