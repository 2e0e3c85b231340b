package openai

import (
	"cmp"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// reading is the events of one call in one body on their way to facts.
type reading struct {
	*moments

	received time.Time
	out      []ringside.Event
}

func read(events []forwarded, p provider.Payload) []ringside.Event {
	r := reading{moments: collect(events), received: p.ReceivedAt}
	for i := range events {
		if e := &events[i]; !partial(string(e.Type)) {
			r.read(e)
		}
	}
	return r.out
}

// partial tells the events that are a piece of a later one, or say nothing of
// the call.
func partial(kind string) bool {
	switch kind {
	case "rate_limits.updated", "response.output_item.added", "response.output_text.done", "response.output_audio.done",
		"response.output_audio_transcript.done", "conversation.item.input_audio_transcription.segment":
		return true
	}
	return strings.HasSuffix(kind, ".delta") || strings.HasPrefix(kind, "response.content_part.")
}

// add gives an event of ours for a forwarded one, at a moment of its own. Of
// events at one time, or without any, the place in the body decides, as if
// they had come a microsecond apart.
func (r *reading) add(e *forwarded, at moment, x ringside.Facts) {
	x.Phase = cmp.Or(x.Phase, phases[string(e.Type)], ringside.PhaseActive)
	x.Key = e.key()
	if e.odd != "" {
		x.Warnings = append(x.Warnings, "an event of OpenAI's could not be read: "+e.odd)
	}
	authority := ringside.Live
	if x.Phase == ringside.PhaseEnded {
		authority = ringside.Report
	}
	r.out = append(r.out, ringside.Event{
		Provider: ID, ProviderCallID: e.call, Name: string(e.Type), Authority: authority, At: at.Time,
		ReceivedAt: r.received.Add(time.Duration(at.place-1) * time.Microsecond), Facts: x,
	})
}

// phases are those of the Live API's events; all others are sent while the
// session is on.
var phases = map[string]ringside.Phase{
	"transport.ringing": ringside.PhaseRinging,
	"transport.failed":  ringside.PhaseEnded,
	"session.closed":    ringside.PhaseEnded,
}

func (r *reading) read(e *forwarded) {
	var x ringside.Facts
	switch e.Type {
	case "session.created", "session.started", "session.updated":
		x = r.session(e)
	case "conversation.item.input_audio_transcription.completed":
		r.heard(e)
		return
	case "response.done":
		r.response(e)
		return
	case "response.function_call_arguments.done":
		x.ToolCalls = r.called(&item{CallID: e.CallID, Name: e.Name, Arguments: e.Arguments}, e.at)
	case "conversation.item.added", "conversation.item.done", "conversation.item.created":
		x = r.item(e)
	case "conversation.item.truncated":
		x.Interruption = &ringside.Interruption{By: ringside.RoleUser}
	case "session.closed":
		x.EndedAt, x.EndedReason, x.End = r.when(e), string(e.Type), &ringside.End{By: ringside.EndedByUnknown}
	case "transport.failed":
		x.EndedAt, x.EndedReason = r.when(e), string(e.Type)
		x.End = &ringside.End{By: ringside.EndedByProvider, Failure: ringside.FailureTelephony}
	case "transport.answered":
		x.AnsweredAt = r.when(e)
	default:
		x.Span = e.span()
	}
	r.add(e, e.at, x)
}

// when is the time of an event: the forwarder's, else when it came.
func (r *reading) when(e *forwarded) time.Time {
	if e.at.IsZero() {
		return r.received
	}
	return e.at.Time
}

// session reads what the agent runs on. The call is taken to start with its
// session.
func (r *reading) session(e *forwarded) (x ringside.Facts) {
	if e.Type != "session.updated" {
		x.StartedAt = r.when(e)
	}
	if s := e.Session; s != nil {
		x.Model = ringside.Model{
			PromptHash: provider.PromptHash(string(s.Instructions)), Language: string(s.Model),
			Voice: string(s.Audio.Output.Voice), Transcriber: string(s.Audio.Input.Transcription.Model),
		}
		if s.ID != "" {
			x.Metadata = ringside.Values{"session_id": string(s.ID)}
		}
	}
	return x
}

// span is the step that an event tells of; nil when it tells of none.
func (e *event) span() *ringside.Span {
	switch e.Type {
	case "input_audio_buffer.speech_started":
		return speech(ringside.RoleUser, "The customer started speaking", true)
	case "input_audio_buffer.speech_stopped":
		return speech(ringside.RoleUser, "The customer stopped speaking", false)
	case "output_audio_buffer.started":
		return speech(ringside.RoleAgent, "The agent started speaking", true)
	case "output_audio_buffer.stopped": // cleared is the customer's doing, who speaks then
		return speech(ringside.RoleAgent, "The agent stopped speaking", false)
	case "input_audio_buffer.dtmf_event_received", "transport.dtmf.received":
		return &ringside.Span{Name: "dtmf", Title: string(e.Key)}
	case "conversation.item.input_audio_transcription.failed":
		return &ringside.Span{Name: "transcriber", Title: "What the customer said could not be transcribed", Error: cmp.Or(e.Error.words(), "failed")}
	case "error":
		return &ringside.Span{Name: "event", Title: "OpenAI reported an error", Error: cmp.Or(e.Error.words(), "unknown")}
	}
	return nil
}

func speech(who ringside.Role, title string, on bool) *ringside.Span {
	return &ringside.Span{Name: ringside.SpanSpeech, Title: title, Attributes: map[string]any{"role": string(who), "speaking": on}}
}
