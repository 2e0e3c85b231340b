package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

const home = "ws_home"

// shelf is a store with a ledger that puts calls on it.
type shelf struct {
	t      *testing.T
	store  *store.Store
	ledger *ledger.Ledger
}

func newShelf(t *testing.T, s *store.Store) *shelf {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	q, err := jobs.New(t.Context(), s, jobs.Config{Hold: true, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	l := ledger.New(ledger.Config{Store: s, Jobs: q, Log: quiet})
	l.Start()
	t.Cleanup(l.Stop)
	return &shelf{t, s, l}
}

// put makes a call of facts, as a vendor's report.
func (b *shelf) put(id string, f ringside.Facts) ringside.CallID {
	b.t.Helper()
	at := time.Now().UTC()
	e := ringside.Event{Provider: "acme", ProviderCallID: id, Name: "report", Authority: ringside.Report, ReceivedAt: at, Facts: f}
	body, err := json.Marshal(e)
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := b.ledger.Append(b.t.Context(), ledger.Envelope{
		Workspace: home, Provider: "acme", Event: e.Name, ReceivedAt: at, Body: body, Events: []ringside.Event{e},
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return r.CallID
}

// looked hands in what an analysis makes of a call.
func (b *shelf) looked(id string, l ringside.Local) {
	b.t.Helper()
	at := time.Now().UTC()
	e := ringside.Event{
		Provider: "acme", ProviderCallID: id, Name: "analysed", Authority: ringside.Guess, ReceivedAt: at,
		Facts: ringside.Facts{Ours: true, Local: &l},
	}
	if _, err := b.ledger.Append(b.t.Context(), ledger.Envelope{Workspace: home, Provider: "acme", ReceivedAt: at, Events: []ringside.Event{e}}); err != nil {
		b.t.Fatal(err)
	}
}

func (b *shelf) read(fn func(context.Context, store.Tx) error) {
	b.t.Helper()
	if err := b.store.Read(b.t.Context(), fn); err != nil {
		b.t.Fatal(err)
	}
}

func (b *shelf) list(q store.CallQuery) (page *store.CallPage) {
	b.t.Helper()
	q.Workspace = home
	if q.Limit == 0 {
		q.Limit = 100
	}
	b.read(func(ctx context.Context, tx store.Tx) (err error) {
		page, err = b.store.ListCalls(ctx, tx, q)
		return err
	})
	return page
}

func idsOf(p *store.CallPage) (out []string) {
	for _, it := range p.Items {
		out = append(out, it.ProviderCallID)
	}
	return out
}

var start = time.Date(2026, 11, 1, 10, 0, 0, 0, time.UTC)

// Calls of one millisecond, one duration and one price, and some without:
// page by page every order gives each of them once, as one page would.
func TestPagesAreStableUnderTies(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newShelf(t, s)
		for i := range 60 {
			f := ringside.Facts{StartedAt: start.Add(time.Duration(i/20) * time.Millisecond)}
			if i%4 != 0 {
				f.DurationMS = new(int64(1000 * (i % 3)))
				f.Cost = &ringside.Cost{Total: 0.1 * float64(i%3), Currency: "USD"}
			}
			b.put(fmt.Sprint(i), f)
		}
		for _, sort := range []store.CallSort{
			store.SortNewest, store.SortOldest, store.SortLongest, store.SortShortest, store.SortDearest, store.SortCheapest,
		} {
			whole := idsOf(b.list(store.CallQuery{Sort: sort}))
			var got []string
			for cursor := ""; ; {
				page := b.list(store.CallQuery{Sort: sort, Limit: 7, Cursor: cursor})
				got = append(got, idsOf(page)...)
				if page.Total != 60 || page.TotalIsLowerBound {
					t.Errorf("%s: total %d", sort, page.Total)
				}
				if cursor = page.NextCursor; cursor == "" {
					break
				}
				if len(got) > 100 {
					t.Fatalf("%s: the pages have no end", sort)
				}
			}
			if len(whole) != 60 || !slices.Equal(got, whole) {
				t.Errorf("%s: pages give %v, one page %v", sort, got, whole)
			}
		}
		// Those without a value are last in both directions.
		for sort, last := range map[store.CallSort]int{store.SortLongest: 15, store.SortShortest: 15, store.SortDearest: 15, store.SortCheapest: 15} {
			items := b.list(store.CallQuery{Sort: sort}).Items
			for i, it := range items {
				if missing := it.DurationMS == nil && it.Cost == nil; missing != (i >= len(items)-last) {
					t.Errorf("%s: place %d has a value: %t", sort, i, !missing)
				}
			}
		}
		for _, bad := range []string{"x", "eyJzIjoiY29zdCIsIm8iOjF9"} {
			b.read(func(ctx context.Context, tx store.Tx) error {
				q := store.CallQuery{Limit: 10, Cursor: bad}
				q.Workspace = home
				if _, err := s.ListCalls(ctx, tx, q); ringside.KindOf(err) != ringside.Invalid {
					t.Errorf("cursor %q: %v", bad, err)
				}
				return nil
			})
		}
	})
}

// variety is one call for each thing that lists filter on.
func variety(b *shelf) {
	b.put("plain", ringside.Facts{StartedAt: start})
	b.put("agent", ringside.Facts{StartedAt: start.Add(time.Hour), Agent: &ringside.AgentFact{SourceID: "desk", Name: "Desk"}})
	b.put("failed", ringside.Facts{
		StartedAt: start.Add(2 * time.Hour), Phase: ringside.PhaseEnded, EndedReason: "no-answer", Direction: ringside.Outbound,
		End: &ringside.End{By: ringside.EndedBySystem, Failure: "no_answer"}, Campaign: "autumn",
	})
	b.put("good", ringside.Facts{
		StartedAt: start.Add(3 * time.Hour), Phase: ringside.PhaseEnded, EndedReason: "hung-up", Direction: ringside.Inbound, Success: new(true),
		DurationMS: new(int64(90_000)), Metadata: ringside.Values{"tier": "gold", "seats": 3.0, "vip": true, "odd.name": "x y"},
		Recordings: []ringside.Recording{{Kind: ringside.RecordingMixed, URL: "https://example.com/a.wav"}},
	})
	b.put("trial", ringside.Facts{StartedAt: start.Add(4 * time.Hour), IsSimulation: new(true), Success: new(false), Metadata: ringside.Values{"tier": "silver"}})
	b.looked("good", ringside.Local{
		Tags: []string{"billing", "refund"}, Sentiment: &ringside.Sentiment{Label: "positive"}, Quality: &ringside.Quality{Score: new(91.5)},
	})
	b.looked("failed", ringside.Local{
		Tags: []string{"billing"}, Sentiment: &ringside.Sentiment{Label: "negative"}, Quality: &ringside.Quality{Score: new(40.0)},
		Findings: []ringside.Finding{{Kind: ringside.FindingDeadAir}, {Kind: ringside.FindingFrustration}, {Kind: ringside.FindingDeadAir}},
	})
	b.looked("failed", ringside.Local{ // and looked at once more
		Tags: []string{"complaint"}, Sentiment: &ringside.Sentiment{Label: "negative"}, Quality: &ringside.Quality{Score: new(35.0)},
		Findings: []ringside.Finding{{Kind: ringside.FindingDeadAir}, {Kind: ringside.FindingFrustration}},
	})
}

func TestFilters(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newShelf(t, s)
		variety(b)
		var desk string
		for _, it := range b.list(store.CallQuery{}).Items {
			if it.Agent != nil {
				desk = it.Agent.ID
			}
		}
		meta := func(k, v string) store.CallFilter { return store.CallFilter{Metadata: map[string]string{k: v}} }
		for name, tc := range map[string]struct {
			f    store.CallFilter
			want []string
		}{
			"all":           {store.CallFilter{}, []string{"trial", "good", "failed", "agent", "plain"}},
			"id":            {store.CallFilter{ProviderCallID: "good"}, []string{"good"}},
			"agent":         {store.CallFilter{Agents: []string{desk}}, []string{"agent"}},
			"agent or none": {store.CallFilter{Agents: []string{"none", desk}}, []string{"trial", "good", "failed", "agent", "plain"}},
			"no agent":      {store.CallFilter{Agents: []string{"none"}}, []string{"trial", "good", "failed", "plain"}},
			"provider":      {store.CallFilter{Providers: []string{"other"}}, nil},
			"directions":    {store.CallFilter{Directions: []string{"inbound", "outbound"}}, []string{"good", "failed"}},
			"reason":        {store.CallFilter{EndedReasons: []string{"hung-up"}}, []string{"good"}},
			"class":         {store.CallFilter{FailureClasses: []string{"no_answer"}}, []string{"failed"}},
			"campaign":      {store.CallFilter{Campaigns: []string{"autumn"}}, []string{"failed"}},
			"after":         {store.CallFilter{StartedAfter: start.Add(3 * time.Hour)}, []string{"trial", "good"}},
			"before":        {store.CallFilter{StartedBefore: start.Add(time.Hour)}, []string{"plain"}},
			"at least":      {store.CallFilter{MinDurationMS: new(int64(90_000))}, []string{"good"}},
			"at most":       {store.CallFilter{MaxDurationMS: new(int64(89_999))}, nil},
			"recording":     {store.CallFilter{HasRecording: new(true)}, []string{"good"}},
			"simulation":    {store.CallFilter{Simulation: new(true)}, []string{"trial"}},
			"success":       {store.CallFilter{Success: "true"}, []string{"good"}},
			"failure":       {store.CallFilter{Success: "false"}, []string{"trial", "failed"}},
			"unjudged":      {store.CallFilter{Success: "unknown"}, []string{"agent", "plain"}},
			"metadata":      {meta("tier", "gold"), []string{"good"}},
			"a number":      {meta("seats", "3"), []string{"good"}},
			"a truth":       {meta("vip", "true"), []string{"good"}},
			"an odd name":   {meta("odd.name", "x y"), []string{"good"}},
			"not there":     {meta("tier", "bronze"), nil},
			"sentiment":     {store.CallFilter{Sentiments: []string{"negative", "mixed"}}, []string{"failed"}},
			"good ones":     {store.CallFilter{MinQuality: new(91.5)}, []string{"good"}},
			"bad ones":      {store.CallFilter{MaxQuality: new(39.0)}, []string{"failed"}},
			"tag":           {store.CallFilter{Tags: []string{"billing"}}, []string{"good"}},
			"tags":          {store.CallFilter{Tags: []string{"refund", "complaint"}}, []string{"good", "failed"}},
			"finding":       {store.CallFilter{Findings: []string{"frustration"}}, []string{"failed"}},
			"tag of both":   {store.CallFilter{Findings: []string{"frustration"}, Tags: []string{"refund"}}, nil},
		} {
			page := b.list(store.CallQuery{CallFilter: tc.f})
			if got := idsOf(page); !slices.Equal(got, tc.want) || page.Total != len(tc.want) {
				t.Errorf("%s: %v of %d, want %v", name, got, page.Total, tc.want)
			}
		}
	})
}

