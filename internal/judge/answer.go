package judge

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/ringsidehq/ringside"
)

// Limits of what is kept of an answer, in characters and items.
const (
	maxReason   = 600
	maxOverview = 4000
	maxItem     = 300
	maxItems    = 20
	maxAnswer   = 4000
	maxEvidence = 5
	maxGaps     = 20
)

// reading is what has been read out of a model's answers so far.
type reading struct {
	call   *ringside.Call
	task   *Task
	turns  map[int]*folded // those that were quoted from
	judged ringside.Judged // but the scores
	scores map[string]ringside.Score
	found  ringside.Values // extraction as it came; nil until there was one

	wrong      Task     // what did not hold in the last answer
	complaints []string // of each, for the model
}

func newReading(call *ringside.Call, t *Task) *reading {
	return &reading{call: call, task: t, turns: map[int]*folded{}, scores: map[string]ringside.Score{}}
}

// take reads an answer to what was asked. What holds is kept; what does not
// stands in wrong and complaints.
func (r *reading) take(answer json.RawMessage, asked *Task) {
	r.wrong, r.complaints = Task{}, nil
	var doc map[string]json.RawMessage
	if json.Unmarshal(answer, &doc) != nil {
		doc = nil // as if nothing had been said
	}
	if asked.Summary {
		r.summary(doc["summary"], doc["sentiment"])
	}
	if len(asked.Tags) > 0 {
		r.tags(doc["tags"], asked.Tags)
	}
	if len(asked.Criteria) > 0 {
		r.criteria(doc["scores"], asked.Criteria)
	}
	if len(asked.Extraction) > 0 {
		r.extraction(doc["extraction"], asked.Extraction)
	}
	if asked.Gaps {
		r.gaps(doc["gaps"])
	}
}

// forget drops what was read of some parts, as if they had not been answered.
// Fields go together, as one may be asked for only because of another.
func (r *reading) forget(parts *Task) {
	if parts.Summary {
		r.judged.Summary, r.judged.Sentiment = nil, nil
	}
	for i := range parts.Criteria {
		delete(r.scores, parts.Criteria[i].Key)
	}
	if len(parts.Extraction) > 0 {
		r.judged.Extracted = nil
	}
	if parts.Gaps {
		r.judged.GapsAsked, r.judged.Findings = false, nil
	}
}

func (r *reading) complain(format string, args ...any) {
	r.complaints = append(r.complaints, fmt.Sprintf(format, args...))
}

func (r *reading) summary(summary, sentiment json.RawMessage) {
	var s struct {
		Overview    string   `json:"overview"`
		KeyTopics   []string `json:"key_topics"`
		ActionItems []string `json:"action_items"`
		Outcome     string   `json:"outcome"`
	}
	err := read(summary, &s)
	switch s.Overview = clean(s.Overview, maxOverview); {
	case err != nil:
		r.wrong.Summary = true
		r.complain("summary: %v", err)
	case s.Overview == "":
		r.wrong.Summary = true
		r.complain("summary.overview: is empty")
	case !slices.Contains(outcomes, s.Outcome):
		r.wrong.Summary = true
		r.complain("summary.outcome: is not one of %q", outcomes)
	default:
		r.judged.Summary = &ringside.Summary{
			Overview: s.Overview, Outcome: s.Outcome, Method: ringside.MethodLLM,
			KeyTopics: cleanAll(s.KeyTopics, maxItems, maxItem), ActionItems: cleanAll(s.ActionItems, maxItems, maxItem),
		}
	}
	var m struct {
		Label string   `json:"label"`
		Score *float64 `json:"score"`
	}
	switch err := read(sentiment, &m); {
	case err != nil:
		r.wrong.Summary = true
		r.complain("sentiment: %v", err)
	case !slices.Contains(sentiments, m.Label):
		r.wrong.Summary = true
		r.complain("sentiment.label: is not one of %q", sentiments)
	case m.Score != nil && math.Abs(*m.Score) > 1:
		r.wrong.Summary = true
		r.complain("sentiment.score: %v is not between -1 and 1", *m.Score)
	default:
		if m.Label == "unknown" {
			m.Score = nil
		}
		r.judged.Sentiment = &ringside.Sentiment{Label: m.Label, Score: m.Score, Turns: []ringside.TurnSentiment{}, Method: ringside.MethodLLM}
	}
}

// tags keeps those that are categories, as the categories are spelt.
func (r *reading) tags(raw json.RawMessage, categories []string) {
	var tags []string
	if err := read(raw, &tags); err != nil {
		r.wrong.Tags = categories
		r.complain("tags: %v", err)
		return
	}
	r.judged.Tags, r.judged.Tagged = []string{}, true
	for _, c := range categories {
		if slices.ContainsFunc(tags, func(t string) bool { return strings.EqualFold(strings.TrimSpace(t), c) }) && !slices.Contains(r.judged.Tags, c) {
			r.judged.Tags = append(r.judged.Tags, c)
		}
	}
}

