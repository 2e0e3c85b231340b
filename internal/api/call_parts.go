package api

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
)

// RawDelivery is a delivery about a call with its body as it came.
type RawDelivery struct {
	*store.DeliveryItem
	Body any `json:"body" doc:"The body: JSON where it is JSON, else text"`
}

type rawOutput struct {
	Body struct {
		Deliveries []RawDelivery `json:"deliveries"`
	}
}

// body gives stored bytes as JSON where they are JSON.
func body(b []byte) any {
	if json.Valid(b) {
		return json.RawMessage(b)
	}
	return strings.ToValidUTF8(string(b), "\uFFFD")
}

func (s *Server) callRaw(ctx context.Context, in *CallPath) (*rawOutput, error) {
	ws := auth.From(ctx).WorkspaceID
	out := &rawOutput{}
	out.Body.Deliveries = []RawDelivery{}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) error {
		id, err := store.ResolveCall(ctx, tx, ws, in.ID)
		if err != nil {
			return err
		}
		items, bodies, err := store.CallDeliveries(ctx, tx, ws, id)
		for i, it := range items {
			out.Body.Deliveries = append(out.Body.Deliveries, RawDelivery{it, body(bodies[i])})
		}
		return err
	})
	return out, err
}

type eventsOutput struct {
	Body struct {
		Events []*store.EventRow `json:"events"`
	}
}

func (s *Server) callEvents(ctx context.Context, in *CallPath) (*eventsOutput, error) {
	ws := auth.From(ctx).WorkspaceID
	out := &eventsOutput{}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) error {
		id, err := store.ResolveCall(ctx, tx, ws, in.ID)
		if err != nil {
			return err
		}
		out.Body.Events, err = store.CallEvents(ctx, tx, ws, id)
		return err
	})
	return out, err
}

type noteInput struct {
	CallPath
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"10000"`
		AtMS *int64 `json:"at_ms,omitempty" minimum:"0" doc:"Where in the call, in milliseconds"`
	}
}

type noteOutput struct {
	Body *store.Note
}

type notesOutput struct {
	Body struct {
		Notes []*store.Note `json:"notes"`
	}
}

func (s *Server) listNotes(ctx context.Context, in *CallPath) (*notesOutput, error) {
	ws := auth.From(ctx).WorkspaceID
	out := &notesOutput{}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) error {
		id, err := store.ResolveCall(ctx, tx, ws, in.ID)
		if err != nil {
			return err
		}
		out.Body.Notes, err = store.Notes(ctx, tx, ws, id)
		return err
	})
	return out, err
}

func (s *Server) addNote(ctx context.Context, in *noteInput) (*noteOutput, error) {
	p := auth.From(ctx)
	text := strings.TrimSpace(in.Body.Text)
	if text == "" {
		return nil, ringside.Invalidf("/text", "is empty")
	}
	now := time.Now().UTC()
	n := &store.Note{ID: ringside.NewID("note", now), Text: text, AtMS: in.Body.AtMS, Author: p.Name, CreatedAt: now.Truncate(time.Millisecond)}
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		id, err := store.ResolveCall(ctx, tx, p.WorkspaceID, in.ID)
		if err != nil {
			return err
		}
		return store.InsertNote(ctx, tx, p.WorkspaceID, id, n)
	})
	return &noteOutput{n}, err
}

type notePath struct {
	CallPath
	Note string `path:"note"`
}

func (s *Server) deleteNote(ctx context.Context, in *notePath) (*struct{}, error) {
	ws := auth.From(ctx).WorkspaceID
	return nil, s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		id, err := store.ResolveCall(ctx, tx, ws, in.ID)
		if err != nil {
			return err
		}
		return store.DeleteNote(ctx, tx, ws, id, in.Note)
	})
}

type logOutput struct {
	Body struct {
		Entries []ringside.LogEntry `json:"entries"`
	}
}

func (s *Server) callLog(ctx context.Context, in *CallPath) (*logOutput, error) {
	c, err := s.loadCall(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &logOutput{}
	out.Body.Entries = c.Log()
	return out, nil
}
