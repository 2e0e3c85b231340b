package retell

import (
	"encoding/json"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// delivery is a webhook's body. Transfer events put their fields beside the
// call. A body without an event and with a call_id is the bare call object.
type delivery struct {
	Event               *string         `json:"event"`
	Call                *call           `json:"call"`
	Data                json.RawMessage `json:"data"` // deprecated copy of call
	CallID              provider.Text   `json:"call_id"`
	TransferDestination json.RawMessage `json:"transfer_destination"`
	TransferOption      json.RawMessage `json:"transfer_option"`
}

// call is the call object, as far as it is read. Only the id has to be right;
// what else is odd is left out with a warning.
type call struct {
	CallID       *string       `json:"call_id"`
	AgentID      provider.Text `json:"agent_id"`
	AgentName    provider.Text `json:"agent_name"`
	AgentTag     provider.Text `json:"agent_tag"`
	AgentVersion provider.Text `json:"agent_version"`
	CallType     provider.Text `json:"call_type"`
	CallStatus   provider.Text `json:"call_status"`
	Direction    provider.Text `json:"direction"`
	FromNumber   provider.Text `json:"from_number"`
	ToNumber     provider.Text `json:"to_number"`

	StartTimestamp       provider.Number `json:"start_timestamp"`
	EndTimestamp         provider.Number `json:"end_timestamp"`
	TransferEndTimestamp provider.Number `json:"transfer_end_timestamp"`
	DurationMS           provider.Number `json:"duration_ms"`
	DisconnectionReason  provider.Text   `json:"disconnection_reason"`
	TransferDestination  json.RawMessage `json:"transfer_destination"`

	Metadata            json.RawMessage `json:"metadata"`
	DynamicVariables    json.RawMessage `json:"retell_llm_dynamic_variables"`
	CollectedVariables  json.RawMessage `json:"collected_dynamic_variables"`
	TelephonyIdentifier json.RawMessage `json:"telephony_identifier"`

	Transcript              provider.Text   `json:"transcript"`
	TranscriptObject        json.RawMessage `json:"transcript_object"`
	TranscriptWithToolCalls json.RawMessage `json:"transcript_with_tool_calls"`
	ScrubbedTranscript      json.RawMessage `json:"scrubbed_transcript_with_tool_calls"`

	RecordingURL                     provider.Text `json:"recording_url"`
	RecordingMultiChannelURL         provider.Text `json:"recording_multi_channel_url"`
	ScrubbedRecordingURL             provider.Text `json:"scrubbed_recording_url"`
	ScrubbedRecordingMultiChannelURL provider.Text `json:"scrubbed_recording_multi_channel_url"`
	DataStorageSetting               provider.Text `json:"data_storage_setting"`
	OptOutSensitiveDataStorage       provider.Text `json:"opt_out_sensitive_data_storage"` // the setting's older form
	OptInSignedURL                   provider.Text `json:"opt_in_signed_url"`

	Latency      json.RawMessage `json:"latency"`
	CallCost     json.RawMessage `json:"call_cost"`
	CallAnalysis json.RawMessage `json:"call_analysis"`
}

// row is one row of a transcript. Which fields it has depends on its role.
type row struct {
	Role    string          `json:"role"`
	Content provider.Text   `json:"content"`
	Words   []word          `json:"words"`
	TimeSec provider.Number `json:"time_sec"` // not documented; real rows carry it

	ToolCallID provider.Text   `json:"tool_call_id"`
	Name       provider.Text   `json:"name"`
	Arguments  json.RawMessage `json:"arguments"` // JSON in a string
	Successful provider.Text   `json:"successful"`

	FormerNodeID   provider.Text `json:"former_node_id"`
	FormerNodeName provider.Text `json:"former_node_name"`
	NewNodeID      provider.Text `json:"new_node_id"`
	NewNodeName    provider.Text `json:"new_node_name"`
	TransitionType provider.Text `json:"transition_type"`

	Digit      provider.Text   `json:"digit"`
	Multimedia json.RawMessage `json:"multimedia"`
}

type word struct {
	Word  provider.Text   `json:"word"`
	Start provider.Number `json:"start"` // seconds
	End   provider.Number `json:"end"`
}

// stats is the summary of one component's latency, in milliseconds.
type stats struct {
	P50    provider.Number   `json:"p50"`
	P90    provider.Number   `json:"p90"`
	P95    provider.Number   `json:"p95"`
	P99    provider.Number   `json:"p99"`
	Max    provider.Number   `json:"max"`
	Min    provider.Number   `json:"min"`
	Num    provider.Number   `json:"num"`
	Values []provider.Number `json:"values"`
}

// cost is the bill, in US cents; unit prices are cents a second.
type cost struct {
	Products []struct {
		Product       provider.Text   `json:"product"`
		Cost          provider.Number `json:"cost"`
		UnitPrice     provider.Number `json:"unit_price"`
		IsTransferLeg provider.Text   `json:"is_transfer_leg_cost"`
	} `json:"product_costs"`
	Seconds  provider.Number `json:"total_duration_seconds"`
	Combined provider.Number `json:"combined_cost"`
}

type analysis struct {
	Summary     provider.Text   `json:"call_summary"`
	InVoicemail provider.Text   `json:"in_voicemail"`
	Sentiment   provider.Text   `json:"user_sentiment"`
	Successful  provider.Text   `json:"call_successful"`
	Custom      json.RawMessage `json:"custom_analysis_data"`
}

// lenient reads a part of the call that may be odd without spoiling the rest:
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

func given(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" }

func warn(x *ringside.Facts, text string) { x.Warnings = append(x.Warnings, text) }
