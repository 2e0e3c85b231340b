package api

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/measure"
	"github.com/ringsidehq/ringside/internal/store"
)

// AgentSound is what was heard in the recordings of an agent's calls.
type AgentSound struct {
	From          time.Time      `json:"from"`
	To            time.Time      `json:"to"`
	Calls         int            `json:"calls" doc:"Whose recording was heard: the newest 5,000 of the time"`
	Apart         int            `json:"apart" doc:"Of them, those whose recording keeps the speakers apart: only these have responses and interruptions"`
	Response      ResponseSpread `json:"response"`
	ByAgent       CountSpread    `json:"interruptions_by_agent"`
	ByCustomer    CountSpread    `json:"interruptions_by_customer"`
	Silences      CountSpread    `json:"silences" doc:"Of 2 s and longer"`
	AgainstClaim  AgainstClaim   `json:"against_claim" doc:"Of the turns whose response was heard and is claimed by the vendor"`
	AgainstMedian AgainstClaim   `json:"against_median" doc:"The same of the calls' medians: vendors that claim nothing of a turn may claim a median"`
}

// ResponseSpread is how the response latencies that were heard spread.
type ResponseSpread struct {
	Turns   int             `json:"turns"`
	Calls   int             `json:"calls" doc:"That the turns are of"`
	P50MS   *float64        `json:"p50_ms" doc:"Null without turns"`
	P95MS   *float64        `json:"p95_ms" doc:"Null under 10 turns"`
	Buckets []measure.Range `json:"buckets" doc:"Turns by ms; the first holds those that began before the customer had ended, too"`
}

// CountSpread is how often something happens in a call.
type CountSpread struct {
	Calls   int             `json:"calls" doc:"That were counted in"`
	Total   int             `json:"total"`
	Share   *float64        `json:"share" doc:"Of the calls in which it happens at all, 0 to 1; null under 10 calls"`
	Buckets []measure.Range `json:"buckets" doc:"Calls by how often"`
}

// AgainstClaim sets what was heard beside what the vendor claims.
type AgainstClaim struct {
	N            int      `json:"n" doc:"Pairs: turns, or calls"`
	Calls        int      `json:"calls"`
	HeardP50MS   *float64 `json:"heard_p50_ms" doc:"Null without pairs"`
	ClaimedP50MS *float64 `json:"claimed_p50_ms"`
	HeardP95MS   *float64 `json:"heard_p95_ms" doc:"Null under 10 pairs"`
	ClaimedP95MS *float64 `json:"claimed_p95_ms"`
	MoreP50MS    *float64 `json:"more_p50_ms" doc:"The median of how much longer was heard than is claimed, pair by pair; below 0 it was shorter"`
}

// Where the ranges begin.
var (
	responseBounds = []float64{0, 500, 1000, 1500, 2500, 5000}
	countBounds    = []float64{0, 1, 2, 3, 5}
)

// maxSounds bounds the calls that are summed up: 5,000 of 15 responses each take
// about a tenth of a second.
const maxSounds = 5000

type agentSoundInput struct {
	AgentPath
	StartedAfter  string `query:"started_after" doc:"RFC 3339, or Unix seconds or milliseconds; inclusive. 30 days before the end by default"`
	StartedBefore string `query:"started_before" doc:"Exclusive; now by default"`
}

type agentSoundOutput struct{ Body *AgentSound }

func (s *Server) agentSound(ctx context.Context, in *agentSoundInput) (*agentSoundOutput, error) {
	ws, out := auth.From(ctx).WorkspaceID, &AgentSound{}
	var err error
	if out.From, err = moment("started_after", in.StartedAfter); err != nil {
		return nil, err
	}
	if out.To, err = moment("started_before", in.StartedBefore); err != nil {
		return nil, err
	}
	if out.To.IsZero() {
		out.To = time.Now().UTC().Truncate(time.Millisecond)
	}
	if out.From.IsZero() {
		out.From = out.To.Add(-statsWindow)
	}
	if !out.From.Before(out.To) {
		return nil, ringside.Invalidf("started_before", "must be later than started_after")
	}
	var rows []store.AgentSound
	err = s.read(ctx, func(ctx context.Context, tx store.Tx) error {
		a, err := store.Agent(ctx, tx, ws, in.ID)
		if err != nil {
			return err
		}
		rows, err = store.AgentSounds(ctx, tx, ws, a.ID, out.From, out.To, maxSounds)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &agentSoundOutput{out}, out.sum(rows)
}

// sums are the figures of an agent's calls, side by side.
type sums struct {
	ms, byAgent, byCustomer, silences []float64
	turns, calls                      [][2]float64 // heard and claimed
	answered, claimed                 int          // calls with responses, and with pairs
}

func (a *AgentSound) sum(rows []store.AgentSound) error {
	var all sums
	for i := range rows {
		var h measure.Heard
		if err := json.Unmarshal(rows[i].Figures, &h); err != nil {
			return fmt.Errorf("read what was heard of an agent: %w", err)
		}
		all.add(&h, rows[i].ClaimedMS)
	}
	a.Calls, a.Apart = len(rows), len(all.byAgent)
	a.Response = ResponseSpread{
		Turns: len(all.ms), Calls: all.answered, P50MS: measure.Percentile(all.ms, 0.5), P95MS: tail(all.ms),
		Buckets: measure.Ranges(all.ms, responseBounds),
	}
	a.ByAgent, a.ByCustomer, a.Silences = spread(all.byAgent), spread(all.byCustomer), spread(all.silences)
	a.AgainstClaim, a.AgainstMedian = against(all.turns, all.claimed), against(all.calls, len(all.calls))
	return nil
}

func (s *sums) add(h *measure.Heard, claimed *float64) {
	s.silences = append(s.silences, float64(h.Silences))
	if h.OneChannel {
		return
	}
	s.byAgent, s.byCustomer = append(s.byAgent, float64(h.ByAgent)), append(s.byCustomer, float64(h.ByCustomer))
	s.ms, s.turns = append(s.ms, h.MS...), append(s.turns, h.Pairs...)
	if len(h.Pairs) > 0 {
		s.claimed++
	}
	if heard := measure.Percentile(h.MS, 0.5); heard != nil {
		s.answered++
		if claimed != nil {
			s.calls = append(s.calls, [2]float64{*heard, *claimed})
		}
	}
}

// tail is the 95th percentile, where there are enough values to say one.
func tail(values []float64) *float64 {
	if len(values) < minTail {
		return nil
	}
	return measure.Percentile(values, 0.95)
}

func spread(counts []float64) CountSpread {
	c, some := CountSpread{Calls: len(counts), Buckets: measure.Ranges(counts, countBounds)}, 0
	for _, n := range counts {
		c.Total += int(n)
		if n > 0 {
			some++
		}
	}
	if len(counts) >= minTail {
		c.Share = new(float64(some) / float64(len(counts)))
	}
	return c
}

func against(pairs [][2]float64, calls int) AgainstClaim {
	var heard, claimed, more []float64
	for _, p := range pairs {
		heard, claimed, more = append(heard, p[0]), append(claimed, p[1]), append(more, p[0]-p[1])
	}
	return AgainstClaim{
		N: len(pairs), Calls: calls, MoreP50MS: measure.Percentile(more, 0.5),
		HeardP50MS: measure.Percentile(heard, 0.5), ClaimedP50MS: measure.Percentile(claimed, 0.5),
		HeardP95MS: tail(heard), ClaimedP95MS: tail(claimed),
	}
}
