package judge

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/llm"
)

// Task is what is asked about a call.
type Task struct {
	Summary       bool                       `json:"summary,omitempty"` // and how the customer felt
	SummaryPrompt string                     `json:"summary_prompt,omitempty"`
	Tags          []string                   `json:"tags,omitempty"` // the categories to choose from; none: not asked
	Criteria      []Criterion                `json:"criteria,omitempty"`
	Extraction    []ringside.ExtractionField `json:"extraction,omitempty"`
	Gaps          bool                       `json:"gaps,omitempty"`

	// Instructions are what the agent was told to do, as far as we know. They
	// are shown as data and are no part of the prompt's hash: another agent, not
	// another judge.
	Instructions string `json:"-"`
	// MaxTranscript is how many bytes of a transcript are shown; 0 is 60,000.
	// For models with a small context.
	MaxTranscript int `json:"-"`
}

// Type is how a criterion is answered.
type Type string

// The types of criteria, and what becomes of their answers:
//
//	pass_fail   pass is 100, fail is 0
//	score_100   the value; it passes from PassAt on
//	score_5     1 to 5 become 0, 25, 50, 75, 100; it passes from PassAt on
//	enum        the answer; 100 if it is one of Passing, 0 if not
//	number      the answer; 100 from PassAt on, 0 below
//	text        the answer
//
// An enum without Passing, a number without PassAt and a text can't be passed:
// their verdict is na and their value nil, and the answer is what counts.
const (
	PassFail Type = "pass_fail"
	Score100 Type = "score_100"
	Score5   Type = "score_5"
	Enum     Type = "enum"
	Number   Type = "number"
	Text     Type = "text"
)

// Types lists the types.
var Types = []Type{PassFail, Score100, Score5, Enum, Number, Text}

// Criterion is one thing that a call is judged by.
type Criterion struct {
	Key          string   `json:"key" doc:"Names the criterion in scores: greeting_quality"`
	Name         string   `json:"name" doc:"What to show"`
	Description  string   `json:"description,omitempty" doc:"What is judged, and by what"`
	Type         Type     `json:"type" enum:"pass_fail,score_100,score_5,enum,number,text"`
	Levels       []string `json:"levels,omitempty" doc:"Of a score_5: what each of the five means, from 1"`
	GoodExamples []string `json:"good_examples,omitempty" doc:"What does well by it"`
	BadExamples  []string `json:"bad_examples,omitempty" doc:"What does not"`
	Options      []string `json:"options,omitempty" doc:"Of an enum: the answers to choose from"`
	Passing      []string `json:"passing,omitempty" doc:"Of an enum: the answers that pass"`
	PassAt       *float64 `json:"pass_at,omitempty" nullable:"true" doc:"From where on it passes: of 0 to 100 for scores (60 by default), of the number itself for a number"`
}

// What a task may hold at most.
const (
	maxTags     = 200
	maxCriteria = 50
	maxFields   = 100
	maxKey      = 100
	maxRubric   = 8000 // characters of one criterion
	maxOptions  = 100
)

// Parts names what a task asks for, in words for people.
func (t *Task) Parts() (out []string) {
	for _, p := range []struct {
		asked bool
		name  string
	}{
		{t.Summary, "summary"},
		{len(t.Tags) > 0, "tags"},
		{len(t.Criteria) > 0, "scores"},
		{len(t.Extraction) > 0, "extraction"},
		{t.Gaps, "knowledge gaps"},
	} {
		if p.asked {
			out = append(out, p.name)
		}
	}
	return out
}

// Rest is what of a task a reading has no answer to.
func (t *Task) Rest(j *ringside.Judged) Task {
	out := *t
	if j.Summary != nil && j.Sentiment != nil {
		out.Summary, out.SummaryPrompt = false, ""
	}
	if j.Tagged {
		out.Tags = nil
	}
	out.Criteria = slices.DeleteFunc(slices.Clone(t.Criteria), func(c Criterion) bool {
		return slices.ContainsFunc(j.Scores, func(s ringside.Score) bool { return s.Criterion == c.Key })
	})
	if j.Extracted != nil {
		out.Extraction = nil
	}
	out.Gaps = t.Gaps && !j.GapsAsked
	return out
}

