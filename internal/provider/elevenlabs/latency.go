package elevenlabs

import (
	"encoding/json"
	"math"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// turnMetrics are the timings of one entry of the transcript. Newer payloads
// keep them in metrics, older ones have them at the top.
type turnMetrics struct {
	timings
	Metrics     timings       `json:"metrics"`
	Transcriber provider.Text `json:"convai_asr_provider"`
	Voice       provider.Text `json:"convai_tts_model"`
}

type timings struct {
	Model        elapsed `json:"convai_llm_service_ttfb"`
	Voice        elapsed `json:"convai_tts_service_ttfb"`
	Endpointing  elapsed `json:"convai_turn_silence_before_initiation"`
	Transcriber  elapsed `json:"convai_turn_asr_latency"`
	TranscribeIn elapsed `json:"convai_asr_trailing_service_latency"` // of the user's own entry
	Total        elapsed `json:"convai_ttf_audio_since_silence"`
}

type elapsed struct {
	Secs provider.Number `json:"elapsed_time"`
}

// ms is a timing in milliseconds, to a thousandth. Nothing took no time: a
// zero stands where a step was not taken, such as the model's in a greeting.
func (e elapsed) ms() *float64 {
	if !e.Secs.Known || e.Secs.Value <= 0 {
		return nil
	}
	return new(math.Round(e.Secs.Value*1e6) / 1e3)
}

// readMetrics reads the timings of an entry; what can't be read is none.
func readMetrics(raw json.RawMessage) turnMetrics {
	var m turnMetrics
	if len(raw) == 0 || provider.Unmarshal(raw, &m) != nil {
		return turnMetrics{}
	}
	if m.Metrics == (timings{}) {
		m.Metrics = m.timings
	}
	return m
}

// latency is what the caller waited for a turn. The total counts from the end
// of the speech before it, so it is one of ours only when the caller spoke
// last; the transcription is of the caller's entry, and is repeated here or
// not.
func (t timings) latency(afterUser bool, transcription *float64) *ringside.Latency {
	l := &ringside.Latency{
		Source:            ringside.Claimed,
		EndpointingMS:     t.Endpointing.ms(),
		TranscriptionMS:   t.Transcriber.ms(),
		ModelFirstTokenMS: t.Model.ms(),
		VoiceFirstByteMS:  t.Voice.ms(),
	}
	if l.TranscriptionMS == nil {
		l.TranscriptionMS = t.TranscribeIn.ms()
	}
	if afterUser {
		l.TotalMS = t.Total.ms()
		if l.TranscriptionMS == nil {
			l.TranscriptionMS = transcription
		}
	}
	if *l == (ringside.Latency{Source: ringside.Claimed}) {
		return nil
	}
	return l
}
