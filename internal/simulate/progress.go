package simulate

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
)

// liveEvent is an event of the live API.
type liveEvent struct {
	ID   string `json:"id,omitempty"`
	Type string `json:"type"`
	At   int64  `json:"at,omitempty"` // ms since 1970

	Agent        string            `json:"agent,omitempty"`
	AgentName    string            `json:"agentName,omitempty"`
	AgentVersion string            `json:"agentVersion,omitempty"`
	From         string            `json:"from,omitempty"`
	To           string            `json:"to,omitempty"`
	Direction    string            `json:"direction,omitempty"`
	IsSimulation *bool             `json:"isSimulation,omitempty"`
	Scenario     string            `json:"scenario,omitempty"`
	Context      string            `json:"context,omitempty"`
	Metadata     map[string]string `json:"metadata,omitempty"`

	Role       string             `json:"role,omitempty"`
	Text       string             `json:"text,omitempty"`
	StartMS    *int64             `json:"start_ms,omitempty"`
	EndMS      *int64             `json:"end_ms,omitempty"`
	ToolCallID string             `json:"tool_call_id,omitempty"`
	Name       string             `json:"name,omitempty"`
	Arguments  json.RawMessage    `json:"arguments,omitempty"`
	Result     json.RawMessage    `json:"result,omitempty"`
	By         string             `json:"by,omitempty"`
	AtMS       *int64             `json:"at_ms,omitempty"`
	Turn       *int               `json:"turn,omitempty"`
	Parts      map[string]float64 `json:"parts,omitempty"`
	Reason     string             `json:"reason,omitempty"`
	Success    *bool              `json:"success,omitempty"`
}

// beat is what an agent tells at a moment of the call, in ms from its start.
type beat struct {
	at    int64
	event liveEvent
}

// deadAir is how long nobody says anything before a call that fell silent ends,
// in ms.
const deadAir = 30_000

// progress makes a call that begins at a time, to be told while it goes on.
func (g *Generator) progress(i int, at time.Time, all []scenario, v Variant) *Call {
	r := newRand(g.cfg.Seed, uint64(i)) //nolint:gosec // not negative
	s := drawScenario(r, all, v)
	c := &Call{index: i, createdAt: at, agent: s.agent, version: &s.agent.versions[0], scenario: s.name, variant: v, intent: s.script.intent}
	c.hex = drawHex(r)
	c.drawCustomer(r, g.cfg.Calls)
	c.drawLine(r, s.script)
	c.reason = "customer-ended-call"
	c.success = new(v == Normal && s.script.outcome != "fail")
	var f facts
	first, last, _ := strings.Cut(c.customer, " ")
	f.fill(r, first, last, at, c.agent.amounts)
	bent := *s.script
	bent.lines = v.bend(s.script.lines)
	c.talk(r, &bent, &f, v.slowness())
	if v == Silent {
		c.fadeOut(r)
	}
	return c
}

// fadeOut has the agent ask once more into the silence.
func (c *Call) fadeOut(r *rng) {
	t := &talking{call: c, r: r, slow: 1, steps: c.steps, now: c.durationMS() + deadAir/2}
	t.agent("Hello? Are you still there?", false, false)
	c.steps, c.reason = t.steps, "silence-timed-out"
	c.endedAt = c.at(t.now + deadAir)
}

// beats tell the call from its answer to its end. Of what is being said, a
// partial comes every so many milliseconds; 0: none does.
func (c *Call) beats(every int64) []beat {
	out := []beat{{0, c.startedEvent()}}
	turn := 0
	for i := range c.steps {
		s := &c.steps[i]
		if s.kind == 'T' {
			out = append(out, toolBeats(s, i)...)
			continue
		}
		if i > 0 && c.steps[i-1].kind == 'A' && s.start < c.steps[i-1].end {
			out = append(out, beat{s.start, liveEvent{ID: id("i", i), Type: "interruption", By: "user", AtMS: &s.start}})
		}
		out = append(out, partials(s, every)...)
		out = append(out, beat{s.end, liveEvent{ID: id("t", i), Type: "turn", Role: s.role(), Text: s.text, StartMS: &s.start, EndMS: &s.end}})
		if s.reply != nil {
			out = append(out, beat{s.end, liveEvent{ID: id("l", i), Type: "latency", Turn: new(turn), Parts: s.latency()}})
		}
		turn++
	}
	slices.SortStableFunc(out, func(a, b beat) int { return cmp.Compare(a.at, b.at) })
	return append(out, beat{c.durationMS(), liveEvent{ID: "end", Type: "ended", Reason: c.reason, Success: c.success}})
}

func (c *Call) startedEvent() liveEvent {
	e := liveEvent{
		ID: "start", Type: "started", Agent: "sim-" + c.agent.key, AgentName: c.agent.name + " (simulated)", AgentVersion: c.version.label,
		From: c.number, To: c.agent.number, Direction: string(c.direction), IsSimulation: new(true), Scenario: c.scenario,
		Context: strings.ReplaceAll(c.intent, "_", " "), Metadata: map[string]string{"variant": string(c.variant)},
	}
	if c.as != nil {
		e.Agent, e.AgentName, e.AgentVersion = c.as.SourceID, c.as.Name, ""
	}
	if c.run != "" {
		e.Metadata[MetadataRun] = c.run
	}
	if c.direction == ringside.Outbound {
		e.From, e.To = e.To, e.From
	}
	return e
}

func id(kind string, i int) string { return kind + strconv.Itoa(i) }

func (s *step) role() string {
	if s.kind == 'A' {
		return "agent"
	}
	return "user"
}

func (s *step) latency() map[string]float64 {
	return map[string]float64{
		"total": s.total, "endpointing": s.reply.endpointing, "transcription": s.reply.transcriber,
		"model_first_token": s.reply.model, "voice_first_byte": s.reply.voice, "network": s.reply.network,
	}
}

func toolBeats(s *step, i int) []beat {
	return []beat{
		{s.start, liveEvent{ID: id("c", i), Type: "tool_call", ToolCallID: s.id, Name: s.tool, Arguments: json.RawMessage(s.args), StartMS: &s.start}},
		{s.end, liveEvent{ID: id("r", i), Type: "tool_result", ToolCallID: s.id, Result: json.RawMessage(s.result), EndMS: &s.end}},
	}
}

// partials are the words so far of what is being said.
func partials(s *step, every int64) (out []beat) {
	if every <= 0 {
		return nil
	}
	words := timeWords(s)
	for at := s.start + every; at < s.end; at += every {
		said := 0
		for said < len(words) && words[said].end <= at {
			said++
		}
		if said == 0 {
			continue
		}
		text := strings.Join(strings.Fields(s.text)[:said], " ")
		out = append(out, beat{at, liveEvent{Type: "partial", Role: s.role(), Text: text, StartMS: &s.start}})
	}
	return out
}
