package audiotest

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// rate is what calls are made at; others are resampled from it.
const rate = 16000

// frame is ten milliseconds, the grid of the truth.
const frame = rate / 100

// activeLevel is how loud speech is while there is some, in dB of full scale.
const activeLevel = -23

// Voice is who speaks: a program and its arguments.
type Voice struct {
	Program string
	Args    string // the flite voice, or espeak-ng's voice
	Speed   string // espeak-ng's words a minute
}

// Voices are those that calls are cast from.
var Voices = []Voice{
	{"flite", "slt", ""},
	{"espeak-ng", "en-us+f2", "165"},
	{"flite", "rms", ""},
	{"espeak-ng", "en-gb+m3", "155"},
	{"flite", "awb", ""},
	{"espeak-ng", "en-us+m7", "180"},
	{"flite", "kal16", ""},
	{"espeak-ng", "en-gb-scotland+f4", "170"},
}

// utterance is something said: its sound without silence around it, at the
// active level, and where in it there is speech, in frames.
type utterance struct {
	text  string
	sound []float32
	units []span // inter-pausal units
}

func (u *utterance) frames() int { return len(u.sound) / frame }

// say has a voice say a text.
func say(t testing.TB, v Voice, text string) utterance {
	t.Helper()
	path := cached(t, "said.wav", []any{v, text}, func(path string) {
		raw := filepath.Join(filepath.Dir(path), "raw.wav")
		if v.Program == "flite" {
			run(t, "flite", "-voice", v.Args, "-t", text, "-o", raw)
		} else {
			run(t, "espeak-ng", "-v", v.Args, "-s", v.Speed, "-w", raw, text)
		}
		run(t, "sox", "-D", raw, "-b", "16", "-c", "1", "-e", "signed-integer", path, "gain", "-3", "rate", "-h", "16000")
	})
	_, channels := ReadWAV(t, path)
	return cut(t, text, channels[0])
}

// cut finds the speech in a clean sound, trims it and sets its level.
func cut(t testing.TB, text string, sound []float32) utterance {
	t.Helper()
	level := make([]float64, len(sound)/frame)
	top := 0.0
	for i := range level {
		for _, v := range sound[i*frame : (i+1)*frame] {
			level[i] += float64(v * v)
		}
		top = max(top, level[i])
	}
	active := make([]bool, len(level))
	var energy float64
	var n int
	for i, l := range level {
		if active[i] = l > top/1e4; active[i] { // 40 dB below the loudest
			energy += l
			n++
		}
	}
	units := bridge(runs(active), 20)
	if len(units) == 0 {
		t.Fatalf("nothing is heard of %q", text)
	}
	first, last := units[0].from, units[len(units)-1].to
	for i := range units {
		units[i].from -= first
		units[i].to -= first
	}
	gain := float32(math.Pow(10, activeLevel/20.0) / math.Sqrt(energy/float64(n*frame)))
	out := make([]float32, (last-first)*frame)
	for i := range out {
		out[i] = sound[first*frame+i] * gain
	}
	return utterance{text: text, sound: out, units: units}
}

// yield cuts an utterance off after some frames, with a fade of 30 ms as a
// person or a player would. Of its words those stay that there is time for.
func (u utterance) yield(frames int) utterance {
	if frames >= u.frames() {
		return u
	}
	words := strings.Fields(u.text)
	u.text = strings.Join(words[:len(words)*frames/u.frames()], " ")
	sound := append([]float32(nil), u.sound[:frames*frame]...)
	fade := min(len(sound), 3*frame)
	for i := range fade {
		sound[len(sound)-fade+i] *= float32(fade-i) / float32(fade)
	}
	u.sound = sound
	var units []span
	for _, r := range u.units {
		if r.from < frames {
			units = append(units, span{r.from, min(r.to, frames)})
		}
	}
	u.units = units
	return u
}

func write(t testing.TB, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatalf("write %s: %v", filepath.Base(path), err)
	}
}

// setLevel brings a sound to an RMS level in dB of full scale.
func setLevel(sound []float32, db float64) {
	var sum float64
	for _, v := range sound {
		sum += float64(v * v)
	}
	gain := float32(math.Pow(10, db/20) / math.Sqrt(sum/float64(len(sound))))
	for i := range sound {
		sound[i] *= gain
	}
}
