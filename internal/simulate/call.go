package simulate

import (
	"encoding/hex"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
)

// Config says which calls to make.
type Config struct {
	Seed  uint64
	Calls int       // how many there are
	Until time.Time // when the newest is over
	Days  int       // over how many days they are spread; 0: 30
	Words bool      // give the times of single words where the vendor does
}

// Generator makes calls. It is safe for concurrent use.
type Generator struct {
	cfg     Config
	scripts map[string][]script
	curve   *curve
	weights int
}

// settle is how long before the end of the generated time the newest call
// begins: then all of them are over by then.
const settle = 15 * time.Minute

// New reads the conversations and makes a generator.
func New(c Config) (*Generator, error) {
	if c.Days == 0 {
		c.Days = 30
	}
	c.Until = c.Until.UTC().Truncate(time.Millisecond)
	g := &Generator{cfg: c, scripts: map[string][]script{}, curve: newCurve(c.Until.Add(-settle), c.Days)}
	for i := range agents {
		s, err := loadScripts(agents[i].key)
		if err != nil {
			return nil, fmt.Errorf("read conversations: %w", err)
		}
		g.scripts[agents[i].key] = s
		g.weights += agents[i].weight
	}
	return g, nil
}

// Call is what happened in one call.
type Call struct {
	agent     *agent
	version   *version
	index     int
	id        string // at the vendor
	hex       string // 32 digits that tell it from every other
	direction ringside.Direction
	class     ringside.FailureClass
	reason    string // the vendor's
	success   *bool  // nil: nobody says
	intent    string
	summary   string
	story     *script

	customer   string // name
	first      string
	number     string
	transferTo string
	campaign   string
	metadata   map[string]string

	createdAt, answeredAt, endedAt time.Time // answeredAt is zero when nobody took it
	steps                          []step
	words                          bool
	model                          string

	scenario string // of one that is told while it goes on
	variant  Variant
	as       *AgentName // the agent that it is shown as; nil: the simulation's own
	run      string     // of a scenario
}

// Call makes the call of an index; the newest has index 0. An index beyond the
// number of calls is good too: it wraps in time and is another call.
func (g *Generator) Call(i int) *Call {
	r := newRand(g.cfg.Seed, uint64(i))
	share := (float64(i%max(g.cfg.Calls, 1)) + r.Float64()) / float64(max(g.cfg.Calls, 1))
	return g.make(r, i, g.curve.at(min(share, 1)))
}

func (g *Generator) make(r *rng, i int, at time.Time) *Call {
	c := &Call{index: i, createdAt: at.Truncate(time.Millisecond), words: g.cfg.Words}
	c.hex = drawHex(r)
	c.agent = g.drawAgent(r)
	c.id = idFor(c.agent.provider, c.hex, at)
	age := int(g.cfg.Until.Sub(at).Hours() / 24)
	for v := range c.agent.versions {
		if c.version = &c.agent.versions[v]; age < c.version.since {
			break
		}
	}
	c.drawCustomer(r, g.cfg.Calls)
	s := g.drawScript(r, c)
	c.story = s
	c.drawLine(r, s)
	c.model = c.agent.model
	down := g.outage(at) && strings.HasPrefix(c.model, "gpt")
	c.end(r, s, down)
	var f facts
	first, last, _ := strings.Cut(c.customer, " ")
	f.fill(r, first, last, at, c.agent.amounts)
	c.intent = s.intent
	c.talk(r, s, &f, g.slowness(at, c))
	c.judge(r, s)
	c.summarise(r, s, &f)
	c.attach(r)
	return c
}

func drawHex(r *rng) string {
	var id [16]byte
	for i := range id {
		id[i] = byte(r.Uint32()) //nolint:gosec // the low bits are as good
	}
	return hex.EncodeToString(id[:])
}

// idFor gives a call's id as its vendor writes them.
func idFor(provider, h string, at time.Time) string {
	switch provider {
	case retell:
		return "call_" + h[:27]
	case elevenlabs:
		return "conv_" + h[:28]
	case custom:
		return "hv-" + at.Format("20060102") + "-" + h[:10]
	}
	return uuid(h)
}

// uuid writes 32 hex digits as a UUID of version 8.
func uuid(h string) string {
	return h[:8] + "-" + h[8:12] + "-8" + h[13:16] + "-a" + h[17:20] + "-" + h[20:]
}

