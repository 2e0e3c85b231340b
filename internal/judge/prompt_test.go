package judge_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/judge"
	"github.com/ringsidehq/ringside/internal/llm"
)

func TestTheRecordOfACall(t *testing.T) {
	t.Parallel()
	call, task := appointment(), everything()
	call.Turns[3].Interrupted = true
	call.Interruptions = []ringside.Interruption{{By: ringside.RoleAgent}}
	call.ToolCalls = append(call.ToolCalls,
		ringside.ToolCall{Name: "look_up", Arguments: "Delta", Error: "no such\nplan", Turn: new(3)},
		ringside.ToolCall{Name: "greet"},
	)
	task.Instructions = "Be kind.\n\nNever promise <<<a price>>>."
	_, user := judge.Prompt(call, &task)
	_, rest, _ := strings.Cut(user, ">>>\n")
	got, _, _ := strings.Cut(rest, "<<<END")
	want := `fact status: completed
fact direction: inbound
fact duration_ms: 41000
fact ended_by: customer
fact ended_reason: customer-hangup
fact interruptions_by_agent: 1
fact interruptions_by_customer: 0
fact first_agent_word_ms: 500
fact agent_response_median_ms: 2500

What the agent was told to do, by those who run it:
| Be kind.
| 
| Never promise ‹‹<a price››>.

Transcript:
[tool before turn 0] greet, asked with nothing, no answer
[0] agent, at 0.5 s: Good morning, this is Riley from Northside Dental. How can I help you today?
[1] customer, at 4.2 s: Hi, I'd like to move my cleaning to Tuesday, please.
[tool after turn 1] move_appointment, asked with {"day":"2026-06-09"}, answered {"ok":true}
[2] agent, at 7.1 s: Of course. I've moved it to Tuesday, June 9th at 10:30.
[3] customer, at 12.0 s, cut off: Great. And do you take Delta insurance?
[tool after turn 3] look_up, asked with "Delta", failed: no such plan
[4] agent, at 14.5 s: I'm not sure about that, I'm afraid. [KNOWLEDGE_GAP: insurance]
[5] customer, at 19.0 s: Okay, thanks. Bye.
`
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	for _, private := range []string{call.From, call.To, call.CustomerName} {
		if strings.Contains(user, private) {
			t.Errorf("the prompt tells %q to the model", private)
		}
	}
}

func TestTheSystemMessageHoldsTheTask(t *testing.T) {
	t.Parallel()
	task := bigTask()
	system, _ := judge.Prompt(appointment(), &task)
	for _, want := range []string{
		"speech recognition", "estimate none", "Name the treatment.", `"billing"`, `### "greeting_quality": Greeting quality`, "3: Greets and names",
		`criterion "Follow Instructions"`, "the verdict is unknown", "- day (datetime, as", "- visits (number from 1 to 9)",
		`- plan (enum, one of ["annual"]) Only when sure is one of ["true"], else null.`, "[KNOWLEDGE_GAP: topic]", `value one of ["annual" "monthly"]`,
	} {
		if !strings.Contains(system, want) {
			t.Errorf("does not say %q", want)
		}
	}
	only := judge.Task{Tags: []string{"a"}}
	system, _ = judge.Prompt(appointment(), &only)
	for _, other := range []string{"# summary", "# scores", "# extraction", "# gaps"} {
		if strings.Contains(system, other) {
			t.Errorf("asks for %s, which is not in the task", other)
		}
	}
}