// extraction lays values over those of an earlier answer and checks them all:
// a field may be asked for only because of another.
func (r *reading) extraction(raw json.RawMessage, asked []ringside.ExtractionField) {
	var values ringside.Values
	if err := read(raw, &values); err != nil {
		r.wrong.Extraction = asked
		r.complain("extraction: %v", err)
		return
	}
	if r.found == nil {
		r.found = ringside.Values{}
	}
	nested := map[string]bool{}
	for i := range asked {
		name := asked[i].Name
		switch v := values[name].(type) {
		case string:
			r.found[name] = clean(v, maxAnswer)
		case bool, float64:
			r.found[name] = v
		case nil:
		default:
			nested[name] = true
		}
	}
	held, wrong := ringside.CheckExtracted(r.task.Extraction, r.found)
	r.judged.Extracted = held
	for i := range r.task.Extraction {
		f := &r.task.Extraction[i]
		what := wrong[f.Name]
		if nested[f.Name] {
			what = "is not a " + f.Type
		}
		if what != "" {
			r.wrong.Extraction = append(r.wrong.Extraction, *f)
			r.complain("extraction.%s: %s", f.Name, shorten(what, maxItem))
		}
	}
}

// gaps adds the gaps whose quotes stand, each once: a second answer repeats
// those of the first in other words, so it adds none to a turn that has one.
func (r *reading) gaps(raw json.RawMessage) {
	var gaps []struct {
		Detail string   `json:"detail"`
		Quote  string   `json:"quote"`
		Topic  string   `json:"topic"`
		Turn   *float64 `json:"turn"`
	}
	if err := read(raw, &gaps); err != nil {
		r.wrong.Gaps = true
		r.complain("gaps: %v", err)
		return
	}
	r.judged.GapsAsked = true
	known := len(r.judged.Findings)
	for i, g := range gaps[:min(len(gaps), maxGaps)] {
		topic := clean(g.Topic, maxItem)
		if topic == "" {
			r.wrong.Gaps = true
			r.complain("gaps[%d].topic: is empty", i)
			continue
		}
		e, complaint := r.cited(g.Turn, g.Quote)
		if complaint != "" {
			r.wrong.Gaps = true
			r.complain("gaps[%d]: %s", i, complaint)
			continue
		}
		if slices.ContainsFunc(r.judged.Findings[:known], func(f ringside.Finding) bool { return *f.Turn == e.Turn }) ||
			slices.ContainsFunc(r.judged.Findings, func(f ringside.Finding) bool { return *f.Turn == e.Turn && strings.EqualFold(f.Topic, topic) }) {
			continue
		}
		r.judged.Findings = append(r.judged.Findings, ringside.Finding{
			Kind: ringside.FindingKnowledgeGap, Severity: ringside.SeverityWarning, Turn: &e.Turn, AtMS: r.call.Turns[e.Turn].StartMS,
			Quote: e.Quote, Topic: topic, Detail: clean(g.Detail, maxReason), Method: ringside.MethodLLM,
		})
	}
}

// cited checks a quote. What it gives are the turn's own words; else what is
// wrong, for the model.
func (r *reading) cited(turn *float64, quote string) (ringside.Evidence, string) {
	if turn == nil || *turn != math.Trunc(*turn) || *turn < 0 || *turn >= float64(len(r.call.Turns)) {
		return ringside.Evidence{}, "a quote names no turn of the call"
	}
	n := int(*turn)
	text := r.call.Turns[n].Text
	if r.turns[n] == nil {
		r.turns[n] = new(fold(text))
	}
	words, ok := quoted(text, r.turns[n], quote)
	if !ok {
		return ringside.Evidence{}, fmt.Sprintf("the quote %q does not stand in turn %d", oneLine(quote, 120), n)
	}
	return ringside.Evidence{Turn: n, Quote: words}, ""
}

var errMissing = errors.New("is missing")

// read reads one part of an answer, and says for the model what is wrong.
func read(raw json.RawMessage, into any) error {
	if len(raw) == 0 || string(raw) == "null" {
		return errMissing
	}
	err := json.Unmarshal(raw, into)
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("%s must not be a %s", cmp.Or(e.Field, "it"), e.Value)
	}
	return err
}

// number reads a number that may have come as text.
func number(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case string:
		n, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
		return n, err == nil && !math.IsNaN(n) && !math.IsInf(n, 0)
	}
	return 0, false
}
