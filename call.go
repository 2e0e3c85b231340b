package ringside

import "time"

// Direction is which way a call went.
type Direction string

// The directions. A web call has no phone numbers.
const (
	Inbound  Direction = "inbound"
	Outbound Direction = "outbound"
	Web      Direction = "web"
)

// Call is one conversation of an agent with a customer, as far as its events
// tell it. Its fields are set by Apply and by nobody else.
type Call struct {
	ID             CallID    `json:"id"`
	ShortID        string    `json:"short_id" doc:"The first letters of the id, unique in the workspace"`
	WorkspaceID    string    `json:"-"`
	Provider       string    `json:"provider"`
	ProviderCallID string    `json:"provider_call_id"`
	Agent          *AgentRef `json:"agent" doc:"null when no delivery names an agent"`
	AgentVersion   string    `json:"agent_version,omitempty"`
	Direction      Direction `json:"direction" doc:"inbound, outbound or web; empty while unknown"`
	Status         Status    `json:"status" enum:"queued,ringing,active,completed,failed,declined,missed,unknown"`
	LastEvent      string    `json:"last_event" doc:"The vendor's name of the most telling event so far"`
	From           string    `json:"from"`
	To             string    `json:"to"`
	CustomerKey    string    `json:"customer_key,omitempty" doc:"What tells one customer from another: their number, or the vendor's id for them"`
	CustomerName   string    `json:"customer_name,omitempty"`
	Campaign       string    `json:"campaign,omitempty"`
	Scenario       string    `json:"scenario,omitempty"`
	IsSimulation   bool      `json:"is_simulation"`
	Imported       bool      `json:"imported,omitempty" doc:"Read at the vendor long after it ended: nobody was told of it, and no language model, evaluator or CRM was asked by itself"`

	CreatedAt  *time.Time `json:"created_at" doc:"When the vendor made the call"`
	RingingAt  *time.Time `json:"ringing_at,omitempty"`
	StartedAt  *time.Time `json:"started_at" doc:"The answer where it is known, else the earliest time that is"`
	AnsweredAt *time.Time `json:"answered_at"`
	EndedAt    *time.Time `json:"ended_at"`
	ReceivedAt time.Time  `json:"received_at" doc:"When the first delivery about the call reached Ringside"`
	DurationMS *int64     `json:"duration_ms" doc:"Answer to end, as the vendor says or as the two times tell"`

	EndedReason string   `json:"ended_reason" doc:"The vendor's own reason, as it came"`
	Outcome     Outcome  `json:"outcome"`
	Cost        *Cost    `json:"cost"`
	Metadata    Values   `json:"metadata"`
	Variables   Values   `json:"variables"`
	Model       Model    `json:"model"`
	Withheld    []string `json:"withheld,omitempty" doc:"What the vendor was told not to store or send: transcript, recording, personal_data"`
	Warnings    []string `json:"warnings,omitempty" doc:"What could not be read or had to be guessed"`
	Control     *Control `json:"-"`

	Recordings    []Recording    `json:"recordings"`
	Kept          *Kept          `json:"kept" doc:"The recording that Ringside keeps itself; null when it keeps none"`
	Turns         []Turn         `json:"turns"`
	TurnsFrom     *TurnsFrom     `json:"turns_from" doc:"Where the turns are from that Ringside made itself; null for those that the vendor sent"`
	ToolCalls     []ToolCall     `json:"tool_calls"`
	Spans         []Span         `json:"spans"`
	Interruptions []Interruption `json:"interruptions"`
	Latency       []LatencyStats `json:"latency" doc:"The vendor's summary for each component"`
	Analysis      Analysis       `json:"analysis"`

	Summary    *Summary   `json:"summary" doc:"null until the call has ended and been looked at"`
	Tags       []string   `json:"tags"`
	TagsMethod Method     `json:"tags_method,omitempty" enum:"local,rule,llm,human"`
	Sentiment  *Sentiment `json:"sentiment"`
	Quality    *Quality   `json:"quality"`
	Scores     []Score    `json:"scores"`
	Findings   []Finding  `json:"findings"`
	Extracted  Values     `json:"extracted"`
	Judge      *Usage     `json:"judge" doc:"What the language model's reading took; null when none was asked"`
	Expired    []Expiry   `json:"expired,omitempty" doc:"What the agent's retention has removed of the call"`
	Pipeline   []Step     `json:"pipeline" doc:"The steps after the call and how far they are; empty until it ends"`

	fold fold
}

// Values is a bag of names and JSON values that a vendor or a user attached.
type Values map[string]any

// AgentRef is the agent of a call: ours, and the vendor's name for it.
type AgentRef struct {
	ID       string `json:"id,omitempty"`
	Name     string `json:"name"`
	SourceID string `json:"source_id" doc:"The agent's id at the vendor, or the one the sender gave"`
}

