package simulate

import "github.com/ringsidehq/ringside"

// chance is how often a call ends in a class, in per mille.
type chance struct {
	class    ringside.FailureClass
	perMille int
}

// What is left of the thousand ends in the ordinary way.
var (
	inboundChances = []chance{
		{ringside.FailureSilence, 24},
		{ringside.FailureMaxDuration, 8},
		{ringside.FailureProvider, 9},
		{ringside.FailureModel, 14},
		{ringside.FailureVoice, 6},
		{ringside.FailureTranscriber, 5},
		{ringside.FailureTelephony, 7},
		{ringside.FailureUnknown, 4},
	}
	outboundChances = []chance{
		{ringside.FailureNoAnswer, 70},
		{ringside.FailureVoicemail, 48},
		{ringside.FailureBusy, 18},
		{ringside.FailureDeclined, 11},
		{ringside.FailureSilence, 14},
		{ringside.FailureMaxDuration, 5},
		{ringside.FailureProvider, 8},
		{ringside.FailureModel, 11},
		{ringside.FailureVoice, 5},
		{ringside.FailureTranscriber, 4},
		{ringside.FailureTelephony, 10},
		{ringside.FailureUnknown, 3},
	}
)

// transferFails is how many of a thousand transfers do not succeed.
const transferFails = 110

// reasons are the vendors' own words for each end. A class that a vendor has
// no word for does not happen to its calls.
var reasons = map[string]map[ringside.FailureClass][]string{
	vapi: {
		ringside.FailureNoAnswer:    {"customer-did-not-answer"},
		ringside.FailureBusy:        {"customer-busy"},
		ringside.FailureVoicemail:   {"voicemail"},
		ringside.FailureSilence:     {"silence-timed-out"},
		ringside.FailureMaxDuration: {"exceeded-max-duration"},
		ringside.FailureTransfer:    {"call.forwarding.operator-busy", "call.in-progress.error-transfer-failed"},
		ringside.FailureProvider:    {"call.in-progress.error-vapifault-worker-died", "worker-shutdown"},
		ringside.FailureModel:       {"call.in-progress.error-providerfault-openai-500-server-error", "call.in-progress.error-vapifault-openai-429-rate-limit-reached", "pipeline-error-openai-429-exceeded-quota"},
		ringside.FailureVoice:       {"pipeline-error-eleven-labs-quota-exceeded", "pipeline-error-eleven-labs-voice-failed"},
		ringside.FailureTranscriber: {"call.in-progress.error-vapifault-deepgram-transcriber-failed"},
		ringside.FailureTelephony:   {"call.in-progress.error-sip-outbound-call-failed-to-connect", "call.in-progress.error-vapifault-transport-never-connected"},
	},
	retell: {
		ringside.FailureNoAnswer:    {"dial_no_answer"},
		ringside.FailureBusy:        {"dial_busy"},
		ringside.FailureDeclined:    {"user_declined"},
		ringside.FailureVoicemail:   {"voicemail_reached"},
		ringside.FailureSilence:     {"inactivity"},
		ringside.FailureMaxDuration: {"max_duration_reached"},
		ringside.FailureTransfer:    {"transfer_cancelled"},
		ringside.FailureProvider:    {"error_retell"},
		ringside.FailureModel:       {"error_llm_websocket_lost_connection", "error_llm_websocket_runtime"},
		ringside.FailureTranscriber: {"error_asr"},
		ringside.FailureTelephony:   {"dial_failed", "invalid_destination", "telephony_provider_unavailable"},
		ringside.FailureUnknown:     {"error_unknown"},
	},
	bland: {
		ringside.FailureNoAnswer:    {"no-answer"},
		ringside.FailureBusy:        {"busy"},
		ringside.FailureDeclined:    {"Call was declined by the recipient."},
		ringside.FailureVoicemail:   {"voicemail"},
		ringside.FailureMaxDuration: {"max-duration"},
		ringside.FailureTransfer:    {"NO_ANSWER", "TIMED_OUT"},
		ringside.FailureProvider:    {"Internal server error."},
		ringside.FailureTelephony:   {"Call failed. The number you dialed is not found.", "Call failed. The number is not in service."},
		ringside.FailureUnknown:     {"Call failed."},
	},
	elevenlabs: {
		ringside.FailureSilence:     {"Call ended after 20 seconds of silence"},
		ringside.FailureMaxDuration: {"Max conversation duration exceeded"},
		ringside.FailureTransfer:    {"Transfer failed: the destination did not pick up"},
		ringside.FailureProvider:    {"An internal error occurred"},
		ringside.FailureModel:       {"custom_llm generation failed", "LLM cascade timed out"},
		ringside.FailureVoice:       {"TTS service failed"},
		ringside.FailureTranscriber: {"ASR connection lost"},
		ringside.FailureTelephony:   {"SIP error 503"},
	},
	custom: {ringside.FailureUnknown: {"error"}},
	external: {
		ringside.FailureNoAnswer:    {"no-answer"},
		ringside.FailureBusy:        {"line-busy"},
		ringside.FailureDeclined:    {"call-rejected"},
		ringside.FailureVoicemail:   {"answering-machine-detected"},
		ringside.FailureSilence:     {"silence-timeout"},
		ringside.FailureMaxDuration: {"maximum-duration"},
		ringside.FailureTransfer:    {"transfer-failed"},
		ringside.FailureModel:       {"llm-timeout"},
		ringside.FailureVoice:       {"tts-error"},
		ringside.FailureTelephony:   {"carrier-error"},
		ringside.FailureUnknown:     {"internal-error"},
	},
}

