package elevenlabs

import (
	"encoding/json"

	"github.com/ringsidehq/ringside/internal/provider"
)

// head is what every webhook begins with.
type head struct {
	Type string          `json:"type"`
	At   provider.Moment `json:"event_timestamp"`
}

// envelope is a webhook with the data of its type.
type envelope[T any] struct {
	head
	Data *T `json:"data"`
}

// common is in the data of every webhook.
type common struct {
	ConversationID string        `json:"conversation_id"`
	AgentID        provider.Text `json:"agent_id"`
}

// conversation is a finished conversation. What a call can do without is raw:
// it is read leniently, so that a change at the vendor costs a part, never a
// call.
type conversation struct {
	common
	AgentName     provider.Text   `json:"agent_name"`
	VersionID     provider.Text   `json:"version_id"`
	BranchID      provider.Text   `json:"branch_id"`
	Environment   provider.Text   `json:"environment"`
	Status        provider.Text   `json:"status"`
	UserID        provider.Text   `json:"user_id"`
	HasAudio      provider.Text   `json:"has_audio"`
	TagIDs        json.RawMessage `json:"tag_ids"`
	VisitedAgents json.RawMessage `json:"visited_agents"`
	Transcript    []entry         `json:"transcript"`
	Metadata      metadata        `json:"metadata"`
	Analysis      json.RawMessage `json:"analysis"`
	Initiation    json.RawMessage `json:"conversation_initiation_client_data"`
}

// entry is one item of the transcript: words, tool calls or tool results.
type entry struct {
	Role        string          `json:"role"`
	Message     string          `json:"message"`
	Original    provider.Text   `json:"original_message"` // what would have been said before the cut
	Secs        provider.Number `json:"time_in_call_secs"`
	Interrupted provider.Text   `json:"interrupted"`
	Agent       json.RawMessage `json:"agent_metadata"`
	ToolCalls   []toolCall      `json:"tool_calls"`
	ToolResults []toolResult    `json:"tool_results"`
	Metrics     json.RawMessage `json:"conversation_turn_metrics"`
	Retrieval   json.RawMessage `json:"rag_retrieval_info"`
}

// spending is what each entry of a conversation was written with. It is read
// by itself, and only when the bill does not name the models.
type spending struct {
	Transcript []struct {
		Usage usage `json:"llm_usage"`
	} `json:"transcript"`
}

type toolCall struct {
	RequestID provider.Text `json:"request_id"`
	Name      provider.Text `json:"tool_name"`
	Params    provider.Text `json:"params_as_json"`
}

type toolResult struct {
	RequestID   provider.Text   `json:"request_id"`
	Name        provider.Text   `json:"tool_name"`
	Value       provider.Text   `json:"result_value"`
	IsError     provider.Text   `json:"is_error"`
	IsBlocked   provider.Text   `json:"is_blocked"`
	LatencySecs provider.Number `json:"tool_latency_secs"`
	ErrorType   provider.Text   `json:"error_type"`
	RawError    provider.Text   `json:"raw_error_message"`
}

type agentMetadata struct {
	AgentID provider.Text `json:"agent_id"`
	NodeID  provider.Text `json:"workflow_node_id"`
}

type retrieval struct {
	LatencySecs provider.Number `json:"rag_latency_secs"`
}

type metadata struct {
	Start            provider.Moment `json:"start_time_unix_secs"`
	Accepted         provider.Moment `json:"accepted_time_unix_secs"`
	DurationSecs     provider.Number `json:"call_duration_secs"`
	Credits          provider.Number `json:"cost"`
	USD              provider.Number `json:"cost_fiat"`
	Reason           provider.Text   `json:"termination_reason"`
	Language         provider.Text   `json:"main_language"`
	Timezone         provider.Text   `json:"timezone"`
	InitiationSource provider.Text   `json:"conversation_initiation_source"`
	Authorization    provider.Text   `json:"authorization_method"`
	Error            json.RawMessage `json:"error"`
	Charging         json.RawMessage `json:"charging"`
	PhoneCall        json.RawMessage `json:"phone_call"`
	WhatsApp         json.RawMessage `json:"whatsapp"`
	SMS              json.RawMessage `json:"sms"`
	BatchCall        json.RawMessage `json:"batch_call"`
	Deletion         json.RawMessage `json:"deletion_settings"`
	Features         json.RawMessage `json:"features_usage"`
	Warnings         json.RawMessage `json:"warnings"`
	Feedback         json.RawMessage `json:"feedback"`
}

type callError struct {
	Code   provider.Text `json:"code"`
	Reason provider.Text `json:"reason"`
}

