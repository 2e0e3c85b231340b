package ringside

import "time"

// Role is who speaks in a turn.
type Role string

// The two sides of a call. Anybody on the customer's side of the line, the
// person a call was transferred to included, is RoleUser. RoleUnknown is where
// nobody tells the sides apart.
const (
	RoleAgent   Role = "agent"
	RoleUser    Role = "user"
	RoleUnknown Role = "unknown"
)

// Turn is what one side said before the other did.
type Turn struct {
	Index       int      `json:"index" doc:"Position of the turn in the transcript, from 0"`
	Role        Role     `json:"role" enum:"agent,user,unknown" doc:"unknown where both sides are on one channel of the recording that the turns were made from"`
	Speaker     string   `json:"speaker,omitempty" doc:"The speaker's name, where the vendor tells several apart"`
	Text        string   `json:"text"`
	StartMS     *int64   `json:"start_ms" doc:"Milliseconds from the answer; null when the vendor gives no time"`
	EndMS       *int64   `json:"end_ms" doc:"Milliseconds from the answer; null when the vendor gives no end"`
	Words       []Word   `json:"words,omitempty"`
	Interrupted bool     `json:"interrupted" doc:"The other side cut this turn off"`
	Latency     *Latency `json:"latency,omitempty" doc:"How long the caller waited for this turn, by part"`

	Redacted []Redacted `json:"redacted,omitempty" doc:"What was hidden in the turn, in order"`

	Piece string `json:"-"` // names the turn, for as long as it came by itself: its index may change. Empty in a list that came whole
}

// Word is one word of a turn with its time from the answer.
type Word struct {
	Text       string  `json:"text"`
	StartMS    int64   `json:"start_ms"`
	EndMS      int64   `json:"end_ms"`
	Confidence float64 `json:"confidence,omitempty" doc:"0 to 1, as the transcriber says"`
}

// LatencySource says how a latency is known.
type LatencySource string

// Heard is measured from the audio by us; claimed is the vendor's own word.
const (
	Heard   LatencySource = "heard"
	Claimed LatencySource = "claimed"
)

// Latency is what passed between the end of the customer's turn and the start
// of the agent's, in milliseconds. A nil part is not known. Parts need not add
// up to the total: what is left over is Unattributed.
type Latency struct {
	Source            LatencySource `json:"source" enum:"heard,claimed"`
	TotalMS           *float64      `json:"total_ms" doc:"End of the customer's speech to the start of the agent's"`
	EndpointingMS     *float64      `json:"endpointing_ms,omitempty" doc:"Deciding that the customer had finished"`
	TranscriptionMS   *float64      `json:"transcription_ms,omitempty"`
	ModelFirstTokenMS *float64      `json:"model_first_token_ms,omitempty"`
	VoiceFirstByteMS  *float64      `json:"voice_first_byte_ms,omitempty"`
	NetworkMS         *float64      `json:"network_ms,omitempty"`
	UnattributedMS    *float64      `json:"unattributed_ms,omitempty" doc:"The total less the known parts"`
}

// attribute works out what of the total no part explains.
func (l *Latency) attribute() {
	if l.TotalMS == nil {
		return
	}
	rest, known := *l.TotalMS, false
	for _, p := range []*float64{l.EndpointingMS, l.TranscriptionMS, l.ModelFirstTokenMS, l.VoiceFirstByteMS, l.NetworkMS} {
		if p != nil {
			rest, known = rest-*p, true
		}
	}
	if known {
		l.UnattributedMS = &rest
	}
}

// TurnLatency is the latency of one turn, told apart from what was said in it.
type TurnLatency struct {
	Turn    int     `json:"turn"`
	Latency Latency `json:"latency"`
}

// LatencyStats is the vendor's summary of one component over a whole call.
type LatencyStats struct {
	Component string        `json:"component" doc:"total, endpointing, transcription, model, voice, network, knowledge_base or speech_to_speech"`
	Source    LatencySource `json:"source" enum:"heard,claimed"`
	N         int           `json:"n" doc:"Samples; 0 when the vendor does not say"`
	MeanMS    *float64      `json:"mean_ms,omitempty"`
	P50MS     *float64      `json:"p50_ms,omitempty"`
	P90MS     *float64      `json:"p90_ms,omitempty"`
	P95MS     *float64      `json:"p95_ms,omitempty"`
	P99MS     *float64      `json:"p99_ms,omitempty"`
	MinMS     *float64      `json:"min_ms,omitempty"`
	MaxMS     *float64      `json:"max_ms,omitempty"`
	ValuesMS  []float64     `json:"values_ms,omitempty" doc:"The samples, in call order, where the vendor lists them"`
}

// Interruption is one side starting to speak before the other was done.
type Interruption struct {
	By   Role   `json:"by" enum:"agent,user" doc:"Who cut in"`
	AtMS *int64 `json:"at_ms" doc:"Milliseconds from the answer"`
	Turn *int   `json:"turn,omitempty" doc:"Index of the turn that was cut off"`
}

// The spans that Ringside itself looks for.
const (
	SpanError        = "error"        // something of the agent's failed
	SpanAuth         = "auth"         // the caller was authenticated, or was not
	SpanIntervention = "intervention" // a person, or a rule of theirs, stepped in
	SpanSpeech       = "speech"       // one side, by its role, began or stopped speaking
)

// Partial is what somebody is saying: it may still change, is shown and not
// kept.
type Partial struct {
	Role    Role      `json:"role"`
	Text    string    `json:"text"`
	StartMS *int64    `json:"start_ms"`
	At      time.Time `json:"at"`
}

// Span is one step of the agent's work with its own duration: a model
// request, a synthesis, a node of a flow, a voicemail check.
type Span struct {
	Name       string         `json:"name" doc:"model, voice, transcriber, node, dtmf, event and the like"`
	Title      string         `json:"title,omitempty" doc:"What to show: the node's name, the key pressed"`
	StartMS    *int64         `json:"start_ms" doc:"Milliseconds from the answer"`
	DurationMS *float64       `json:"duration_ms,omitempty"`
	Attributes map[string]any `json:"attributes,omitempty"`
	Error      string         `json:"error,omitempty"`

	Piece string `json:"-"` // as of a turn
}
