package simulate

import "encoding/json"

// vapiMessage is a server message of Vapi's: the end-of-call report, and with
// fewer fields the status updates before it.
type vapiMessage struct {
	Timestamp        int64           `json:"timestamp"`
	Type             string          `json:"type"`
	Status           string          `json:"status,omitempty"`
	EndedReason      string          `json:"endedReason,omitempty"`
	StartedAt        string          `json:"startedAt,omitempty"`
	EndedAt          string          `json:"endedAt,omitempty"`
	Cost             *float64        `json:"cost,omitempty"`
	Breakdown        *vapiBreakdown  `json:"costBreakdown,omitempty"`
	Costs            []vapiCost      `json:"costs,omitempty"`
	Analysis         *vapiAnalysis   `json:"analysis,omitempty"`
	Artifact         *vapiArtifact   `json:"artifact,omitempty"`
	DurationMS       *int64          `json:"durationMs,omitempty"`
	DurationSeconds  *float64        `json:"durationSeconds,omitempty"`
	Summary          string          `json:"summary,omitempty"`
	RecordingURL     string          `json:"recordingUrl,omitempty"`
	Call             vapiCall        `json:"call"`
	PhoneNumber      *vapiNumber     `json:"phoneNumber,omitempty"`
	Customer         vapiCustomer    `json:"customer"`
	Assistant        json.RawMessage `json:"assistant"`
	AssistantVersion string          `json:"assistantVersion"`
}

type vapiBreakdown struct {
	Transport  float64 `json:"transport"`
	STT        float64 `json:"stt"`
	LLM        float64 `json:"llm"`
	TTS        float64 `json:"tts"`
	Vapi       float64 `json:"vapi"`
	Total      float64 `json:"total"`
	Prompt     int     `json:"llmPromptTokens"`
	Completion int     `json:"llmCompletionTokens"`
	Characters int     `json:"ttsCharacters"`
}

type vapiEngine struct {
	Provider string `json:"provider"`
	Model    string `json:"model"`
	VoiceID  string `json:"voiceId,omitempty"`
}

type vapiCost struct {
	Type        string      `json:"type"`
	Provider    string      `json:"provider,omitempty"`
	SubType     string      `json:"subType,omitempty"`
	Transcriber *vapiEngine `json:"transcriber,omitempty"`
	Model       *vapiEngine `json:"model,omitempty"`
	Voice       *vapiEngine `json:"voice,omitempty"`
	Minutes     float64     `json:"minutes,omitempty"`
	Prompt      int         `json:"promptTokens,omitempty"`
	Completion  int         `json:"completionTokens,omitempty"`
	Characters  int         `json:"characters,omitempty"`
	Cost        float64     `json:"cost"`
}

type vapiAnalysis struct {
	Summary    string          `json:"summary,omitempty"`
	Structured *vapiStructured `json:"structuredData,omitempty"`
	Success    string          `json:"successEvaluation,omitempty"`
}

type vapiStructured struct {
	Intent   string `json:"intent"`
	Resolved bool   `json:"resolved"`
}

type vapiArtifact struct {
	Messages   []vapiItem     `json:"messages"`
	Transcript string         `json:"transcript"`
	Recording  *vapiRecording `json:"recording,omitempty"`
	StereoURL  string         `json:"stereoRecordingUrl,omitempty"`
	Transfers  []vapiTransfer `json:"transfers"`
	Metrics    *vapiMetrics   `json:"performanceMetrics,omitempty"`
}

type vapiRecording struct {
	StereoURL string `json:"stereoUrl"`
	Mono      struct {
		CombinedURL string `json:"combinedUrl"`
	} `json:"mono"`
}

type vapiTransfer struct {
	Destination struct {
		Type   string `json:"type"`
		Number string `json:"number"`
	} `json:"destination"`
	Mode   string `json:"mode"`
	Status string `json:"status"`
}

type vapiItem struct {
	Role       string       `json:"role"`
	Message    string       `json:"message"`
	Time       int64        `json:"time"`
	EndTime    int64        `json:"endTime,omitempty"`
	Seconds    float64      `json:"secondsFromStart"`
	Duration   float64      `json:"duration,omitempty"`
	Name       string       `json:"name,omitempty"`
	ToolCallID string       `json:"toolCallId,omitempty"`
	Result     string       `json:"result,omitempty"`
	ToolCalls  []openAITool `json:"toolCalls,omitempty"`
	Metadata   *vapiWords   `json:"metadata,omitempty"`
}

type vapiWords struct {
	Words []vapiWord `json:"wordLevelConfidence"`
}

type vapiWord struct {
	Word       string  `json:"word"`
	Punctuated string  `json:"punctuated_word"`
	Start      int64   `json:"start"`
	End        int64   `json:"end"`
	Confidence float64 `json:"confidence"`
}

// openAITool is a tool call as OpenAI's chat API writes it.
type openAITool struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	Function struct {
		Name      string `json:"name"`
		Arguments string `json:"arguments"`
	} `json:"function"`
}

type vapiMetrics struct {
	Turns       []vapiLatency `json:"turnLatencies"`
	Model       float64       `json:"modelLatencyAverage"`
	Voice       float64       `json:"voiceLatencyAverage"`
	Transcriber float64       `json:"transcriberLatencyAverage"`
	Endpointing float64       `json:"endpointingLatencyAverage"`
	Turn        float64       `json:"turnLatencyAverage"`
	Interrupted int           `json:"numAssistantInterrupted"`
}

type vapiLatency struct {
	Model       float64 `json:"modelLatency"`
	Voice       float64 `json:"voiceLatency"`
	Transcriber float64 `json:"transcriberLatency"`
	Endpointing float64 `json:"endpointingLatency"`
	Turn        float64 `json:"turnLatency"`
}

type vapiCall struct {
	ID               string            `json:"id"`
	OrgID            string            `json:"orgId"`
	Type             string            `json:"type"`
	Status           string            `json:"status"`
	CreatedAt        string            `json:"createdAt"`
	PhoneProvider    string            `json:"phoneCallProvider,omitempty"`
	AssistantID      string            `json:"assistantId"`
	AssistantVersion string            `json:"assistantVersion"`
	CampaignID       string            `json:"campaignId,omitempty"`
	Customer         vapiCustomer      `json:"customer"`
	Metadata         map[string]string `json:"metadata"`
	Monitor          *vapiMonitor      `json:"monitor,omitempty"`
}

type vapiMonitor struct {
	ListenURL  string `json:"listenUrl"`
	ControlURL string `json:"controlUrl"`
}

type vapiCustomer struct {
	Number string `json:"number"`
	Name   string `json:"name"`
}

type vapiNumber struct {
	Number   string `json:"number"`
	Name     string `json:"name"`
	Provider string `json:"provider"`
}
