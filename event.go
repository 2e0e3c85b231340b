package ringside

import (
	"cmp"
	"time"
)

// Authority is how much a source of facts is to be believed. Between two facts
// about the same thing the higher authority holds, however late the other.
type Authority int

// The authorities, in order.
const (
	Guess    Authority = iota + 1 // ours, for want of anything better
	Live                          // said while the call went on
	Report                        // said at the end, about the whole
	Analysed                      // said later, after another look
)

// Event is a set of facts about one call, from one delivery.
type Event struct {
	ID             string    `json:"id"` // names the event within its workspace: the delivery and its place there
	Provider       string    `json:"provider"`
	ProviderCallID string    `json:"provider_call_id"`
	Name           string    `json:"name"` // the vendor's name for it
	Authority      Authority `json:"authority"`
	At             time.Time `json:"at"`          // the vendor's time; zero when it gives none
	ReceivedAt     time.Time `json:"received_at"` // stamped at the door, kept for ever
	Facts          Facts     `json:"facts"`
}

// Facts are what an event says. A zero field says nothing.
type Facts struct {
	Key string `json:"key,omitempty"` // names the event at its sender, who may send it in several deliveries: of a piece it is the name

	Agent        *AgentFact `json:"agent,omitempty"`
	LinkedAgent  string     `json:"linked_agent,omitempty"` // the sender's word on which agent it is; beats Agent
	AgentVersion string     `json:"agent_version,omitempty"`
	Direction    Direction  `json:"direction,omitempty"`
	Phase        Phase      `json:"phase,omitempty"`
	From         string     `json:"from,omitempty"`
	To           string     `json:"to,omitempty"`
	CustomerID   string     `json:"customer_id,omitempty"` // where there is no number
	CustomerName string     `json:"customer_name,omitempty"`
	Campaign     string     `json:"campaign,omitempty"`
	Scenario     string     `json:"scenario,omitempty"`
	IsSimulation *bool      `json:"is_simulation,omitempty"`

	CreatedAt  time.Time `json:"created_at,omitzero"`
	RingingAt  time.Time `json:"ringing_at,omitzero"`
	AnsweredAt time.Time `json:"answered_at,omitzero"`
	StartedAt  time.Time `json:"started_at,omitzero"` // where the vendor gives a start and does not say whether it is the answer
	EndedAt    time.Time `json:"ended_at,omitzero"`
	DurationMS *int64    `json:"duration_ms,omitempty"`

	EndedReason string `json:"ended_reason,omitempty"`
	End         *End   `json:"end,omitempty"` // EndedReason in our terms
	Success     *bool  `json:"success,omitempty"`
	Reaped      bool   `json:"reaped,omitempty"`   // no end came in time: ours, with Guess
	Ours        bool   `json:"ours,omitempty"`     // not from a vendor: it is no news of the call
	Imported    bool   `json:"imported,omitempty"` // read at the vendor long after the call, for the records

	Cost      *Cost    `json:"cost,omitempty"`
	Metadata  Values   `json:"metadata,omitempty"`
	Variables Values   `json:"variables,omitempty"`
	Model     Model    `json:"model,omitzero"`
	Control   *Control `json:"control,omitempty"`
	Withheld  []string `json:"withheld,omitempty"`
	Warnings  []string `json:"warnings,omitempty"`

	Recordings    []Recording       `json:"recordings,omitempty"`   // merged by kind
	Turns         []Turn            `json:"turns,omitempty"`        // the whole transcript so far
	Turn          *Turn             `json:"turn,omitempty"`         // one more turn
	TurnLatency   *TurnLatency      `json:"turn_latency,omitempty"` // merged by turn
	ToolCalls     []ToolCall        `json:"tool_calls,omitempty"`   // merged by id
	Spans         []Span            `json:"spans,omitempty"`        // the whole list so far
	Span          *Span             `json:"span,omitempty"`         // one more
	Interruptions []Interruption    `json:"interruptions,omitempty"`
	Interruption  *Interruption     `json:"interruption,omitempty"`
	Latency       []LatencyStats    `json:"latency,omitempty"` // merged by component
	Analysis      *ProviderAnalysis `json:"analysis,omitempty"`

	// Ours. Results are stamped with the time of the newest delivery that they
	// were made from, and received when they were made: what was made from more
	// holds, then what was made later.
	Kept        *Kept        `json:"kept,omitempty"`
	Audio       *Acoustics   `json:"audio,omitempty"`
	HeardWith   string       `json:"heard_with,omitempty"` // names the turns that the recording was heard with
	Transcribed *Transcribed `json:"transcribed,omitempty"`
	Measured    *Measured    `json:"measured,omitempty"`
	Local       *Local       `json:"local,omitempty"`
	Judged      *Judged      `json:"judged,omitempty"`
	Steps       []Step       `json:"steps,omitempty"`   // merged by name; stamped with the time of the step
	Expired     *Expiry      `json:"expired,omitempty"` // merged by part
}

// AgentFact is the vendor's word on which agent took a call.
type AgentFact struct {
	SourceID string `json:"source_id,omitempty"`
	Name     string `json:"name,omitempty"`
}

// stamp orders facts about the same thing: the greater one holds.
type stamp struct {
	Authority Authority `json:"a"`
	At        int64     `json:"t,omitempty"` // vendor's time, ms; 0 when unknown
	Received  int64     `json:"r"`           // µs
	Event     string    `json:"e"`
}

func (e *Event) stamp() stamp {
	s := stamp{Authority: e.Authority, Received: e.ReceivedAt.UnixMicro(), Event: e.ID}
	if !e.At.IsZero() {
		s.At = e.At.UnixMilli()
	}
	return s
}

// time is when the fact was so: by the vendor's clock, else when it reached us.
func (s stamp) time() time.Time {
	if s.At != 0 {
		return time.UnixMilli(s.At).UTC()
	}
	return time.UnixMicro(s.Received).UTC()
}

func (s stamp) compare(o stamp) int {
	return cmp.Or(
		cmp.Compare(s.Authority, o.Authority),
		cmp.Compare(s.At, o.At),
		cmp.Compare(s.Received, o.Received),
		cmp.Compare(s.Event, o.Event),
	)
}
