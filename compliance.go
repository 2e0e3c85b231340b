package ringside

import (
	"slices"
	"strconv"
	"strings"
)

// PhraseRule is something that an agent must say, or must not.
type PhraseRule struct {
	Name          string   `json:"name" doc:"What to call it: recording disclosure"`
	Kind          string   `json:"kind" enum:"required,forbidden"`
	Phrases       []string `json:"phrases" doc:"Any one of them counts; compared without case and punctuation, other words may stand between"`
	WithinSeconds *int     `json:"withinSeconds,omitempty" nullable:"true" doc:"For a required one: how long after the answer at the latest; by turns where there are no times"`
}

func validatePhraseRules(rules []PhraseRule) error {
	for i, r := range rules {
		at := "/compliancePhrases/" + strconv.Itoa(i)
		switch {
		case strings.TrimSpace(r.Name) == "":
			return Invalidf(at+"/name", "is required")
		case r.Kind != "required" && r.Kind != "forbidden":
			return Invalidf(at+"/kind", "%q is not required or forbidden", r.Kind)
		case len(r.Phrases) == 0 || slices.ContainsFunc(r.Phrases, func(p string) bool { return strings.TrimSpace(p) == "" }):
			return Invalidf(at+"/phrases", "holds at least one phrase, and none that is empty")
		case r.WithinSeconds != nil && (*r.WithinSeconds < 1 || *r.WithinSeconds > 7200):
			return Invalidf(at+"/withinSeconds", "%d is not between 1 and 7200", *r.WithinSeconds)
		}
	}
	return nil
}