type phoneCall struct {
	Type           provider.Text `json:"type"`
	Direction      provider.Text `json:"direction"`
	PhoneNumberID  provider.Text `json:"phone_number_id"`
	AgentNumber    provider.Text `json:"agent_number"`
	ExternalNumber provider.Text `json:"external_number"`
	CallSID        provider.Text `json:"call_sid"`
	CallID         provider.Text `json:"call_id"`
}

type batchCall struct {
	ID provider.Text `json:"batch_call_id"`
}

type deletion struct {
	LogsDeletedAt       provider.Moment `json:"deleted_logs_at_time_unix_secs"`
	AudioDeletedAt      provider.Moment `json:"deleted_audio_at_time_unix_secs"`
	TranscriptDeletedAt provider.Moment `json:"deleted_transcript_at_time_unix_secs"`
	DeleteTranscript    bool            `json:"delete_transcript_and_pii"`
	DeleteAudio         bool            `json:"delete_audio"`
}

type features struct {
	Voicemail struct {
		Used bool `json:"used"`
	} `json:"voicemail_detection"`
}

type charging struct {
	LLMPrice       provider.Number `json:"llm_price"` // USD
	LLMCharge      provider.Number `json:"llm_charge"`
	CallCharge     provider.Number `json:"call_charge"`
	PlatformPrice  provider.Number `json:"platform_price"` // USD
	PlatformCharge provider.Number `json:"platform_charge"`
	Usage          struct {
		Irreversible usage `json:"irreversible_generation"`
	} `json:"llm_usage"`
}

// usage is the tokens that each model took and gave.
type usage struct {
	Models map[string]struct {
		Input      tokens `json:"input"`
		CacheRead  tokens `json:"input_cache_read"`
		CacheWrite tokens `json:"input_cache_write"`
		Output     tokens `json:"output_total"`
	} `json:"model_usage"`
}

type tokens struct {
	Tokens provider.Number `json:"tokens"`
}

type analysis struct {
	Criteria     map[string]criterion `json:"evaluation_criteria_results"`
	CriteriaList []criterion          `json:"evaluation_criteria_results_list"`
	Data         map[string]datum     `json:"data_collection_results"`
	DataList     []datum              `json:"data_collection_results_list"`
	Successful   provider.Text        `json:"call_successful"`
	Score        provider.Number      `json:"call_success_score"`
	Summary      provider.Text        `json:"transcript_summary"`
	Title        provider.Text        `json:"call_summary_title"`
}

type criterion struct {
	ID        provider.Text   `json:"criteria_id"`
	Result    provider.Text   `json:"result"`
	Rationale provider.Text   `json:"rationale"`
	Score     provider.Number `json:"score"`
}

type datum struct {
	ID    provider.Text `json:"data_collection_id"`
	Value any           `json:"value"`
}

type initiation struct {
	Variables map[string]any `json:"dynamic_variables"`
	Override  struct {
		Agent struct {
			Prompt struct {
				Prompt provider.Text `json:"prompt"`
			} `json:"prompt"`
		} `json:"agent"`
		TTS struct {
			VoiceID provider.Text `json:"voice_id"`
		} `json:"tts"`
	} `json:"conversation_config_override"`
}

// failure is an outbound call that could not be placed or was not taken.
type failure struct {
	common
	AgentName  provider.Text   `json:"agent_name"`
	UserID     provider.Text   `json:"user_id"`
	Reason     provider.Text   `json:"failure_reason"`
	Initiation json.RawMessage `json:"conversation_initiation_client_data"`
	Metadata   struct {
		Type provider.Text   `json:"type"`
		Body json.RawMessage `json:"body"`
	} `json:"metadata"`
}

// carrier is the carrier's own word on a failed call: Twilio's status callback
// or what the SIP trunk answered.
type carrier struct {
	TwilioFrom    provider.Text   `json:"From"`
	TwilioTo      provider.Text   `json:"To"`
	TwilioSID     provider.Text   `json:"CallSid"`
	TwilioStatus  provider.Text   `json:"CallStatus"`
	TwilioSIP     provider.Number `json:"SipResponseCode"`
	TwilioError   provider.Text   `json:"ErrorMessage"`
	SIPFrom       provider.Text   `json:"from_number"`
	SIPTo         provider.Text   `json:"to_number"`
	SIPCallID     provider.Text   `json:"call_sid"`
	SIPStatusCode provider.Number `json:"sip_status_code"`
	SIPStatus     provider.Text   `json:"sip_status"`
	SIPError      provider.Text   `json:"error_reason"`
}
