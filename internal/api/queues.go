package api

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
)

// QueueList is the queues of a workspace, by name.
type QueueList struct {
	Queues []*ringside.Queue `json:"queues"`
}

type queuesOutput struct{ Body QueueList }

type queueOutput struct{ Body *ringside.Queue }

func (s *Server) listQueues(ctx context.Context, _ *struct{}) (*queuesOutput, error) {
	out := &queuesOutput{}
	return out, s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		out.Body.Queues, err = store.Queues(ctx, tx, auth.From(ctx).WorkspaceID)
		return err
	})
}

func (s *Server) getQueue(ctx context.Context, in *IDPath) (*queueOutput, error) {
	out := &queueOutput{}
	return out, s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		out.Body, err = store.Queue(ctx, tx, auth.From(ctx).WorkspaceID, in.ID)
		return err
	})
}

// QueueBody is a queue as it is sent. A field that is left out stays as it is.
type QueueBody struct {
	Name   *string         `json:"name,omitempty" maxLength:"200"`
	Number *string         `json:"number,omitempty" maxLength:"20" doc:"E.164, +14155550123"`
	SIP    *string         `json:"sip,omitempty" maxLength:"300" doc:"sip:desk@example.com"`
	Hours  *ringside.Hours `json:"hours,omitempty"`
	Agents *[]string       `json:"agents,omitempty" maxItems:"500" doc:"Ids of the agents that may transfer to it; empty: all"`
}

func (b *QueueBody) apply(q *ringside.Queue) error {
	for _, f := range []struct {
		to   *string
		from *string
	}{{&q.Name, b.Name}, {&q.Number, b.Number}, {&q.SIP, b.SIP}} {
		if f.from != nil {
			*f.to = strings.TrimSpace(*f.from)
		}
	}
	if b.Hours != nil {
		q.Hours = *b.Hours
	}
	if b.Agents != nil {
		q.Agents = slices.Compact(slices.Sorted(slices.Values(*b.Agents)))
	}
	if q.Agents == nil {
		q.Agents = []string{}
	}
	return q.Validate()
}

// checkQueue refuses a second queue of a name, and agents that are not there. Those
// that it had stay, though they are gone.
func checkQueue(ctx context.Context, tx store.Tx, workspace string, q *ringside.Queue, had []string) error {
	all, err := store.Queues(ctx, tx, workspace)
	if err != nil {
		return err
	}
	for _, other := range all {
		if other.ID != q.ID && strings.EqualFold(other.Name, q.Name) {
			return ringside.Invalidf("/name", "there is a queue of this name already; a transfer goes by the name")
		}
	}
	for i, id := range q.Agents {
		if slices.Contains(had, id) {
			continue
		}
		if _, err := store.Agent(ctx, tx, workspace, id); err != nil {
			return pointAt("/agents/"+strconv.Itoa(i), err)
		}
	}
	return nil
}

type createQueueInput struct{ Body QueueBody }

func (s *Server) createQueue(ctx context.Context, in *createQueueInput) (*queueOutput, error) {
	ws, now := auth.From(ctx).WorkspaceID, time.Now().UTC().Truncate(time.Millisecond)
	q := &ringside.Queue{ID: ringside.NewID("queue", now), CreatedAt: now, UpdatedAt: now}
	if err := in.Body.apply(q); err != nil {
		return nil, err
	}
	return &queueOutput{q}, s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := checkQueue(ctx, tx, ws, q, nil); err != nil {
			return err
		}
		if err := store.PutQueue(ctx, tx, ws, q); err != nil {
			return err
		}
		return audit(ctx, tx, "queue.create", named(q.Name, q.ID))
	})
}

type patchQueueInput struct {
	IDPath
	Body QueueBody
}

func (s *Server) patchQueue(ctx context.Context, in *patchQueueInput) (*queueOutput, error) {
	ws, out := auth.From(ctx).WorkspaceID, &queueOutput{}
	return out, s.write(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if err := store.LockQueue(ctx, tx, ws, in.ID); err != nil {
			return err
		}
		if out.Body, err = store.Queue(ctx, tx, ws, in.ID); err != nil {
			return err
		}
		had := out.Body.Agents
		if err := in.Body.apply(out.Body); err != nil {
			return err
		}
		if err := checkQueue(ctx, tx, ws, out.Body, had); err != nil {
			return err
		}
		out.Body.UpdatedAt = time.Now().UTC().Truncate(time.Millisecond)
		if err := store.PutQueue(ctx, tx, ws, out.Body); err != nil {
			return err
		}
		return audit(ctx, tx, "queue.update", named(out.Body.Name, out.Body.ID))
	})
}

func (s *Server) deleteQueue(ctx context.Context, in *IDPath) (*struct{}, error) {
	ws := auth.From(ctx).WorkspaceID
	return nil, s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		q, err := store.Queue(ctx, tx, ws, in.ID)
		if err != nil {
			return err
		}
		if err := store.DeleteQueue(ctx, tx, ws, in.ID); err != nil {
			return err
		}
		return audit(ctx, tx, "queue.delete", named(q.Name, q.ID))
	})
}