// outage tells whether the model's vendor was down: one afternoon, nine days
// before the end.
func (g *Generator) outage(at time.Time) bool {
	day := g.cfg.Until.AddDate(0, 0, -9)
	return at.YearDay() == day.YearDay() && at.Year() == day.Year() && at.Hour() >= 15 && at.Hour() < 19
}

// slowness is the factor on a model's time: more in the afternoon, much more
// on the day of the outage, and what the version adds.
func (g *Generator) slowness(at time.Time, c *Call) float64 {
	f := 1 + 0.3*math.Max(0, math.Sin((float64(at.Hour())-11)/13*math.Pi))
	day := g.cfg.Until.AddDate(0, 0, -9)
	if at.YearDay() == day.YearDay() && at.Year() == day.Year() {
		f *= 2.1
	}
	if c.version.slower > 0 {
		f *= c.version.slower
	}
	return f
}

// judge says whether the call did what it was for, where the vendor judges
// calls at all.
func (c *Call) judge(r *rng, s *script) {
	switch {
	case c.agent.provider == custom, c.agent.provider == external, c.agent.provider == bland, c.answeredAt.IsZero():
		return
	case c.class != ringside.FailureNone:
		c.success = new(false)
	case s.outcome == "transfer":
		c.success = new(r.IntN(100) < 85)
	default:
		c.success = new(s.outcome == "success")
	}
}

func (c *Call) summarise(r *rng, s *script, f *facts) {
	switch {
	case c.answeredAt.IsZero():
	case c.class == ringside.FailureVoicemail:
		c.summary = "A voicemail box answered; the agent left a message and asked for a call back."
	case c.class == ringside.FailureNone || c.class == ringside.FailureMaxDuration:
		c.summary = s.summary.string(f, r)
	case c.class == ringside.FailureTransfer:
		c.summary = "The agent tried to transfer the call, and nobody picked up."
	default:
		c.summary = "The call broke off before it came to an end."
	}
}

// durationMS is how long the call lasted from the answer.
func (c *Call) durationMS() int64 {
	if c.answeredAt.IsZero() {
		return 0
	}
	return c.endedAt.Sub(c.answeredAt).Milliseconds()
}

func (c *Call) minutes() float64 { return float64(c.durationMS()) / 60_000 }

// at is the moment of an offset into the call.
func (c *Call) at(ms int64) time.Time { return c.answeredAt.Add(time.Duration(ms) * time.Millisecond) }

// Class is the class that the call's end has.
func (c *Call) Class() ringside.FailureClass { return c.class }

// Story names the conversation that the call follows, and how that one goes:
// success, fail or transfer. What happens to the call may cut it short.
func (c *Call) Story() (name, outcome string) {
	return c.agent.key + "/" + c.story.name, c.story.outcome
}

// Delivery is a body as a vendor or a program would send it.
type Delivery struct {
	Provider    string // whose body it is
	Event       string
	Body        []byte
	LinkedAgent string // for the call-log API
	Metadata    map[string]string
}

// Deliveries renders the call: the report of its end, and with live what came
// before it and after.
func (c *Call) Deliveries(live bool) []Delivery {
	switch c.agent.provider {
	case vapi:
		return c.vapi(live)
	case retell:
		return c.retell(live)
	case bland:
		return []Delivery{{Provider: bland, Event: "post-call", Body: c.bland()}}
	case elevenlabs:
		return []Delivery{c.elevenlabs()}
	case custom:
		return []Delivery{{Provider: custom, Event: "call_ended", Body: c.custom(), LinkedAgent: c.agent.sourceID, Metadata: map[string]string{"agent_name": c.agent.name}}}
	}
	return []Delivery{{Provider: external, Event: "call_ended", Body: c.flat()}}
}

// open is what has been heard of a call that goes on: it began at a time, and
// its vendor tells of the beginning. Calls whose vendors do not are passed over.
func (g *Generator) open(i int, at time.Time) []Delivery {
	for {
		var out []Delivery
		for _, d := range g.make(newRand(g.cfg.Seed, uint64(i)), i, at).Deliveries(true) { //nolint:gosec // not negative
			if d.Event == "status-update" || d.Event == "call_started" {
				out = append(out, d)
			}
		}
		if len(out) > 0 {
			return out
		}
		i += openCalls
	}
}
