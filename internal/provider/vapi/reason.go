package vapi

import (
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// reasons are the ends of a call that are no failure of a component.
var reasons = map[string]ringside.End{
	"assistant-ended-call":                      {By: ringside.EndedByAgent},
	"assistant-ended-call-after-message-spoken": {By: ringside.EndedByAgent},
	"assistant-ended-call-with-hangup-task":     {By: ringside.EndedByAgent},
	"assistant-said-end-call-phrase":            {By: ringside.EndedByAgent},
	"assistant-forwarded-call":                  {By: ringside.EndedByAgent},
	"voicemail":                                 {By: ringside.EndedByAgent, Failure: ringside.FailureVoicemail},

	"customer-ended-call":                             {By: ringside.EndedByCustomer},
	"customer-ended-call-before-warm-transfer":        {By: ringside.EndedByCustomer, Failure: ringside.FailureTransfer},
	"customer-ended-call-after-warm-transfer-attempt": {By: ringside.EndedByCustomer, Failure: ringside.FailureTransfer},
	"customer-ended-call-during-transfer":             {By: ringside.EndedByCustomer, Failure: ringside.FailureTransfer},
	"customer-busy":                                   {By: ringside.EndedByCustomer, Failure: ringside.FailureBusy},
	"customer-did-not-answer":                         {By: ringside.EndedBySystem, Failure: ringside.FailureNoAnswer},
	// Without a microphone there is no call: the person turned it down.
	"customer-did-not-give-microphone-permission":                {By: ringside.EndedByCustomer, Failure: ringside.FailureDeclined},
	"call.ringing.sip-inbound-caller-hungup-before-call-connect": {By: ringside.EndedByCustomer, Failure: ringside.FailureNoAnswer},

	"silence-timed-out":     {By: ringside.EndedBySystem, Failure: ringside.FailureSilence},
	"exceeded-max-duration": {By: ringside.EndedBySystem, Failure: ringside.FailureMaxDuration},

	"manually-canceled":      {By: ringside.EndedByOperator},
	"scheduled-call-deleted": {By: ringside.EndedByOperator},
	"call-deleted":           {By: ringside.EndedByOperator},

	// The carrier says that the call is over, and not which side hung up.
	"call.in-progress.twilio-completed-call": {By: ringside.EndedByUnknown},
	"call.in-progress.sip-completed-call":    {By: ringside.EndedByUnknown},
	"vonage-completed":                       {By: ringside.EndedByUnknown},

	// The user's own hook or server took the call over.
	"call.ringing.hook-executed-say":                           {By: ringside.EndedBySystem},
	"call.ringing.hook-executed-transfer":                      {By: ringside.EndedBySystem},
	"call.ending.hook-executed-say":                            {By: ringside.EndedBySystem},
	"call.ending.hook-executed-transfer":                       {By: ringside.EndedBySystem},
	"assistant-request-returned-forwarding-phone-number":       {By: ringside.EndedBySystem},
	"call.forwarding.operator-busy":                            {By: ringside.EndedBySystem, Failure: ringside.FailureTransfer},
	"call.forwarding.no-answer":                                {By: ringside.EndedBySystem, Failure: ringside.FailureTransfer},
	"call.in-progress.error-transfer-failed":                   {By: ringside.EndedBySystem, Failure: ringside.FailureTransfer},
	"call.in-progress.error-warm-transfer-max-duration":        {By: ringside.EndedBySystem, Failure: ringside.FailureTransfer},
	"call.in-progress.error-warm-transfer-assistant-cancelled": {By: ringside.EndedBySystem, Failure: ringside.FailureTransfer},
	"call.in-progress.error-warm-transfer-silence-timeout":     {By: ringside.EndedBySystem, Failure: ringside.FailureTransfer},
	"call.in-progress.error-warm-transfer-microphone-timeout":  {By: ringside.EndedBySystem, Failure: ringside.FailureTransfer},
}

// endOf puts an endedReason into our terms. There are over six hundred, and
// some are sent that are not on Vapi's list: what is no known reason is told
// by its beginning and its words.
func endOf(reason string) ringside.End {
	if end, ok := reasons[reason]; ok {
		return end
	}
	if fault, ok := faultOf(reason); ok {
		return fault
	}
	if end, ok := provider.EndByWords(reason, words); ok {
		return end
	}
	switch {
	case strings.HasPrefix(reason, "customer-"):
		return ringside.End{By: ringside.EndedByCustomer}
	case strings.HasPrefix(reason, "assistant-"):
		return ringside.End{By: ringside.EndedByAgent}
	}
	return ringside.End{By: ringside.EndedByUnknown}
}

// faultPrefixes begin the reasons that name a component. A vapifault is
// Vapi's own, a providerfault that of a vendor behind it.
var faultPrefixes = []string{
	"call.in-progress.error-vapifault-", "call.in-progress.error-providerfault-",
	"call.in-progress.error-", "call.ringing.error-", "pipeline-error-",
}

// faultOf reads a reason that names the component that failed.
func faultOf(reason string) (ringside.End, bool) {
	for _, f := range setupFaults {
		if rest, ok := strings.CutPrefix(reason, f.begins); ok {
			component := f.component
			if component == "" {
				component = rest
			}
			return ringside.End{By: ringside.EndedByProvider, Failure: f.class, Component: component}, true
		}
	}
	for _, prefix := range faultPrefixes {
		if rest, ok := strings.CutPrefix(reason, prefix); ok {
			return componentFault(rest), true
		}
	}
	return ringside.End{}, false
}

// setupFaults are the reasons that say that a call could not be set up or kept
// up, by how they begin, the longer beginning first. With no component given
// it is what follows.
var setupFaults = []struct {
	begins    string
	class     ringside.FailureClass
	component string
}{
	{"call.start.error-vapi-number-", ringside.FailureTelephony, "vapi-number"}, // what Vapi's free numbers may not do
	{"call.start.error-get-transport", ringside.FailureTelephony, "transport"},
	{"call.start.error-vapifault-get-", ringside.FailureProvider, ""},
	{"call.start.error-vapifault-", ringside.FailureProvider, ""},
	{"call.start.error-get-", ringside.FailureProvider, ""},
	{"call.start.error-", ringside.FailureProvider, ""},
	{"call.start.", ringside.FailureProvider, ""},
	{"call-start-error-", ringside.FailureProvider, ""},
	{"assistant-request-", ringside.FailureProvider, "assistant-request"}, // the user's own server gave no assistant
	{"assistant-not-", ringside.FailureProvider, "assistant"},
	{"assistant-join-timed-out", ringside.FailureProvider, "assistant"},
	{"worker-", ringside.FailureProvider, "worker"},
	{"phone-call-provider-", ringside.FailureTelephony, "phone-call-provider"},
	{"twilio-", ringside.FailureTelephony, "twilio"},
	{"vonage-", ringside.FailureTelephony, "vonage"},
	{"telnyx-", ringside.FailureTelephony, "telnyx"},
	{"sip-", ringside.FailureTelephony, "sip"},
}

// componentFault reads what follows the prefix of a fault, such as
// azure-openai-429-exceeded-quota: which kind of component it was, by the
// words that say so or by what its vendor is known for, and whose.
func componentFault(rest string) ringside.End {
	end := ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureProvider}
	var class ringside.FailureClass
	end.Component, class = vendorOf(rest)
	if class != "" {
		end.Failure = class
	}
	for _, w := range componentWords {
		at := strings.Index(rest, w.word)
		if at < 0 {
			continue
		}
		end.Failure = w.class
		if end.Component == "" {
			end.Component = strings.Trim(rest[:at], "-")
		}
		if end.Component == "" || w.whole && class == "" {
			end.Component = strings.Trim(w.word, "-")
		}
		break
	}
	if end.Component == "" {
		end.Component = rest
	}
	return end
}

