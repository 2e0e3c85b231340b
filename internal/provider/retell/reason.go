package retell

import (
	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// reason is what a disconnection_reason means.
type reason struct {
	end ringside.End
	// unconnected: the two sides never spoke, so there was no answer.
	unconnected bool
}

// reasons are all that Retell documents.
var reasons = map[string]reason{
	"user_hangup":          {end: ringside.End{By: ringside.EndedByCustomer}},
	"agent_hangup":         {end: ringside.End{By: ringside.EndedByAgent}},
	"call_transfer":        {end: ringside.End{By: ringside.EndedByAgent}},
	"transfer_bridged":     {end: ringside.End{By: ringside.EndedByAgent}},
	"transfer_cancelled":   {end: ringside.End{By: ringside.EndedBySystem, Failure: ringside.FailureTransfer}},
	"voicemail_reached":    {end: ringside.End{By: ringside.EndedByAgent, Failure: ringside.FailureVoicemail}},
	"ivr_reached":          {end: ringside.End{By: ringside.EndedByAgent}}, // an automated menu: neither a person nor a voicemail box
	"inactivity":           {end: ringside.End{By: ringside.EndedBySystem, Failure: ringside.FailureSilence}},
	"max_duration_reached": {end: ringside.End{By: ringside.EndedBySystem, Failure: ringside.FailureMaxDuration}},
	"manual_stopped":       {end: ringside.End{By: ringside.EndedByOperator}},
	"call_take_over":       {end: ringside.End{By: ringside.EndedByOperator}},

	"dial_busy":               {missed(ringside.EndedByCustomer, ringside.FailureBusy), true},
	"dial_no_answer":          {missed(ringside.EndedBySystem, ringside.FailureNoAnswer), true},
	"user_declined":           {missed(ringside.EndedByCustomer, ringside.FailureDeclined), true},
	"error_user_not_joined":   {missed(ringside.EndedBySystem, ringside.FailureNoAnswer), true},
	"registered_call_timeout": {missed(ringside.EndedBySystem, ringside.FailureNoAnswer), true},

	"dial_failed":                          {failed(ringside.FailureTelephony, ""), true},
	"invalid_destination":                  {failed(ringside.FailureTelephony, "destination"), true},
	"telephony_provider_permission_denied": {failed(ringside.FailureTelephony, "telephony_provider"), true},
	"telephony_provider_unavailable":       {failed(ringside.FailureTelephony, "telephony_provider"), true},
	"sip_routing_error":                    {failed(ringside.FailureTelephony, "sip"), true},
	"marked_as_spam":                       {failed(ringside.FailureTelephony, "carrier"), true},
	"concurrency_limit_reached":            {failed(ringside.FailureProvider, "concurrency"), true},
	"no_concurrency_fallback":              {failed(ringside.FailureProvider, "concurrency"), true},
	"no_valid_payment":                     {failed(ringside.FailureProvider, "billing"), true},
	"scam_detected":                        {failed(ringside.FailureProvider, "scam_detection"), false},

	"error_llm_websocket_open":            {failed(ringside.FailureModel, "llm_websocket"), false},
	"error_llm_websocket_lost_connection": {failed(ringside.FailureModel, "llm_websocket"), false},
	"error_llm_websocket_runtime":         {failed(ringside.FailureModel, "llm_websocket"), false},
	"error_llm_websocket_corrupt_payload": {failed(ringside.FailureModel, "llm_websocket"), false},
	"error_no_audio_received":             {failed(ringside.FailureTelephony, "audio"), false},
	"error_asr":                           {failed(ringside.FailureTranscriber, ""), false},
	"error_retell":                        {failed(ringside.FailureProvider, "retell"), false},
	"error_unknown":                       {failed(ringside.FailureUnknown, ""), false},
}

func missed(by ringside.EndedBy, f ringside.FailureClass) ringside.End {
	return ringside.End{By: by, Failure: f}
}

func failed(f ringside.FailureClass, component string) ringside.End {
	return ringside.End{By: ringside.EndedByProvider, Failure: f, Component: component}
}

// endOf classes a disconnection_reason; a new one by the words in its name.
func endOf(name string) ringside.End {
	if r, ok := reasons[name]; ok {
		return r.end
	}
	if end, ok := provider.EndByWords(name, words); ok {
		return end
	}
	return ringside.End{By: ringside.EndedByUnknown}
}

var words = []provider.Reason{
	{Words: []string{"error llm*"}, End: failed(ringside.FailureModel, "")},
	{Words: []string{"error asr*"}, End: failed(ringside.FailureTranscriber, "")},
	{Words: []string{"error tts*"}, End: failed(ringside.FailureVoice, "")},
	{Words: []string{"error*"}, End: failed(ringside.FailureUnknown, "")},
	{Words: []string{"dial", "telephony", "sip"}, End: failed(ringside.FailureTelephony, "")},
	{Words: []string{"voicemail", "machine"}, End: missed(ringside.EndedByAgent, ringside.FailureVoicemail)},
	{Words: []string{"user"}, End: missed(ringside.EndedByCustomer, ringside.FailureNone)},
	{Words: []string{"agent"}, End: missed(ringside.EndedByAgent, ringside.FailureNone)},
}

// endWithout is the end of a call that gives no reason, as far as its status
// tells.
func endWithout(status string) *ringside.End {
	switch status {
	case "error", "not_connected":
		return new(failed(ringside.FailureUnknown, ""))
	}
	return nil
}

// neverConnected tells whether the call ended before anybody answered.
func neverConnected(name, status string) bool {
	return status == "not_connected" || reasons[name].unconnected
}
