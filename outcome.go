package ringside

// Phase is how far a call has got, as a vendor says it. It only moves forward:
// a ringing that arrives after the end changes nothing.
type Phase int

// The phases, in order.
const (
	PhaseUnknown Phase = iota
	PhaseQueued
	PhaseRinging
	PhaseActive
	PhaseEnded
)

// Status is the phase and the reason of the end, folded into one word.
type Status string

// The statuses. StatusUnknown is a call whose end never came.
const (
	StatusQueued    Status = "queued"
	StatusRinging   Status = "ringing"
	StatusActive    Status = "active"
	StatusCompleted Status = "completed"
	StatusFailed    Status = "failed"
	StatusDeclined  Status = "declined"
	StatusMissed    Status = "missed"
	StatusUnknown   Status = "unknown"
)

// Statuses lists every status, in the order in which a call passes them.
var Statuses = []Status{
	StatusQueued, StatusRinging, StatusActive, StatusCompleted,
	StatusFailed, StatusDeclined, StatusMissed, StatusUnknown,
}

// Ended tells whether a call in this status is over.
func (s Status) Ended() bool {
	switch s {
	case StatusCompleted, StatusFailed, StatusDeclined, StatusMissed:
		return true
	}
	return false
}

// EndedBy is who ended a call.
type EndedBy string

// Who can end a call. The operator is a person on the team's side.
const (
	EndedByAgent    EndedBy = "agent"
	EndedByCustomer EndedBy = "customer"
	EndedByOperator EndedBy = "operator"
	EndedByProvider EndedBy = "provider"
	EndedBySystem   EndedBy = "system"
	EndedByUnknown  EndedBy = "unknown"
)

// FailureClass is why a call did not do what it was for; empty for one that
// ended in the ordinary way.
type FailureClass string

// The failure classes.
const (
	FailureNone        FailureClass = ""
	FailureNoAnswer    FailureClass = "no_answer"
	FailureBusy        FailureClass = "busy"
	FailureDeclined    FailureClass = "declined"
	FailureVoicemail   FailureClass = "voicemail"
	FailureSilence     FailureClass = "silence_timeout"
	FailureMaxDuration FailureClass = "max_duration"
	FailureTransfer    FailureClass = "transfer_failed"
	FailureProvider    FailureClass = "provider_error"
	FailureModel       FailureClass = "model_error"
	FailureVoice       FailureClass = "voice_error"
	FailureTranscriber FailureClass = "transcriber_error"
	FailureTelephony   FailureClass = "telephony_error"
	FailureUnknown     FailureClass = "unknown"
)

// failures says, for each class, which status an ended call has and what
// happened in words.
var failures = map[FailureClass]struct {
	status Status
	words  string
}{
	FailureNone:        {StatusCompleted, ""},
	FailureNoAnswer:    {StatusMissed, "Nobody answered before the ringing stopped."},
	FailureBusy:        {StatusMissed, "The line was busy."},
	FailureDeclined:    {StatusDeclined, "The person called rejected the call."},
	FailureVoicemail:   {StatusCompleted, "A voicemail box answered instead of a person."},
	FailureSilence:     {StatusCompleted, "Nobody spoke for so long that the call was ended."},
	FailureMaxDuration: {StatusCompleted, "The call reached the longest time that the agent allows."},
	FailureTransfer:    {StatusCompleted, "A transfer to another line was tried and did not succeed."},
	FailureProvider:    {StatusFailed, "The voice platform failed."},
	FailureModel:       {StatusFailed, "The language model failed or did not answer in time."},
	FailureVoice:       {StatusFailed, "The speech synthesis failed."},
	FailureTranscriber: {StatusFailed, "The transcription of the caller's speech failed."},
	FailureTelephony:   {StatusFailed, "The phone network or the number could not carry the call."},
	FailureUnknown:     {StatusFailed, "The call failed; the vendor does not say why."},
}

// FailureClasses lists every class a failed call can have.
var FailureClasses = []FailureClass{
	FailureNoAnswer, FailureBusy, FailureDeclined, FailureVoicemail, FailureSilence, FailureMaxDuration,
	FailureTransfer, FailureProvider, FailureModel, FailureVoice, FailureTranscriber, FailureTelephony, FailureUnknown,
}

var endedByWords = map[EndedBy]string{
	EndedByAgent:    "The agent ended the call.",
	EndedByCustomer: "The customer hung up.",
	EndedByOperator: "A person on your team ended the call.",
	EndedByProvider: "The voice platform ended the call.",
	EndedBySystem:   "The call was ended by a limit or a schedule.",
}

// Outcome is how a call ended.
type Outcome struct {
	Success      *bool        `json:"success" doc:"Whether the call did what it was for; null when nobody says"`
	EndedBy      EndedBy      `json:"ended_by" enum:"agent,customer,operator,provider,system,unknown"`
	FailureClass FailureClass `json:"failure_class" doc:"Why it failed; empty when it ended in the ordinary way"`
	Component    string       `json:"component,omitempty" doc:"What failed, where the vendor says: its model, voice or carrier"`
	Explanation  string       `json:"explanation" doc:"The end in words"`
}

// End is a vendor's reason for an end, put into our terms.
type End struct {
	By        EndedBy      `json:"by,omitempty"`
	Failure   FailureClass `json:"failure,omitempty"`
	Component string       `json:"component,omitempty"`
}

// outcome puts together what is known of a call's end.
func outcome(p Phase, end End, success *bool) Outcome {
	o := Outcome{Success: success, EndedBy: end.By, FailureClass: end.Failure, Component: end.Component}
	if o.EndedBy == "" {
		o.EndedBy = EndedByUnknown
	}
	if p != PhaseEnded {
		return o
	}
	if o.Success == nil && o.FailureClass != FailureNone {
		o.Success = new(false)
	}
	o.Explanation = failures[o.FailureClass].words
	if o.Explanation == "" {
		o.Explanation = endedByWords[o.EndedBy]
	}
	if o.Explanation == "" {
		o.Explanation = "The call ended; the vendor does not say who ended it."
	}
	return o
}

// statusOf is the status of a call in a phase.
func statusOf(p Phase, f FailureClass) Status {
	switch p {
	case PhaseQueued:
		return StatusQueued
	case PhaseRinging:
		return StatusRinging
	case PhaseActive:
		return StatusActive
	case PhaseEnded:
		if row, ok := failures[f]; ok {
			return row.status
		}
		return StatusFailed
	}
	return StatusUnknown
}
