package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/ringsidehq/ringside"
)

// maxMatches is how many places of one call a list shows.
const maxMatches = 3

// contextRunes is how much text stands on each side of the first match.
const contextRunes = 60

// highlight finds where the terms stand in the transcripts of a page.
func highlight(ctx context.Context, tx Tx, workspace string, ts []string, items []*CallItem) error {
	for _, it := range items {
		c, err := Call(ctx, tx, workspace, it.ID)
		if err != nil {
			return fmt.Errorf("highlight matches: %w", err)
		}
		it.Matches = Matches(c.Turns, ts)
	}
	return nil
}

// Matches finds the first turns in which any of the terms stands.
func Matches(turns []ringside.Turn, ts []string) []Match {
	var out []Match
	for i := range turns {
		t := &turns[i]
		ranges := findTerms([]rune(t.Text), ts)
		if len(ranges) == 0 {
			continue
		}
		text, shifted := excerpt([]rune(t.Text), ranges)
		out = append(out, Match{Turn: t.Index, Role: t.Role, Text: text, Ranges: shifted})
		if len(out) == maxMatches {
			break
		}
	}
	return out
}

type word struct {
	folded     string
	start, end int // in runes
}

func words(text []rune) []word {
	var out []word
	for i := 0; i < len(text); {
		if !wordRune(text[i]) {
			i++
			continue
		}
		start := i
		for i < len(text) && (wordRune(text[i]) || unicode.Is(unicode.Mn, text[i])) {
			i++
		}
		out = append(out, word{foldText(string(text[start:i])), start, i})
	}
	return out
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// findTerms gives the ranges of all terms, in order, in runes.
func findTerms(text []rune, ts []string) [][2]int {
	ws := words(text)
	var out [][2]int
	for _, t := range ts {
		parts := strings.Fields(t)
		for i := 0; i+len(parts) <= len(ws); i++ {
			if slices.EqualFunc(parts, ws[i:i+len(parts)], func(p string, w word) bool { return p == w.folded }) {
				out = append(out, [2]int{ws[i].start, ws[i+len(parts)-1].end})
			}
		}
	}
	slices.SortFunc(out, func(a, b [2]int) int { return a[0] - b[0] })
	return out
}

// excerpt cuts the text around the first match and turns the ranges into
// UTF-16 units of what is left: those of a browser's strings.
func excerpt(text []rune, ranges [][2]int) (string, [][2]int) {
	from := max(0, ranges[0][0]-contextRunes)
	to := min(len(text), max(ranges[0][1]+2*contextRunes, from+4*contextRunes))
	cut, lead := string(text[from:to]), 0
	if from > 0 {
		cut, lead = "…"+cut, 1
	}
	if to < len(text) {
		cut += "…"
	}
	units := func(rune int) int { return lead + len(utf16.Encode(text[from:rune])) }
	shifted := [][2]int{}
	for _, r := range ranges {
		if r[1] <= to {
			shifted = append(shifted, [2]int{units(r[0]), units(r[1])})
		}
	}
	return cut, shifted
}