func TestFacetsAndHistogram(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newShelf(t, s)
		variety(b)
		var facets *store.Facets
		var h *store.Histogram
		b.read(func(ctx context.Context, tx store.Tx) (err error) {
			if facets, err = s.CountFacets(ctx, tx, store.CallFilter{Workspace: home}); err != nil {
				return err
			}
			f := store.CallFilter{Workspace: home, StartedAfter: start, StartedBefore: start.Add(5 * time.Hour)}
			h, err = s.CountOverTime(ctx, tx, f, 10, time.Now())
			return err
		})
		count := func(name, value string) int {
			for _, v := range facets.Facets[name] {
				if v.Value == value || v.Label == value {
					return v.Count
				}
			}
			return 0
		}
		for _, tc := range []struct {
			name, value string
			want        int
		}{
			{"agent", "none", 4},
			{"agent", "Desk", 1},
			{"provider", "acme", 5},
			{"direction", "inbound", 1},
			{"failure_class", "no_answer", 1},
			{"ended_reason", "hung-up", 1},
			{"campaign", "autumn", 1},
			{"last_event", "report", 5},
		} {
			if got := count(tc.name, tc.value); got != tc.want {
				t.Errorf("%s %s: %d, want %d", tc.name, tc.value, got, tc.want)
			}
		}
		if facets.Capped || h.Capped || h.IntervalMS != time.Hour.Milliseconds() || len(h.Buckets) != 5 {
			t.Fatalf("histogram: every %d ms, %d buckets", h.IntervalMS, len(h.Buckets))
		}
		for i, bucket := range h.Buckets {
			if bucket.Count != 1 || !bucket.Start.Equal(start.Add(time.Duration(i)*time.Hour)) {
				t.Errorf("bucket %d: %+v", i, bucket)
			}
		}
	})
}

