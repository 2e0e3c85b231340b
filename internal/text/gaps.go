package text

import (
	"regexp"
	"slices"
	"strings"

	"github.com/ringsidehq/ringside"
)

// marker is what an agent that was told to says when it does not know.
var marker = regexp.MustCompile(`(?i)\[KNOWLEDGE_GAP:\s*([^\]]{1,200})\]`)

// unmarked drops the words of markers: nobody says them.
func unmarked(text string, words []Word) []Word {
	if !strings.Contains(text, "[") {
		return words
	}
	for _, m := range marker.FindAllStringIndex(text, maxGaps) {
		words = slices.DeleteFunc(words, func(w Word) bool { return w.Start >= m[0] && w.End <= m[1] })
	}
	return words
}

// unknowing are an agent's words that it lacks information. What it may not
// do, change a price for one, is no gap. Source: our own.
var unknowing = compile([]cue{
	{pattern: "don't|haven't|not have|got ~ information|info|details|data|answer|record|records|knowledge"},
	{pattern: "don't|not|didn't have|got the|that|an|any ~ $"},
	{pattern: "no information|info|details|data on|about|for|regarding"},
	{pattern: "have|got no information|info|details|data|idea"},
	{pattern: "don't|not know ~ $"},
	{pattern: "don't know about|if|whether|when|where|how|what|which|that"},
	{pattern: "not|isn't|i'm|unsure sure about|if|whether|when|where|how|what|which|on"},
	{pattern: "unsure about|if|whether"},
	{pattern: "not aware of"},
	{pattern: "not|isn't familiar with"},
	{pattern: "can't|cannot|not|unable able? to? say|tell|answer|confirm that|you|this|if|whether|when"},
	{pattern: "not|unable able? to say|answer $"},
	{pattern: "couldn't|can't find ~ information|answer|details"},
})

// wondering are questions that do not begin like one. Can you do this is a
// request; can you tell me is a question.
var wondering = compile([]cue{
	{pattern: "tell me"},
	{pattern: "do|would you know|happen"},
	{pattern: "wondering|wonder|ask|know|asking if|whether|what|when|where|how|about|which"},
	{pattern: "question about|on|is"},
})

// line are questions about the call itself.
var line = compile([]cue{
	{pattern: "are|is you|anyone|anybody|somebody still? there"},
	{pattern: "hear me"},
	{pattern: "who is|are this|you"},
	{pattern: "what did you say"},
	{pattern: "are you a|an|real|human|kidding|joking|serious"},
})

// Gap is a question that an agent had no answer to.
type Gap struct {
	Topic  string // the marker's, or the question
	Quote  string // the agent's words
	Marked bool   // by the agent itself
}

// Unanswered tells of an agent's turn that says it does not know: by the
// marker, in any language, or in words after a customer's question.
func Unanswered(s *Said, before []Said) []Gap {
	var out []Gap
	for _, m := range marker.FindAllStringSubmatchIndex(s.Text, maxGaps) {
		topic := strings.Join(strings.Fields(s.masked(m[2], m[3])), " ")
		out = append(out, Gap{Topic: topic, Quote: s.masked(m[0], m[1]), Marked: true})
	}
	if len(out) > 0 {
		return out
	}
	h, ok := unknowing.one(s.Words)
	if !ok {
		return nil
	}
	from, to := s.sentence(h.from)
	if s.asksAt(to) {
		return nil
	}
	q := customerBefore(before)
	if q == nil {
		return nil
	}
	topic, ok := question(q)
	if !ok {
		return nil
	}
	return append(out, Gap{Topic: topic, Quote: s.quote(from, to)})
}

// maxGaps bounds the markers of one turn.
const maxGaps = 10

// customerBefore is the customer's turn that an agent's answers.
func customerBefore(before []Said) *Said {
	for i := len(before) - 1; i >= max(0, len(before)-3); i-- {
		if s := &before[i]; s.Role == ringside.RoleUser && len(s.Words) > 0 {
			return s
		}
	}
	return nil
}

// question gives the last question for information in a turn.
func question(s *Said) (text string, ok bool) {
	s.sentences(func(from, to int) bool {
		marked := s.asksAt(to)
		_, wonders := wondering.one(s.Words[from:to])
		if _, own := line.one(s.Words[from:to]); own || to-from < 3 {
			return true
		}
		if wonders || marked && !requests[s.opener(from, to)] {
			text, ok = s.quote(from, to), true
		}
		return true
	})
	return text, ok
}

// fillers come before a question without being of it.
var fillers = set("actually", "so", "and", "but", "well", "hi", "hello", "yes", "yeah", "no", "ok", "okay", "um", "uh", "oh", "right", "then", "sorry", "please")

// opener is the first word of a sentence that is no filler.
func (s *Said) opener(from, to int) string {
	for from < to-1 && fillers[s.Words[from].Text] {
		from++
	}
	return s.Words[from].Text
}

// requests begin a question that asks for something to be done.
var requests = set("can", "could", "would", "may", "shall", "should", "please")

// sameQuestion is the similarity from which two questions are one, asked again.
const sameQuestion = 0.6

// gaps looks for questions that the agent could not answer.
func (k *look) gaps() {
	seen := map[string]bool{}
	for i := range k.turns {
		s := &k.turns[i]
		if s.Role == ringside.RoleUser {
			k.askedAgain(i, seen)
			continue
		}
		for _, g := range Unanswered(s, k.turns[:i]) {
			if !g.Marked && !k.agentEnglish || seen[g.Topic] {
				continue
			}
			seen[g.Topic] = true
			f := ringside.Finding{
				Kind: ringside.FindingKnowledgeGap, Severity: ringside.SeverityInfo, Quote: g.Quote, Topic: g.Topic,
				Detail: "The customer asked and the agent did not have the information.", Method: ringside.MethodLocal,
			}
			if g.Marked {
				f.Method, f.Detail = ringside.MethodLocal, "The agent marked that it does not know this."
			}
			k.found(f, s)
		}
	}
}

// askedAgain notes a question that the customer had asked before, with a reply
// of the agent in between that did not settle it.
func (k *look) askedAgain(i int, seen map[string]bool) {
	s := &k.turns[i]
	topic, ok := "", false
	if k.customerEnglish && len(s.Words) >= 4 {
		topic, ok = question(s)
	}
	if !ok {
		return
	}
	for j := i - 2; j >= max(0, i-repeatWithin); j-- {
		b := &k.turns[j]
		if b.Role != ringside.RoleUser || len(b.Words) < 4 || jaccard(s.Words, b.Words) < sameQuestion {
			continue
		}
		first, asked := question(b)
		if !asked || seen[first] || seen[topic] {
			return
		}
		seen[first], seen[topic] = true, true
		k.found(ringside.Finding{
			Kind: ringside.FindingKnowledgeGap, Severity: ringside.SeverityInfo, Quote: topic, Topic: first,
			Detail: "The customer asked this again after the agent's reply.", Method: ringside.MethodLocal,
		}, s)
		return
	}
}
