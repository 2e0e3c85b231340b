package audio

import (
	"math"

	"github.com/ringsidehq/ringside"
)

// Span is a stretch of a recording: its start and end in seconds from the start
// of the file.
type Span [2]float64

// BySide is one figure for each speaker; nil is one that can't be told.
type BySide struct {
	Customer *float64 `json:"customer"`
	Agent    *float64 `json:"agent"`
}

// Report is what a recording tells. Times are seconds from the start of the
// file, lists are never nil. Basis says how each figure was come by and how far
// it can be trusted.
type Report struct {
	Format        Format         `json:"format"`
	AgentChannel  *AgentChannel  `json:"agent_channel" doc:"Null where both speakers are on one channel, or the same sound is on both"`
	Segments      Segments       `json:"segments"`
	Speech        []Span         `json:"speech" doc:"Where anybody speaks"`
	AgentLatency  []Latency      `json:"agent_latency"`
	Interruptions []Interruption `json:"interruptions"`
	Backchannels  []Backchannel  `json:"backchannels"`
	Silences      []Span         `json:"silences" doc:"2 s and longer"`
	SilenceOf     []string       `json:"silence_of" doc:"For each silence, who was to speak: agent, customer; unknown in a recording of one channel"`
	Dropouts      []Dropout      `json:"dropouts"`
	Prosody       []Prosody      `json:"prosody" doc:"The customer's voice in each turn that has enough of it: an estimate"`
	Metrics       Metrics        `json:"metrics"`
	Beep          *Beep          `json:"beep" doc:"Of an answering machine; null without one"`
	Basis         []Basis        `json:"basis"`
	Notes         []string       `json:"notes" doc:"What a reader should know"`
	Redactions    []Redaction    `json:"redactions" doc:"Where personal data was muted in the recording"`
	Peaks         *Peaks         `json:"peaks,omitempty"`
}

// Redaction is a stretch in which personal data was muted.
type Redaction struct {
	StartMS int64                  `json:"start_ms"`
	EndMS   int64                  `json:"end_ms"`
	Channel *int                   `json:"channel" doc:"From 0; null: all of them"`
	Kind    ringside.RedactionKind `json:"kind" enum:"card,ssn,iban,email,phone,birthdate,number"`
	Method  string                 `json:"method" enum:"words,estimated,turn" doc:"Where the times are from: the words' own, their place in the turn, or the whole turn"`
}

// Segments are where each speaker speaks: inter-pausal units, pauses under 200 ms
// bridged. Both are empty for a recording of one channel.
type Segments struct {
	Customer []Span `json:"customer"`
	Agent    []Span `json:"agent"`
}

// Dropout is a hole that the line cut into somebody's speech.
type Dropout struct {
	Speaker string  `json:"speaker" enum:"agent,customer,unknown"`
	At      float64 `json:"at"`
	MS      float64 `json:"ms"`
}

// Metrics are the figures of the whole recording. A nil one can't be told.
type Metrics struct {
	TalkRatioAgent  *float64 `json:"talk_ratio_agent" doc:"The agent's share of all speech, 0 to 1"`
	P50MS           *float64 `json:"p50_ms" doc:"Median response latency"`
	P95MS           *float64 `json:"p95_ms"`
	Responses       int      `json:"responses" doc:"How many latencies the percentiles are of"`
	FirstAgentS     *float64 `json:"first_agent_s" doc:"Start of the file to the agent's first word"`
	FirstCustomerS  *float64 `json:"first_customer_s"`
	OverlapS        *float64 `json:"overlap_s" doc:"Both speak"`
	OverlapRatio    *float64 `json:"overlap_ratio" doc:"Of the time in which anybody speaks"`
	SilenceS        float64  `json:"silence_s" doc:"In silences of 2 s and longer"`
	SpeechS         float64  `json:"speech_s" doc:"Anybody speaks"`
	SNRDB           BySide   `json:"snr_db" doc:"Speech to noise, above 100 Hz"`
	LevelDB         BySide   `json:"level_dbfs" doc:"RMS of speech, above 100 Hz, in dB of full scale"`
	ClippedRatio    BySide   `json:"clipped_ratio" doc:"Share of samples at full scale"`
	DropoutsAMinute BySide   `json:"dropouts_per_minute" doc:"Of the side's speech"`
	WPM             *BySide  `json:"wpm,omitempty" doc:"Words a minute; only with a transcript"`
	Mono            *Sound   `json:"mono,omitempty" doc:"In place of the figures by side, of a recording of one channel"`
}

// Sound is how a channel sounds.
type Sound struct {
	SNRDB           *float64 `json:"snr_db"`
	LevelDB         *float64 `json:"level_dbfs"`
	ClippedRatio    float64  `json:"clipped_ratio"`
	DropoutsAMinute *float64 `json:"dropouts_per_minute"`
}

func seconds(frame int) float64 { return float64(frame) / perSecond }

func spans(runs []run) []Span {
	out := make([]Span, len(runs))
	for i, r := range runs {
		out[i] = r.span()
	}
	return out
}

func round(v float64, places int) float64 {
	p := math.Pow10(places)
	return math.Round(v*p) / p
}
