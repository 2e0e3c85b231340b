package redact

import (
	"regexp"
	"slices"
	"strings"

	"github.com/ringsidehq/ringside"
)

const (
	months  = `jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?`
	unit    = `one|two|three|four|five|six|seven|eight|nine|oh|o`
	tenth   = `ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen`
	decade  = `twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety`
	ordinal = `first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth`
	day     = `(?:\d{1,2}(?:st|nd|rd|th)?|(?:(?:twenty|thirty)[\s-])?(?:` + ordinal + `|` + unit + `)|` + tenth + `|twenty|thirty)`
	pair    = `(?:(?:` + decade + `)(?:[\s-](?:` + unit + `))?|` + tenth + `|oh[\s-](?:` + unit + `)|\d{2})`
	year    = `(?:\d{4}|'?\d{2}|(?:nineteen|twenty)[\s-]` + pair + `|two[\s-]thousand(?:[\s-](?:and[\s-])?(?:` + unit + `|` + tenth + `|` + decade + `))?|` + pair + `)`
	sep     = `[\s,.]+(?:of\s+|in\s+|the\s+)?`
)

// Dates, whose ever: only what is said around one makes it a birth's.
var dates = []*regexp.Regexp{
	regexp.MustCompile(`\b\d{4}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?\d{1,2}\b`),
	regexp.MustCompile(`\b\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?\d{2,4}\b`),
	regexp.MustCompile(`(?i)\b(?:` + months + `)` + sep + day + `\b(?:` + sep + year + `\b)?`),
	regexp.MustCompile(`(?i)\b` + day + sep + `(?:` + months + `)\b(?:` + sep + year + `\b)?`),
}

var birthWords = set("birth born birthday dob birthdate birthdays")

// How far from a date a word may stand that makes it a birth's, in bytes.
const (
	birthBefore = 70
	birthAfter  = 25
)

// births finds dates of birth.
func births(c *chunk, all []atom) (out []hit) {
	spoken := slices.ContainsFunc(all, func(a atom) bool { return birthWords[a.word] })
	if !spoken && !slices.ContainsFunc(c.parts, func(p part) bool { return mentions(p.asked, birthWords) }) {
		return nil
	}
	for _, d := range dates {
		for _, m := range d.FindAllStringIndex(c.text, -1) {
			if ofBirth(c, m[0], m[1]) {
				out = append(out, hit{m[0], m[1], ringside.RedactBirthDate, plainDate(c.text[m[0]:m[1]])})
			}
		}
	}
	// Dates that are nothing but digits: oh one, oh two, nineteen eighty.
	for _, r := range runs(c.text, all) {
		if n := len(r.digits); (n == 6 || n == 8 || n == 5 || n == 7) && !r.money && ofBirth(c, r.start(), r.end()) {
			out = append(out, hit{r.start(), r.end(), ringside.RedactBirthDate, r.digits})
		}
	}
	return out
}

// ofBirth tells whether somebody says of a date that it is a birth's: beside it,
// or where it was asked for and is the answer.
func ofBirth(c *chunk, start, end int) bool {
	p, from := c.partAt(start), max(0, start-birthBefore)
	if p.anew() {
		from = max(from, p.start)
	}
	before := c.text[from:start]
	after := c.text[end:min(len(c.text), end+birthAfter)]
	if mentions(before, birthWords) || mentions(after, birthWords) {
		return true
	}
	return start-p.from < birthBefore && mentions(p.asked, birthWords)
}

func mentions(text string, words map[string]bool) bool {
	for _, a := range atoms(text) {
		if words[a.word] {
			return true
		}
	}
	return false
}

// plainDate is how a date compares.
func plainDate(said string) string {
	var b strings.Builder
	for _, a := range atoms(said) {
		switch {
		case a.digits != "":
			b.WriteString(a.digits)
		case a.word != "of" && a.word != "the" && !ordinals[a.word]:
			b.WriteString(a.word + " ")
		}
	}
	return strings.TrimSpace(b.String())
}
