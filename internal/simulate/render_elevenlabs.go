package simulate

import (
	"strings"

	"github.com/ringsidehq/ringside"
)

type elevenBody struct {
	Type string `json:"type"`
	At   int64  `json:"event_timestamp"`
	Data any    `json:"data"`
}

type elevenConversation struct {
	AgentID        string            `json:"agent_id"`
	AgentName      string            `json:"agent_name"`
	Status         string            `json:"status"`
	UserID         string            `json:"user_id"`
	VersionID      string            `json:"version_id"`
	ConversationID string            `json:"conversation_id"`
	Environment    string            `json:"environment"`
	HasAudio       bool              `json:"has_audio"`
	Transcript     []elevenEntry     `json:"transcript"`
	Metadata       elevenMetadata    `json:"metadata"`
	Analysis       *elevenAnalysis   `json:"analysis"`
	Initiation     *elevenInitiation `json:"conversation_initiation_client_data"`
}

type elevenEntry struct {
	Role        string         `json:"role"`
	Message     *string        `json:"message"`
	ToolCalls   []elevenTool   `json:"tool_calls"`
	ToolResults []elevenResult `json:"tool_results"`
	Secs        float64        `json:"time_in_call_secs"`
	Metrics     *elevenMetrics `json:"conversation_turn_metrics"`
	Interrupted bool           `json:"interrupted"`
	Original    *string        `json:"original_message"`
	Medium      string         `json:"source_medium"`
}

type elevenTool struct {
	Type      string `json:"type"`
	RequestID string `json:"request_id"`
	Name      string `json:"tool_name"`
	Params    string `json:"params_as_json"`
	Called    bool   `json:"tool_has_been_called"`
}

type elevenResult struct {
	RequestID string  `json:"request_id"`
	Name      string  `json:"tool_name"`
	Value     string  `json:"result_value"`
	IsError   bool    `json:"is_error"`
	Called    bool    `json:"tool_has_been_called"`
	Latency   float64 `json:"tool_latency_secs"`
}

type elevenMetrics struct {
	Metrics map[string]elevenElapsed `json:"metrics"`
	ASR     string                   `json:"convai_asr_provider"`
	TTS     string                   `json:"convai_tts_model"`
}

type elevenElapsed struct {
	Secs float64 `json:"elapsed_time"`
}

type elevenMetadata struct {
	Start    int64           `json:"start_time_unix_secs"`
	Accepted int64           `json:"accepted_time_unix_secs"`
	Duration int64           `json:"call_duration_secs"`
	Cost     int64           `json:"cost"`
	Fiat     float64         `json:"cost_fiat"`
	Reason   string          `json:"termination_reason"`
	Language string          `json:"main_language"`
	Charging *elevenCharging `json:"charging"`
	Phone    *elevenPhone    `json:"phone_call"`
	Batch    *struct{}       `json:"batch_call"`
	Warnings []string        `json:"warnings"`
}

type elevenCharging struct {
	Tier     string  `json:"tier"`
	LLMPrice float64 `json:"llm_price"`
	Usage    any     `json:"llm_usage"`
}

type elevenPhone struct {
	Type      string `json:"type"`
	Direction string `json:"direction"`
	Agent     string `json:"agent_number"`
	External  string `json:"external_number"`
	CallSID   string `json:"call_sid"`
}

type elevenAnalysis struct {
	Criteria map[string]elevenCriterion `json:"evaluation_criteria_results"`
	Data     map[string]elevenDatum     `json:"data_collection_results"`
	Success  string                     `json:"call_successful"`
	Summary  string                     `json:"transcript_summary"`
	Title    string                     `json:"call_summary_title"`
}

type elevenCriterion struct {
	ID        string `json:"criteria_id"`
	Result    string `json:"result"`
	Rationale string `json:"rationale"`
}

type elevenDatum struct {
	ID    string `json:"data_collection_id"`
	Value string `json:"value"`
}

type elevenInitiation struct {
	Variables map[string]string `json:"dynamic_variables"`
}

