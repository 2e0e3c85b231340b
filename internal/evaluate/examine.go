package evaluate

import (
	"context"
	"fmt"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/judge"
)

// matter is what is judged, and by what.
type matter struct {
	workspace    string
	call         *ringside.Call
	card         *ringside.Scorecard
	instructions string // what the call's agent was told to do, as far as we know
	model        string // asked in place of the workspace's; empty: that one
}

// Judgement is what a call comes to.
type Judgement struct {
	Result ringside.ScorecardResult `json:"result"`
	Scores []ringside.Score         `json:"scores" doc:"With reasons and evidence, in the order of the criteria"`
	Usage  *ringside.Usage          `json:"usage" doc:"What the language model's reading took; null when none was asked"`
	Note   string                   `json:"note" doc:"What limits the result; empty when nothing does"`
}

// What limits a result, and why a criterion is unknown.
const (
	noModel      = "No language model is set up, so that only rules and our own analysis could judge."
	noTranscript = "The call has no transcript to judge."
	needsModel   = "Needs a language model."
)

// examine judges a call. When the model fails nothing is found, but for what
// was spent.
func (x *Examiner) examine(ctx context.Context, m matter) (*Judgement, error) {
	f := &Judgement{}
	scores := map[string]ringside.Score{}
	var open []*ringside.ScorecardCriterion
	for _, c := range m.card.Criteria() {
		if c.Rule == nil {
			open = append(open, c)
			continue
		}
		scores[c.Key] = settle(c, m.call)
	}
	if len(open) > 0 {
		if err := x.open(ctx, m, open, scores, f); err != nil {
			return f, err
		}
	}
	for _, c := range m.card.Criteria() {
		s := c.Grade(scores[c.Key], m.card.PassMark)
		if s.Evidence == nil {
			s.Evidence = []ringside.Evidence{}
		}
		f.Scores = append(f.Scores, s)
	}
	f.Result = m.card.Result(f.Scores)
	return f, nil
}

// open judges the criteria that have no rule.
func (x *Examiner) open(ctx context.Context, m matter, open []*ringside.ScorecardCriterion, scores map[string]ringside.Score, f *Judgement) error {
	if len(m.call.Turns) == 0 {
		f.Note = noTranscript
		for _, c := range open {
			scores[c.Key] = unknown(noTranscript)
		}
		return nil
	}
	lm, err := x.model(ctx, m.workspace)
	if err != nil {
		return err
	}
	if lm != nil {
		return ask(ctx, lm, m, open, scores, f)
	}
	for _, c := range open {
		s, ok := ours(m.call, c)
		if !ok {
			s, f.Note = unknown(needsModel), noModel
		}
		scores[c.Key] = s
	}
	return nil
}

func unknown(reason string) ringside.Score {
	return ringside.Score{Verdict: ringside.VerdictUnknown, Reason: reason, Method: ringside.MethodLocal}
}

// ask has a language model judge.
func ask(ctx context.Context, lm *Model, m matter, open []*ringside.ScorecardCriterion, scores map[string]ringside.Score, f *Judgement) error {
	j := *lm.Judge
	if m.model != "" {
		j.Models.Scores = m.model
	}
	criteria := make([]judge.Criterion, len(open))
	for i, c := range open {
		criteria[i] = asked(c, m.card.PassMark)
	}
	answers, usage, err := j.Criteria(ctx, m.call, criteria, m.instructions)
	if usage.Requests > 0 {
		f.Usage = &usage
	}
	if lm.Done != nil {
		// What was asked is spent, though the job ends meanwhile.
		if counted := lm.Done(context.WithoutCancel(ctx), usage); counted != nil && err == nil {
			err = fmt.Errorf("count what the model was asked: %w", counted)
		}
	}
	if err != nil {
		return err
	}
	for i := range answers {
		scores[answers[i].Criterion] = answers[i]
	}
	return nil
}

// ours is what is known of the call for a criterion already: what our own
// analysis says. It answers no choices, numbers and texts.
func ours(call *ringside.Call, c *ringside.ScorecardCriterion) (ringside.Score, bool) {
	switch c.Type {
	case ringside.CriterionPassFail, ringside.CriterionScore100, ringside.CriterionScore5:
	default:
		return ringside.Score{}, false
	}
	for _, s := range call.Scores {
		if ringside.CriterionKey(s.Criterion) == c.Key && s.Verdict != ringside.VerdictUnknown {
			return s, true
		}
	}
	return ringside.Score{}, false
}
