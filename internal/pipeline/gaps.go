package pipeline

import (
	"context"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/text"
)

// gapsOf are the knowledge gaps that were found in a call.
func gapsOf(c *ringside.Call) []*ringside.Finding {
	var out []*ringside.Finding
	for i := range c.Findings {
		if c.Findings[i].Kind == ringside.FindingKnowledgeGap {
			out = append(out, &c.Findings[i])
		}
	}
	return out
}

// noteGaps puts a call's unanswered questions with those of other calls that
// ask the same, in place of what was noted of the call before: also of one that
// has none now, as nothing but the store knows what was noted. It locks the
// workspace, whose agents share their gaps: of two calls that are the first to
// ask something at the same time, one makes the gap and the other finds it.
func noteGaps(ctx context.Context, tx store.Tx, f *file) error {
	found := gapsOf(f.call)
	if len(found) == 0 {
		return store.ReplaceCallGaps(ctx, tx, f.call.ID, f.call.Sort(), nil)
	}
	if err := store.LockWorkspace(ctx, tx, f.workspace); err != nil {
		return err
	}
	if ord, err := store.OrdOf(ctx, tx, f.call.ID); err != nil || ord == 0 {
		return err // deleted meanwhile: nothing of it is noted
	}
	known, err := store.GapWords(ctx, tx, f.workspace)
	if err != nil {
		return err
	}
	var asked []store.AskedIn
	for _, g := range found {
		question := g.Topic
		if question == "" {
			question = g.Quote
		}
		a := store.AskedIn{Turn: -1, Question: question}
		if g.Turn != nil {
			a.Turn = *g.Turn
		}
		if a.GapID, err = gapFor(ctx, tx, f, question, known); err != nil {
			return err
		}
		asked = append(asked, a)
	}
	return store.ReplaceCallGaps(ctx, tx, f.call.ID, f.call.Sort(), asked)
}

// gapFor is the gap that a question belongs to: the most alike, or a new one.
func gapFor(ctx context.Context, tx store.Tx, f *file, question string, known map[string]string) (string, error) {
	words := text.QuestionWords(question)
	best, alike := "", 0.0
	for id, other := range known {
		if a := text.Alike(words, other); a >= text.SameQuestion && (a > alike || a == alike && id < best) {
			best, alike = id, a
		}
	}
	if best != "" {
		return best, nil
	}
	now := time.Now().UTC()
	g := &store.Gap{ID: ringside.NewID("gap", now), Question: question, Words: words, Status: "open", UpdatedAt: now}
	known[g.ID] = words
	return g.ID, store.InsertGap(ctx, tx, f.workspace, g)
}
