package ringside

import (
	"cmp"
	"fmt"
	"math"
	"strings"
)

// ScorecardResult is what a call comes to by a scorecard. What could not be
// judged, or does not apply, drops out: it lowers the coverage and never
// counts as 0. The contributions of the criteria add up to the score.
type ScorecardResult struct {
	Score      *float64         `json:"score" doc:"0 to 100: the weighted mean over what could be judged; null when nothing could"`
	PassMark   float64          `json:"pass_mark"`
	Verdict    Verdict          `json:"verdict" enum:"pass,fail,unknown" doc:"fail when a critical criterion is failed, whatever the score; unknown when one could not be judged, or less than half of the weight that applies"`
	Reason     string           `json:"reason" doc:"Why the verdict is what it is"`
	Coverage   float64          `json:"coverage" doc:"0 to 1: the weight of what could be judged"`
	Critical   []string         `json:"critical_failures" doc:"Keys of the critical criteria that were failed"`
	Categories []CategoryResult `json:"categories"`
}

// CategoryResult is what a call comes to by one category.
type CategoryResult struct {
	Name         string            `json:"name"`
	Weight       float64           `json:"weight" doc:"In percent of the scorecard"`
	Score        *float64          `json:"score" doc:"0 to 100: of its own criteria; null when none could be judged"`
	Contribution float64           `json:"contribution" doc:"How many points of the score are from here"`
	Coverage     float64           `json:"coverage" doc:"0 to 1: the weight of what could be judged"`
	Criteria     []CriterionResult `json:"criteria"`
}

// CriterionResult is what a call comes to by one criterion. Reason and
// evidence stand in the score with the same key.
type CriterionResult struct {
	Key          string        `json:"key"`
	Name         string        `json:"name"`
	Type         CriterionType `json:"type" enum:"pass_fail,score_100,score_5,enum,number,text"`
	Weight       float64       `json:"weight" doc:"In percent of the scorecard"`
	Score        *float64      `json:"score" doc:"0 to 100; null when it dropped out"`
	Verdict      Verdict       `json:"verdict" enum:"pass,fail,na,unknown"`
	Contribution *float64      `json:"contribution" doc:"How many points of the score are from here; null when it dropped out"`
	Critical     bool          `json:"critical"`
	Method       Method        `json:"method,omitempty" enum:"local,rule,llm,human" doc:"How it was come by; left out when nobody judged it"`
}

// enoughWeight is the share of the weight that applies which has to be judged
// for a verdict to mean anything.
const enoughWeight = 0.5

// Result works out what scores come to. A criterion without a score is
// unknown; of several scores with its key, the first counts.
func (s *Scorecard) Result(scores []Score) ScorecardResult {
	byKey := map[string]*Score{}
	for i := range scores {
		if byKey[scores[i].Criterion] == nil {
			byKey[scores[i].Criterion] = &scores[i]
		}
	}
	r := ScorecardResult{PassMark: s.PassMark, Critical: []string{}, Categories: make([]CategoryResult, len(s.Categories))}
	var t tally
	for i := range s.Categories {
		r.Categories[i] = s.category(&s.Categories[i], byKey, &t)
	}
	r.share(&t)
	r.judge(&t)
	return r
}

// tally is what a result is worked out from, in weights.
type tally struct {
	all, applies, judged float64
	unsettled            string // the name of a critical criterion that could not be judged
	critical             []string
	names                []string // of those
}

// category grades the criteria of a category. Their contributions wait for
// the weight of all that could be judged.
func (s *Scorecard) category(c *ScorecardCategory, scores map[string]*Score, t *tally) CategoryResult {
	out := CategoryResult{Name: c.Name, Weight: c.Weight, Criteria: make([]CriterionResult, len(c.Criteria))}
	total, sum, judged := c.weights(), 0.0, 0.0
	for i := range c.Criteria {
		k := &c.Criteria[i]
		r := CriterionResult{Key: k.Key, Name: k.Name, Type: k.Type, Verdict: VerdictUnknown, Critical: k.Critical}
		share := 0.0
		if total > 0 {
			share = k.weight() / total
		}
		r.Weight = c.Weight * share
		if score := scores[k.Key]; score != nil {
			g := k.Grade(*score, s.PassMark)
			r.Score, r.Verdict, r.Method = g.Value, g.Verdict, g.Method
		}
		t.add(&r)
		if r.Score != nil {
			sum, judged = sum+share**r.Score, judged+share
		}
		out.Criteria[i] = r
	}
	if judged > 0 {
		out.Score, out.Coverage = new(bounded(sum/judged)), min(1, judged)
	}
	return out
}