// ordinary are the vendors' words for an end without a failure: the customer
// hung up, the agent did, the call was transferred.
var ordinary = map[string][3]string{
	vapi:       {"customer-ended-call", "assistant-ended-call", "assistant-forwarded-call"},
	retell:     {"user_hangup", "agent_hangup", "call_transfer"},
	bland:      {"USER", "ASSISTANT", "ASSISTANT"},
	elevenlabs: {"Call ended by remote party", "end_call tool was called.", "Call transferred to another number"},
	custom:     {"ended", "ended", "ended"},
	external:   {"customer-hungup", "agent-hangup", "call-transferred"},
}

// unanswered are the classes of calls that nobody took.
func unanswered(c ringside.FailureClass) bool {
	switch c {
	case ringside.FailureNoAnswer, ringside.FailureBusy, ringside.FailureDeclined, ringside.FailureTelephony:
		return true
	}
	return false
}

// drawClass draws how a call ends. While the model's vendor is down, most of
// its calls fail.
func drawClass(r *rng, c *Call, down bool) ringside.FailureClass {
	chances := inboundChances
	if c.direction == ringside.Outbound {
		chances = outboundChances
	}
	n := r.IntN(1000)
	if down && r.IntN(100) < 35 {
		return ringside.FailureModel
	}
	for _, ch := range chances {
		if n -= ch.perMille; n < 0 {
			return ch.class
		}
	}
	return ringside.FailureNone
}

// end settles the class and the vendor's reason.
func (c *Call) end(r *rng, s *script, down bool) {
	c.class = drawClass(r, c, down)
	if c.class == ringside.FailureNone && s.target != "" && r.IntN(1000) < transferFails {
		c.class = ringside.FailureTransfer
	}
	if words := reasons[c.agent.provider][c.class]; len(words) > 0 {
		c.reason = pick(r, words)
		return
	}
	c.class = ringside.FailureNone
	i := 0
	switch {
	case s.target != "":
		i, c.transferTo = 2, "+1555019"+digits(r, 4)
	case len(s.lines) > 0 && s.lines[len(s.lines)-1].kind == 'A' && r.IntN(4) > 0:
		i = 1
	}
	c.reason = ordinary[c.agent.provider][i]
}
