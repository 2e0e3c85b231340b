package audio

import (
	"fmt"
	"math"
)

// Confidence is how far a figure can be trusted.
type Confidence string

// The confidences. None is that of what can't be told from the recording.
const (
	High   Confidence = "high"
	Medium Confidence = "medium"
	Low    Confidence = "low"
	None   Confidence = "none"
)

// leastSNR is the signal-to-noise ratio under which times are not to be trusted:
// a babble of voices at 10 dB is where everything fails.
const leastSNR = 12

// leastPercentile is how many samples a 95th percentile should have.
const leastPercentile = 10

// Basis says how a figure of the report was come by.
type Basis struct {
	Metric     string     `json:"metric"`
	Unit       string     `json:"unit,omitempty"`
	Method     string     `json:"method"`
	Confidence Confidence `json:"confidence" enum:"high,medium,low,none"`
	Reason     string     `json:"reason,omitempty" doc:"Why the confidence is not high"`
}

// The methods, by what they rest on.
const (
	byEnergy    = "Two Gaussians over the energy of 20 ms above 100 Hz, on each channel; frames in which the other channel is over 15 dB louder are left out."
	byMono      = "Two Gaussians over the energy of 20 ms above 100 Hz, on the one channel."
	byTurns     = "Floor-transfer offset between turns: units of speech with own pauses under 600 ms."
	byOverlap   = "A turn that begins over 100 ms into the other side's, at least 300 ms before its end."
	byListening = "A turn under 1 s during the other side's, which goes on for over 200 ms behind it."
	byQuiet     = "Nobody speaks for 2 s or longer, from the start of the file to its end; it is that side's whose turn comes next."
	byShare     = "Agent's units of speech over both sides'."
	byWordCount = "The transcript's words over the time of the side's turns, own pauses with them."
	byPower     = "Distance of the two Gaussians, or where there is hardly any noise, speech over the median of the pauses; above 100 Hz; 60 is 60 or more."
	byActive    = "RMS of the speech, above 100 Hz."
	byClip      = "Share of samples at full scale."
	byHoles     = "20 to 400 ms without any sound, noise included, within speech; on a line without noise with both edges cut off at once."
	byVoice     = "An estimate: the median pitch (YIN at 4 kHz) and the tilt of the spectrum at 1 kHz of what is voiced in the turn, each against the caller's own first turns; half a step for 3 semitones, half for 4 dB."
	byTone      = "One frequency of 600 to 2200 Hz that holds over 85 % of 300 to 3400 Hz for at least 250 ms."
)

// stereoBasis lists what is reported of a recording of two channels. Timed are
// figures that noise and a wrong channel spoil.
var stereoBasis = []struct {
	metric, unit, method string
	timed                bool
}{
	{"segments", "s", byEnergy, true},
	{"agent_latency", "ms", byTurns, true},
	{"p50_ms", "ms", byTurns, true},
	{"p95_ms", "ms", byTurns, true},
	{"first_agent_s", "s", byEnergy, true},
	{"interruptions", "ms", byOverlap, true},
	{"backchannels", "s", byListening, true},
	{"overlap_s", "s", byEnergy, true},
	{"silences", "s", byQuiet, true},
	{"talk_ratio_agent", "1", byShare, true},
	{"wpm", "1/min", byWordCount, true},
	{"prosody", "1", byVoice, true},
	{"snr_db", "dB", byPower, false},
	{"level_dbfs", "dB", byActive, false},
	{"clipped_ratio", "1", byClip, false},
	{"dropouts", "ms", byHoles, false},
	{"beep", "s", byTone, false},
}

// explain writes down how each figure was come by.
func (r *Report) explain(c, a voice) {
	confidence, reason := timing(c, a)
	if r.AgentChannel.Confidence == Low {
		confidence, reason = Low, both(reason, "which channel is the agent's is assumed")
	}
	for _, b := range stereoBasis {
		if b.metric == "wpm" && r.Metrics.WPM == nil {
			continue
		}
		e := Basis{Metric: b.metric, Unit: b.unit, Method: b.method, Confidence: High}
		if b.timed {
			e.Confidence, e.Reason = confidence, reason
		}
		switch {
		case b.metric == "p95_ms" && r.Metrics.Responses < leastPercentile:
			e.Confidence, e.Reason = Low, both(e.Reason, fmt.Sprintf("it is of %d responses", r.Metrics.Responses))
		case b.metric == "prosody" && e.Confidence == High:
			e.Confidence, e.Reason = Medium, "voices are told from acted speech; calm callers with lively voices are taken for others"
		case b.metric == "backchannels" && e.Confidence == High:
			e.Confidence, e.Reason = Medium, "those in the other side's pauses go unnoticed"
		case b.metric == "dropouts" && r.Format.Container != "wav" && r.Format.Container != "flac":
			e.Confidence, e.Reason = Medium, "the codec blurs their edges"
		}
		r.Basis = append(r.Basis, e)
	}
	if r.AgentChannel.Confidence == Low {
		r.Notes = append(r.Notes, r.AgentChannel.Reason)
	}
}

// timing is how far times can be trusted: not where there is much noise.
func timing(sides ...voice) (Confidence, string) {
	worst := math.Inf(1)
	for _, v := range sides {
		if len(v.units) > 0 {
			worst = min(worst, v.snr)
		}
	}
	if worst < leastSNR {
		return Low, fmt.Sprintf("the signal-to-noise ratio is %.0f dB, under %d", worst, leastSNR)
	}
	return High, ""
}

func both(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}

// explainMono says what a recording can't tell that has both speakers on one
// channel.
func (r *Report) explainMono(v voice, note string) {
	const why = "both speakers are on one channel: take turns from the transcript's times"
	confidence, reason := timing(v)
	for _, b := range stereoBasis {
		e := Basis{Metric: b.metric, Unit: b.unit, Method: b.method, Confidence: High}
		switch {
		case b.metric == "wpm" && r.Metrics.WPM == nil:
			continue
		case b.metric == "silences":
			e.Method = "Nobody speaks for 2 s or longer, from the start of the file to its end."
			e.Confidence, e.Reason = confidence, reason
		case b.timed:
			e.Confidence, e.Reason = None, why
		}
		r.Basis = append(r.Basis, e)
	}
	r.Basis = append(r.Basis, Basis{Metric: "speech", Unit: "s", Method: byMono, Confidence: confidence, Reason: reason})
	r.Notes = append(r.Notes, note+": there are no times, latencies or interruptions of either speaker.")
}
