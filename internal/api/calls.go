package api

import (
	"context"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/deliver"
	"github.com/ringsidehq/ringside/internal/store"
)

type listCallsInput struct {
	CallFilters
	Sort   string `query:"sort" enum:"-started_at,started_at,-duration_ms,duration_ms,-cost,cost,-quality,quality,relevance" default:"-started_at" doc:"Orders other than by time look at the newest 50,000 matches; relevance needs q and ranks the newest 5,000"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
	Cursor string `query:"cursor" doc:"next_cursor of the page before"`
}

type listCallsOutput struct {
	Body *store.CallPage
}

func (s *Server) listCalls(ctx context.Context, in *listCallsInput) (*listCallsOutput, error) {
	f, err := in.filter(auth.From(ctx).WorkspaceID)
	if err != nil {
		return nil, err
	}
	if in.Sort == string(store.SortRelevance) && in.Q == "" {
		return nil, ringside.Invalidf("sort", "relevance needs words to search for in q")
	}
	out := &listCallsOutput{}
	err = s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		out.Body, err = s.cfg.Store.ListCalls(ctx, tx, store.CallQuery{CallFilter: f, Sort: store.CallSort(in.Sort), Limit: in.Limit, Cursor: in.Cursor})
		return err
	})
	return out, err
}

type facetsOutput struct {
	Body *store.Facets
}

func (s *Server) callFacets(ctx context.Context, in *CallFilters) (*facetsOutput, error) {
	f, err := in.filter(auth.From(ctx).WorkspaceID)
	if err != nil {
		return nil, err
	}
	out := &facetsOutput{}
	err = s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		out.Body, err = s.cfg.Store.CountFacets(ctx, tx, f)
		return err
	})
	return out, err
}

type histogramInput struct {
	CallFilters
	Buckets int `query:"buckets" minimum:"10" maximum:"400" default:"90" doc:"At most how many"`
}

type histogramOutput struct {
	Body *store.Histogram
}

func (s *Server) callHistogram(ctx context.Context, in *histogramInput) (*histogramOutput, error) {
	f, err := in.filter(auth.From(ctx).WorkspaceID)
	if err != nil {
		return nil, err
	}
	out := &histogramOutput{}
	err = s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		out.Body, err = s.cfg.Store.CountOverTime(ctx, tx, f, in.Buckets, time.Now().UTC())
		return err
	})
	return out, err
}

type healthInput struct {
	Agent []string `query:"agent,explode" doc:"Agent ids; all agents without"`
	Hours int      `query:"hours" minimum:"1" maximum:"168" default:"24"`
}

type healthOutput struct {
	Body *store.Health
}

func (s *Server) health(ctx context.Context, in *healthInput) (*healthOutput, error) {
	f := store.CallFilter{Workspace: auth.From(ctx).WorkspaceID, Agents: split(in.Agent)}
	out := &healthOutput{}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		out.Body, err = store.MeasureHealth(ctx, tx, f, time.Now().UTC(), time.Duration(in.Hours)*time.Hour)
		return err
	})
	return out, err
}

// CallPath names a call: call_…, its UUID, or its short id.
type CallPath struct {
	ID string `path:"id" doc:"call_…, its UUID, or its short id" maxLength:"64"`
}

// CallDetail is a whole call with what follows from it.
type CallDetail struct {
	CRM []*store.CRMSync `json:"crm" doc:"What became of the call in CRMs"`
	*ringside.Call
	HasRecording bool     `json:"has_recording"`
	AudioURL     string   `json:"audio_url,omitempty" doc:"Where Ringside serves the recording that it keeps; empty when it keeps none"`
	ResponseMS   *float64 `json:"response_ms" doc:"Median of the vendor's own response times; null when it claims none"`
}

type callOutput struct {
	Body *CallDetail
}

// findCall resolves a path and loads the call.
func (s *Server) findCall(ctx context.Context, tx store.Tx, name string) (*ringside.Call, error) {
	ws := auth.From(ctx).WorkspaceID
	id, err := store.ResolveCall(ctx, tx, ws, name)
	if err != nil {
		return nil, err
	}
	return store.Call(ctx, tx, ws, id)
}

func (s *Server) loadCall(ctx context.Context, name string) (c *ringside.Call, err error) {
	err = s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		c, err = s.findCall(ctx, tx, name)
		return err
	})
	return c, err
}

func (s *Server) getCall(ctx context.Context, in *CallPath) (*callOutput, error) {
	c, err := s.loadCall(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	d := &CallDetail{Call: c, HasRecording: c.HasRecording(), ResponseMS: c.ClaimedResponseMS()}
	err = s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if d.CRM, err = store.CRMSyncs(ctx, tx, c.ID); err != nil {
			return err
		}
		return fillWebhooks(ctx, tx, c)
	})
	if err != nil {
		return nil, err
	}
	if s.cfg.Audio != nil && s.cfg.Audio.Has(c.ID) {
		strict, err := s.strict(ctx, c)
		if err != nil {
			return nil, err
		}
		if !strict || c.Kept != nil {
			d.AudioURL = "/v1/calls/" + c.ID.String() + "/recording"
		}
	}
	return &callOutput{d}, nil
}

// fillWebhooks says how far the webhooks about an ended call are: that is kept
// with the deliveries and not in the call.
func fillWebhooks(ctx context.Context, tx store.Tx, c *ringside.Call) error {
	for i := range c.Pipeline {
		if c.Pipeline[i].Step != ringside.StepWebhooks || c.Pipeline[0].Status == ringside.StepWaiting {
			continue
		}
		st, err := deliver.Step(ctx, tx, c.WorkspaceID, c.ID)
		if err != nil {
			return err
		}
		c.Pipeline[i] = st
	}
	return nil
}

type neighboursInput struct {
	CallPath
	CallFilters
}

// CallNeighbours are the calls beside one in a list.
type CallNeighbours struct {
	Previous *ringside.CallID `json:"previous" doc:"The next newer call; null on the newest"`
	Next     *ringside.CallID `json:"next" doc:"The next older call; null on the oldest"`
}

type neighboursOutput struct {
	Body CallNeighbours
}

func (s *Server) callNeighbours(ctx context.Context, in *neighboursInput) (*neighboursOutput, error) {
	ws := auth.From(ctx).WorkspaceID
	f, err := in.filter(ws)
	if err != nil {
		return nil, err
	}
	f.Query = "" // neighbours in time; a search has no neighbours of its own
	out := &neighboursOutput{}
	err = s.read(ctx, func(ctx context.Context, tx store.Tx) error {
		id, err := store.ResolveCall(ctx, tx, ws, in.ID)
		if err != nil {
			return err
		}
		out.Body.Previous, out.Body.Next, err = store.Neighbours(ctx, tx, f, id)
		return err
	})
	return out, err
}

// dropRecording removes the recording that Ringside keeps of a call. It goes
// before the call does: cut off in between, the call can be deleted again.
func (s *Server) dropRecording(id ringside.CallID) error {
	if s.cfg.Audio == nil {
		return nil
	}
	return s.cfg.Audio.Remove(id)
}

func (s *Server) deleteCall(ctx context.Context, in *CallPath) (*struct{}, error) {
	ws := auth.From(ctx).WorkspaceID
	var id ringside.CallID
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if id, err = store.ResolveCall(ctx, tx, ws, in.ID); err != nil {
			return err
		}
		if err := s.dropRecording(id); err != nil {
			return err
		}
		if err := s.cfg.Store.DeleteCall(ctx, tx, id); err != nil {
			return err
		}
		return audit(ctx, tx, "call.delete", id.String())
	})
	if err == nil {
		s.cfg.Live.Forget(ws, id)
		if s.cfg.Follow != nil {
			s.cfg.Follow.Forget(id)
		}
	}
	return nil, err
}
