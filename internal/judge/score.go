package judge

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/ringsidehq/ringside"
)

// defaultPassAt is where a score passes that says nothing else.
const defaultPassAt = 60

// scoreAnswer is a model's answer to one criterion.
type scoreAnswer struct {
	Evidence []struct {
		Turn  *float64 `json:"turn"`
		Quote string   `json:"quote"`
	} `json:"evidence"`
	Reason  string `json:"reason"`
	Value   any    `json:"value"`
	Verdict string `json:"verdict"`
}

// flaw is why an answer to a criterion does not count: for the model, that it
// may do better, and for people.
type flaw struct{ forModel, forPeople string }

func (r *reading) criteria(raw json.RawMessage, asked []Criterion) {
	var answers map[string]json.RawMessage
	if err := read(raw, &answers); err != nil {
		answers = nil // each is missing
	}
	for i := range asked {
		c := &asked[i]
		s, f := r.score(c, answers[c.Key])
		if f != nil {
			s = c.unknown(f.forPeople)
			r.wrong.Criteria = append(r.wrong.Criteria, *c)
			r.complain("scores.%s: %s", c.Key, f.forModel)
		}
		r.scores[c.Key] = s
	}
}

// score reads the answer to a criterion.
func (r *reading) score(c *Criterion, raw json.RawMessage) (ringside.Score, *flaw) {
	var a scoreAnswer
	if err := read(raw, &a); err != nil {
		return ringside.Score{}, &flaw{err.Error(), "The model gave no usable answer."}
	}
	s, f := c.decide(strings.ToLower(strings.TrimSpace(a.Verdict)), a.Value)
	if f != nil {
		return s, f
	}
	if s.Reason = clean(a.Reason, maxReason); s.Reason == "" {
		return s, &flaw{"has no reason", "The model gave no reason."}
	}
	var complaints []string
	for _, e := range a.Evidence[:min(len(a.Evidence), 4*maxEvidence)] {
		found, complaint := r.cited(e.Turn, e.Quote)
		switch {
		case complaint != "":
			complaints = append(complaints, complaint)
		case len(s.Evidence) < maxEvidence && !slices.Contains(s.Evidence, found):
			s.Evidence = append(s.Evidence, found)
		}
	}
	if len(s.Evidence) > 0 || s.Answer == nil && (s.Verdict == ringside.VerdictNA || s.Verdict == ringside.VerdictUnknown) {
		return s, nil
	}
	if len(complaints) == 0 {
		return s, &flaw{"has no evidence", "The model decided without quoting the call."}
	}
	return s, &flaw{strings.Join(complaints, "; "), "The model's quotes do not stand in the turns that it names."}
}

// unknown is the score of a criterion whose answer does not count.
func (c *Criterion) unknown(reason string) ringside.Score {
	return ringside.Score{Criterion: c.Key, Name: c.Name, Verdict: ringside.VerdictUnknown, Reason: reason, Evidence: []ringside.Evidence{}, Method: ringside.MethodLLM}
}

// decide turns a model's verdict and value into ours.
func (c *Criterion) decide(verdict string, value any) (ringside.Score, *flaw) {
	s := c.unknown("")
	switch v := ringside.Verdict(verdict); {
	case v == ringside.VerdictNA || v == ringside.VerdictUnknown:
		s.Verdict = v
		return s, nil
	case c.Type == PassFail && (v == ringside.VerdictPass || v == ringside.VerdictFail):
		c.settle(&s, v == ringside.VerdictPass)
		return s, nil
	case c.Type == PassFail:
		return s, &flaw{"verdict is not pass, fail, na or unknown", "The model's verdict is none of pass, fail, na and unknown."}
	case verdict != scored:
		return s, &flaw{"verdict is not scored, na or unknown", "The model's verdict is none of those that it may give."}
	}
	switch c.Type {
	case Enum, Text:
		return c.decideText(s, value)
	}
	n, ok := number(value)
	if !ok {
		return s, &flaw{"value is not a number", "The model gave no number."}
	}
	return c.decideNumber(s, n)
}

func (c *Criterion) decideText(s ringside.Score, value any) (ringside.Score, *flaw) {
	text, ok := value.(string)
	if text = clean(text, maxAnswer); !ok || text == "" {
		return s, &flaw{"value is not a text", "The model gave no answer."}
	}
	if c.Type == Text {
		s.Verdict, s.Answer = ringside.VerdictNA, text
		return s, nil
	}
	i := slices.IndexFunc(c.Options, func(o string) bool { return strings.EqualFold(o, text) })
	if i < 0 {
		return s, &flaw{fmt.Sprintf("value is not one of %q", c.Options), "The model's answer is not one of the options."}
	}
	s.Verdict, s.Answer = ringside.VerdictNA, c.Options[i]
	if len(c.Passing) > 0 {
		c.settle(&s, slices.Contains(c.Passing, c.Options[i]))
	}
	return s, nil
}

func (c *Criterion) decideNumber(s ringside.Score, n float64) (ringside.Score, *flaw) {
	low, high := math.Inf(-1), math.Inf(1)
	switch c.Type {
	case Score100:
		low, high = 0, 100
	case Score5:
		low, high = 1, 5
	}
	if n < low || n > high || c.Type == Score5 && n != math.Trunc(n) {
		return s, &flaw{fmt.Sprintf("value %v is not %s", n, c.scale()), fmt.Sprintf("The model's value %v is outside of the scale.", n)}
	}
	switch c.Type {
	case Number:
		s.Verdict, s.Answer = ringside.VerdictNA, n
		if c.PassAt != nil {
			c.settle(&s, n >= *c.PassAt)
		}
		return s, nil
	case Score5:
		s.Answer = n
		n = (n - 1) * 25
	}
	passAt := float64(defaultPassAt)
	if c.PassAt != nil {
		passAt = *c.PassAt
	}
	c.settle(&s, n >= passAt)
	s.Value = &n
	return s, nil
}

// settle makes a score passed or failed.
func (c *Criterion) settle(s *ringside.Score, pass bool) {
	s.Verdict, s.Value = ringside.VerdictFail, new(0.0)
	if pass {
		s.Verdict, s.Value = ringside.VerdictPass, new(100.0)
	}
}
