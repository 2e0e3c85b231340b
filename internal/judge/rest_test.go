package judge_test

import (
	"slices"
	"testing"

	"github.com/ringsidehq/ringside/internal/judge"
	"github.com/ringsidehq/ringside/internal/llm"
	"github.com/ringsidehq/ringside/internal/llm/llmtest"
)

// What holds of an answer is kept when the second question fails, and the rest
// of the task is what did not: together they are everything.
func TestTheRestIsWhatWasNotAnswered(t *testing.T) {
	t.Parallel()
	s := llmtest.New(t, edited(t, func(a map[string]any) {
		in(a, "scores", "greeting_quality")["evidence"] = []any{}
		a["gaps"] = nil
		in(a, "extraction")["day"] = "soon"
		in(a, "sentiment")["label"] = "odd"
	}), llmtest.Busy("3"), llmtest.Good(whole))
	task, j := everything(), asking(s)
	half, err := j.Run(t.Context(), appointment(), task)
	if llm.KindOf(err) != llm.RateLimited || !half.Partial || !half.Tagged || len(half.Scores) != 1 || half.Usage.Requests != 2 {
		t.Fatalf("half: %+v, %v", half, err)
	}
	rest := task.Rest(half)
	if got := rest.Parts(); !slices.Equal(got, []string{"summary", "scores", "extraction", "knowledge gaps"}) || len(rest.Criteria) != 1 || rest.Criteria[0].Key != "greeting_quality" {
		t.Fatalf("the rest is %q, by %+v", got, rest.Criteria)
	}
	more, err := j.Run(t.Context(), appointment(), rest)
	if err != nil {
		t.Fatal(err)
	}
	all := judge.Merge(half, more)
	if all.Partial || all.Summary == nil || all.Sentiment == nil || !all.Tagged || len(all.Scores) != 2 || len(all.Findings) != 1 || all.Extracted["day"] == nil || all.Usage.Requests != 3 {
		t.Errorf("together: %+v", all)
	}
	if none := task.Rest(all); len(none.Parts()) != 0 {
		t.Errorf("nothing is left, but %q", none.Parts())
	}
}

// A model that fails keeps no other from being asked, and the error tells
// whether it makes sense to ask again.
func TestOneModelFailsAndAnotherAnswers(t *testing.T) {
	t.Parallel()
	j := asking(llmtest.NewFunc(t, func(q llmtest.Request) llmtest.Reply {
		switch q.Model {
		case "shy":
			return llmtest.Refused()
		case "away":
			return llmtest.Busy("3")
		}
		return llmtest.Good(whole)
	}))
	j.Models.Summary, j.Models.Tags = "shy", "away"
	got, err := j.Run(t.Context(), appointment(), everything())
	if llm.KindOf(err) != llm.RateLimited || !got.Partial || got.Summary != nil || got.Tagged || len(got.Scores) != 2 || got.Usage.Requests != 3 {
		t.Errorf("got %+v, %v", got, err)
	}
}
