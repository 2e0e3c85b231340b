package audiotest

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
)

// Script says which call to make.
type Script struct {
	Seed      uint64
	Minutes   float64
	Voicemail bool // a machine answers, and beeps
	Drops     bool // the line cuts holes into the customer's speech; only Record has them
}

// Cut is where a hole is cut into the customer's speech, in seconds.
type Cut struct{ From, To float64 }

// Call is a call that was made: the path of its clean recording, 16 kHz stereo
// WAV, and all that is known about it.
type Call struct {
	Script Script
	Clean  string
	Truth  Truth
	Cuts   []Cut
}

// Make gives the call of a script.
func Make(t testing.TB, s Script) Call {
	t.Helper()
	Need(t, "espeak-ng", "flite", "sox")
	clean := cached(t, "call.wav", s, func(path string) {
		c := s.cast(t)
		write(t, path, WAV(rate, c.sound["customer"], c.sound["agent"]))
	})
	facts := cached(t, "call.json", s, func(path string) {
		c := s.cast(t)
		b, err := json.Marshal(Call{Truth: c.finish(), Cuts: c.cuts})
		if err != nil {
			t.Fatalf("write down the truth: %v", err)
		}
		write(t, path, b)
	})
	b, err := os.ReadFile(facts)
	if err != nil {
		t.Fatalf("read the truth: %v", err)
	}
	call := Call{}
	if err := json.Unmarshal(b, &call); err != nil {
		t.Fatalf("read the truth: %v", err)
	}
	call.Script, call.Clean = s, clean
	return call
}

// casting is a call while it is made.
type casting struct {
	t      testing.TB
	rng    *rand.Rand
	voice  map[string]Voice
	at     int // where the call ends so far
	sound  map[string][]float32
	units  map[string][]span
	truth  Truth
	beep   span
	cuts   []Cut
	said   map[string]int // by line, so that lines do not repeat at once
	waited bool           // the agent is to answer
	heard  int            // where the customer's last turn ended
}

func (s Script) cast(t testing.TB) *casting {
	c := &casting{
		t: t, rng: rand.New(rand.NewPCG(s.Seed, 7)), voice: map[string]Voice{}, sound: map[string][]float32{},
		units: map[string][]span{"customer": nil, "agent": nil}, said: map[string]int{},
		truth: Truth{Words: map[string]int{}},
	}
	p := c.rng.Perm(len(Voices))
	c.voice["agent"], c.voice["customer"] = Voices[p[0]], Voices[p[1]]
	until := int(s.Minutes * 60 * 100)
	if s.Voicemail {
		c.leaveMessage()
	} else {
		c.converse(until)
	}
	c.at += c.between(0.5, 1.2)
	if s.Drops {
		c.drop()
	}
	for who := range c.units {
		c.sound[who] = append(c.sound[who], make([]float32, max(0, c.at*frame-len(c.sound[who])))...)
	}
	return c
}

// between is a time at random, in frames.
func (c *casting) between(from, to float64) int {
	return int(100 * (from + (to-from)*c.rng.Float64()))
}

func (c *casting) chance(p float64) bool { return c.rng.Float64() < p }

// line picks what to say next.
func (c *casting) line(from []string) string {
	best := c.rng.IntN(len(from))
	for range 4 {
		if i := c.rng.IntN(len(from)); c.said[from[i]] < c.said[from[best]] {
			best = i
		}
	}
	c.said[from[best]]++
	return from[best]
}

// put lays an utterance into a channel.
func (c *casting) put(who string, at int, u utterance) {
	need := (at + u.frames()) * frame
	if s := c.sound[who]; len(s) < need {
		c.sound[who] = append(s, make([]float32, need-len(s))...)
	}
	for i, v := range u.sound {
		c.sound[who][at*frame+i] += v
	}
	for _, r := range u.units {
		c.units[who] = append(c.units[who], span{at + r.from, at + r.to})
	}
	c.at = max(c.at, at+u.frames())
}

// compose says some lines one after the other, with the pauses of one who goes
// on.
func (c *casting) compose(who string, lines ...string) utterance {
	var u utterance
	for i, l := range lines {
		said := say(c.t, c.voice[who], l)
		loud := float32(math.Pow(10, (c.rng.Float64()*4-2)/20))
		if i > 0 {
			u.sound = append(u.sound, make([]float32, c.between(0.22, 0.48)*frame)...)
		}
		at := u.frames()
		for _, v := range said.sound {
			u.sound = append(u.sound, v*loud)
		}
		for _, r := range said.units {
			u.units = append(u.units, span{at + r.from, at + r.to})
		}
		u.text = strings.TrimSpace(u.text + " " + l)
	}
	return u
}

// turn lays a whole turn and writes it down. It gives where it ends.
func (c *casting) turn(who string, at int, u utterance) int {
	c.put(who, at, u)
	end := at + u.units[len(u.units)-1].to
	c.truth.Words[who] += len(strings.Fields(u.text))
	c.truth.Turns = append(c.truth.Turns, Turn{By: who, Text: u.text, Start: seconds(at), End: seconds(end)})
	return end
}

// answered notes how long the agent took.
func (c *casting) answered(at int) {
	if c.waited {
		c.truth.Latency = append(c.truth.Latency, Event{By: "agent", At: seconds(at), MS: 10 * float64(at-c.heard)})
	}
	c.waited = false
}

func sorted(in []span) []span {
	return slices.SortedFunc(slices.Values(in), func(a, b span) int { return a.from - b.from })
}
