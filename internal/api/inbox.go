package api

import (
	"context"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
)

type inboxInput struct {
	State  string `query:"state" enum:"quarantined,ignored,stored" doc:"Quarantined and ignored without"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
	Cursor string `query:"cursor" maxLength:"64" doc:"next_cursor of the page before"`
}

// InboxPage is a page of deliveries, newest first.
type InboxPage struct {
	Items       []*store.DeliveryItem `json:"items"`
	NextCursor  string                `json:"next_cursor"`
	Quarantined int                   `json:"quarantined" doc:"How many wait for a mended decoder, up to 10,001"`
}

type inboxOutput struct {
	Body InboxPage
}

func (s *Server) listInbox(ctx context.Context, in *inboxInput) (*inboxOutput, error) {
	ws := auth.From(ctx).WorkspaceID
	out := &inboxOutput{}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) error {
		items, err := store.Deliveries(ctx, tx, ws, store.DeliveryState(in.State), in.Cursor, in.Limit+1)
		if err != nil {
			return err
		}
		if len(items) > in.Limit {
			items = items[:in.Limit]
			out.Body.NextCursor = items[in.Limit-1].Cursor()
		}
		out.Body.Items = items
		out.Body.Quarantined, err = store.CountDeliveries(ctx, tx, ws, store.Quarantined)
		return err
	})
	return out, err
}

// DeliveryPath names a delivery.
type DeliveryPath struct {
	ID string `path:"id" maxLength:"64"`
}

type deliveryOutput struct {
	Body RawDelivery
}

func (s *Server) getDelivery(ctx context.Context, in *DeliveryPath) (*deliveryOutput, error) {
	ws := auth.From(ctx).WorkspaceID
	out := &deliveryOutput{}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) error {
		it, b, err := store.DeliveryBody(ctx, tx, ws, in.ID)
		out.Body = RawDelivery{it, body(b)}
		return err
	})
	return out, err
}

func (s *Server) dropDelivery(ctx context.Context, in *DeliveryPath) (*struct{}, error) {
	ws := auth.From(ctx).WorkspaceID
	return nil, s.write(ctx, func(ctx context.Context, tx store.Tx) error { return store.DropDelivery(ctx, tx, ws, in.ID) })
}

// ReplayAnswer is what became of one delivery that was looked at again.
type ReplayAnswer struct {
	Action  string           `json:"action" enum:"created,updated,duplicate,ignored,quarantined"`
	CallID  *ringside.CallID `json:"call_id"`
	Reason  string           `json:"reason,omitempty"`
	Pointer string           `json:"pointer,omitempty"`
}

type replayOutput struct {
	Body ReplayAnswer
}

func (s *Server) replayDelivery(ctx context.Context, in *DeliveryPath) (*replayOutput, error) {
	ws := auth.From(ctx).WorkspaceID
	r, err := s.cfg.Ingest.ReplayOne(ctx, ws, in.ID)
	if err != nil {
		return nil, err
	}
	out := &replayOutput{ReplayAnswer{Action: r.Action, Reason: r.Reason, Pointer: r.Pointer}}
	if !r.CallID.IsZero() {
		out.Body.CallID = &r.CallID
	}
	return out, nil
}

// ReplaySummary is what became of many.
type ReplaySummary struct {
	Replayed int `json:"replayed" doc:"Deliveries that are now part of a call"`
	Failed   int `json:"failed" doc:"Deliveries that still can't be decoded"`
}

type replayAllOutput struct {
	Body ReplaySummary
}

func (s *Server) replayQuarantined(ctx context.Context, _ *struct{}) (*replayAllOutput, error) {
	ws := auth.From(ctx).WorkspaceID
	sum, err := s.cfg.Ingest.Replay(ctx, store.ReplayQuery{Workspace: ws, State: store.Quarantined}, nil)
	return &replayAllOutput{ReplaySummary{sum.Folded, sum.Failed}}, err
}
