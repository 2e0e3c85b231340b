package bland

import (
	"encoding/json"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// body is every body that Bland sends, as far as it is read. Only the id has
// to be right; what else is odd is left out with a warning.
type body struct {
	CallID *string `json:"call_id"`
	CID    *string `json:"c_id"` // the same id

	// A live line.
	Message  provider.Text `json:"message"`
	Category provider.Text `json:"category"`
	LogLevel provider.Text `json:"log_level"`

	// A look at a call that is over.
	EventType              provider.Text   `json:"event_type"`
	Timestamp              provider.Moment `json:"timestamp"`
	Citations              json.RawMessage `json:"citations"`
	CorrectedTranscript    json.RawMessage `json:"corrected_transcript"`
	PostTransferTranscript json.RawMessage `json:"post_transfer_transcript"`
	TransferOffsetSeconds  provider.Number `json:"transfer_offset_seconds"`
	PostCallEvals          json.RawMessage `json:"post_call_evals"`
	OverallScore           provider.Number `json:"overall_score_normalized_0_100"`

	// The report.
	BatchID        provider.Text   `json:"batch_id"`
	PathwayID      provider.Text   `json:"pathway_id"`
	PathwayVersion provider.Text   `json:"pathway_version"`
	PersonaID      provider.Text   `json:"persona_id"`
	VoiceID        provider.Text   `json:"voice_id"`
	To             provider.Text   `json:"to"`
	From           provider.Text   `json:"from"`
	Inbound        provider.Text   `json:"inbound"`
	CreatedAt      provider.Moment `json:"created_at"`
	StartedAt      provider.Moment `json:"started_at"` // when it was connected; null when it never was
	TransferredAt  provider.Moment `json:"transferred_at"`

	CallLength           provider.Number `json:"call_length"`        // minutes
	CorrectedDuration    provider.Number `json:"corrected_duration"` // seconds
	MaxDuration          provider.Number `json:"max_duration"`       // minutes
	PreTransferDuration  provider.Number `json:"pre_transfer_duration"`
	PostTransferDuration provider.Number `json:"post_transfer_duration"`

	Status         provider.Text `json:"status"`
	QueueStatus    provider.Text `json:"queue_status"`
	Completed      provider.Text `json:"completed"`
	AnsweredBy     provider.Text `json:"answered_by"`
	CallEndedBy    provider.Text `json:"call_ended_by"`
	ErrorMessage   provider.Text `json:"error_message"`
	DispositionTag provider.Text `json:"disposition_tag"`

	Transcripts  json.RawMessage `json:"transcripts"`
	Concatenated *provider.Text  `json:"concatenated_transcript"`
	PathwayLogs  json.RawMessage `json:"pathway_logs"`
	PathwayTags  json.RawMessage `json:"pathway_tags"`

	Summary     provider.Text   `json:"summary"`
	Analysis    json.RawMessage `json:"analysis"`
	Variables   json.RawMessage `json:"variables"`
	RequestData json.RawMessage `json:"request_data"`
	Metadata    json.RawMessage `json:"metadata"`
	Price       provider.Number `json:"price"` // US dollars

	RecordingURL        provider.Text   `json:"recording_url"`
	RecordingExpiration provider.Moment `json:"recording_expiration"`

	TransferredTo    provider.Text   `json:"transferred_to"`
	WarmTransferCall json.RawMessage `json:"warm_transfer_call"`
	IsProxyAgentCall provider.Text   `json:"is_proxy_agent_call"`
	ParentCallID     provider.Text   `json:"parent_call_id"` // not documented; read where it is there
}

// line is a row of transcripts. Its one time is when the speech began.
type line struct {
	ID        provider.Number `json:"id"` // their order
	User      string          `json:"user"`
	Text      provider.Text   `json:"text"`
	CreatedAt provider.Moment `json:"created_at"`
}

// segment is a row of a transcript made from the recording, in seconds.
type segment struct {
	Start   provider.Number `json:"start"`
	End     provider.Number `json:"end"`
	Speaker provider.Text   `json:"speaker"` // 1 user, 2 assistant, or the representative after a transfer
	Label   provider.Text   `json:"speaker_label"`
	Text    provider.Text   `json:"text"`
}

// step is a row of pathway_logs.
type step struct {
	Tag *struct {
		Name provider.Text `json:"name"`
	} `json:"tag"`
	Decision  provider.Text   `json:"decision"` // JSON in a string
	CreatedAt provider.Moment `json:"created_at"`
	NodeID    provider.Text   `json:"chosen_node_id"`
}

type citation struct {
	Name  string `json:"variable_name"`
	Value any    `json:"value"`
}

type warmTransfer struct {
	State provider.Text   `json:"state"`
	Legs  json.RawMessage `json:"proxy_agent_calls"`
}

// leg is the call to one person on the team whom a warm transfer tried.
type leg struct {
	State  provider.Text `json:"state"`
	CallID provider.Text `json:"call_id"`
	Number provider.Text `json:"phone_number"`
}

// lenient reads a part of the body that may be odd without spoiling the rest:
// what does not have the shape of v is warned of and left out.
func lenient(x *ringside.Facts, name string, raw json.RawMessage, v any) bool {
	if !given(raw) {
		return false
	}
	if provider.Unmarshal(raw, v) != nil {
		warn(x, name+" does not have the documented shape and was left out")
		return false
	}
	return true
}

// list reads a list item by item where it can't be read at once: an odd item
// is left out with a warning.
func list[T any](x *ringside.Facts, name string, raw json.RawMessage) []T {
	if !given(raw) {
		return nil
	}
	var all []T
	if provider.Unmarshal(raw, &all) == nil {
		return all
	}
	var items []json.RawMessage
	if !lenient(x, name, raw, &items) {
		return nil
	}
	warn(x, name+" holds items that could not be read; they were left out")
	all = nil
	for _, item := range items {
		var v T
		if provider.Unmarshal(item, &v) == nil {
			all = append(all, v)
		}
	}
	return all
}

func given(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" }

func warn(x *ringside.Facts, text string) { x.Warnings = append(x.Warnings, text) }