// componentWords tell the kind of component, the most telling word first. A
// whole one is the component's name too.
var componentWords = []struct {
	word  string
	class ringside.FailureClass
	whole bool
}{
	{"-video-", ringside.FailureProvider, false},
	{"-transcriber-", ringside.FailureTranscriber, false},
	{"-voice-", ringside.FailureVoice, false},
	{"-tts-", ringside.FailureVoice, false},
	{"-llm-failed", ringside.FailureModel, false},
	{"llm", ringside.FailureModel, true},
	{"ws-model", ringside.FailureModel, true},
	{"sip-", ringside.FailureTelephony, true},
	{"transport", ringside.FailureTelephony, true},
	{"customer-audio", ringside.FailureTelephony, true},
}

// vendors are what a fault with no word for its kind is by default.
var vendors = []struct {
	class ringside.FailureClass
	names []string
}{
	{ringside.FailureModel, []string{
		"openai", "azure-openai", "anthropic-bedrock", "anthropic-vertex", "anthropic", "anyscale", "baseten", "cerebras",
		"custom-llm", "deep-seek", "deepinfra", "google", "groq", "inflection-ai", "minimax", "mistral", "openrouter",
		"perplexity-ai", "runpod", "together-ai", "vapi", "xai",
	}},
	{ringside.FailureTranscriber, []string{
		"assembly-ai", "azure-speech", "custom-transcriber", "deepgram", "gladia", "soniox", "speechmatics", "talkscriber",
	}},
	{ringside.FailureVoice, []string{
		"azure", "cartesia", "custom-voice", "eleven-labs", "hume", "inworld", "lmnt", "microsoft", "neuphonic", "playht",
		"rime-ai", "sesame", "smallest-ai", "wellsaid",
	}},
	{ringside.FailureTelephony, []string{"twilio", "vonage", "telnyx"}},
}

