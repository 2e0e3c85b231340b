package ringside

import (
	"net/url"
	"slices"
	"strconv"
)

// AgentSettings say what is done with an agent's calls. The names in JSON are
// those of the voice platforms' own settings, so that a config can be sent as
// it is; a nil field was never set.
type AgentSettings struct {
	Model        string       `json:"model,omitempty"`
	Instructions string       `json:"instructions,omitempty"`
	VoiceEnabled *bool        `json:"voiceEnabled,omitempty"`
	Transcriber  *Transcriber `json:"transcriber,omitempty"`
	Voice        *Voice       `json:"voice,omitempty"`

	CallSummaryEnabled *bool  `json:"callSummaryEnabled,omitempty" doc:"Summarise each call after it ends"`
	CallSummaryPrompt  string `json:"callSummaryPrompt,omitempty"`

	CallTaggingEnabled    *bool    `json:"callTaggingEnabled,omitempty"`
	CallTaggingCategories []string `json:"callTaggingCategories,omitempty" doc:"The only tags that a call may get"`
	CallTaggingModel      string   `json:"callTaggingModel,omitempty"`

	CRMAutoSyncEnabled *bool    `json:"crmAutoSyncEnabled,omitempty"`
	CRMProvider        string   `json:"crmProvider,omitempty" doc:"hubspot, salesforce or custom"`
	CRMAPIKey          string   `json:"crmApiKey,omitempty" doc:"Written, never read back: crmApiKey_set says whether there is one"`
	CRMSyncFields      []string `json:"crmSyncFields,omitempty"`

	SpeedToLeadEnabled    *bool  `json:"speedToLeadEnabled,omitempty"`
	SpeedToLeadWebhookURL string `json:"speedToLeadWebhookUrl,omitempty"`

	CallScoringEnabled *bool    `json:"callScoringEnabled,omitempty"`
	ScoringCriteria    []string `json:"scoringCriteria,omitempty"`
	ScoringModel       string   `json:"scoringModel,omitempty"`

	KnowledgeGapDetectionEnabled *bool  `json:"knowledgeGapDetectionEnabled,omitempty"`
	KnowledgeGapWebhookURL       string `json:"knowledgeGapWebhookUrl,omitempty"`

	WebhookURL        string   `json:"webhookUrl,omitempty"`
	WebhookSecret     string   `json:"webhookSecret,omitempty" doc:"Written, never read back: webhookSecret_set says whether there is one"`
	WebhookEvents     []string `json:"webhookEvents,omitempty"`
	WebhookRetryCount *int     `json:"webhookRetryCount,omitempty" nullable:"true"`

	BatchOutboundEnabled   *bool  `json:"batchOutboundEnabled,omitempty"`
	BatchRetryAttempts     *int   `json:"batchRetryAttempts,omitempty" nullable:"true"`
	BatchRetryDelayMinutes *int   `json:"batchRetryDelayMinutes,omitempty" nullable:"true"`
	BatchVoicemailAction   string `json:"batchVoicemailAction,omitempty" doc:"leave_message or skip"`

	PredictiveDialerEnabled    *bool  `json:"predictiveDialerEnabled,omitempty"`
	DialerMode                 string `json:"dialerMode,omitempty" doc:"progressive or predictive"`
	DialerMaxConcurrent        *int   `json:"dialerMaxConcurrent,omitempty" nullable:"true"`
	DialerCallbackEnabled      *bool  `json:"dialerCallbackEnabled,omitempty"`
	DialerCallbackDelayMinutes *int   `json:"dialerCallbackDelayMinutes,omitempty" nullable:"true"`

	CompliancePhrases []PhraseRule      `json:"compliancePhrases,omitempty" doc:"What the agent must say, and must not"`
	ExtractionFields  []ExtractionField `json:"extractionFields,omitempty" doc:"What a language model reads out of each call"`
	ScorecardID       string            `json:"scorecardId,omitempty" doc:"The scorecard that each of the agent's calls is evaluated by after it has ended, beside scoringCriteria; an evaluator with the same scorecard does it in its place"`
	CRMURL            string            `json:"crmUrl,omitempty" doc:"Of a custom CRM: where each call is posted"`
	CRMCreateContact  *bool             `json:"crmCreateContact,omitempty" doc:"Make a contact when the number is nobody's"`
	CRMFieldMapping   map[string]string `json:"crmFieldMapping,omitempty" doc:"Which property of the CRM each synced field goes to, where not the usual one; call_id names one to keep our id in"`
	CRMTemplate       string            `json:"crmTemplate,omitempty" doc:"Of a custom CRM: the JSON to post, with {{names}} in its texts"`

	SoundLimits map[string]SoundLimits `json:"soundLimits,omitempty" doc:"What the figures of a call's sound mean, by figure, where not as usual: …/v1/sound-limits lists them with the usual limits"`

	AuthTools []string `json:"authTools,omitempty" doc:"Tools by which the agent authenticates the caller: one that works is caller.authenticated, one that fails caller.auth_failed"`

	Retention *Retention `json:"retention,omitempty" doc:"How long the agent's calls are kept"`
	RedactionSettings

	MaxDurationMinutes *int `json:"maxDurationMinutes,omitempty" nullable:"true" doc:"How long a call may last, 120 by default; one without an end is given up on 10 minutes later"`
}

