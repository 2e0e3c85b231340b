package audio_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/audio"
	"github.com/ringsidehq/ringside/internal/audio/audiotest"
)

// manner is how a generated turn is spoken.
type manner struct {
	hz     float64 // the mean pitch, which moves by two semitones around it
	effort float64 // dB: how much less the harmonics fall in an octave; 0 is 12 dB
	gain   float64 // dB
}

// at is the pitch at a time.
func (m manner) at(s float64) float64 { return m.hz * math.Exp2(math.Sin(2*math.Pi*0.9*s)/12) }

// median is the pitch's over some seconds.
func (m manner) median(long float64) float64 {
	v := make([]float64, 1000)
	for i := range v {
		v[i] = m.at(long * float64(i) / 1000)
	}
	slices.Sort(v)
	return v[500]
}

// speak gives some seconds of a voice: harmonics that fall with the frequency,
// through the formants of a vowel that changes, in syllables.
func speak(rate int, long float64, m manner) []float32 {
	out := make([]float32, int(long*float64(rate)))
	phase := 0.0
	for i := range out {
		at := float64(i) / float64(rate)
		hz := m.at(at)
		phase += hz / float64(rate)
		open := 0.5 + 0.5*math.Sin(2*math.Pi*0.7*at) // from one vowel to another
		first, second := 400+350*open, 1900-700*open
		var x float64
		for k := 1.0; k*hz < 3900; k++ {
			f := k * hz
			amp := math.Pow(10, -(12-m.effort)*math.Log2(k)/20)
			amp *= resonance(f, first, 150) + resonance(f, second, 250)/2 + 0.05
			x += amp * math.Sin(2*math.Pi*k*phase)
		}
		syllable := 0.55 + 0.45*math.Sin(2*math.Pi*3*at)
		out[i] = float32(0.12 * math.Pow(10, m.gain/20) * syllable * x)
	}
	return out
}

// resonance is how much a formant of a width lets through at a frequency.
func resonance(f, formant, width float64) float64 {
	x := (f - formant) / width
	return 1 / (1 + x*x)
}

// saidS is how long each of the customer's turns is.
const saidS = 1.6

// conversation has the agent and the customer take turns of 2 and of 1.6 s, each
// customer turn in its manner, over noise so far below full scale.
func conversation(rate int, noise float64, turns []manner) []byte {
	rng := rand.New(rand.NewPCG(3, 5))
	total := int((float64(len(turns))*4.6 + 1) * float64(rate))
	var side [2][]float32
	for ch := range side {
		side[ch] = make([]float32, total)
		for i := range side[ch] {
			side[ch][i] = float32(math.Pow(10, noise/20) * rng.NormFloat64())
		}
	}
	put := func(ch int, at float64, x []float32) {
		for i, v := range x {
			side[ch][int(at*float64(rate))+i] += v
		}
	}
	for i, m := range turns {
		at := float64(i) * 4.6
		put(1, at+0.3, speak(rate, 2, manner{hz: 210}))
		put(0, at+2.7, speak(rate, saidS, m))
	}
	return audiotest.WAV(rate, side[0], side[1])
}

func hear(t *testing.T, file []byte, turns []ringside.Turn) []audio.Prosody {
	t.Helper()
	r, err := audio.Analyse(t.Context(), bytes.NewReader(file), audio.Options{AgentChannel: new(1), Turns: turns})
	if err != nil {
		t.Fatal(err)
	}
	return r.Prosody
}

func TestPitchIsFoundInGeneratedVoices(t *testing.T) {
	t.Parallel()
	var pitches []manner
	for hz := 80.0; hz <= 320; hz *= 1.25 {
		pitches = append(pitches, manner{hz: hz}, manner{hz: hz, effort: 6})
	}
	for _, rate := range []int{8000, 11025, 16000} {
		for _, noise := range []float64{-70, -45} {
			t.Run(fmt.Sprintf("%d Hz, noise %.0f dB", rate, noise), func(t *testing.T) {
				t.Parallel()
				got := hear(t, conversation(rate, noise, pitches), nil)
				if len(got) != len(pitches) {
					t.Fatalf("%d of %d turns have a pitch", len(got), len(pitches))
				}
				octaves := 0
				errs := make([]float64, len(got))
				for i, p := range got {
					errs[i] = math.Abs(p.PitchHz/pitches[i].median(saidS) - 1)
					if errs[i] > 0.3 {
						octaves++
						t.Logf("%.1f Hz is heard as %.1f", pitches[i].hz, p.PitchHz)
					}
				}
				slices.Sort(errs)
				t.Logf("median error %.2f %%, largest %.2f %%", 100*errs[len(errs)/2], 100*errs[len(errs)-1])
				if errs[len(errs)/2] > 0.05 || octaves > len(got)/20 {
					t.Errorf("median error %.3f, %d of %d an octave off", errs[len(errs)/2], octaves, len(got))
				}
			})
		}
	}
}