// Model is what the agent ran on, where the vendor says.
type Model struct {
	PromptHash  string `json:"prompt_hash,omitempty" doc:"First 16 hex digits of the system prompt's SHA-256"`
	Language    string `json:"language_model,omitempty"`
	Voice       string `json:"voice,omitempty"`
	Transcriber string `json:"transcriber,omitempty"`
}

// Control is how a call in progress can be listened to and steered.
type Control struct {
	ListenURL  string `json:"listen_url,omitempty"`
	ControlURL string `json:"control_url,omitempty"`
}

// Analysis is what has been worked out about a call, by whom.
type Analysis struct {
	Provider *ProviderAnalysis `json:"provider" doc:"The vendor's own analysis, unchecked; null when it sent none"`
	Measured *Measured         `json:"measured" doc:"What the transcript's words and times tell; null until the call has ended and been looked at"`
	Audio    *Acoustics        `json:"audio" doc:"What the kept recording's sound tells; null until one has been heard"`

	Expression *ExpressionSummary `json:"expression,omitempty" doc:"How the customer sounded, in short: an estimate; missing where no voice was heard"`
}

// Measured is what can be worked out from a transcript alone, by rule. A nil
// figure can't be told from this transcript.
type Measured struct {
	Method         string   `json:"method" enum:"transcript" doc:"Where the figures are from: the vendor's turn times, not the audio"`
	AgentWords     int      `json:"agent_words"`
	CustomerWords  int      `json:"customer_words"`
	TalkRatio      *float64 `json:"talk_ratio" doc:"Agent's speaking time ÷ both sides', 0 to 1; null without turn ends"`
	FirstAgentMS   *int64   `json:"first_agent_ms" doc:"Answer to the agent's first word"`
	Responses      int      `json:"responses" doc:"Agent turns that answer a customer's and have both times"`
	ResponseP50MS  *float64 `json:"response_p50_ms" doc:"Median floor-transfer offset, customer to agent; negative is overlap"`
	ResponseP95MS  *float64 `json:"response_p95_ms" doc:"Null under 10 responses"`
	LongestGapMS   *int64   `json:"longest_gap_ms" doc:"Longest time without a turn; null without turn ends"`
	LongestGapAtMS *int64   `json:"longest_gap_at_ms" doc:"Where it began"`
}

// ProviderAnalysis is the vendor's own reading of a call.
type ProviderAnalysis struct {
	Summary    string      `json:"summary,omitempty"`
	Sentiment  string      `json:"sentiment,omitempty" doc:"positive, neutral, negative or unknown"`
	Success    string      `json:"success,omitempty" doc:"The vendor's verdict as it came: true, 8, success"`
	Tags       []string    `json:"tags,omitempty"`
	Structured Values      `json:"structured,omitempty" doc:"Extracted data by name"`
	Criteria   []Criterion `json:"criteria,omitempty"`
}

// Criterion is one of the vendor's checks of a call.
type Criterion struct {
	Name   string   `json:"name"`
	Result string   `json:"result" doc:"success, failure or unknown, or the vendor's word"`
	Score  *float64 `json:"score,omitempty"`
	Reason string   `json:"reason,omitempty"`
}

// NewCall is a call about which nothing is known but its name.
func NewCall(workspace, provider, providerCallID string) *Call {
	return &Call{
		ID:             NewCallID(workspace, provider, providerCallID),
		WorkspaceID:    workspace,
		Provider:       provider,
		ProviderCallID: providerCallID,
	}
}

// Sort is the time a call stands at in a list: when it started, else when the
// vendor made it, else when it first reached us.
func (c *Call) Sort() time.Time {
	switch {
	case c.StartedAt != nil:
		return *c.StartedAt
	case c.CreatedAt != nil:
		return *c.CreatedAt
	}
	return c.ReceivedAt
}

// ClaimedResponseMS is the median of the vendor's own response times over the
// call's turns; its summary where it gives no turns; nil when it claims none.
func (c *Call) ClaimedResponseMS() *float64 {
	var all []float64
	for i := range c.Turns {
		if l := c.Turns[i].Latency; l != nil && l.Source == Claimed && l.TotalMS != nil {
			all = append(all, *l.TotalMS)
		}
	}
	if len(all) > 0 {
		return new(median(all))
	}
	for i := range c.Latency {
		s := &c.Latency[i]
		if s.Component != "total" || s.Source != Claimed {
			continue
		}
		if s.P50MS != nil {
			return s.P50MS
		}
		return s.MeanMS
	}
	return nil
}

// HasRecording tells whether the vendor or Ringside keeps a recording of what
// was said.
func (c *Call) HasRecording() bool {
	if c.Kept != nil {
		return true
	}
	for i := range c.Recordings {
		if r := &c.Recordings[i]; r.Kind != RecordingVideo && (r.URL != "" || r.Via != "") {
			return true
		}
	}
	return false
}