// AgentSecrets are the settings that are kept sealed, apart from the others.
type AgentSecrets struct {
	CRMAPIKey     string `json:"crmApiKey,omitempty"`
	WebhookSecret string `json:"webhookSecret,omitempty"`
}

// Transcriber is what turns the caller's speech into text.
type Transcriber struct {
	Provider string `json:"provider,omitempty"`
	Model    string `json:"model,omitempty"`
	Language string `json:"language,omitempty"`
}

// Voice is what the agent speaks with.
type Voice struct {
	Provider string `json:"provider,omitempty"`
	VoiceID  string `json:"voiceId,omitempty"`
	Model    string `json:"model,omitempty"`
}

// WebhookEventNames are the events that are sent, in the order in which a call
// makes them.
var WebhookEventNames = []string{
	"call_started", "message_received", "agent_speech", "error_occurred", "sentiment.alert", "caller.authenticated", "caller.auth_failed",
	"call_ended", "call_analyzed",
}

// WebhookCallEvents are those of whole calls: who chooses no events gets these.
// The others happen many times in a call, and are sent to who names them.
var WebhookCallEvents = []string{"call_started", "call_ended", "call_analyzed"}

// CRMFieldNames are what can be written to a CRM.
var CRMFieldNames = []string{
	"duration", "summary", "outcome", "next_steps", "sentiment", "tags", "score", "recording", "link",
}

// Validate says what is wrong with the settings, pointing at the field.
func (s *AgentSettings) Validate() error {
	for _, u := range []struct{ field, value string }{
		{"/speedToLeadWebhookUrl", s.SpeedToLeadWebhookURL},
		{"/knowledgeGapWebhookUrl", s.KnowledgeGapWebhookURL},
		{"/webhookUrl", s.WebhookURL},
		{"/crmUrl", s.CRMURL},
	} {
		if err := validURL(u.field, u.value); err != nil {
			return err
		}
	}
	for _, w := range []struct {
		field   string
		value   string
		allowed []string
	}{
		{"/crmProvider", s.CRMProvider, []string{"hubspot", "salesforce", "custom"}},
		{"/batchVoicemailAction", s.BatchVoicemailAction, []string{"leave_message", "skip"}},
		{"/dialerMode", s.DialerMode, []string{"progressive", "predictive"}},
	} {
		if w.value != "" && !slices.Contains(w.allowed, w.value) {
			return Invalidf(w.field, "%q is not one of %q", w.value, w.allowed)
		}
	}
	for _, l := range []struct {
		field   string
		values  []string
		allowed []string
	}{
		{"/webhookEvents", s.WebhookEvents, WebhookEventNames},
		{"/crmSyncFields", s.CRMSyncFields, CRMFieldNames},
	} {
		for i, v := range l.values {
			if !slices.Contains(l.allowed, v) {
				return Invalidf(l.field+"/"+strconv.Itoa(i), "%q is not one of %q", v, l.allowed)
			}
		}
	}
	if err := validatePhraseRules(s.CompliancePhrases); err != nil {
		return err
	}
	if err := validateSoundLimits(s.SoundLimits); err != nil {
		return err
	}
	if err := validateExtraction(s.ExtractionFields); err != nil {
		return err
	}
	if err := s.Retention.validate(); err != nil {
		return err
	}
	if err := s.validateRedaction(); err != nil {
		return err
	}
	return s.validateNumbers()
}

func (s *AgentSettings) validateNumbers() error {
	for _, n := range []struct {
		field    string
		value    *int
		min, max int
	}{
		{"/webhookRetryCount", s.WebhookRetryCount, 0, 10},
		{"/batchRetryAttempts", s.BatchRetryAttempts, 0, 10},
		{"/batchRetryDelayMinutes", s.BatchRetryDelayMinutes, 1, 10080},
		{"/dialerMaxConcurrent", s.DialerMaxConcurrent, 1, 1000},
		{"/dialerCallbackDelayMinutes", s.DialerCallbackDelayMinutes, 1, 10080},
		{"/maxDurationMinutes", s.MaxDurationMinutes, 1, 1440},
	} {
		if n.value != nil && (*n.value < n.min || *n.value > n.max) {
			return Invalidf(n.field, "%d is not between %d and %d", *n.value, n.min, n.max)
		}
	}
	return nil
}

func validURL(field, s string) error {
	if s == "" {
		return nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return Invalidf(field, "%q is not a web address; it looks like https://example.com/hook", s)
	}
	return nil
}