// The figures of the health strip, against sums by hand.
func TestHealth(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newShelf(t, s)
		now := start.Add(24 * time.Hour)
		ended := func(i int, f ringside.Facts) ringside.Facts {
			f.StartedAt, f.Phase, f.DurationMS = start.Add(time.Duration(i)*time.Hour), ringside.PhaseEnded, new(int64(1000*(i+1)))
			f.Latency = []ringside.LatencyStats{{Component: "total", Source: ringside.Claimed, P50MS: new(float64(100 * (i + 1)))}}
			f.Cost = &ringside.Cost{Total: 0.5, Currency: "USD"}
			return f
		}
		failure := func(class ringside.FailureClass, reason string) ringside.Facts {
			return ringside.Facts{EndedReason: reason, End: &ringside.End{By: ringside.EndedBySystem, Failure: class}}
		}
		b.put("0", ended(0, ringside.Facts{Success: new(true)}))
		b.put("1", ended(1, ringside.Facts{Success: new(true)}))
		b.put("2", ended(2, ringside.Facts{Success: new(false)}))
		b.put("3", ended(3, failure("no_answer", "rang out")))
		b.put("4", ended(4, failure("no_answer", "rang out")))
		b.put("5", ended(5, failure("model_error", "overloaded")))
		b.put("live", ringside.Facts{StartedAt: start.Add(6 * time.Hour), Phase: ringside.PhaseActive})
		b.put("trial", ended(7, ringside.Facts{IsSimulation: new(true), Success: new(false)}))
		b.put("euros", ringside.Facts{StartedAt: start.Add(8 * time.Hour), Phase: ringside.PhaseActive, Cost: &ringside.Cost{Total: 1, Currency: "EUR"}})
		b.put("before", ended(-5, ringside.Facts{Success: new(false)}))
		b.put("long ago", ended(-25, ringside.Facts{Success: new(false)}))
		b.put("to come", ended(24, ringside.Facts{}))
		var h *store.Health
		b.read(func(ctx context.Context, tx store.Tx) (err error) {
			h, err = store.MeasureHealth(ctx, tx, store.CallFilter{Workspace: home}, now, 24*time.Hour)
			return err
		})
		n := h.Now
		if n.Calls != 8 || n.Ended != 6 || n.Active != 2 || n.Judged != 6 || n.Succeeded != 2 || n.Failed != 3 {
			t.Errorf("counts %+v", n)
		}
		near := func(what string, got *float64, want float64) {
			if got == nil || *got < want-1e-9 || *got > want+1e-9 {
				t.Errorf("%s: %v, want %v", what, got, want)
			}
		}
		near("success", n.SuccessRate, 2.0/6)
		near("failure", n.FailureRate, 0.5)
		near("duration", n.AvgDurationMS, 3500)
		near("response", n.ResponseP95MS, 600) // the 6th of 6
		if n.ResponseN != 6 || n.Cost == nil || n.Cost.Currency != "USD" || n.Cost.Total != 3 {
			t.Errorf("responses %d, cost %+v", n.ResponseN, n.Cost)
		}
		if h.Before.Calls != 1 || h.Before.Succeeded != 0 || h.Before.Judged != 1 {
			t.Errorf("before: %+v", h.Before)
		}
		if len(h.Failures) != 2 || h.Failures[0].Class != "no_answer" || h.Failures[0].Count != 2 || h.Failures[0].Reasons[0] != (store.FacetReason{Reason: "rang out", Count: 2}) {
			t.Errorf("failures: %+v", h.Failures)
		}
	})
}

