package audiotest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"testing"
)

// Variant is how a call is recorded.
type Variant struct {
	Rate      int     // 8000 or 16000
	SNR       float64 // dB, of active speech to noise; 0 is without noise
	Noise     string  // pink (the default), white or brown
	Crosstalk float64 // dB, of a channel in the other, negative; 0 is none
	Encoding  string  // wav (the default), mulaw, alaw, mp3, opus, flac
	Kbps      int     // of MP3 and Opus; 0 is the encoder's choice
	Mono      bool
}

func (v Variant) String() string {
	s := fmt.Sprintf("%dk", v.Rate/1000)
	if v.SNR == 0 {
		s += " clean"
	} else {
		s += fmt.Sprintf(" %g dB %s", v.SNR, v.Noise)
	}
	if v.Crosstalk != 0 {
		s += fmt.Sprintf(" crosstalk %g", v.Crosstalk)
	}
	if v.Mono {
		s += " mono"
	}
	if v.Encoding != "" {
		s += " " + v.Encoding
	}
	if v.Kbps > 0 {
		s += fmt.Sprintf(" %dk", v.Kbps)
	}
	return s
}

var endings = map[string]string{"": "wav", "mulaw": "wav", "alaw": "wav", "mp3": "mp3", "opus": "opus", "flac": "flac"}

// keptMinutes is how long a call may be whose recordings are kept: those of
// longer ones are a gigabyte together.
const keptMinutes = 2

// Record gives the path of a call as it is recorded in a variant.
func (c Call) Record(t testing.TB, v Variant) string {
	t.Helper()
	if v.Noise == "" && v.SNR != 0 {
		v.Noise = "pink"
	}
	name := "call." + endings[v.Encoding]
	if c.Script.Minutes > keptMinutes {
		path := filepath.Join(t.TempDir(), name)
		c.record(t, v, path)
		return path
	}
	return cached(t, name, []any{c.Script, v}, func(path string) { c.record(t, v, path) })
}

func (c Call) record(t testing.TB, v Variant, path string) {
	t.Helper()
	dir := filepath.Dir(path)
	in := c.Clean
	if v.Crosstalk != 0 {
		out := filepath.Join(dir, "crosstalk.wav")
		crosstalk(t, in, out, v.Crosstalk)
		in = out
	}
	if v.SNR != 0 {
		out := filepath.Join(dir, "noisy.wav")
		c.noise(t, in, out, v)
		in = out
	}
	plain := filepath.Join(dir, "plain.wav")
	args := []string{"-D", in, "-b", "16", "-e", "signed-integer", plain, "rate", strconv.Itoa(v.Rate)}
	if v.Mono {
		args = append(args, "remix", "1v0.5,2v0.5")
	}
	run(t, "sox", args...)
	c.holes(t, plain)
	v.encode(t, plain, path)
}

// holes cuts the script's holes into the customer's channel: noise and all, as a
// line does that loses packets.
func (c Call) holes(t testing.TB, path string) {
	t.Helper()
	if len(c.Cuts) == 0 {
		return
	}
	hz, ch := ReadWAV(t, path)
	for _, cut := range c.Cuts {
		clear(ch[0][int(cut.From*float64(hz)):int(cut.To*float64(hz))])
	}
	write(t, path, WAV(hz, ch...))
}

// crosstalk lets each channel leak into the other, 12 ms late, as a handset
// does.
func crosstalk(t testing.TB, in, out string, db float64) {
	t.Helper()
	late := filepath.Join(filepath.Dir(out), "late.wav")
	run(t, "sox", "-D", in, late, "delay", "0.012", "0.012")
	gain := fmt.Sprintf("v%.5f", math.Pow(10, db/20))
	run(t, "sox", "-D", "-M", in, late, out, "remix", "1,4"+gain, "2,3"+gain)
}

// noise adds noise of its own to each channel, below the active level of
// speech by the signal-to-noise ratio.
func (c Call) noise(t testing.TB, in, out string, v Variant) {
	t.Helper()
	length := fmt.Sprintf("%.2f", c.Truth.Seconds)
	// sox makes the same noise every time; a start of its own makes it the call's.
	start := fmt.Sprintf("%.3f", 60*rand.New(rand.NewPCG(c.Script.Seed, 11)).Float64())
	raw, noise := filepath.Join(filepath.Dir(out), "raw.wav"), filepath.Join(filepath.Dir(out), "noise.wav")
	long := fmt.Sprintf("%.2f", c.Truth.Seconds+61)
	run(t, "sox", "-R", "-D", "-r", "16000", "-n", "-b", "16", "-c", "2", raw, "synth", long, v.Noise+"noise", v.Noise+"noise", "gain", "-20")
	run(t, "sox", "-D", raw, noise, "trim", start, length)
	_, ch := ReadWAV(t, noise)
	for i := range ch {
		setLevel(ch[i], activeLevel-v.SNR)
	}
	write(t, noise, WAV(rate, ch...))
	run(t, "sox", "-D", "-m", "-v", "1", in, "-v", "1", noise, out)
}

// encode writes a plain WAV in the variant's format.
func (v Variant) encode(t testing.TB, wav, out string) {
	t.Helper()
	kbps := strconv.Itoa(v.Kbps)
	switch v.Encoding {
	case "":
		run(t, "sox", "-D", wav, out)
	case "mulaw":
		run(t, "sox", "-D", wav, "-e", "mu-law", out)
	case "alaw":
		run(t, "sox", "-D", wav, "-e", "a-law", out)
	case "mp3":
		Need(t, "lame")
		if v.Kbps > 0 {
			run(t, "lame", "--quiet", "-b", kbps, wav, out)
		} else {
			run(t, "lame", "--quiet", wav, out)
		}
	case "opus":
		Need(t, "opusenc")
		if v.Kbps > 0 {
			run(t, "opusenc", "--quiet", "--bitrate", kbps, wav, out)
		} else {
			run(t, "opusenc", "--quiet", wav, out)
		}
	case "flac":
		Need(t, "flac")
		run(t, "flac", "--silent", "-f", "-o", out, wav)
	}
}
