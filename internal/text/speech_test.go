package text_test

import (
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/text"
)

// both are a rule that wants a phrase and one that forbids another.
var both = &ringside.AgentSettings{CompliancePhrases: []ringside.PhraseRule{
	{Name: "disclosure", Kind: "required", Phrases: []string{"this call is recorded"}},
	{Name: "promise", Kind: "forbidden", Phrases: []string{"guaranteed returns"}},
}}

// compliance is what the quality score says of the phrase rules.
func compliance(l *ringside.Local) ringside.QualityPart {
	for _, p := range l.Quality.Parts {
		if p.Name == "compliance" {
			return p
		}
	}
	return ringside.QualityPart{}
}

// What must be said and must not is found wherever it stands in a long turn and
// in a long call, and is not known of an agent that says too much.
func TestPhrasesInAllThatIsSaid(t *testing.T) {
	t.Parallel()
	filler := strings.Repeat("and then we look at the terms ", 100) // 3,000 bytes
	turns := func(n int, middle string) *ringside.Call {
		c := spoken(t, hello, "U Tell me all of it.")
		for i := range n {
			row := "A Well, let us go on."
			if i == n/2 {
				row = "A " + middle
			}
			add(c, row)
			add(c, "U Mhm.")
		}
		return c
	}
	endless := strings.Repeat("on and on it goes ", 70_000) // past 1 MiB
	for _, tc := range []struct {
		name  string
		call  *ringside.Call
		want  string
		score float64 // -1: not known
		says  string
	}{
		{"neither", turns(5, filler), "compliance_missed critical@-", 50, "1 of 2"},
		{"at the end of a long turn", turns(1, filler+"this call is recorded, guaranteed returns."), "forbidden_phrase critical@2", 50, "1 of 2"},
		{"in the middle of a long call", turns(1200, "This call is recorded. Guaranteed returns!"), "forbidden_phrase critical@1202", 50, "1 of 2"},
		{"kept in the middle of a long call", turns(1200, "This call is recorded."), "", 100, "2 of 2"},
		{"too much to search", turns(1, endless), "", -1, "Of 2 phrase rules it is not known"},
		{"found in too much", turns(1, "This call is recorded. "+endless), "", 100, "1 of 1 phrase rules were kept. Of 1 phrase rules it is not known"},
		{"broken in too much", turns(1, "Guaranteed returns! "+endless), "forbidden_phrase critical@2", 0, "0 of 1 phrase rules were kept. Of 1"},
	} {
		l := text.Analyse(tc.call, both)
		var got []ringside.Finding
		for _, f := range l.Findings {
			if f.Kind == ringside.FindingMissed || f.Kind == ringside.FindingForbiddenPhrase {
				got = append(got, f)
			}
		}
		if brief(got) != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, brief(got), tc.want)
		}
		p := compliance(l)
		if (p.Score == nil) != (tc.score < 0) || p.Score != nil && *p.Score != tc.score || !strings.Contains(p.Reason, tc.says) {
			t.Errorf("%s: %v, %s", tc.name, p.Score, p.Reason)
		}
		holds(t, tc.call, l)
	}
}

// When a phrase was said is told from its place in the whole turn, and what is
// quoted tells no number that it must not.
func TestPhrasesLateInALongTurn(t *testing.T) {
	t.Parallel()
	c := timed(spoken(t, "A "+strings.Repeat("and so on ", 400)+"the card 4111 1111 1111 1111 was recorded."), 0, 100_000)
	add(c, "U Fine.")
	l := text.Analyse(c, &ringside.AgentSettings{CompliancePhrases: []ringside.PhraseRule{
		{Name: "in time", Kind: "required", Phrases: []string{"recorded"}, WithinSeconds: new(90)},
		{Name: "number", Kind: "forbidden", Phrases: []string{"card 4111 1111 1111 1111"}},
	}})
	var late, told string
	for _, f := range l.Findings {
		switch f.Topic {
		case "in time":
			late = f.Detail
		case "number":
			told = f.Quote
		}
	}
	if !strings.Contains(late, "100 s into the call") || told != "card [card number]" {
		t.Errorf("late %q, quoted %q", late, told)
	}
}

// Hostile words cost no more than others: the work grows with the text alone, and
// these would take hours by their square.
func TestPhrasesAreFoundInLinearTime(t *testing.T) {
	t.Parallel()
	for _, words := range []string{"a ", ".\n", "a.\n", "[KNOWLEDGE_GAP:", "'", "4 "} {
		c := spoken(t, hello, "U Yes.")
		add(c, "A x")
		c.Turns[2].Text = strings.Repeat(words, 1<<20/len(words))
		text.Analyse(c, &ringside.AgentSettings{CompliancePhrases: []ringside.PhraseRule{
			{Name: "a", Kind: "required", Phrases: []string{"a a a a a a a b", "4 4 4 4 4 4 b"}},
		}})
	}
}
