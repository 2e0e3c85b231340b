package ringside

import "time"

// RecordingKind says what a recording holds. A call has at most one of each.
type RecordingKind string

// The kinds of recording, and the two files that vendors hand out beside them.
const (
	RecordingMixed    RecordingKind = "mixed"    // both sides on one channel
	RecordingStereo   RecordingKind = "stereo"   // one side a channel
	RecordingAgent    RecordingKind = "agent"    // the agent alone
	RecordingCustomer RecordingKind = "customer" // the customer alone
	RecordingVideo    RecordingKind = "video"
	// The scrubbed kinds are the vendor's own redacted copies.
	RecordingScrubbed       RecordingKind = "scrubbed"
	RecordingScrubbedStereo RecordingKind = "scrubbed_stereo"
)

// Recording is where a vendor keeps a recording of the call.
type Recording struct {
	Kind      RecordingKind `json:"kind" enum:"mixed,stereo,agent,customer,video,scrubbed,scrubbed_stereo"`
	URL       string        `json:"url" doc:"Where the vendor serves it; empty when it must be asked for through its API"`
	Channels  int           `json:"channels,omitempty" doc:"0 when unknown"`
	ExpiresAt *time.Time    `json:"expires_at,omitempty" doc:"When the link dies, where the vendor says"`
	Via       string        `json:"via,omitempty" doc:"How to get it when there is no lasting link: the vendor's API path"`
}

// MaxRecording bounds the file of a recording that Ringside keeps, in bytes.
const MaxRecording = 512 << 20

// Kept is the recording that Ringside keeps of a call itself.
type Kept struct {
	Kind   RecordingKind `json:"kind" enum:"mixed,stereo,agent,customer,scrubbed,scrubbed_stereo"`
	From   string        `json:"from" enum:"vendor,webhook,upload" doc:"vendor: fetched from where the vendor keeps it; webhook: it came inside of a delivery; upload: somebody gave it"`
	Type   string        `json:"type" doc:"Media type, told from its first bytes: audio/wav …"`
	Bytes  int64         `json:"bytes"`
	SHA256 string        `json:"sha256" doc:"In hex"`
	At     time.Time     `json:"at" doc:"When it was kept"`

	Redacted int    `json:"redacted,omitempty" doc:"In how many stretches personal data is muted"`
	Original string `json:"original_sha256,omitempty" doc:"Of the recording before anything was muted in it"`
}

// HeardWith names the turns that the kept recording was heard with; empty before
// one was.
func (c *Call) HeardWith() string { return c.fold.HeardWith }

// TurnsFrom is where turns are from that no vendor sent.
type TurnsFrom struct {
	Method string `json:"method" enum:"stt" doc:"stt: speech to text, made from the kept recording"`
	Model  string `json:"model" doc:"That transcribed it"`
	SHA256 string `json:"sha256" doc:"Of the recording that was transcribed"`
}

// Transcribed is what speech to text made of the kept recording. It is one
// fact, and stands for as long as no vendor sends a transcript.
type Transcribed struct {
	From  TurnsFrom `json:"from"`
	Turns []Turn    `json:"turns"`
}

// Acoustics are what the sound of the kept recording tells, in figures; all of it is
// at …/audio. A nil figure can't be told from this recording: one of a single
// channel tells nothing of who speaks.
type Acoustics struct {
	Method        string   `json:"method" enum:"audio" doc:"Where the figures are from: the recording's sound, not what the vendor claims"`
	Confidence    string   `json:"confidence" enum:"high,medium,low" doc:"Of the times: low where speech is under 12 dB above the noise"`
	SHA256        string   `json:"sha256" doc:"Of the recording that was heard"`
	Channels      int      `json:"channels"`
	AgentChannel  *int     `json:"agent_channel" doc:"From 0; null where both speakers are on one channel"`
	Seconds       float64  `json:"seconds"`
	TalkRatio     *float64 `json:"talk_ratio" doc:"The agent's share of all speech, 0 to 1"`
	FirstAgentMS  *float64 `json:"first_agent_ms" doc:"Start of the recording to the agent's first word"`
	Responses     int      `json:"responses" doc:"Agent turns that answer a customer's"`
	ResponseP50MS *float64 `json:"response_p50_ms" doc:"Median floor-transfer offset, customer to agent; negative is overlap"`
	ResponseP95MS *float64 `json:"response_p95_ms" doc:"Null under 10 responses"`
	TurnTaking    *float64 `json:"turn_taking" doc:"EVA's score, 0 to 1, over the agent's answers and what cut in"`
	ByAgent       *int     `json:"interruptions_by_agent"`
	ByCustomer    *int     `json:"interruptions_by_customer"`
	Silences      int      `json:"silences" doc:"Of 2 s and longer"`
	LongestMS     *float64 `json:"longest_silence_ms" doc:"Null without any"`
	OverlapRatio  *float64 `json:"overlap_ratio" doc:"Of the time in which anybody speaks"`
	SNRAgent      *float64 `json:"snr_agent_db"`
	SNRCustomer   *float64 `json:"snr_customer_db"`
	Clipped       *float64 `json:"clipped_ratio" doc:"Share of samples at full scale, of the worse side"`
	Dropouts      *float64 `json:"dropouts_per_minute" doc:"Of speech, of the worse side"`
	WPMAgent      *float64 `json:"wpm_agent"`
	WPMCustomer   *float64 `json:"wpm_customer"`
	BeepS         *float64 `json:"beep_s" doc:"Where an answering machine's beep begins, in seconds; null without one"`
	Notes         []string `json:"notes" doc:"What a reader should know"`

	Voice []VocalTurn `json:"voice,omitempty" doc:"The customer's turns whose voice can be held against their first ones: an estimate"`
}