func (t *tally) add(r *CriterionResult) {
	t.all += r.Weight
	if r.Verdict != VerdictNA {
		t.applies += r.Weight
	}
	if r.Score != nil {
		t.judged += r.Weight
	}
	switch {
	case !r.Critical:
	case r.Verdict == VerdictFail:
		t.critical, t.names = append(t.critical, r.Key), append(t.names, r.Name)
	case r.Verdict == VerdictUnknown:
		t.unsettled = cmp.Or(t.unsettled, r.Name)
	}
}

// share gives each criterion its part of the score.
func (r *ScorecardResult) share(t *tally) {
	r.Critical = append(r.Critical, t.critical...)
	if t.judged == 0 {
		return
	}
	score := 0.0
	for i := range r.Categories {
		c := &r.Categories[i]
		for j := range c.Criteria {
			k := &c.Criteria[j]
			if k.Score == nil {
				continue
			}
			k.Contribution = new(*k.Score * k.Weight / t.judged)
			c.Contribution += *k.Contribution
		}
		score += c.Contribution
	}
	r.Score, r.Coverage = new(bounded(score)), min(1, t.judged/t.all)
}

// judge decides whether the call has passed.
func (r *ScorecardResult) judge(t *tally) {
	switch {
	case len(t.critical) > 0:
		r.Verdict, r.Reason = VerdictFail, "Failed what is critical: "+strings.Join(t.names, ", ")+"."
	case r.Score == nil:
		r.Verdict, r.Reason = VerdictUnknown, "Nothing could be judged."
	case t.unsettled != "":
		r.Verdict, r.Reason = VerdictUnknown, "It is critical, and could not be judged: "+t.unsettled+"."
	case t.judged < enoughWeight*t.applies:
		r.Verdict, r.Reason = VerdictUnknown, fmt.Sprintf("Only %.0f%% of the weight that applies could be judged.", 100*t.judged/t.applies)
	case *r.Score < r.PassMark-lastBit:
		r.Verdict, r.Reason = VerdictFail, fmt.Sprintf("%s is below the pass mark of %s.", points(*r.Score), points(r.PassMark))
	default:
		r.Verdict, r.Reason = VerdictPass, fmt.Sprintf("%s reaches the pass mark of %s.", points(*r.Score), points(r.PassMark))
	}
}

// points writes a score down to a tenth, and never up to a mark that it does
// not reach.
func points(v float64) string { return fmt.Sprintf("%g", math.Floor((v+lastBit)*10)/10) }

// lastBit is by how much a sum may miss what it comes to on paper.
const lastBit = 1e-9

// bounded keeps the last bit of a sum from leaving the scale.
func bounded(v float64) float64 { return max(0, min(100, v)) }

// Grade brings a score onto the criterion's scale: what an answer is worth, 0
// to 100, and whether that passes. A score that does not fit the criterion is
// unknown.
func (c *ScorecardCriterion) Grade(s Score, passMark float64) Score {
	s.Criterion, s.Name = c.Key, c.Name
	value := s.Value
	s.Value = nil
	if s.Verdict == VerdictUnknown || s.Verdict == "" {
		s.Verdict = VerdictUnknown
		return s
	}
	switch c.Type {
	case CriterionText:
		s.Verdict = VerdictNA
		return s
	case CriterionPassFail:
		// The verdict is the answer.
		switch s.Verdict {
		case VerdictPass:
			s.Value = new(100.0)
		case VerdictFail:
			s.Value = new(0.0)
		}
		return s
	case CriterionEnum:
		value = c.optionWorth(&s)
	case CriterionNumber:
		value = c.numberWorth(&s)
	case CriterionScore100, CriterionScore5:
		if s.Verdict == VerdictNA {
			value = nil
		}
	}
	switch {
	case value == nil && s.Verdict == VerdictNA:
		return s
	case value == nil || !within(*value, 0, 100):
		s.Verdict = VerdictUnknown
		return s
	}
	s.Value, s.Verdict = value, VerdictFail
	if c.PassAt != nil {
		passMark = *c.PassAt
	}
	if *value >= passMark-lastBit {
		s.Verdict = VerdictPass
	}
	return s
}

// optionWorth is what the chosen answer is worth. One that means that the
// criterion does not apply says so.
func (c *ScorecardCriterion) optionWorth(s *Score) *float64 {
	text, ok := s.Answer.(string)
	if !ok {
		return nil
	}
	for _, o := range c.Options {
		if strings.EqualFold(o.Value, strings.TrimSpace(text)) {
			if o.Score == nil {
				s.Verdict = VerdictNA
			}
			return o.Score
		}
	}
	s.Verdict = VerdictUnknown
	return nil
}

// numberWorth is where the number lies between min and max.
func (c *ScorecardCriterion) numberWorth(s *Score) *float64 {
	n, ok := s.Answer.(float64)
	if !ok || c.Min == nil || c.Max == nil || math.IsNaN(n) {
		return nil
	}
	share := max(0, min(1, (n-*c.Min)/(*c.Max-*c.Min)))
	if c.Fewer {
		share = 1 - share
	}
	return new(100 * share)
}
