package api

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/measure"
	"github.com/ringsidehq/ringside/internal/store"
)

// SpeedToLead is how soon an agent answered those who called, over its newest
// calls. Times are milliseconds from the call's arrival to the agent's first
// word.
type SpeedToLead struct {
	Calls   int          `json:"calls" doc:"Calls whose time can be told"`
	Looked  int          `json:"looked" doc:"Calls that were looked at: the newest of the last 30 days, 500 at most"`
	P50MS   *float64     `json:"p50_ms" doc:"Null without calls"`
	P90MS   *float64     `json:"p90_ms" doc:"Null under 10 calls"`
	MaxMS   *float64     `json:"max_ms"`
	Buckets []LeadBucket `json:"buckets"`
}

// LeadBucket counts the calls that were answered within a range.
type LeadBucket struct {
	FromMS int64  `json:"from_ms"`
	ToMS   *int64 `json:"to_ms" doc:"Exclusive; null: no end"`
	Calls  int    `json:"calls"`
}

type speedToLeadOutput struct{ Body *SpeedToLead }

// leadBounds are where the ranges end, in milliseconds.
var leadBounds = []int64{1_000, 2_000, 5_000, 10_000, 30_000}

const (
	// maxLeads bounds the calls that are looked at: each is loaded whole.
	maxLeads = 500
	// minTail is how many calls a 90th percentile needs to be said.
	minTail = 10
)

func (s *Server) agentSpeedToLead(ctx context.Context, in *AgentPath) (*speedToLeadOutput, error) {
	ws := auth.From(ctx).WorkspaceID
	out := &SpeedToLead{}
	var times []float64
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) error {
		a, err := store.Agent(ctx, tx, ws, in.ID)
		if err != nil {
			return err
		}
		page, err := s.cfg.Store.ListCalls(ctx, tx, store.CallQuery{CallFilter: store.CallFilter{
			Workspace: ws, Agents: []string{a.ID}, StartedAfter: time.Now().Add(-statsWindow), Directions: []string{"inbound", "web"},
		}, Limit: maxLeads})
		if err != nil {
			return err
		}
		out.Looked = len(page.Items)
		for _, it := range page.Items {
			c, err := store.Call(ctx, tx, ws, it.ID)
			if err != nil {
				return err
			}
			if ms := measure.SpeedToLead(c); ms != nil {
				times = append(times, float64(*ms))
			}
		}
		return nil
	})
	out.sum(times)
	return &speedToLeadOutput{out}, err
}

func (l *SpeedToLead) sum(times []float64) {
	slices.Sort(times)
	if l.Calls = len(times); l.Calls > 0 {
		l.P50MS, l.MaxMS = &times[rank(l.Calls, 0.5)], &times[l.Calls-1]
	}
	if l.Calls >= minTail {
		l.P90MS = &times[rank(l.Calls, 0.9)]
	}
	from := int64(0)
	for _, to := range append(slices.Clone(leadBounds), math.MaxInt64) {
		b := LeadBucket{FromMS: from, ToMS: new(to)}
		if to == math.MaxInt64 {
			b.ToMS = nil
		}
		for _, ms := range times {
			if ms >= float64(from) && ms < float64(to) {
				b.Calls++
			}
		}
		l.Buckets = append(l.Buckets, b)
		from = to
	}
}

// rank is the index of the nearest-rank percentile.
func rank(n int, p float64) int { return max(0, int(math.Ceil(p*float64(n)))-1) }
