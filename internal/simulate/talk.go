package simulate

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
)

// step is something that happened in a call: speech or the use of a tool.
type step struct {
	kind       byte // A, U or T
	text       string
	intended   string // what would have been said, when it was cut off
	start, end int64  // ms from the answer
	reply      *parts // what the caller waited for, when it answers the caller
	total      float64

	id, tool, args, result string
	failed                 bool
}

// msPerByte is about how long it takes to say one letter.
const msPerByte = 58

// maxDuration is when the vendors are told to end a call, in ms.
const maxDuration = 600_000

// talk lets the conversation happen, as far as the call's end allows.
func (c *Call) talk(r *rng, s *script, f *facts, slow float64) {
	ring := time.Duration(1500+r.IntN(9000)) * time.Millisecond
	// ElevenLabs' agent takes calls only: one that the carrier lost was answered.
	if unanswered(c.class) && c.agent.provider != elevenlabs {
		c.endedAt = c.createdAt.Add(ring + 15*time.Second)
		return
	}
	c.answeredAt = c.createdAt.Add(ring)
	t := &talking{call: c, r: r, slow: slow, now: int64(300 + r.IntN(700))}
	if c.class == ringside.FailureVoicemail {
		t.voicemail()
	} else {
		t.script(s, f)
	}
	c.steps = t.steps
	c.endedAt = c.at(t.now + int64(400+r.IntN(900)))
}

type talking struct {
	call  *Call
	r     *rng
	slow  float64
	now   int64
	steps []step
	heard int64 // when the caller fell silent; 0 when the agent has answered
	used  int   // tools so far
	parts parts
}

// script speaks the lines, up to where the call breaks off.
func (t *talking) script(s *script, f *facts) {
	lines := s.lines
	c := t.call
	broken := c.class != ringside.FailureNone && c.class != ringside.FailureTransfer && c.class != ringside.FailureMaxDuration
	if broken && len(lines) > 3 {
		lines = lines[:2+t.r.IntN(len(lines)-3)]
	}
	hold := -1
	if c.class == ringside.FailureMaxDuration {
		hold = len(lines) / 2
	}
	for i := range lines {
		l := &lines[i]
		if i == hold {
			t.now = max(t.now, maxDuration-int64(len(lines)-i)*9000)
		}
		next := byte(0)
		if i+1 < len(lines) {
			next = lines[i+1].kind
		}
		switch l.kind {
		case 'A':
			t.agent(l.text.string(f, t.r), l.cut, next == 'U')
		case 'U':
			t.customer(l.text.string(f, t.r))
		case 'T':
			t.tool(l, f)
		}
	}
	switch c.class {
	case ringside.FailureSilence:
		t.now += 9000
		t.agent("Are you still there?", false, false)
		t.now += 10_000
	case ringside.FailureTransfer:
		t.now += 22_000
		t.customer("Hello? Is anybody there?")
	case ringside.FailureMaxDuration:
		t.now = maxDuration - 800
	}
}

func (t *talking) voicemail() {
	t.customer("You have reached the voicemail of " + t.call.first + ". Please leave a message after the tone.")
	t.now += 1200
	t.agent("Hi "+t.call.first+", this is "+t.call.agent.company+". Please call us back when you have a moment. Thank you, and goodbye.", false, false)
}

// agent speaks. Now and then the customer cuts in before the end.
func (t *talking) agent(text string, cut, answered bool) {
	s := step{kind: 'A', text: text}
	if t.heard > 0 {
		p := t.drawParts()
		t.now += int64(p.endpointing + p.transcriber + p.model + p.voice + p.network)
		p.model += t.parts.model // of the requests that called tools
		s.reply, s.total = &p, float64(t.now-t.heard)
	} else {
		t.now += int64(250 + t.r.IntN(500))
	}
	t.heard, t.parts = 0, parts{}
	if !cut && answered && len(t.steps) > 1 && t.r.IntN(100) < 5 {
		if at := strings.LastIndexByte(text[:len(text)*6/10], ' '); at > 20 {
			cut, s.intended, s.text = true, text, text[:at]
		}
	}
	s.start = t.now
	t.now += t.spoken(s.text)
	s.end = t.now
	if cut {
		if s.intended == "" {
			s.intended = s.text + " it is better."
		}
		t.now -= int64(250 + t.r.IntN(350)) // the customer begins before the agent ends
	}
	t.steps = append(t.steps, s)
}