func (c *Call) elevenlabs() Delivery {
	d := &elevenConversation{
		AgentID: c.agent.sourceID, AgentName: c.agent.name, Status: "done", UserID: "cust_" + c.number[6:], VersionID: c.version.label,
		ConversationID: c.id, Environment: "production", HasAudio: true, Transcript: c.elevenEntries(), Metadata: c.elevenMetadata(),
		Initiation: &elevenInitiation{map[string]string{"customer_name": c.customer, "plan": c.metadata["plan"], "region": c.metadata["region"]}},
	}
	if c.class == ringside.FailureModel || c.class == ringside.FailureProvider || c.class == ringside.FailureVoice {
		d.Status = "failed"
	}
	d.Analysis = c.elevenAnalysis()
	return Delivery{
		Provider: elevenlabs, Event: "post_call_transcription",
		Body: encode(elevenBody{"post_call_transcription", c.endedAt.Unix() + 12, d}),
	}
}

func (c *Call) elevenEntries() []elevenEntry {
	out := make([]elevenEntry, 0, len(c.steps)+6)
	for i := range c.steps {
		s := &c.steps[i]
		e := elevenEntry{Role: "agent", ToolCalls: []elevenTool{}, ToolResults: []elevenResult{}, Secs: float64(s.start / 1000), Medium: "audio"}
		switch s.kind {
		case 'T':
			id := "tool_req_" + s.id
			call := e
			call.ToolCalls = []elevenTool{{"webhook", id, s.tool, s.args, true}}
			e.ToolResults, e.Secs = []elevenResult{{id, s.tool, s.result, s.failed, true, seconds(s.end - s.start)}}, float64(s.end/1000)
			out = append(out, call, e)
			continue
		case 'U':
			e.Role, e.Message = "user", &s.text
		default:
			e.Message = &s.text
			if s.intended != "" {
				e.Interrupted, e.Original = true, &s.intended
			}
			if s.reply != nil {
				e.Metrics = s.elevenMetrics()
			}
		}
		out = append(out, e)
	}
	return out
}

func (s *step) elevenMetrics() *elevenMetrics {
	p := s.reply
	return &elevenMetrics{
		ASR: "elevenlabs", TTS: "eleven_flash_v2_5",
		Metrics: map[string]elevenElapsed{
			"convai_llm_service_ttfb":               {p.model / 1000},
			"convai_tts_service_ttfb":               {p.voice / 1000},
			"convai_turn_silence_before_initiation": {p.endpointing / 1000},
			"convai_asr_trailing_service_latency":   {p.transcriber / 1000},
			"convai_ttf_audio_since_silence":        {s.total / 1000},
		},
	}
}

func (c *Call) elevenMetadata() elevenMetadata {
	min := c.minutes()
	llm := round(min*c.agent.perMin.model, 6)
	tokens := func(n float64) map[string]any { return map[string]any{"tokens": int(n), "price": round(n*3e-7, 7)} }
	usage := map[string]any{"model_usage": map[string]any{c.model: map[string]any{"input": tokens(6000 * min), "output_total": tokens(90 * min)}}}
	m := elevenMetadata{
		Start: c.answeredAt.Unix(), Accepted: c.answeredAt.Unix(), Duration: (c.durationMS() + 500) / 1000, Cost: int64(600 * min),
		Fiat: round(min*(c.agent.perMin.platform+c.agent.perMin.model), 4), Reason: c.reason, Language: "en", Warnings: []string{},
		Charging: &elevenCharging{"scale", llm, map[string]any{"irreversible_generation": usage}},
	}
	if c.direction != ringside.Web {
		m.Phone = &elevenPhone{"twilio", string(c.direction), c.agent.number, c.number, "CA" + c.hex}
	}
	return m
}

func (c *Call) elevenAnalysis() *elevenAnalysis {
	out := &elevenAnalysis{
		Success: "unknown", Summary: c.summary, Title: strings.ReplaceAll(title(c.intent), "_", " "),
		Data: map[string]elevenDatum{"intent": {"intent", c.intent}},
	}
	if c.success == nil {
		return out
	}
	result, why := "success", "The caller got what they called for."
	if !*c.success {
		result, why = "failure", "The caller did not get what they called for."
	}
	out.Success = result
	out.Criteria = map[string]elevenCriterion{
		"solved": {"solved", result, why},
		"polite": {"polite", "success", "The agent stayed polite."},
	}
	return out
}