// vendorOf finds the vendor that a fault begins with, the longest name first,
// and what it is known for. A status number ends the name of an unknown one.
func vendorOf(rest string) (name string, class ringside.FailureClass) {
	for _, group := range vendors {
		for _, v := range group.names {
			if len(v) > len(name) && strings.HasPrefix(rest, v+"-") {
				name, class = v, group.class
			}
		}
	}
	if name != "" {
		return name, class
	}
	for i := 0; i+4 < len(rest); i++ {
		if rest[i] == '-' && isDigit(rest[i+1]) && isDigit(rest[i+2]) && isDigit(rest[i+3]) && rest[i+4] == '-' {
			return rest[:i], ""
		}
	}
	return "", ""
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

// words tell the end of a reason that is on no list.
var words = []provider.Reason{
	{Words: []string{"voicemail", "machine"}, End: ringside.End{By: ringside.EndedByAgent, Failure: ringside.FailureVoicemail}},
	{Words: []string{"did not answer", "no answer"}, End: ringside.End{By: ringside.EndedBySystem, Failure: ringside.FailureNoAnswer}},
	{Words: []string{"busy"}, End: ringside.End{By: ringside.EndedByCustomer, Failure: ringside.FailureBusy}},
	{Words: []string{"declined", "rejected"}, End: ringside.End{By: ringside.EndedByCustomer, Failure: ringside.FailureDeclined}},
	{Words: []string{"silence"}, End: ringside.End{By: ringside.EndedBySystem, Failure: ringside.FailureSilence}},
	{Words: []string{"max duration"}, End: ringside.End{By: ringside.EndedBySystem, Failure: ringside.FailureMaxDuration}},
	{Words: []string{"transfer failed"}, End: ringside.End{By: ringside.EndedBySystem, Failure: ringside.FailureTransfer}},
	{Words: []string{"transcriber"}, End: ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureTranscriber}},
	{Words: []string{"llm"}, End: ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureModel}},
	{Words: []string{"voice failed", "tts"}, End: ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureVoice}},
	{Words: []string{"sip", "transport"}, End: ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureTelephony}},
	{Words: []string{"error", "failed", "fault"}, End: ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureUnknown}},
}