var usual = manner{hz: 120}

// after puts manners behind four turns in the caller's usual one.
func after(more ...manner) []manner {
	return append([]manner{usual, usual, usual, usual}, more...)
}

func arousals(t *testing.T, all []audio.Prosody, n int) []float64 {
	t.Helper()
	if len(all) < n {
		t.Fatalf("%d turns are described", len(all))
	}
	var out []float64
	for _, p := range all[len(all)-n:] {
		if p.Arousal == nil {
			t.Fatalf("no arousal at %v s: %+v", p.At, p)
		}
		out = append(out, *p.Arousal)
	}
	return out
}

func TestARaisedVoiceIsAroused(t *testing.T) {
	t.Parallel()
	all := hear(t, conversation(16000, -60, after(usual, manner{hz: 170, effort: 6}, manner{hz: 170}, manner{hz: 120, effort: 6}, manner{hz: 100, effort: -3})), nil)
	for _, p := range all[:3] {
		if p.Arousal != nil {
			t.Errorf("one of the first turns has an arousal: %+v", p)
		}
	}
	a := arousals(t, all, 5)
	t.Logf("as usual %.2f, higher and sharper %.2f, higher %.2f, sharper %.2f, lower and duller %.2f", a[0], a[1], a[2], a[3], a[4])
	if math.Abs(a[0]) > 0.2 {
		t.Errorf("the usual voice is off by %.2f", a[0])
	}
	if a[1] < 1 || a[1] <= a[2] || a[1] <= a[3] || a[2] < 0.4 || a[3] < 0.4 || a[4] > -0.3 {
		t.Errorf("%.2f", a)
	}
}

func TestArousalIsTheSameAtAnyGainAndRate(t *testing.T) {
	t.Parallel()
	turns := after(usual, manner{hz: 165, effort: 5})
	want := arousals(t, hear(t, conversation(16000, -70, turns), nil), 2)
	soft := slices.Clone(turns)
	for i := range soft {
		soft[i].gain = -12
	}
	loud := slices.Clone(turns)
	loud[5].gain = 6
	for name, file := range map[string][]byte{
		"8 kHz": conversation(8000, -70, turns), "12 dB softer": conversation(16000, -82, soft), "one turn 6 dB louder": conversation(16000, -70, loud),
	} {
		for i, a := range arousals(t, hear(t, file, nil), 2) {
			if math.Abs(a-want[i]) > 0.2 {
				t.Errorf("%s: %.2f in place of %.2f", name, a, want[i])
			}
		}
	}
}

func TestNoiseLowersTheConfidence(t *testing.T) {
	t.Parallel()
	clear := hear(t, conversation(8000, -60, after(usual)), nil)
	noisy := hear(t, conversation(8000, -30, after(usual)), nil)
	if len(clear) == 0 || clear[4].Confidence != audio.Medium {
		t.Fatalf("%+v", clear)
	}
	for _, p := range noisy {
		if p.Confidence != audio.Low || p.Reason == "" {
			t.Errorf("%+v", p)
		}
	}
}

func TestTooLittleSpeechGivesNoArousal(t *testing.T) {
	t.Parallel()
	for _, p := range hear(t, conversation(8000, -60, []manner{usual, {hz: 200}}), nil) {
		if p.Arousal != nil || p.PitchHz == 0 {
			t.Errorf("%+v", p)
		}
	}
}

func TestProsodyNamesTheTranscriptsTurn(t *testing.T) {
	t.Parallel()
	turns := []ringside.Turn{
		{Index: 0, Role: ringside.RoleAgent, Text: "Hello", StartMS: new(int64(300)), EndMS: new(int64(2300))},
		{Index: 1, Role: ringside.RoleUser, Text: "I would like to go", StartMS: new(int64(2700)), EndMS: new(int64(4200))},
	}
	got := hear(t, conversation(8000, -60, []manner{usual, usual}), turns)
	if len(got) != 2 || got[0].Turn == nil || *got[0].Turn != 1 || got[0].WPM == nil || *got[0].WPM != 200 || got[1].Turn != nil {
		t.Errorf("%+v", got)
	}
}