// Validate says what is wrong with a task, pointing at the field.
func (t *Task) Validate() error {
	switch {
	case len(t.Parts()) == 0:
		return ringside.Errorf(ringside.Invalid, "nothing is asked about the call")
	case len(t.Tags) > maxTags:
		return ringside.Invalidf("/tags", "holds more than %d", maxTags)
	case len(t.Criteria) > maxCriteria:
		return ringside.Invalidf("/criteria", "holds more than %d", maxCriteria)
	case len(t.Extraction) > maxFields:
		return ringside.Invalidf("/extraction", "holds more than %d", maxFields)
	}
	for i, tag := range t.Tags {
		if strings.TrimSpace(tag) == "" {
			return ringside.Invalidf("/tags/"+strconv.Itoa(i), "is empty")
		}
	}
	seen := map[string]bool{}
	for i := range t.Criteria {
		c := &t.Criteria[i]
		if err := c.validate("/criteria/" + strconv.Itoa(i)); err != nil {
			return err
		}
		if seen[c.Key] {
			return ringside.Invalidf("/criteria/"+strconv.Itoa(i)+"/key", "%q stands twice", c.Key)
		}
		seen[c.Key] = true
	}
	return (&ringside.AgentSettings{ExtractionFields: t.Extraction}).Validate()
}

func (c *Criterion) validate(at string) error {
	switch {
	case strings.TrimSpace(c.Key) == "" || utf8.RuneCountInString(c.Key) > maxKey:
		return ringside.Invalidf(at+"/key", "is not a key: 1 to %d characters", maxKey)
	case !slices.Contains(Types, c.Type):
		return ringside.Invalidf(at+"/type", "%q is not one of %q", c.Type, Types)
	case len(c.Levels) > 0 && (c.Type != Score5 || len(c.Levels) != 5):
		return ringside.Invalidf(at+"/levels", "are the five of a score_5, or none")
	case c.Type == Enum && (len(c.Options) == 0 || len(c.Options) > maxOptions):
		return ringside.Invalidf(at+"/options", "an enum has 1 to %d", maxOptions)
	case utf8.RuneCountInString(c.rubric()) > maxRubric:
		return ringside.Invalidf(at+"/description", "with levels and examples is longer than %d characters", maxRubric)
	}
	for i, p := range c.Passing {
		if !slices.Contains(c.Options, p) {
			return ringside.Invalidf(at+"/passing/"+strconv.Itoa(i), "%q is not one of the options", p)
		}
	}
	return nil
}

// Part is what one model is asked.
type Part struct {
	Model string
	Task  Task
}

// Plan divides a task by the models that are to answer it: one part for each
// model, in the order of the features.
func Plan(t Task, m llm.Models) []Part {
	var parts []Part
	to := func(model string) *Task {
		for i := range parts {
			if parts[i].Model == model {
				return &parts[i].Task
			}
		}
		parts = append(parts, Part{Model: model, Task: Task{Instructions: t.Instructions, MaxTranscript: t.MaxTranscript}})
		return &parts[len(parts)-1].Task
	}
	if t.Summary {
		p := to(m.Summary)
		p.Summary, p.SummaryPrompt = true, t.SummaryPrompt
	}
	if len(t.Tags) > 0 {
		to(m.Tags).Tags = t.Tags
	}
	if len(t.Criteria) > 0 {
		to(m.Scores).Criteria = t.Criteria
	}
	if len(t.Extraction) > 0 {
		to(m.Extraction).Extraction = t.Extraction
	}
	if t.Gaps {
		to(m.Gaps).Gaps = true
	}
	return parts
}

// longestAnswer is the limit of tokens that any current model takes.
const longestAnswer = 16_000

// maxTokens is how long the answer to a task may be: ample, for models that
// think before they answer count that too.
func (t *Task) maxTokens() int {
	n := 2000 + 40*len(t.Tags) + 300*len(t.Criteria) + 80*len(t.Extraction)
	if t.Summary {
		n += 800
	}
	if t.Gaps {
		n += 600
	}
	return min(n, longestAnswer)
}

// scale says how a criterion is answered.
func (c *Criterion) scale() string {
	switch c.Type {
	case PassFail:
		return "verdict pass or fail"
	case Score100:
		return "verdict scored, with value from 0 (worst) to 100 (best)"
	case Score5:
		return "verdict scored, with value 1, 2, 3, 4 or 5 (best)"
	case Enum:
		return fmt.Sprintf("verdict scored, with value one of %q", c.Options)
	case Number:
		return "verdict scored, with value a number"
	}
	return "verdict scored, with value a short text"
}

func bounds(low, high *float64) string {
	switch {
	case low != nil && high != nil:
		return fmt.Sprintf(" from %v to %v", *low, *high)
	case low != nil:
		return fmt.Sprintf(" of at least %v", *low)
	case high != nil:
		return fmt.Sprintf(" of at most %v", *high)
	}
	return ""
}
