package judge

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/ringsidehq/ringside"
)

// object is the schema of an object that has these members and no others:
// strict mode takes nothing looser. Its members are written in the order of
// the alphabet, and models write theirs in the order of the schema, so they
// are named to come out evidence, reason, value, verdict: the decision last.
func object(members map[string]any) map[string]any {
	names := make([]string, 0, len(members))
	for name := range members {
		names = append(names, name)
	}
	slices.Sort(names)
	return map[string]any{"type": "object", "properties": members, "required": names, "additionalProperties": false}
}

func list(items any) map[string]any { return map[string]any{"type": "array", "items": items} }

func choice[S ~string](options ...S) map[string]any {
	return map[string]any{"type": "string", "enum": options}
}

func either(kind string) map[string]any { return map[string]any{"type": []string{kind, "null"}} }

// eitherOf is one of some texts, or null.
func eitherOf(options []string) map[string]any {
	all := make([]any, 0, len(options)+1)
	for _, o := range options {
		all = append(all, o)
	}
	return map[string]any{"type": []string{"string", "null"}, "enum": append(all, nil)}
}

var (
	anyText = map[string]any{"type": "string"}
	turnNo  = map[string]any{"type": "integer", "description": "Number of the turn"}
	quote   = map[string]any{"type": "string", "description": "Words copied from that turn"}
)

// What a model may say of outcome and mood.
var (
	outcomes   = []string{"resolved", "unresolved", "escalated", "transferred", "no_conversation", "unknown"}
	sentiments = []string{"positive", "neutral", "negative", "mixed", "unknown"}
)

// scored is the verdict of a criterion that is answered by a value.
const scored = "scored"

// schema is the JSON schema of the answer to a task.
func (t *Task) schema() json.RawMessage {
	members := map[string]any{}
	if t.Summary {
		members["summary"] = object(map[string]any{"overview": anyText, "key_topics": list(anyText), "action_items": list(anyText), "outcome": choice(outcomes...)})
		members["sentiment"] = object(map[string]any{"label": choice(sentiments...), "score": either("number")})
	}
	if len(t.Tags) > 0 {
		members["tags"] = list(choice(t.Tags...))
	}
	if len(t.Criteria) > 0 {
		scores := map[string]any{}
		for i := range t.Criteria {
			scores[t.Criteria[i].Key] = t.Criteria[i].schema()
		}
		members["scores"] = object(scores)
	}
	if len(t.Extraction) > 0 {
		fields := map[string]any{}
		for i := range t.Extraction {
			fields[t.Extraction[i].Name] = fieldSchema(&t.Extraction[i])
		}
		members["extraction"] = object(fields)
	}
	if t.Gaps {
		members["gaps"] = list(object(map[string]any{"detail": anyText, "quote": quote, "topic": anyText, "turn": turnNo}))
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // the prompt shows it too
	if enc.Encode(object(members)) != nil {
		return nil // maps of texts: always encoded
	}
	return bytes.TrimSpace(b.Bytes())
}

func (c *Criterion) schema() map[string]any {
	members := map[string]any{"evidence": list(object(map[string]any{"quote": quote, "turn": turnNo})), "reason": anyText}
	if c.Type == PassFail {
		members["verdict"] = choice(ringside.VerdictPass, ringside.VerdictFail, ringside.VerdictNA, ringside.VerdictUnknown)
		return object(members)
	}
	members["verdict"] = choice(scored, string(ringside.VerdictNA), string(ringside.VerdictUnknown))
	switch c.Type {
	case Score5:
		members["value"] = either("integer")
	case Score100, Number:
		members["value"] = either("number")
	case Enum:
		members["value"] = eitherOf(c.Options)
	default:
		members["value"] = either("string")
	}
	return object(members)
}

func fieldSchema(f *ringside.ExtractionField) map[string]any {
	switch f.Type {
	case "boolean", "number":
		return either(f.Type)
	case "enum":
		return eitherOf(f.Options)
	}
	return either("string")
}
