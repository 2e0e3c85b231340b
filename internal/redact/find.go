package redact

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ringsidehq/ringside"
)

// Said is what one side said at once, or a text that nobody said.
type Said struct {
	Role ringside.Role
	Text string
}

// Find is a stretch of a text that is personal data. The parts of a number that
// was read out in several have one value.
type Find struct {
	At         int // which of the texts
	Start, End int // bytes of it
	Kind       ringside.RedactionKind
	Value      string // as it compares: digits alone, small letters
}

// Finder finds personal data of some kinds.
type Finder struct {
	kinds map[ringside.RedactionKind]bool
	// pieces: a number may go on in what is said next, so that four digits are
	// enough to hide them.
	pieces bool
	half   bool             // likewise an address
	known  map[string]whole // by what stands in a text
}

// whole is what something that stands in a text is, or is a part of.
type whole struct {
	kind  ringside.RedactionKind
	value string
}

// NewFinder makes a finder of some kinds; with pieces it is for what is said
// while a call is on.
func NewFinder(kinds []ringside.RedactionKind, pieces bool) *Finder {
	f := &Finder{half: pieces, kinds: map[ringside.RedactionKind]bool{}, known: map[string]whole{}}
	for _, k := range kinds {
		f.kinds[k] = true
		f.pieces = f.pieces || pieces && k != ringside.RedactEmail && k != ringside.RedactBirthDate
	}
	return f
}

// maxJoined bounds how many texts are looked at as one.
const maxJoined = 40

// chunk is what one side says over several turns, while the other says little.
type chunk struct {
	text  string
	parts []part
}

// part is what is said at once of a chunk.
type part struct {
	at, start, end int
	asked          string // what it answers
	from           int    // where the part begins that answered it first
}

// anew tells whether a part answers another question than the one before it.
func (p *part) anew() bool { return p.from == p.start }

// partAt is the part that a place of the text is in.
func (c *chunk) partAt(place int) *part {
	i := 0
	for i+1 < len(c.parts) && c.parts[i+1].start <= place {
		i++
	}
	return &c.parts[i]
}

// longestAsked is how much of what was said before tells what was asked, in bytes.
const longestAsked = 600

// say adds what is said next, and between: what the others said since.
func (c *chunk) say(at int, text, between string) {
	if c.text != "" {
		c.text += "\n"
	}
	between = between[max(0, len(between)-longestAsked):]
	p := part{at, len(c.text), len(c.text) + len(text), between, len(c.text)}
	if n := len(c.parts); n > 0 && !asks(between) {
		p.asked, p.from = c.parts[n-1].asked, c.parts[n-1].from
	}
	c.text += text
	c.parts = append(c.parts, p)
}

// asks tells whether a text is about something of which the number may be.
func asks(text string) bool {
	for _, a := range atoms(text) {
		for _, of := range []map[string]bool{cardWords, codeWords, ssnWords, phoneWords, birthWords, otherWords} {
			if of[a.word] {
				return true
			}
		}
	}
	return false
}

// Find finds what is personal in what was said, in order. What it has found is
// found again wherever it stands, from then on.
func (f *Finder) Find(all []Said) []Find {
	var out []Find
	for _, c := range chunks(all) {
		for _, h := range f.look(&c) {
			out = append(out, c.split(h)...)
		}
	}
	out = append(out, f.echoes(all, out)...)
	for _, x := range out {
		f.learn(x, all[x.At].Text[x.Start:x.End])
	}
	for i := range all {
		out = append(out, f.again(i, all[i].Text)...)
	}
	return f.settle(out)
}

// In finds what is personal in a text that nobody said, given words about it: the
// name of the field that it stands in.
func (f *Finder) In(text, about string) []Find {
	var c chunk
	c.say(0, text, about)
	var out []Find
	for _, h := range f.look(&c) {
		out = append(out, c.split(h)...)
	}
	for _, x := range out {
		f.learn(x, text[x.Start:x.End])
	}
	return f.settle(append(out, f.again(0, text)...))
}

// minKnown is how long a value must be to be found again by itself.
const minKnown = 6

// learn remembers a value, and the part of it that was said at once.
func (f *Finder) learn(x Find, said string) {
	part := ""
	for _, a := range atoms(said) {
		part += a.digits
	}
	for _, v := range []string{x.Value, part} {
		if _, is := f.known[v]; !is && len(v) >= minKnown {
			f.known[v] = whole{x.Kind, x.Value}
		}
	}
}

// hit is a stretch of a chunk.
type hit struct {
	start, end int
	kind       ringside.RedactionKind
	value      string
}

