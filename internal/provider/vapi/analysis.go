package vapi

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// output is one structured output: a value that the vendor extracted.
type output struct {
	Name   provider.Text   `json:"name"`
	Result json.RawMessage `json:"result"`
}

// scorecard is the sum of points that structured outputs earned.
type scorecard struct {
	Name       provider.Text              `json:"name"`
	Score      provider.Number            `json:"score"`
	Normalized provider.Number            `json:"scoreNormalized"` // 0 to 100
	Points     map[string]provider.Number `json:"metricPoints"`    // by structured output
}

// analysis reads the vendor's own judgement of the call.
func (d *decoding) analysis() {
	type analysis struct {
		Summary    provider.Text   `json:"summary"`
		Structured json.RawMessage `json:"structuredData"`
		Multi      json.RawMessage `json:"structuredDataMulti"`
		Success    provider.Text   `json:"successEvaluation"`
	}
	in := read[analysis](d, "analysis", d.m.Analysis)
	out := ringside.ProviderAnalysis{
		Summary: first(in.Summary, d.m.Summary),
		Success: string(in.Success),
	}
	d.x.Success = verdict(in.Success)
	switch v := value(in.Structured).(type) {
	case nil:
	case map[string]any:
		out.Structured = v
	default:
		set(&out.Structured, "structuredData", v)
	}
	if multi, ok := value(in.Multi).([]any); ok && len(multi) > 0 {
		set(&out.Structured, "structuredDataMulti", multi)
	}
	if a := d.m.Artifact; a != nil {
		outputs := read[map[string]output](d, "structuredOutputs", a.StructuredOutputs)
		addOutputs(&out, outputs)
		out.Criteria = d.scorecards(a.Scorecards, outputs)
	}
	if len(out.Structured) == 0 {
		out.Structured = nil
	}
	if out.Summary != "" || out.Success != "" || out.Structured != nil || out.Criteria != nil {
		d.x.Analysis = &out
	}
}

// verdict is the success that an evaluation states; nil when it is a mark of
// some rubric, which says nothing without the rubric.
func verdict(evaluation provider.Text) *bool {
	switch strings.ToLower(strings.TrimSpace(string(evaluation))) {
	case "true", "pass":
		return new(true)
	case "false", "fail":
		return new(false)
	}
	return nil
}

// addOutputs puts structured outputs beside the extracted data, by name; by
// name and id where the name is taken.
func addOutputs(a *ringside.ProviderAnalysis, outputs map[string]output) {
	for _, id := range slices.Sorted(maps.Keys(outputs)) {
		name := first(outputs[id].Name, provider.Text(id))
		if _, taken := a.Structured[name]; taken {
			name += " (" + id + ")"
		}
		if v := value(outputs[id].Result); v != nil {
			set(&a.Structured, name, v)
		}
	}
}

// scorecards reads each card as one criterion. A card has no pass mark, so its
// result is its score.
func (d *decoding) scorecards(raw json.RawMessage, outputs map[string]output) []ringside.Criterion {
	cards := read[map[string]scorecard](d, "scorecards", raw)
	var out []ringside.Criterion
	for _, id := range slices.Sorted(maps.Keys(cards)) {
		card := cards[id]
		c := ringside.Criterion{Name: first(card.Name, provider.Text(id)), Result: "unknown", Score: bounded(card.Normalized, 1e6)}
		if score := bounded(card.Score, 1e6); score != nil {
			c.Result = strconv.FormatFloat(*score, 'f', -1, 64)
			if c.Score == nil {
				c.Score = score
			}
		}
		c.Reason = card.points(outputs)
		out = append(out, c)
	}
	return out
}

// points says what the score is made of.
func (s *scorecard) points(outputs map[string]output) string {
	var parts []string
	for _, id := range slices.Sorted(maps.Keys(s.Points)) {
		if p := s.Points[id]; p.Known {
			parts = append(parts, first(outputs[id].Name, provider.Text(id))+": "+strconv.FormatFloat(p.Value, 'f', -1, 64))
		}
	}
	return strings.Join(parts, ", ")
}