func (t *talking) spoken(text string) int64 {
	return int64(float64(300+msPerByte*len(text)) * (0.9 + 0.2*t.r.Float64()))
}

func (t *talking) customer(text string) {
	overlaps := len(t.steps) > 0 && t.now < t.steps[len(t.steps)-1].end
	if !overlaps {
		t.now += int64(350 + t.r.IntN(1100))
	}
	s := step{kind: 'U', text: text, start: t.now}
	t.now += t.spoken(text)
	s.end = t.now
	t.heard = t.now
	t.steps = append(t.steps, s)
}

// tool asks a tool. What takes long says so in its error.
func (t *talking) tool(l *line, f *facts) {
	p := t.drawParts()
	if t.heard > 0 && t.parts.model == 0 {
		t.now += int64(p.endpointing + p.transcriber)
	}
	t.now += int64(p.model)
	t.parts.model += p.model
	t.used++
	s := step{
		kind: 'T', start: t.now, tool: l.tool, failed: l.failed, id: t.call.hex[:8] + strconv.Itoa(t.used),
		args: l.args.string(f, t.r), result: l.result.string(f, t.r),
	}
	took := int64(180 + t.r.IntN(900))
	if l.failed && strings.Contains(s.result, "timed out") {
		took = 8000
	}
	t.now += took
	s.end = t.now
	t.steps = append(t.steps, s)
}

// drawParts draws how long each part of a reply takes: around the usual, with
// a long tail.
func (t *talking) drawParts() parts {
	l := t.call.agent.latency
	vary := func(ms, spread float64) float64 {
		return math.Round(ms * math.Exp(spread*t.r.NormFloat64()))
	}
	return parts{
		vary(l.endpointing, 0.12), vary(l.transcriber, 0.15), vary(l.model*t.slow, 0.35), vary(l.voice, 0.2), vary(l.network, 0.3),
	}
}

// replies are the parts of the turns that answer the customer, in order.
func (c *Call) replies() []*step {
	var out []*step
	user := false
	for i := range c.steps {
		switch s := &c.steps[i]; s.kind {
		case 'U':
			user = true
		case 'A':
			if user && s.reply != nil {
				out = append(out, s)
			}
			user = false
		}
	}
	return out
}

// letters counts what the agent said, which is what a voice is paid by.
func (c *Call) letters() (n int) {
	for i := range c.steps {
		if c.steps[i].kind == 'A' {
			n += len(c.steps[i].text)
		}
	}
	return n
}

// said counts the turns of a side.
func (c *Call) said(kind byte) (n int) {
	for i := range c.steps {
		if c.steps[i].kind == kind {
			n++
		}
	}
	return n
}

// transcript is the conversation as text, with the names that the vendor has
// for the two sides.
func (c *Call) transcript(agent, user string) string {
	var b strings.Builder
	for i := range c.steps {
		s := &c.steps[i]
		switch s.kind {
		case 'A':
			b.WriteString(agent)
		case 'U':
			b.WriteString(user)
		default:
			continue
		}
		b.WriteString(": ")
		b.WriteString(s.text)
		b.WriteByte('\n')
	}
	return b.String()
}

// wordTime is a word with its place in the call, in ms.
type wordTime struct {
	text       string
	start, end int64
}

// timeWords spreads the words of a turn over its time by their length.
func timeWords(s *step) []wordTime {
	words := strings.Fields(s.text)
	letters := 0
	for _, w := range words {
		letters += len(w) + 1
	}
	out := make([]wordTime, len(words))
	at := 0
	for i, w := range words {
		from := s.start + (s.end-s.start)*int64(at)/int64(letters)
		at += len(w) + 1
		out[i] = wordTime{w, from, s.start + (s.end-s.start)*int64(at)/int64(letters) - 15}
	}
	return out
}
