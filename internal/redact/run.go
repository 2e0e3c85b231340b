package redact

import "strings"

// run is a row of digits: the atoms that say them, in order.
type run struct {
	text   string
	parts  []atom
	digits string
	atoms  []int // which of the text's atoms they are
	plus   bool  // a + stands before it
	money  bool
}

func (r *run) spoken() bool {
	for i := range r.parts {
		if !r.parts[i].spoken {
			return false
		}
	}
	return true
}

// big tells whether the words count rather than spell. In a number that is long
// enough for a telephone's, hundreds are spelled: one eight hundred.
func (r *run) big() bool {
	for i := range r.parts {
		if p := &r.parts[i]; p.big && (p.digits != bigs["hundred"] || len(r.digits) < nationPhone) {
			return true
		}
	}
	return false
}

func (r *run) first() int { return r.atoms[0] }

func (r *run) last() int { return r.atoms[len(r.atoms)-1] }

// grouped tells whether the digits stand in groups, as people write a number that
// is to be read.
func (r *run) grouped() bool { return len(r.parts) > 1 }

// sub is the run of some of its parts.
func (r *run) sub(from, to int) *run {
	out := &run{text: r.text, parts: r.parts[from:to], atoms: r.atoms[from:to]}
	for i := range out.parts {
		out.digits += out.parts[i].digits
	}
	out.plus = r.plus && from == 0
	return out
}

// start is where the digits begin, with the + before them.
func (r *run) start() int {
	if r.plus {
		return strings.LastIndexByte(r.text[:r.parts[0].start], '+')
	}
	return r.parts[0].start
}

func (r *run) end() int { return r.parts[len(r.parts)-1].end }

// maxFillers is how many words may stand between two digits of a number.
const maxFillers = 3

// maxParts is how many parts a row of digits has: more than any number, and what
// is read out after it.
const maxParts = 100

// runs are the rows of digits in a text. Codes with letters are none, nor are dates.
func runs(text string, all []atom) (out []*run) {
	var cur *run
	end := func() {
		if cur != nil {
			out = append(out, cur)
		}
		cur = nil
	}
	for i := range all {
		a := &all[i]
		if a.digits == "" || a.glued || a.dated {
			if cur == nil || !fillers[a.word] || i-cur.last() > maxFillers {
				end()
			}
			continue
		}
		if cur != nil && (len(cur.parts) == maxParts || !joins(text, &all[cur.last()], a)) {
			end()
		}
		if cur == nil {
			before := strings.TrimRight(text[:a.start], " (")
			cur = &run{text: text, plus: strings.HasSuffix(before, "+"), money: strings.HasSuffix(before, "$") || strings.HasSuffix(before, "€") || strings.HasSuffix(before, "£")}
		}
		cur.parts, cur.digits, cur.atoms = append(cur.parts, *a), cur.digits+a.digits, append(cur.atoms, i)
	}
	end()
	for _, r := range out {
		if next := r.last() + 1; next < len(all) && currency[all[next].word] {
			r.money = true
		}
	}
	return out
}

var currency = set("dollar dollars bucks euro euros pound pounds cents percent usd eur")

// maxGap is how much may stand between two digits, in bytes.
const maxGap = 60

// joins tells whether digits go on after others: over spaces, hyphens, commas
// and full stops, and over words that say nothing.
func joins(text string, a, b *atom) bool {
	gap := text[a.end:b.start]
	if len(gap) > maxGap || strings.ContainsAny(gap, "/:;$€£#*=<>{}[]\"?!@|&%") {
		return false
	}
	written := a.word == "" && b.word == ""
	return !written || gap != "," // 1,250
}
