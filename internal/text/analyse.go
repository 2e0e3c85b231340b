package text

import (
	"math"
	"slices"

	"github.com/ringsidehq/ringside"
)

// Analyse gives everything that rules and heuristics tell of an ended call.
// Settings may be nil. They say which categories, criteria and phrases hold;
// what they switch on and off is what a language model is asked. It changes
// neither and gives the same for the same.
func Analyse(c *ringside.Call, s *ringside.AgentSettings) *ringside.Local {
	if s == nil {
		s = &ringside.AgentSettings{}
	}
	return analyse(c, s, nil)
}

// SoFar gives the same of a call that goes on, elapsedMS after its start. What
// can only be told at the end is left out: how the call ended, and what the
// agent must say and still has the time to.
func SoFar(c *ringside.Call, s *ringside.AgentSettings, elapsedMS int64) *ringside.Local {
	if s == nil {
		s = &ringside.AgentSettings{}
	}
	return analyse(c, s, &elapsedMS)
}

func analyse(c *ringside.Call, s *ringside.AgentSettings, soFar *int64) *ringside.Local {
	k := &look{call: c, settings: s, soFar: soFar, turns: readAll(c.Turns), findings: []ringside.Finding{}}
	k.readTools()
	k.transferred = k.handedOver()
	k.language()
	k.customers()
	k.agents()
	k.both()
	k.settle()
	k.weighTopics()
	out := &ringside.Local{Summary: k.summary(), Tags: k.tags(), Sentiment: k.sentiment(), Scores: k.scores(), Quality: k.quality(), Expression: k.expression()}
	sortFindings(k.findings)
	out.Findings = k.findings
	return out
}

// look is a call on its way through the rules, and what they have told so far.
type look struct {
	call     *ringside.Call
	settings *ringside.AgentSettings // never nil
	soFar    *int64                  // how long it has been going on, in ms; nil: it has ended
	turns    []Said
	tools    []use

	agentEnglish, customerEnglish bool

	talked     bool   // a person and the agent spoke with one another
	silent     string // why they did not
	mixed      bool   // nobody tells who of them speaks
	agentTurns int
	customer   int // turns of the customer

	moods      []mood
	estimated  int   // turns whose voice was heard
	upset      []int // of them, by index, those that sound upset
	hits       int
	anger, own float64 // the hits' weight, and the part of the own words
	frustrated bool
	person     *Said // who first asked for a human

	repeats, duplicates int
	toldNoTool          bool
	broken              bool // what was said to be done was not
	checked, kept       int  // phrase rules
	untold              int  // phrase rules that can't be told
	timed               bool // every turn has both times
	deadAirMS           int64

	topics      []float64 // what speaks for each of the built-in topics
	transferred bool
	closing     int // how the customer left: 1 content, -1 not, 0 can't be told
	outcome     string
	outcomeWhy  string

	findings []ringside.Finding
}

// mood is how the customer sounded in one turn.
type mood struct {
	at      int // in turns
	valence Valence
	signs   Signs
}

func (k *look) language() {
	k.agentEnglish = English(k.turns, ringside.RoleAgent)
	k.customerEnglish = English(k.turns, ringside.RoleUser)
	for i := range k.turns {
		switch s := &k.turns[i]; {
		case len(s.Words) == 0:
		case s.Role == ringside.RoleUnknown:
			k.mixed = true
		case s.Role == ringside.RoleAgent:
			k.agentTurns++
		default:
			k.customer++
		}
	}
	k.talk()
}

// customers looks at what the customer says.
func (k *look) customers() {
	if k.customerEnglish && k.talked {
		k.persons()
		k.feelings()
	}
}

// agents looks at what the agent says and does.
func (k *look) agents() {
	k.loops()
	k.repeatedTools()
	k.toolErrors()
	k.claims()
	k.phrases()
}

// both looks at what either side says, and at when nobody does.
func (k *look) both() {
	k.gaps()
	k.sensitive()
	k.silences()
}

// found notes a finding at a turn; nil is the whole call.
func (k *look) found(f ringside.Finding, s *Said) {
	if s != nil {
		f.Turn, f.AtMS = new(s.Index), s.StartMS
	}
	k.keep(f)
}

// maxFindings bounds what is told of one call.
const maxFindings = 200

func (k *look) keep(f ringside.Finding) {
	if len(k.findings) < maxFindings {
		k.findings = append(k.findings, f)
	}
}

// has tells whether a kind was found with at least a severity.
func (k *look) has(kind ringside.FindingKind, severities ...ringside.Severity) bool {
	for i := range k.findings {
		f := &k.findings[i]
		if f.Kind != kind {
			continue
		}
		if len(severities) == 0 {
			return true
		}
		for _, s := range severities {
			if f.Severity == s {
				return true
			}
		}
	}
	return false
}

// sortFindings puts findings in the order of the call, those about all of it
// last, and of one turn the worse kind first.
func sortFindings(all []ringside.Finding) {
	rank := map[ringside.FindingKind]int{}
	for i, kind := range ringside.FindingKinds {
		rank[kind] = i
	}
	at := func(f *ringside.Finding) int {
		if f.Turn == nil {
			return math.MaxInt
		}
		return *f.Turn
	}
	slices.SortStableFunc(all, func(a, b ringside.Finding) int {
		if x, y := at(&a), at(&b); x != y {
			if x < y {
				return -1
			}
			return 1
		}
		return rank[a.Kind] - rank[b.Kind]
	})
}