// Neighbours are the calls beside one in the list as it is filtered.
func TestNeighbours(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newShelf(t, s)
		variety(b)
		id := func(name string) ringside.CallID { return ringside.NewCallID(home, "acme", name) }
		is := func(got *ringside.CallID, name string) bool {
			return name == "" && got == nil || name != "" && got != nil && *got == id(name)
		}
		for _, tc := range []struct {
			f                  store.CallFilter
			of, previous, next string
		}{
			{store.CallFilter{}, "failed", "good", "agent"},
			{store.CallFilter{}, "trial", "", "good"},
			{store.CallFilter{}, "plain", "agent", ""},
			{store.CallFilter{Directions: []string{"inbound", "outbound"}}, "failed", "good", ""},
			{store.CallFilter{Directions: []string{"inbound", "outbound"}}, "agent", "failed", ""}, // which is not in the list itself
		} {
			tc.f.Workspace = home
			b.read(func(ctx context.Context, tx store.Tx) error {
				previous, next, err := store.Neighbours(ctx, tx, tc.f, id(tc.of))
				if err == nil && (!is(previous, tc.previous) || !is(next, tc.next)) {
					t.Errorf("beside %s: %v and %v, want %q and %q", tc.of, previous, next, tc.previous, tc.next)
				}
				return err
			})
		}
	})
}