// chunks puts what each side says in a row.
func chunks(all []Said) []chunk {
	var out []chunk
	open := map[ringside.Role]int{} // which chunk a side is in
	for i := range all {
		s := &all[i]
		at, is := open[s.Role]
		between := ""
		if i > 0 {
			between = all[i-1].Text
		}
		if !is || len(out[at].parts) >= maxJoined || s.Role == "" {
			at = len(out)
			out = append(out, chunk{})
			open[s.Role] = at
		} else {
			between = since(all, out[at].parts[len(out[at].parts)-1].at, i)
		}
		out[at].say(i, s.Text, between)
		if !slight(s.Text) {
			for role := range open {
				if role != s.Role {
					delete(open, role)
				}
			}
		}
	}
	return out
}

// since is what was said between two turns of a side.
func since(all []Said, from, to int) string {
	var b strings.Builder
	for _, s := range all[from+1 : to] {
		b.WriteString(s.Text + "\n")
	}
	return b.String()
}

// maxSlight is how many words somebody says who only lets the other go on.
const maxSlight = 6

// slight tells whether a text only says that somebody listens, or repeats digits.
func slight(text string) bool {
	n := 0
	for _, a := range atoms(text) {
		if a.digits == "" && !fillers[a.word] {
			n++
		}
	}
	return n <= maxSlight
}

// split gives the parts of a hit in the texts that it stands in.
func (c *chunk) split(h hit) (out []Find) {
	for _, p := range c.parts {
		from, to := max(h.start, p.start), min(h.end, p.end)
		if from < to && strings.TrimSpace(c.text[from:to]) != "" {
			out = append(out, Find{p.at, from - p.start, to - p.start, h.kind, h.value})
		}
	}
	return out
}

func (f *Finder) look(c *chunk) []hit {
	all := atoms(c.text)
	var hits []hit
	if f.kinds[ringside.RedactEmail] {
		hits = append(hits, emails(c)...)
		if f.half {
			hits = append(hits, halfEmails(c)...)
		}
	}
	if f.kinds[ringside.RedactIBAN] {
		hits = append(hits, accounts(all)...)
	}
	if f.kinds[ringside.RedactBirthDate] {
		hits = append(hits, births(c, all)...)
	}
	for _, r := range runs(c.text, all) {
		hits = append(hits, f.numbers(c, all, r)...)
	}
	return hits
}

// longestEcho is how long a value is that somebody says back.
const longestEcho = 2 * MaxCard

// echoes are the parts of a number that the other side says back.
func (f *Finder) echoes(all []Said, found []Find) (out []Find) {
	said := make([][]*run, len(all)) // of the turns that were looked at
	for _, x := range found {
		if len(x.Value) > longestEcho || !strings.ContainsAny(x.Value, "0123456789") || len(x.Value) < minKnown {
			continue
		}
		for at := x.At + 1; at < min(x.At+3, len(all)); at++ {
			if said[at] == nil {
				said[at] = runs(all[at].Text, atoms(all[at].Text))
			}
			for _, r := range said[at] {
				if len(r.digits) >= 3 && strings.Contains(x.Value, r.digits) {
					out = append(out, Find{at, r.start(), r.end(), x.Kind, x.Value})
				}
			}
		}
	}
	return out
}

// again finds values that are known in a text.
func (f *Finder) again(at int, text string) (out []Find) {
	if len(f.known) == 0 {
		return nil
	}
	for _, r := range runs(text, atoms(text)) {
		if w, is := f.known[r.digits]; is {
			out = append(out, Find{at, r.start(), r.end(), w.kind, w.value})
		}
	}
	return out
}

// settle puts finds in order and drops those within others: of two the one of
// the earlier kind stays, then the longer.
func (f *Finder) settle(all []Find) []Find {
	slices.SortStableFunc(all, func(a, b Find) int {
		return cmp.Or(
			cmp.Compare(slices.Index(ringside.RedactionKinds, a.Kind), slices.Index(ringside.RedactionKinds, b.Kind)),
			cmp.Compare(b.End-b.Start, a.End-a.Start))
	})
	var out []Find // in the order in which they stand
	for _, a := range all {
		i, _ := slices.BinarySearchFunc(out, a, func(b, a Find) int { return cmp.Or(cmp.Compare(b.At, a.At), cmp.Compare(b.Start, a.Start)) })
		over := func(b *Find) bool { return a.At == b.At && a.Start < b.End && b.Start < a.End }
		if i > 0 && over(&out[i-1]) || i < len(out) && over(&out[i]) {
			continue
		}
		out = slices.Insert(out, i, a)
	}
	return out
}
