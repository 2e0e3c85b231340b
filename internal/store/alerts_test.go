package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// alerted keeps an alert, and tells whether it was kept.
func (b *shelf) alerted(id string, call ringside.CallID, cause string, at time.Time) (kept bool) {
	b.t.Helper()
	b.write(func(ctx context.Context, tx store.Tx) (err error) {
		kept, err = store.InsertAlert(ctx, tx, home, &ringside.Alert{
			ID: id, Call: call, AgentID: "agent_a", RuleID: "call_error", RuleName: "Call error", Type: ringside.AlertCallError, Cause: cause,
			Severity: ringside.AlertCritical, Status: ringside.AlertTriggered, Message: "It failed.", Turn: new(3), AtMS: 1200, TriggeredAt: at,
		}, false)
		return err
	})
	return kept
}

// alarms walks through a list and gives its ids.
func (b *shelf) alarms(f store.AlertFilter, limit int) (ids []string) {
	b.t.Helper()
	f.Workspace = home
	for cursor := ""; ; {
		var page *store.AlertPage
		b.read(func(ctx context.Context, tx store.Tx) (err error) {
			page, err = store.Alerts(ctx, tx, f, cursor, limit)
			return err
		})
		for _, a := range page.Items {
			ids = append(ids, a.ID)
		}
		if cursor = page.NextCursor; cursor == "" {
			return ids
		}
	}
}

// There is one open alert for each call, rule and cause; what is over stays over,
// and makes room for another.
func TestOneOpenAlertForEachCause(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newShelf(t, s)
		call, at := b.put("a", ringside.Facts{}), time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
		if !b.alerted("alert_1", call, "model", at) {
			t.Fatal("it is not kept")
		}
		if b.alerted("alert_1", call, "model", at) || b.alerted("alert_2", call, "model", at) {
			t.Error("a second open alert of one cause is kept")
		}
		if !b.alerted("alert_3", call, "voice", at) || b.alerted("alert_4", ringside.NewCallID(home, "x", "nobody"), "", at) {
			t.Error("another cause is not kept, or an alert without its call is")
		}
		settle := func(id, by string) (did bool) {
			b.write(func(ctx context.Context, tx store.Tx) (err error) {
				did, err = store.ResolveAlert(ctx, tx, home, id, by, at.Add(time.Minute))
				return err
			})
			return did
		}
		if !settle("alert_1", "Dana") || settle("alert_1", ringside.ByRecovery) || !settle("alert_3", ringside.ByRecovery) {
			t.Error("an alert is resolved twice, or not at all")
		}
		var standing []*ringside.Alert
		b.read(func(ctx context.Context, tx store.Tx) (err error) {
			standing, err = store.StandingAlerts(ctx, tx, home, call)
			return err
		})
		if len(standing) != 1 || standing[0].ID != "alert_1" || standing[0].ResolvedBy != "Dana" || *standing[0].Turn != 3 || standing[0].AtMS != 1200 {
			t.Errorf("standing: %+v", standing)
		}
		if !b.alerted("alert_5", call, "voice", at.Add(2*time.Minute)) {
			t.Error("there is no room for another")
		}
		if b.alerted("alert_6", call, "model", at.Add(2*time.Minute)) {
			t.Error("what a person has settled is triggered again")
		}
		b.alerted("alert_7", call, store.RateCause, at)
		if settle("alert_7", "Dana"); !b.alerted("alert_8", call, store.RateCause, at.Add(2*time.Minute)) {
			t.Error("what is about many calls is settled for ever")
		}
	})
}

func TestAlertsPageByPage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newShelf(t, s)
		call, at := b.put("a", ringside.Facts{}), time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
		var want []string
		for i := range 23 {
			id := fmt.Sprintf("alert_%02d", i)
			b.alerted(id, call, id, at.Add(time.Duration(i/10)*time.Millisecond))
			want = append(want, id)
		}
		slices.Reverse(want)
		for _, limit := range []int{1, 7, 23, 24} {
			if got := b.alarms(store.AlertFilter{}, limit); !slices.Equal(got, want) {
				t.Errorf("by %d: %q", limit, got)
			}
		}
		for name, f := range map[string]store.AlertFilter{
			"open": {Statuses: []string{"open"}}, "critical": {Severities: []string{"low", "critical"}}, "type": {Types: []string{"call_error"}},
			"rule": {Rules: []string{"call_error"}}, "call": {Call: call}, "agent": {Agents: []string{"none"}}, "time": {After: at, Before: at.Add(time.Hour)},
		} {
			if got := b.alarms(f, 50); !slices.Equal(got, want) {
				t.Errorf("%s: %q", name, got)
			}
		}
		for name, f := range map[string]store.AlertFilter{
			"resolved": {Statuses: []string{"resolved"}}, "low": {Severities: []string{"low"}}, "agent": {Agents: []string{"agent_a"}}, "earlier": {Before: at},
		} {
			if got := b.alarms(f, 50); len(got) != 0 {
				t.Errorf("%s: %q", name, got)
			}
		}
	})
}