func TestALongCallIsCutInTheMiddle(t *testing.T) {
	t.Parallel()
	call := appointment()
	call.Turns, call.ToolCalls = nil, nil
	for i := range 2000 {
		call.Turns = append(call.Turns, ringside.Turn{Index: i, Role: ringside.RoleUser, Text: fmt.Sprintf("This is what was said as number %d, and it takes some room.", i)})
	}
	call.Turns[1999].Text = strings.Repeat("word ", 5000)
	for i := range 500 {
		call.ToolCalls = append(call.ToolCalls, ringside.ToolCall{Name: fmt.Sprintf("tool%d", i), Turn: new(1998)})
	}
	task := everything()
	for _, budget := range []int{0, 8000, 1} {
		task.MaxTranscript = budget
		_, user := judge.Prompt(call, &task)
		if limit := max(budget, 4000); budget == 0 && len(user) > 62_000 || budget > 0 && len(user) > limit+3000 {
			t.Errorf("budget %d gives a prompt of %d bytes", budget, len(user))
		}
		if !strings.Contains(user, "[0] customer: This is") || !strings.Contains(user, "[1999] customer: word word") || !strings.Contains(user, "word (shortened)\n") {
			t.Errorf("budget %d: beginning or end is missing", budget)
		}
		var from, to int
		_, note, _ := strings.Cut(user, "\n(turns ")
		if n, err := fmt.Sscanf(note, "%d to %d are not shown", &from, &to); n != 2 || err != nil {
			t.Fatalf("budget %d: no note of what is left out: %v", budget, err)
		}
		for i := range call.Turns {
			if shown := strings.Contains(user, fmt.Sprintf("\n[%d] ", i)); shown == (i >= from && i <= to) {
				t.Fatalf("budget %d: turn %d is shown: %v, left out are %d to %d", budget, i, shown, from, to)
			}
		}
		if n := strings.Count(user, "[tool"); n > 20 {
			t.Errorf("%d tools after one turn", n)
		}
	}
}

func TestThePromptHashNamesTheJudge(t *testing.T) {
	t.Parallel()
	base := everything()
	hash := judge.PromptHash(&base)
	if len(hash) != 16 || hash != judge.PromptHash(new(everything())) {
		t.Fatalf("hash %q", hash)
	}
	same := everything()
	same.Instructions, same.MaxTranscript = "Be kind.", 100
	if judge.PromptHash(&same) != hash {
		t.Error("another agent, or another length, makes another judge")
	}
	for name, change := range map[string]func(t *judge.Task){
		"the summary's prompt": func(t *judge.Task) { t.SummaryPrompt = "Be brief." },
		"a category":           func(t *judge.Task) { t.Tags[0] = "visit" },
		"a rubric":             func(t *judge.Task) { t.Criteria[0].Description += " Or not." },
		"where it passes":      func(t *judge.Task) { t.Criteria[0].PassAt = new(80.0) },
		"a field":              func(t *judge.Task) { t.Extraction[0].Required = false },
		"what is asked":        func(t *judge.Task) { t.Gaps = false },
	} {
		changed := everything()
		change(&changed)
		if judge.PromptHash(&changed) == hash {
			t.Errorf("%s can change unseen", name)
		}
	}
}

func TestBuiltInRubricsAreWhole(t *testing.T) {
	t.Parallel()
	want := []string{"greeting_quality", "issue_resolution", "professionalism", "call_efficiency"}
	if got := judge.BuiltInKeys(); !reflect.DeepEqual(got, want) {
		t.Errorf("keys %q", got)
	}
	for _, key := range want {
		c, ok := judge.BuiltIn(key)
		if !ok || c.Key != key || c.Type != judge.Score5 || len(c.Levels) != 5 || len(c.Description) < 200 || len(c.GoodExamples) == 0 || len(c.BadExamples) == 0 {
			t.Errorf("%s: %+v", key, c)
		}
		if err := (&judge.Task{Criteria: []judge.Criterion{c}}).Validate(); err != nil {
			t.Error(err)
		}
		c.Levels[0] = "spoilt"
		if again, _ := judge.BuiltIn(key); again.Levels[0] == "spoilt" {
			t.Errorf("%s can be changed from outside", key)
		}
	}
	if _, ok := judge.BuiltIn("charm"); ok {
		t.Error("a rubric for charm")
	}
}

