package audio

import "math"

// What the beep of an answering machine is like. Vowels that are held reach
// neither the pitch nor the length.
const (
	beepMin, beepMax   = 0.25, 3.0 // s
	beepLow, beepHigh  = 600, 2200 // Hz
	beepAlone          = 0.3       // s around it without another tone
	beepSlack          = 0.03      // s by which a tone may be seen too short
	beepMarginInFrames = 2
)

// Beep is the tone after which an answering machine records.
type Beep struct {
	At      float64 `json:"at" doc:"Seconds from the start of the file"`
	Seconds float64 `json:"seconds"`
	HZ      float64 `json:"hz"`
}

// beeps are the tones of a channel that can be a machine's. Several in a row at
// other pitches are the network's: "the number you have dialled".
func beeps(tones []tone) (out []tone) {
	for i, t := range tones {
		long := t.to - t.from
		if long < beepMin-beepSlack || long > beepMax || t.hz < beepLow || t.hz > beepHigh {
			continue
		}
		if i > 0 && t.from-tones[i-1].to < beepAlone || i+1 < len(tones) && tones[i+1].from-t.to < beepAlone {
			continue
		}
		out = append(out, t)
	}
	return out
}

// firstBeep is the first of some; nil without any.
func firstBeep(tones []tone) *Beep {
	if len(tones) == 0 {
		return nil
	}
	t := tones[0]
	return &Beep{At: round(t.from, 2), Seconds: round(t.to-t.from, 2), HZ: math.Round(t.hz)}
}

// toneRuns are where tones are, in frames.
func toneRuns(tones []tone) (out []run) {
	for _, t := range tones {
		out = append(out, run{int(t.from*perSecond) - beepMarginInFrames, int(t.to*perSecond) + 1 + beepMarginInFrames})
	}
	return out
}
