package evaluate

import (
	"context"
	"slices"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/judge"
	"github.com/ringsidehq/ringside/internal/store"
)

// Free is the scorecard of criteria that have a name and no more: ours where a
// name is one of ours, each with the same weight.
func Free(names []string) *ringside.Scorecard {
	s := &ringside.Scorecard{PassMark: ringside.DefaultPassMark, Categories: []ringside.ScorecardCategory{{Name: "Criteria", Weight: 100}}}
	for _, c := range judge.Named(names...) {
		s.Categories[0].Criteria = append(s.Categories[0].Criteria, ringside.ScorecardCriterion{
			Key: c.Key, Name: c.Name, Description: c.Description, Type: ringside.CriterionType(c.Type), Levels: c.Levels,
			Examples: ringside.CriterionExamples{Good: c.GoodExamples, Bad: c.BadExamples},
		})
	}
	s.Complete()
	return s
}

// cardOf is what an evaluator judges by today.
func cardOf(ctx context.Context, tx store.Tx, workspace string, e *ringside.Evaluator) (*ringside.Scorecard, error) {
	if e.ScorecardID == "" {
		return Free(e.Criteria), nil
	}
	return store.Scorecard(ctx, tx, workspace, e.ScorecardID)
}

// asked is a criterion as a language model is asked about it. What an answer
// is worth is no matter of the model's: see ScorecardCriterion.Grade.
// So a number's min and max, beyond which it is worth no less and no more, are
// no bounds of the answer.
func asked(c *ringside.ScorecardCriterion, passMark float64) judge.Criterion {
	out := judge.Criterion{
		Key: c.Key, Name: c.Name, Description: c.Description, Type: judge.Type(c.Type), Levels: c.Levels,
		GoodExamples: c.Examples.Good, BadExamples: c.Examples.Bad,
	}
	for _, o := range c.Options {
		out.Options = append(out.Options, o.Value)
	}
	if c.Type == ringside.CriterionScore100 || c.Type == ringside.CriterionScore5 {
		if out.PassAt = c.PassAt; out.PassAt == nil {
			out.PassAt = &passMark
		}
	}
	if out.Description == "" {
		lendRubric(&out)
	}
	return out
}

// lendRubric gives a criterion that has nothing but a name the rubric that we
// have for it.
func lendRubric(c *judge.Criterion) {
	known, ok := judge.BuiltIn(c.Key)
	if !ok {
		named := judge.Named(c.Name)
		if len(named) == 0 {
			return
		}
		known = named[0]
	}
	c.Description = known.Description
	if c.Type == known.Type && len(c.Levels) == 0 {
		c.Levels = slices.Clone(known.Levels)
	}
	if len(c.GoodExamples)+len(c.BadExamples) == 0 {
		c.GoodExamples, c.BadExamples = known.GoodExamples, known.BadExamples
	}
}
