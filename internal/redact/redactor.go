package redact

import (
	"regexp"
	"strings"

	"github.com/ringsidehq/ringside"
)

// Config says what a redactor hides.
type Config struct {
	Kinds  []ringside.RedactionKind
	Pieces bool // what is said while a call is on: a number may go on in what comes next
	// Before is what was said before turns that come one by one, as far as it is
	// known: they may answer it.
	Before []Said
	// Keep are values that stay where they are all of a field: the call's parties
	// and ids.
	Keep []string
	// Token names a value: the same one by the same token in the whole call.
	Token func(k ringside.RedactionKind, value string) (string, error)
}

// Redactor hides personal data in what came of one call. What it has found in the
// turns it finds in all else that it is given later. It is of no use after an
// error.
type Redactor struct {
	cfg     Config
	finder  *Finder
	plain   *Finder // for what is a name or an address of something
	figures *Finder // for numbers, of which nobody says the rest in what comes next
	keep    map[string]bool
	turns   map[string]string // what was said, and what is left of it
	heard   map[string][]span // what was hidden in what was said, by its words
	err     error
}

// New makes a redactor.
func New(c Config) *Redactor {
	r := &Redactor{cfg: c, finder: NewFinder(c.Kinds, c.Pieces), keep: map[string]bool{}, turns: map[string]string{}, heard: map[string][]span{}}
	var certain []ringside.RedactionKind
	for _, k := range c.Kinds {
		if k == ringside.RedactCard || k == ringside.RedactEmail || k == ringside.RedactIBAN || k == ringside.RedactSSN {
			certain = append(certain, k)
		}
	}
	r.plain = NewFinder(certain, false)
	r.figures = NewFinder(c.Kinds, false)
	r.plain.known, r.figures.known = r.finder.known, r.finder.known
	for _, v := range c.Keep {
		if v != "" {
			r.keep[v] = true
		}
	}
	return r
}

// tokens are what stands in place of personal data.
var tokens = regexp.MustCompile(`\[(card|ssn|iban|email|phone|birthdate|number) \d+\]`)

// Tokens are the stretches of a text where something was hidden.
func Tokens(text string) [][]int { return tokens.FindAllStringIndex(text, -1) }

// Whole moves the ends of a stretch of text that lie within tokens: it holds
// those tokens whole then.
func Whole(tokens [][]int, from, to int) (int, int) {
	for _, t := range tokens {
		if t[0] < from && from < t[1] {
			from = t[0]
		}
		if t[0] < to && to < t[1] {
			to = t[1]
		}
	}
	return from, to
}

func (r *Redactor) token(k ringside.RedactionKind, value string) string {
	t, err := r.cfg.Token(k, value)
	if err != nil && r.err == nil {
		r.err = err
	}
	return t
}

// put puts tokens in place of finds in a text, which are in order.
func (r *Redactor) put(text string, finds []Find) string {
	if len(finds) == 0 {
		return text
	}
	var b strings.Builder
	at := 0
	for _, x := range finds {
		b.WriteString(text[at:x.Start])
		b.WriteString(r.token(x.Kind, x.Value))
		at = x.End
	}
	b.WriteString(text[at:])
	return b.String()
}

// leastPart is how long what was said must be to be hidden within a longer text.
const leastPart = 8

// text hides what is personal in the text of a field.
func (r *Redactor) text(s, field string) string {
	if left, said := r.turns[strings.TrimSpace(s)]; said {
		return strings.Replace(s, strings.TrimSpace(s), left, 1)
	}
	if r.keep[s] || s == "" {
		return s
	}
	if len(s) >= leastPart && !named(field) {
		s = r.lines(s)
		for said, left := range r.turns {
			if len(said) >= leastPart && len(said) < len(s) {
				s = strings.ReplaceAll(s, said, left)
			}
		}
	}
	f := r.finder
	if named(field) {
		f = r.plain
	}
	return r.put(s, f.In(s, words(field)))
}

// lines hides what was said where a line of a text is that and nothing else, but
// for who says it: a part of a number may be too short to be looked for anywhere.
func (r *Redactor) lines(s string) string {
	if len(r.turns) == 0 || !strings.Contains(s, "\n") {
		return s
	}
	all := strings.Split(s, "\n")
	for i, line := range all {
		line = strings.TrimSpace(line)
		if _, said, is := strings.Cut(line, ": "); is && r.turns[line] == "" {
			line = strings.TrimSpace(said)
		}
		if left := r.turns[line]; left != "" {
			at := strings.LastIndex(all[i], line)
			all[i] = all[i][:at] + left + all[i][at+len(line):]
		}
	}
	return strings.Join(all, "\n")
}

// figure hides a number that is personal.
func (r *Redactor) figure(s, field string) string {
	f := r.figures
	switch {
	case r.keep[s]:
		return s
	case named(field):
		f = r.plain
	}
	return r.put(s, f.In(s, words(field)))
}

// names end the names of fields that hold no text.
var names = regexp.MustCompile(`(?i:(^|_|agent|assistant|call|customer|session|user)(id|ids|uuid|sid|url|uri|href|hash|sha256|signature|timestamp|etag))$|[a-z](Id|Ids|ID|IDs|Sid|Url|Uri|URL|URI|Timestamp)$`)

func named(field string) bool { return names.MatchString(field) }

var humps = regexp.MustCompile(`([a-z])([A-Z])`)

// words are the words of a field's name.
func words(field string) string {
	return strings.NewReplacer("_", " ", "-", " ", ".", " ").Replace(humps.ReplaceAllString(field, "$1 $2"))
}

// Answer hides what is personal in what a side is saying.
func (r *Redactor) Answer(role ringside.Role, text string) (string, error) {
	turns := r.after(r.cfg.Before, []ringside.Turn{{Role: role, Text: text}})
	return turns[0].Text, r.err
}

// Text hides what is personal in a text that is no field of anything.
func (r *Redactor) Text(s string) (string, error) { return r.text(s, ""), r.err }
