package alert

import (
	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/text"
)

// phrase looks for a phrase of the rule's own: one that must be said by a time,
// or one that must not be said.
func phrase(l *look) []hit {
	c := &l.rule.Condition
	kind := "required"
	if c.MustInclude != nil && !*c.MustInclude {
		kind = "forbidden"
	}
	within := c.Within()
	if kind == "required" {
		l.window(within)
	}
	rules := []ringside.PhraseRule{{Name: c.Phrase, Kind: kind, Phrases: []string{c.Phrase}, WithinSeconds: within}}
	for _, f := range text.Phrases(l.Call, rules, l.Elapsed.Milliseconds()) {
		if f.Kind == ringside.FindingForbiddenPhrase || missing(&f) {
			return []hit{l.found(&f)}
		}
	}
	return nil
}
