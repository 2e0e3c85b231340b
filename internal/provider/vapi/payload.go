package vapi

import (
	"encoding/json"
	"strings"

	"github.com/ringsidehq/ringside/internal/provider"
)

// message is a server message, with the fields of every type side by side.
// Parts that few types need, or that come twice, stay raw until asked for.
type message struct {
	Type      string          `json:"type"`
	Timestamp provider.Moment `json:"timestamp"` // a number of ms; ISO text in 2024

	// What a call of the REST API has in their place.
	ID        provider.Text   `json:"id"`
	OrgID     provider.Text   `json:"orgId"`
	CreatedAt provider.Moment `json:"createdAt"`

	Call             *call           `json:"call"`
	Chat             json.RawMessage `json:"chat"`
	Assistant        json.RawMessage `json:"assistant"`
	NewAssistant     json.RawMessage `json:"newAssistant"`
	AssistantVersion provider.Text   `json:"assistantVersion"`
	Customer         json.RawMessage `json:"customer"`
	PhoneNumber      json.RawMessage `json:"phoneNumber"`
	Artifact         *artifact       `json:"artifact"`

	Status      provider.Text   `json:"status"`
	EndedReason provider.Text   `json:"endedReason"`
	StartedAt   provider.Moment `json:"startedAt"`
	EndedAt     provider.Moment `json:"endedAt"`

	DurationMS      provider.Number `json:"durationMs"`
	DurationSeconds provider.Number `json:"durationSeconds"`
	DurationMinutes provider.Number `json:"durationMinutes"`

	Cost          provider.Number `json:"cost"`
	CostBreakdown json.RawMessage `json:"costBreakdown"`
	Costs         json.RawMessage `json:"costs"`
	Analysis      json.RawMessage `json:"analysis"`
	Compliance    json.RawMessage `json:"compliance"`

	// What stood here before there was an artifact, and still does in places.
	Messages           json.RawMessage `json:"messages"`
	OpenAIMessages     json.RawMessage `json:"messagesOpenAIFormatted"`
	Conversation       json.RawMessage `json:"conversation"`
	Transcript         provider.Text   `json:"transcript"`
	Summary            provider.Text   `json:"summary"`
	RecordingURL       provider.Text   `json:"recordingUrl"`
	StereoRecordingURL provider.Text   `json:"stereoRecordingUrl"`

	// What single types of live message say.
	Role           provider.Text   `json:"role"`
	TranscriptType provider.Text   `json:"transcriptType"`
	Text           provider.Text   `json:"text"`
	Source         provider.Text   `json:"source"`
	Turn           provider.Number `json:"turn"`
	Language       provider.Text   `json:"language"`
	Input          provider.Text   `json:"input"`
	Request        provider.Text   `json:"request"`
	Output         json.RawMessage `json:"output"`
	Parameters     json.RawMessage `json:"parameters"`
	Destination    json.RawMessage `json:"destination"`
	FromAssistant  json.RawMessage `json:"fromAssistant"`
	ToAssistant    json.RawMessage `json:"toAssistant"`
	ToolCalls      json.RawMessage `json:"toolCalls"`
	ToolCallList   json.RawMessage `json:"toolCallList"`
	ToolWithCalls  json.RawMessage `json:"toolWithToolCallList"`
	FunctionCall   json.RawMessage `json:"functionCall"`
	Artifacts      json.RawMessage `json:"artifacts"`
}

type call struct {
	ID                  string          `json:"id"`
	Type                provider.Text   `json:"type"`
	Name                provider.Text   `json:"name"`
	CreatedAt           provider.Moment `json:"createdAt"`
	UpdatedAt           provider.Moment `json:"updatedAt"`
	StartedAt           provider.Moment `json:"startedAt"`
	EndedAt             provider.Moment `json:"endedAt"`
	EndedReason         provider.Text   `json:"endedReason"`
	EndedMessage        provider.Text   `json:"endedMessage"` // more on the reason, for people
	AssistantID         provider.Text   `json:"assistantId"`
	AssistantVersion    provider.Text   `json:"assistantVersion"`
	SquadID             provider.Text   `json:"squadId"`
	WorkflowID          provider.Text   `json:"workflowId"`
	PhoneNumberID       provider.Text   `json:"phoneNumberId"`
	PhoneCallProvider   provider.Text   `json:"phoneCallProvider"`
	PhoneCallProviderID provider.Text   `json:"phoneCallProviderId"`
	CampaignID          provider.Text   `json:"campaignId"`
	CustomerID          provider.Text   `json:"customerId"` // of a customer that Vapi keeps
	Customer            json.RawMessage `json:"customer"`
	PhoneNumber         json.RawMessage `json:"phoneNumber"`
	Assistant           json.RawMessage `json:"assistant"`
	AssistantOverrides  json.RawMessage `json:"assistantOverrides"`
	SquadOverrides      json.RawMessage `json:"squadOverrides"`
	WorkflowOverrides   json.RawMessage `json:"workflowOverrides"`
	Squad               json.RawMessage `json:"squad"`
	Metadata            json.RawMessage `json:"metadata"`
	Monitor             json.RawMessage `json:"monitor"`
}

