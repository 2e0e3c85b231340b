package text

import (
	"unicode"

	"github.com/ringsidehq/ringside"
)

// What else than cues speaks for frustration, and how much. The weights are
// those of the rule measured on USS (see frustrationCues); no, shouting and
// irony are our own.
const (
	negativeWeight = 1.5 // times the share of negative words
	compoundWeight = 0.5 // times VADER's compound, turned around
	failureWeight  = 1.2 // the agent has just apologised or failed
	objectWeight   = 0.7 // begins with no, and nobody had asked
	shoutWeight    = 1.5 // in capitals, or with several marks
	spelledWeight  = 1.0 // word. By. Word.
	ironyWeight    = 1.0 // great, after a failure
	repeatFree     = 0.4 // similarity to an own earlier turn that is ordinary
)

// hitAt is what a turn's own words must come to for it to count as a hit: an
// apology of the agent frustrates nobody by itself.
const hitAt = 0.7

// apologies and refusals are an agent's words that something did not work out.
// Source: our own.
var apologies = compile([]cue{{pattern: "sorry|apologize|apologise|apologies"}})

var refusals = compile([]cue{
	{pattern: "unfortunately|afraid"},
	{pattern: "i|we can't|cannot|couldn't|don't|won't"},
	{pattern: "unable to"},
	{pattern: "not|isn't able|possible|available"},
	{pattern: "didn't catch|understand|hear|get"},
	{pattern: "error|failed|fully booked"},
	{pattern: "technical issue|issues|difficulty|difficulties|problem|problems"},
})

var frustrated = compile(frustrationCues)

// ironic are words of praise that are none after a failure.
var ironic = compile([]cue{
	{pattern: "^ great|brilliant|wonderful|fantastic|lovely|super|awesome|excellent|marvellous|perfect $"},
	{pattern: "^ oh great|brilliant|wonderful|fantastic|lovely|perfect|good"},
	{pattern: "of course it|you|they is|are|do|does|can't|did"},
	{pattern: "really helpful|useful"},
	{pattern: "for what it's worth"},
})

// courteous follows a no that is none.
var courteous = set("thank", "thanks", "problem", "worries", "sorry", "need", "rush", "that's", "it's", "i'm", "just",
	"questions", "problems", "not", "other", "nothing", "that", "it")

// Signs is what in a customer's turn speaks for frustration.
type Signs struct {
	Weight float64
	Own    float64 // of it, what the turn's own words say
	Quote  string  // the sentence that says it most
	Sign   string  // what the customer does there: shouts, judges harshly
}

// Hit tells whether the turn's own words are signs of frustration.
func (g *Signs) Hit() bool { return g.Own >= hitAt }

// Frustration weighs the signs of frustration in a customer's English turn,
// given its feeling and the turns before it.
func Frustration(s *Said, v Valence, before []Said) Signs {
	var g Signs
	var strongest float64
	note := func(h hit, weight float64, what string) {
		g.Own += weight
		if weight > strongest {
			from, to := 0, len(s.Words) // of signs that stand nowhere in particular
			if h.cue != nil {
				from, to = s.sentence(h.from)
			}
			strongest, g.Quote, g.Sign = weight, s.quote(from, to), what
		}
	}
	frustrated.all(s.Words, func(h hit) { note(h, h.cue.weight, h.cue.name) })
	prev := agentBefore(before)
	failed := false
	if prev != nil {
		failed = fails(prev)
	}
	irony := false
	if failed {
		var h hit
		if h, irony = ironic.one(s.Words); irony {
			note(h, ironyWeight, "speaks with irony")
		}
	}
	if objects(s, prev) {
		note(hit{}, objectWeight, "objects")
	}
	if shouts(s) {
		note(hit{}, shoutWeight, "shouts")
	}
	if spelled(s) {
		note(hit{}, spelledWeight, "spells it out")
	}
	if v.Compound <= -0.5 {
		note(hit{}, -v.Compound, "uses strongly negative words")
	}
	g.Weight = g.Own + negativeWeight*v.Negative
	if v.Compound > -0.5 {
		g.Weight -= compoundWeight * v.Compound
	}
	if irony && v.Compound > 0 {
		g.Weight += compoundWeight * v.Compound
	}
	if failed {
		g.Weight += failureWeight
	}
	g.Weight = max(0, g.Weight+max(0, ownRepeat(s, before)-repeatFree))
	return g
}

// fails tells whether an agent's turn apologises or says that something did not
// work out.
func fails(s *Said) bool {
	_, sorry := apologies.one(s.Words)
	_, no := refusals.one(s.Words)
	return sorry || no
}

// agentBefore is the newest agent turn that says something.
func agentBefore(before []Said) *Said {
	for i := len(before) - 1; i >= 0; i-- {
		if s := &before[i]; s.Role == ringside.RoleAgent && len(s.Words) > 0 {
			return s
		}
	}
	return nil
}

// objects tells whether a turn begins with a no that answers no question, or
// one that can't be answered with no.
func objects(s, prev *Said) bool {
	if len(s.Words) < 2 || s.Words[0].Text != "no" || courteous[s.Words[1].Text] || prev == nil {
		return false
	}
	return !prev.asks() || open(prev)
}

// openers begin a question that is not for yes or no, after a word or two.
var openers = set("what", "what's", "when", "where", "which", "who", "how")

func open(s *Said) bool {
	from, to := s.sentence(len(s.Words) - 1)
	for i := from; i < min(from+2, to); i++ {
		if openers[s.Words[i].Text] {
			return true
		}
	}
	return false
}

// spelled tells whether a turn is said word by word: three sentences of one
// word in a row, as somebody speaks who was not understood.
func spelled(s *Said) bool {
	row := 0
	for i := range s.Words {
		if s.Words[i].Stop && (i == 0 || s.Words[i-1].Stop) {
			if row++; row >= 3 {
				return true
			}
			continue
		}
		row = 0
	}
	return false
}

// shouts tells whether a turn is in capitals, or ends with several marks. One
// word in capitals is an abbreviation; a transcript all in capitals is no
// louder than one that is not, which the transcriber's mixed case elsewhere
// would tell: three words are taken as enough.
func shouts(s *Said) bool {
	upper, lower, marks := 0, 0, 0
	for i, r := range s.Text {
		switch {
		case unicode.IsUpper(r):
			upper++
		case unicode.IsLower(r):
			lower++
		case (r == '!' || r == '?') && i > 0 && (s.Text[i-1] == '!' || s.Text[i-1] == '?'):
			marks++
		}
	}
	return marks > 0 || len(s.Words) >= 3 && upper >= 10 && lower == 0
}

// ownRepeat is the greatest similarity to one of the customer's own earlier
// turns. Short answers repeat for other reasons.
func ownRepeat(s *Said, before []Said) float64 {
	best, seen := 0.0, 0
	if len(s.Words) < 3 {
		return 0
	}
	for i := len(before) - 1; i >= 0 && seen < 6; i-- {
		if b := &before[i]; b.Role == s.Role && len(b.Words) >= 3 {
			best, seen = max(best, jaccard(s.Words, b.Words)), seen+1
		}
	}
	return best
}
