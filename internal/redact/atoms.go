package redact

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// atom is a word of a text, or the digits in it.
type atom struct {
	start, end int    // bytes of the text
	word       string // in small letters; empty for digits that are written
	digits     string // what it says of a number; empty when nothing
	spoken     bool
	big        bool // hundred, thousand: it counts rather than spells
	glued      bool // stands in a code with letters
	dated      bool // stands in a date with its year
}

var ones = map[string]string{
	"zero": "0", "oh": "0", "o": "0", "nought": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
	"six": "6", "seven": "7", "eight": "8", "nine": "9",
}

var teens = map[string]string{
	"ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15", "sixteen": "16",
	"seventeen": "17", "eighteen": "18", "nineteen": "19",
}

var tens = map[string]string{
	"twenty": "2", "thirty": "3", "forty": "4", "fifty": "5", "sixty": "6", "seventy": "7", "eighty": "8", "ninety": "9",
}

var bigs = map[string]string{"hundred": "00", "thousand": "000", "million": "000000"}

var repeats = map[string]int{"double": 2, "triple": 3, "treble": 3}

// fillers are words that people say between the digits of a number.
var fillers = set("uh um uhm er erm ah hmm mm okay ok and then dot dash hyphen minus space yeah yes yep right so next sure comma")

func set(words string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		out[w] = true
	}
	return out
}

// atoms takes a text apart.
func atoms(text string) []atom {
	var out []atom
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		switch {
		case r >= '0' && r <= '9':
			end := at
			for end < len(text) && text[end] >= '0' && text[end] <= '9' {
				end++
			}
			out = append(out, atom{start: at, end: end, digits: text[at:end]})
			at = end
		case unicode.IsLetter(r):
			end := at
			for end < len(text) {
				r, size := utf8.DecodeRuneInString(text[end:])
				if !unicode.IsLetter(r) && r != '\'' && r != '’' {
					break
				}
				end += size
			}
			out = append(out, atom{start: at, end: end, word: strings.ToLower(text[at:end])})
			at = end
		default:
			at += size
		}
	}
	glue(out, text)
	date(out, text)
	speak(out)
	return out
}

// calendar are dates as programs write them, and as they are written with full
// stops or hyphens where the year comes last.
var calendar = regexp.MustCompile(`\b(?:(?:19|20)\d\d[.\-](?:0[1-9]|1[0-2])[.\-](?:0[1-9]|[12]\d|3[01])|(?:0?[1-9]|[12]\d|3[01])[.\-](?:0?[1-9]|1[0-2])[.\-](?:19|20)\d\d)\b`)

// date marks digits that stand in a date: with the hour behind it they would be
// as many as a telephone number has.
func date(all []atom, text string) {
	i := 0
	for _, m := range calendar.FindAllStringIndex(text, -1) {
		whole := !goesOn(text, m[0]-1, m[0]-2) && !goesOn(text, m[1], m[1]+1)
		for ; i < len(all) && all[i].start < m[1]; i++ {
			all[i].dated = whole && all[i].start >= m[0]
		}
	}
}

// goesOn tells whether a hyphen or a full stop stands at a place, and a digit
// beyond it.
func goesOn(text string, at, beyond int) bool {
	in := func(i int) bool { return i >= 0 && i < len(text) }
	return in(at) && in(beyond) && (text[at] == '-' || text[at] == '.') && text[beyond] >= '0' && text[beyond] <= '9'
}

// ordinals end a day's number: 2nd.
var ordinals = set("st nd rd th")

// glue marks digits that stand in a code: beside a letter, or joined to what does
// by a hyphen.
func glue(all []atom, text string) {
	code := func(i, j int) bool {
		gap := text[all[i].end:all[j].start]
		written := func(a *atom) bool { return a.word == "" }
		switch gap {
		case "":
			return !ordinals[all[j].word]
		case "-", "_":
			return all[i].glued && written(&all[i]) || written(&all[i]) != written(&all[j])
		}
		return false
	}
	for i := 1; i < len(all); i++ {
		if code(i-1, i) {
			all[i-1].glued, all[i].glued = true, true
		}
	}
	for i := len(all) - 2; i >= 0; i-- {
		if gap := text[all[i].end:all[i+1].start]; (gap == "-" || gap == "_") && all[i+1].glued {
			all[i].glued = true
		}
	}
}

// speak reads number words. An oh is a digit only beside one.
func speak(all []atom) {
	for i := range all {
		a := &all[i]
		switch {
		case a.word == "":
		case ones[a.word] != "":
			a.digits, a.spoken = ones[a.word], true
		case teens[a.word] != "":
			a.digits, a.spoken = teens[a.word], true
		case tens[a.word] != "":
			a.digits, a.spoken = tens[a.word]+"0", true
			if i+1 < len(all) && all[i+1].word != "o" && all[i+1].word != "oh" && all[i+1].word != "zero" && ones[all[i+1].word] != "" {
				a.digits = tens[a.word]
			}
		case bigs[a.word] != "" && i > 0 && all[i-1].digits != "":
			a.digits, a.spoken, a.big = bigs[a.word], true, true
		}
	}
	for i := range all {
		if n := repeats[all[i].word]; n > 0 && i+1 < len(all) && ones[all[i+1].word]+all[i+1].digits != "" && len(all[i+1].digits) == 1 {
			all[i].digits, all[i].spoken = strings.Repeat(all[i+1].digits, n-1), true
		}
	}
	for i := range all {
		if w := all[i].word; w != "o" && w != "oh" {
			continue
		}
		before := i > 0 && all[i-1].digits != ""
		after := i+1 < len(all) && all[i+1].digits != ""
		if !before && !after {
			all[i].digits, all[i].spoken = "", false
		}
	}
}
