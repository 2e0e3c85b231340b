package alert_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// failures is a rule about many calls.
var failures = ringside.AlertRule{ID: "rule_1", Name: "Failures", Severity: ringside.AlertHigh, Active: true, Condition: ringside.AlertCondition{
	Type: ringside.ErrorRate, Threshold: new(0.1), Operator: ringside.GreaterThan, TimeWindow: "1h",
}}

// failed has the nth call of the desk end, whether it failed or not.
func (h *house) failed(n int, failure ringside.FailureClass) ringside.CallID {
	return h.tell(fmt.Sprint("call", n), "1", ringside.Facts{
		StartedAt: time.Now().Add(time.Duration(n)*time.Millisecond - time.Minute), Phase: ringside.PhaseEnded, EndedAt: time.Now(), End: &ringside.End{Failure: failure},
		Agent: &ringside.AgentFact{SourceID: "desk"},
	})
}

// look has error rates taken.
func (h *house) look() {
	h.t.Helper()
	h.write(func(ctx context.Context, tx store.Tx) error {
		return h.queue.Enqueue(ctx, tx, []river.JobArgs{jobs.WatchRates{}})
	})
}

// An error rate is taken of enough calls, points at the newest that failed, and
// is over when the rate is.
func TestAnErrorRate(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHouse(t, s)
		h.own(failures)
		n := 0
		ended := func(failure ringside.FailureClass) ringside.CallID {
			n++
			return h.failed(n, failure)
		}
		for range 7 {
			ended(ringside.FailureNone)
		}
		ended(ringside.FailureModel)
		last := ended(ringside.FailureModel)
		h.look() // of 9 calls nothing can be told
		ended(ringside.FailureNone)
		h.look()
		a := h.await(last, 1, open)[0]
		if a.Type != ringside.AlertCallError || !strings.Contains(a.Message, "2 of 10 calls failed") {
			t.Errorf("%+v", a)
		}
		for range 20 {
			ended(ringside.FailureNone)
		}
		h.look()
		if a := h.await(last, 1, closed)[0]; a.ResolvedBy != ringside.ByRecovery {
			t.Errorf("%+v", a)
		}
	})
}

// An alert is over when its rule is gone, off, or about something else, and says
// so; it comes again when the rule does.
func TestARuleIsChanged(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*ringside.AlertRule){
		"deleted":         nil,
		"switched off":    func(r *ringside.AlertRule) { r.Active = false },
		"another agent's": func(r *ringside.AlertRule) { r.Agents = []string{"agent_other"} },
		"of another condition": func(r *ringside.AlertRule) {
			r.Condition = ringside.AlertCondition{Type: ringside.DurationIs, Threshold: new(7200.0), Operator: ringside.GreaterThan}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				h := newHouse(t, s)
				h.own(failures)
				var last ringside.CallID
				for i := range 10 {
					last = h.failed(i, ringside.FailureModel)
				}
				h.look()
				one := h.await(last, 1, open)[0]
				h.look()
				h.worked("watch_rates")
				h.await(last, 1, open)
				if change == nil {
					h.write(func(ctx context.Context, tx store.Tx) error { return store.DeleteAlertRule(ctx, tx, home, failures.ID) })
					h.alerts.Reload(t.Context())
				} else {
					r := failures
					change(&r)
					h.own(r)
				}
				h.look()
				if a := h.await(last, 1, closed)[0]; a.ResolvedBy != ringside.ByRule {
					t.Errorf("resolved by %q", a.ResolvedBy)
				}
				h.own(failures)
				h.look()
				if again := h.await(last, 1, open)[0]; again.ID == one.ID {
					t.Error("it is the same alert")
				}
			})
		})
	}
}