// artifact is what a call leaves behind; live messages carry it as far as it
// has got.
type artifact struct {
	Messages             []item          `json:"messages"`
	OpenAIMessages       json.RawMessage `json:"messagesOpenAIFormatted"`
	Transcript           provider.Text   `json:"transcript"`
	Recording            json.RawMessage `json:"recording"`
	RecordingURL         provider.Text   `json:"recordingUrl"`
	StereoRecordingURL   provider.Text   `json:"stereoRecordingUrl"`
	VideoRecordingURL    provider.Text   `json:"videoRecordingUrl"`
	PresignedMono        provider.Text   `json:"presignedMonoUrl"`
	PresignedStereo      provider.Text   `json:"presignedStereoUrl"`
	PresignedVideo       provider.Text   `json:"presignedVideoUrl"`
	PresignedAssistant   provider.Text   `json:"presignedAssistantUrl"`
	PresignedCustomer    provider.Text   `json:"presignedCustomerUrl"`
	PresignedExpiresAt   provider.Moment `json:"presignedUrlsExpiresAt"`
	Nodes                json.RawMessage `json:"nodes"`
	Transfers            json.RawMessage `json:"transfers"`
	AssistantActivations json.RawMessage `json:"assistantActivations"`
	VariableValues       json.RawMessage `json:"variableValues"`
	PerformanceMetrics   json.RawMessage `json:"performanceMetrics"`
	StructuredOutputs    json.RawMessage `json:"structuredOutputs"`
	Scorecards           json.RawMessage `json:"scorecards"`
}

// item is one entry of a conversation: speech, a use of a tool or its result.
type item struct {
	Role             provider.Text   `json:"role"`
	Message          provider.Text   `json:"message"`
	Time             provider.Number `json:"time"`             // Unix ms
	EndTime          provider.Number `json:"endTime"`          // Unix ms
	SecondsFromStart provider.Number `json:"secondsFromStart"` // from the call's start
	Duration         provider.Number `json:"duration"`         // seconds or ms: see unitOfDuration
	AssistantName    provider.Text   `json:"assistantName"`
	SpeakerLabel     provider.Text   `json:"speakerLabel"`
	IsFiltered       provider.Text   `json:"isFiltered"`
	DetectedThreats  json.RawMessage `json:"detectedThreats"`
	Metadata         json.RawMessage `json:"metadata"`
	ToolCalls        json.RawMessage `json:"toolCalls"`
	ToolCallID       provider.Text   `json:"toolCallId"`
	Name             provider.Text   `json:"name"`
	Result           json.RawMessage `json:"result"`
}

// toolCall has its name and arguments in one of three places, depending on
// where it is sent.
type toolCall struct {
	ID         provider.Text   `json:"id"`
	Name       provider.Text   `json:"name"`
	Parameters json.RawMessage `json:"parameters"`
	Function   struct {
		Name       provider.Text   `json:"name"`
		Arguments  json.RawMessage `json:"arguments"` // an object, or its JSON as text
		Parameters json.RawMessage `json:"parameters"`
	} `json:"function"`
}

type assistant struct {
	ID               provider.Text   `json:"id"`
	Name             provider.Text   `json:"name"`
	Model            agentModel      `json:"model"`
	Voice            engine          `json:"voice"`
	Transcriber      engine          `json:"transcriber"`
	Metadata         json.RawMessage `json:"metadata"`
	RecordingEnabled *bool           `json:"recordingEnabled"` // before there was an artifactPlan
	HIPAAEnabled     *bool           `json:"hipaaEnabled"`     // before there was a compliancePlan
	VariableValues   json.RawMessage `json:"variableValues"`   // in overrides only
	ArtifactPlan     artifactPlan    `json:"artifactPlan"`
	CompliancePlan   compliancePlan  `json:"compliancePlan"`
}

type agentModel struct {
	Provider     provider.Text `json:"provider"`
	Model        provider.Text `json:"model"`
	SystemPrompt provider.Text `json:"systemPrompt"`
	Messages     []struct {
		Role    provider.Text `json:"role"`
		Content provider.Text `json:"content"`
	} `json:"messages"`
}

type artifactPlan struct {
	RecordingEnabled *bool `json:"recordingEnabled"`
	TranscriptPlan   struct {
		Enabled       *bool         `json:"enabled"`
		AssistantName provider.Text `json:"assistantName"`
		UserName      provider.Text `json:"userName"`
	} `json:"transcriptPlan"`
}

type compliancePlan struct {
	HIPAAEnabled *bool `json:"hipaaEnabled"`
}

// engine names a model, a voice or a transcriber.
type engine struct {
	Provider provider.Text `json:"provider"`
	Model    provider.Text `json:"model"`
	VoiceID  provider.Text `json:"voiceId"`
}

// UnmarshalJSON takes the bare name too.
func (e *engine) UnmarshalJSON(b []byte) error {
	type plain engine
	if len(b) > 0 && b[0] == '{' {
		return provider.Unmarshal(b, (*plain)(e))
	}
	return e.Model.UnmarshalJSON(b)
}

// String is provider/model/voice, as far as they are known.
func (e engine) String() string { return join("/", e.Provider, e.Model, e.VoiceID) }

// party is somebody at the end of a line: the customer, our number, or where a
// call was transferred to.
type party struct {
	Type          provider.Text `json:"type"`
	Number        provider.Text `json:"number"`
	SIPURI        provider.Text `json:"sipUri"`
	Name          provider.Text `json:"name"`
	AssistantName provider.Text `json:"assistantName"`
	Email         provider.Text `json:"email"`
	ExternalID    provider.Text `json:"externalId"`
}

// line is what to dial to reach the party.
func (p party) line() string { return first(p.Number, p.SIPURI) }

// first is the first of some texts that is not blank.
func first(texts ...provider.Text) string {
	for _, t := range texts {
		if s := strings.TrimSpace(string(t)); s != "" {
			return s
		}
	}
	return ""
}

func join(sep string, texts ...provider.Text) string {
	var b strings.Builder
	for _, t := range texts {
		if t == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(sep)
		}
		b.WriteString(string(t))
	}
	return b.String()
}

// present tells whether a raw part says anything.
func present(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" }