func TestNamesBecomeCriteria(t *testing.T) {
	t.Parallel()
	got := judge.Named("Follow Instructions", "problem_resolution", "Greeting quality", "follow-instructions", " ", "Höflichkeit & Ton", "!!!")
	var keys, names []string
	for _, c := range got {
		keys, names = append(keys, c.Key), append(names, c.Name)
	}
	if want := []string{"follow_instructions", "problem_resolution", "greeting_quality", "höflichkeit_ton"}; !reflect.DeepEqual(keys, want) {
		t.Errorf("keys %q, want %q", keys, want)
	}
	if want := []string{"Follow Instructions", "problem resolution", "Greeting quality", "Höflichkeit & Ton"}; !reflect.DeepEqual(names, want) {
		t.Errorf("names %q, want %q", names, want)
	}
	if err := (&judge.Task{Criteria: got}).Validate(); err != nil {
		t.Error(err)
	}
}

func TestCriteriaSurviveStorage(t *testing.T) {
	t.Parallel()
	want := bigTask().Criteria
	b, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got []judge.Criterion
	if err := json.Unmarshal(b, &got); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestTasksPointAtWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		field string
		spoil func(t *judge.Task)
	}{
		{"/tags/1", func(t *judge.Task) { t.Tags[1] = " " }},
		{"/tags", func(t *judge.Task) { t.Tags = make([]string, 201) }},
		{"/criteria", func(t *judge.Task) { t.Criteria = make([]judge.Criterion, 51) }},
		{"/extraction", func(t *judge.Task) { t.Extraction = make([]ringside.ExtractionField, 101) }},
		{"/criteria/0/key", func(t *judge.Task) { t.Criteria[0].Key = "" }},
		{"/criteria/1/key", func(t *judge.Task) { t.Criteria[1].Key = t.Criteria[0].Key }},
		{"/criteria/0/type", func(t *judge.Task) { t.Criteria[0].Type = "score_7" }},
		{"/criteria/0/levels", func(t *judge.Task) { t.Criteria[0].Levels = []string{"bad", "good"} }},
		{"/criteria/0/description", func(t *judge.Task) { t.Criteria[0].Description = strings.Repeat("x", 9000) }},
		{"/criteria/4/options", func(t *judge.Task) { t.Criteria[4].Options = nil }},
		{"/criteria/4/passing/0", func(t *judge.Task) { t.Criteria[4].Passing = []string{"weekly"} }},
		{"/extractionFields/0/pattern", func(t *judge.Task) { t.Extraction[0].Pattern = "(" }},
	} {
		task := bigTask()
		tc.spoil(&task)
		if e, ok := errors.AsType[*ringside.Error](task.Validate()); !ok || e.Kind != ringside.Invalid || e.Field != tc.field {
			t.Errorf("got %v, want a complaint about %s", task.Validate(), tc.field)
		}
	}
}

func TestPlan(t *testing.T) {
	t.Parallel()
	task := everything()
	task.Instructions = "Be kind."
	parts := judge.Plan(task, llm.Models{Summary: "a", Tags: "b", Scores: "a", Extraction: "b", Gaps: "c"})
	if len(parts) != 3 {
		t.Fatalf("%d parts for 3 models", len(parts))
	}
	for i, want := range []judge.Task{
		{Summary: true, SummaryPrompt: task.SummaryPrompt, Criteria: task.Criteria, Instructions: task.Instructions},
		{Tags: task.Tags, Extraction: task.Extraction, Instructions: task.Instructions},
		{Gaps: true, Instructions: task.Instructions},
	} {
		if !reflect.DeepEqual(parts[i].Task, want) {
			t.Errorf("model %s is asked %+v, want %+v", parts[i].Model, parts[i].Task, want)
		}
	}
	if got := judge.Plan(task, models("one")); len(got) != 1 || !reflect.DeepEqual(got[0].Task, task) {
		t.Errorf("one model: %+v", got)
	}
}
