package crm

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Line is a synced field in words, with its name.
type Line struct {
	Field string
	Label string
	Text  string // may be of several lines
}

var labels = map[string]string{
	"duration":   "Duration",
	"summary":    "Summary",
	"outcome":    "Outcome",
	"next_steps": "Next steps",
	"sentiment":  "Sentiment",
	"tags":       "Tags",
	"score":      "Score",
	"recording":  "Recording",
	"link":       "In Ringside",
}

// Value is a synced field as a value: seconds for the duration, a number for
// the score, a list for next steps and tags, else a text. It is nil where the
// record has none.
func (r Record) Value(field string) any {
	switch field {
	case "duration":
		if r.Duration != nil {
			return int64(r.Duration.Round(time.Second) / time.Second)
		}
	case "score":
		if r.Score != nil {
			return *r.Score
		}
	case "next_steps":
		if len(r.NextSteps) > 0 {
			return r.NextSteps
		}
	case "tags":
		if len(r.Tags) > 0 {
			return r.Tags
		}
	default:
		text := map[string]string{
			"summary": r.Summary, "outcome": r.Outcome, "sentiment": r.Sentiment,
			"recording": r.Recording, "link": r.Link,
		}[field]
		if text != "" {
			return text
		}
	}
	return nil
}

// Text is a synced field by itself, for a property that holds nothing else:
// the duration in seconds, a step a line, tags with a semicolon between them,
// as both HubSpot and Salesforce part the values of a list.
func (r Record) Text(field string) string {
	switch v := r.Value(field).(type) {
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []string:
		if field == "tags" {
			return strings.Join(v, ";")
		}
		return strings.Join(v, "\n")
	case string:
		return v
	}
	return ""
}

// words are a synced field as a person writes it among others.
func (r Record) words(field string) string {
	switch v := r.Value(field).(type) {
	case int64:
		return fmt.Sprintf("%d:%02d", v/60, v%60)
	case float64:
		return strconv.FormatFloat(v, 'f', 0, 64) + " of 100"
	case []string:
		if field == "tags" {
			return strings.Join(v, ", ")
		}
		return "\n- " + strings.Join(v, "\n- ")
	case string:
		return v
	}
	return ""
}

// Lines are fields in words, without those that the record has nothing for.
func (r Record) Lines(fields []string) []Line {
	var out []Line
	for _, f := range fields {
		if text := r.words(f); text != "" {
			out = append(out, Line{Field: f, Label: labels[f], Text: text})
		}
	}
	return out
}

// Placed is a property of the CRM and the fields that go into it.
type Placed struct {
	Property string
	Fields   []string
}

// Place sorts the record's fields by the property that each goes to. Fields
// that the record has nothing for are left out.
func (r Record) Place(usual, mapping map[string]string) []Placed {
	var out []Placed
	at := map[string]int{}
	for _, f := range r.Fields {
		if r.Value(f) == nil {
			continue
		}
		property := cmp.Or(mapping[f], usual[f])
		i, ok := at[property]
		if !ok {
			i = len(out)
			at[property] = i
			out = append(out, Placed{Property: property})
		}
		out[i].Fields = append(out[i].Fields, f)
	}
	return out
}

// Prose writes fields into one text of at most n units: the summary first, by
// itself, then each of the others with its name. A summary that is too long is
// cut, so that what stands after it isn't lost.
func (r Record) Prose(fields []string, n int) string {
	var rest strings.Builder
	summary := ""
	for _, l := range r.Lines(fields) {
		if l.Field == "summary" {
			summary = l.Text
			continue
		}
		if rest.Len() > 0 {
			rest.WriteByte('\n')
		}
		fmt.Fprintf(&rest, "%s:%s%s", l.Label, gap(l.Text), l.Text)
	}
	if summary == "" || rest.Len() == 0 {
		return Clip(summary+rest.String(), n)
	}
	const between = "\n\n"
	room := max(0, n-Length(rest.String())-len(between))
	return Clip(Clip(summary, room)+between+rest.String(), n)
}

// gap parts a label from its text, unless that begins on a line of its own.
func gap(text string) string {
	if strings.HasPrefix(text, "\n") {
		return ""
	}
	return " "
}

// PropertyText is what goes into a property that holds nothing of its own: one
// field by itself, several with their names.
func (r Record) PropertyText(p Placed, n int) string {
	if len(p.Fields) == 1 {
		return Clip(r.Text(p.Fields[0]), n)
	}
	return r.Prose(p.Fields, n)
}
