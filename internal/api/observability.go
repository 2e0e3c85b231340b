package api

import (
	"context"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
)

// ObservedCall is a call as the observability API gives it.
type ObservedCall struct {
	ID               string        `json:"id" doc:"The call, as a UUID"`
	CallShortID      string        `json:"call_short_id"`
	Status           string        `json:"status" doc:"processed"`
	CallStatus       string        `json:"call_status" doc:"queued, ringing, active, completed, failed, declined, missed or unknown"`
	CallEvent        string        `json:"call_event"`
	Source           string        `json:"source"`
	ProviderPlatform string        `json:"provider_platform"`
	ProviderCallID   string        `json:"provider_call_id"`
	AgentID          *string       `json:"agent_id"`
	CreatedAt        time.Time     `json:"created_at"`
	UpdatedAt        time.Time     `json:"updated_at"`
	CallData         *ObservedData `json:"call_data,omitempty"`
}

// ObservedData is the flat body of a call, put together from all that is
// known.
type ObservedData struct {
	StartedAt       *time.Time        `json:"startedAt,omitempty"`
	EndedAt         *time.Time        `json:"endedAt,omitempty"`
	ToPhoneNumber   string            `json:"to_phone_number,omitempty"`
	FromPhoneNumber string            `json:"from_phone_number,omitempty"`
	Messages        []ObservedMessage `json:"messages"`
	Metadata        ringside.Values   `json:"metadata"`
	EndedReason     string            `json:"endedReason,omitempty"`
	RecordingURL    string            `json:"recording_url,omitempty"`
}

// ObservedMessage is a turn; times are Unix milliseconds.
type ObservedMessage struct {
	Role      string `json:"role" enum:"assistant,user"`
	Content   string `json:"content"`
	StartTime *int64 `json:"start_time,omitempty"`
	EndTime   *int64 `json:"end_time,omitempty"`
}

type observedListInput struct {
	Skip  int `query:"skip" minimum:"0" maximum:"100000" default:"0"`
	Limit int `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

type observedListOutput struct {
	NextCursor string `header:"X-Next-Cursor" doc:"For GET /v1/calls; empty at the end"`
	Body       []ObservedCall
}

func (s *Server) listObserved(ctx context.Context, in *observedListInput) (*observedListOutput, error) {
	ws := auth.From(ctx).WorkspaceID
	out := &observedListOutput{Body: []ObservedCall{}}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) error {
		items, err := store.RecentCalls(ctx, tx, ws, in.Skip, in.Limit)
		for _, it := range items {
			o := ObservedCall{
				ID: it.ID.UUID(), CallShortID: it.ShortID, Status: "processed", CallStatus: string(it.Status), CallEvent: it.LastEvent,
				Source: "webhook", ProviderPlatform: it.Provider, ProviderCallID: it.ProviderCallID,
				CreatedAt: it.ReceivedAt, UpdatedAt: it.HeardAt(),
			}
			if it.Agent != nil && it.Agent.ID != "" {
				o.AgentID = &it.Agent.ID
			}
			out.Body = append(out.Body, o)
		}
		return err
	})
	return out, err
}

// ShortPath names a call in the observability API.
type ShortPath struct {
	ID string `path:"call_short_id" maxLength:"64" doc:"The short id; the UUID and call_… are taken too"`
}

type observedOutput struct {
	Body ObservedCall
}

// callNotFound is what the observability API says of a call that is not there.
func callNotFound(err error) error {
	if ringside.KindOf(err) == ringside.NotFound {
		return ringside.Errorf(ringside.NotFound, "Call not found")
	}
	return err
}

func (s *Server) getObserved(ctx context.Context, in *ShortPath) (*observedOutput, error) {
	c, err := s.loadCall(ctx, in.ID)
	if err != nil {
		return nil, callNotFound(err)
	}
	o := ObservedCall{
		ID: c.ID.UUID(), CallShortID: c.ShortID, Status: "processed", CallStatus: string(c.Status), CallEvent: c.LastEvent, Source: "webhook",
		ProviderPlatform: c.Provider, ProviderCallID: c.ProviderCallID, CreatedAt: c.ReceivedAt, UpdatedAt: c.LastHeard(),
		CallData: observedData(c),
	}
	if c.Agent != nil && c.Agent.ID != "" {
		o.AgentID = &c.Agent.ID
	}
	return &observedOutput{o}, nil
}

func observedData(c *ringside.Call) *ObservedData {
	d := &ObservedData{
		StartedAt: c.StartedAt, EndedAt: c.EndedAt, ToPhoneNumber: c.To, FromPhoneNumber: c.From,
		Messages: []ObservedMessage{}, Metadata: c.Metadata, EndedReason: c.EndedReason,
	}
	for i := range c.Recordings {
		if c.Recordings[i].URL != "" && d.RecordingURL == "" {
			d.RecordingURL = c.Recordings[i].URL
		}
	}
	epoch := func(ms *int64) *int64 {
		if ms == nil || c.StartedAt == nil {
			return nil
		}
		return new(c.StartedAt.UnixMilli() + *ms)
	}
	for i := range c.Turns {
		t := &c.Turns[i]
		role := "user"
		switch t.Role {
		case ringside.RoleAgent:
			role = "assistant"
		case ringside.RoleUnknown:
			role = "unknown"
		}
		d.Messages = append(d.Messages, ObservedMessage{role, t.Text, epoch(t.StartMS), epoch(t.EndMS)})
	}
	return d
}

type deletedOutput struct {
	Body struct {
		Message string `json:"message"`
	}
}

func (s *Server) deleteObserved(ctx context.Context, in *ShortPath) (*deletedOutput, error) {
	if _, err := s.deleteCall(ctx, &CallPath{in.ID}); err != nil {
		return nil, callNotFound(err)
	}
	out := &deletedOutput{}
	out.Body.Message = "Call deleted"
	return out, nil
}
