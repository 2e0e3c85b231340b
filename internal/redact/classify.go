package redact

import (
	"strings"

	"github.com/ringsidehq/ringside"
)

// What people say around a number.
var (
	cardWords  = set("card visa mastercard amex discover credit debit cards")
	codeWords  = set("cvv cvc cvv2 security verification")
	ssnWords   = set("social ssn socials")
	phoneWords = set("phone cell mobile telephone callback landline cellphone fax phones dial caller")
	reachWords = set("call reach text number contact ring")
	otherWords = set("order tracking confirmation reference ticket invoice case reservation booking policy serial shipment parcel claim " +
		"sku item model product account zip postcode code room flight version total price costs cost balance quantity parts part meter reading receipt " +
		"timestamp id transaction")
)

// near are the words around a run: those before it in the text, some behind it,
// and what it answers.
type near struct {
	before, after []string
	asked         []string
}

// How many words count as before and after a number.
const (
	wordsBefore = 14
	wordsAfter  = 6
	wordsFirst  = 3 // before a number that is the answer
)

func around(c *chunk, all []atom, r *run) near {
	var n near
	p, from := c.partAt(r.start()), 0
	if p.anew() {
		from = p.start
	}
	for i := r.first() - 1; i >= max(0, r.first()-maxParts) && all[i].start >= from && len(n.before) < wordsBefore; i-- {
		if all[i].word != "" && all[i].digits == "" && !fillers[all[i].word] {
			n.before = append(n.before, all[i].word)
		}
	}
	for i := r.last() + 1; i < len(all) && len(n.after) < wordsAfter; i++ {
		if all[i].word != "" {
			n.after = append(n.after, all[i].word)
		}
	}
	asked := atoms(p.asked)
	for i := range asked[max(0, len(asked)-3*wordsBefore):] {
		n.asked = append(n.asked, asked[max(0, len(asked)-3*wordsBefore)+i].word)
	}
	return n
}

func has(words []string, of map[string]bool) bool {
	for _, w := range words {
		if of[w] {
			return true
		}
	}
	return false
}

func (n *near) names(of map[string]bool) bool {
	return has(n.before, of) || has(n.after, of) || has(n.asked, of)
}

// close tells what kind of thing the number is said to be: the nearest of the
// words before it decides.
func (n *near) close(of map[string]bool) bool {
	for _, w := range n.before {
		switch {
		case of[w]:
			return true
		case cardWords[w], ssnWords[w], phoneWords[w], otherWords[w]:
			return false
		}
	}
	return len(n.before) < wordsBefore && has(n.asked, of)
}

// numbers tells what a run of digits is, whole or in parts.
func (f *Finder) numbers(c *chunk, all []atom, r *run) []hit {
	if hits, from := f.cards(r); hits != nil {
		if from > 0 {
			hits = append(hits, f.numbers(c, all, r.sub(0, from))...)
		}
		return hits
	}
	n := around(c, all, r)
	if k := f.kindOf(c, r, &n); k != "" {
		return []hit{{r.start(), r.end(), k, value(k, r.digits)}}
	}
	// Numbers of several turns that stand side by side, and are none together.
	var out []hit
	from := 0
	for i := 1; i <= len(r.parts); i++ {
		if i < len(r.parts) && !strings.Contains(c.text[r.parts[i-1].end:r.parts[i].start], "\n") {
			continue
		}
		if from > 0 || i < len(r.parts) {
			s := r.sub(from, i)
			n := around(c, all, s)
			if k := f.kindOf(c, s, &n); k != "" {
				out = append(out, hit{s.start(), s.end(), k, value(k, s.digits)})
			}
		}
		from = i
	}
	return out
}

// cards finds a card's number within a run, and tells which part of the run it
// begins with. What stands behind it may be a date and a code.
func (f *Finder) cards(r *run) (hits []hit, first int) {
	if !f.kinds[ringside.RedactCard] || len(r.digits) < MinCard {
		return nil, 0
	}
	for from := range r.parts {
		digits, best := "", 0
		for to := from; to < len(r.parts) && len(digits) < MaxCard; to++ {
			if digits += r.parts[to].digits; len(digits) <= MaxCard && Card(digits) {
				best = to + 1
			}
		}
		if best > 0 {
			s := r.sub(from, best)
			out := []hit{{s.start(), s.end(), ringside.RedactCard, s.digits}}
			if rest := r.parts[best:]; len(rest) > 0 {
				// What follows in one breath is its date and code.
				out = append(out, hit{rest[0].start, rest[len(rest)-1].end, ringside.RedactCard, r.sub(best, len(r.parts)).digits})
			}
			return out, from
		}
	}
	return nil, 0
}

// value is how a number compares: a telephone number without the country code
// of North America.
func value(k ringside.RedactionKind, digits string) string {
	if k == ringside.RedactPhone && len(digits) == 11 && digits[0] == '1' {
		return digits[1:]
	}
	return digits
}

func (f *Finder) kindOf(c *chunk, r *run, n *near) ringside.RedactionKind {
	switch {
	case f.kinds[ringside.RedactCard] && isCard(r, n):
		return ringside.RedactCard
	case f.kinds[ringside.RedactSSN] && isSSN(c, r, n):
		return ringside.RedactSSN
	case f.kinds[ringside.RedactPhone] && isPhone(r, n):
		return ringside.RedactPhone
	case f.kinds[ringside.RedactNumber] && isRead(r):
		return ringside.RedactNumber
	case f.pieces && !r.big() && !r.money:
		return f.pieceOf(n, len(r.digits))
	}
	return ""
}

// endWords are said of the last digits alone, which give nothing away.
var endWords = set("last ending ends end")

// leastPiece is how many digits are hidden while a call is on: they may be a part
// of any number.
const leastPiece = 4

// pieceOf tells of which number a piece of some digits is, as far as somebody said
// so. Fewer are enough of one that is the answer.
func (f *Finder) pieceOf(n *near, digits int) ringside.RedactionKind {
	if len(n.before) <= wordsFirst && !n.names(endWords) {
		switch {
		case f.kinds[ringside.RedactSSN] && n.close(ssnWords) && digits >= 2:
			return ringside.RedactSSN
		case digits < 3:
			return ""
		case f.kinds[ringside.RedactCard] && n.close(cardWords):
			return ringside.RedactCard
		case f.kinds[ringside.RedactPhone] && n.close(phoneWords):
			return ringside.RedactPhone
		}
	}
	if digits < leastPiece {
		return ""
	}
	return ringside.RedactNumber
}

// isCard tells of a number that is said to be a card's, whatever its check digit:
// a digit may have been misheard. And of the code on its back.
func isCard(r *run, n *near) bool {
	d := len(r.digits)
	switch {
	case r.money || r.big():
		return false
	case d >= MinCard && d <= MaxCard:
		return n.close(cardWords)
	case (d == 3 || d == 4) && !n.names(ssnWords):
		return has(n.before[:min(len(n.before), 4)], codeWords) || len(n.before) <= wordsFirst && has(n.asked, codeWords)
	}
	return false
}

func isSSN(c *chunk, r *run, n *near) bool {
	if len(r.digits) == 4 {
		return has(n.before[:min(len(n.before), 8)], ssnWords) && !r.money || len(n.before) <= wordsFirst && has(n.asked, ssnWords) && has(n.asked, set("last four 4"))
	}
	if len(r.digits) != ssnDigits || r.money || r.big() {
		return false
	}
	if n.names(ssnWords) && (n.close(ssnWords) || !has(n.before, otherWords)) {
		return true
	}
	return SSN(r.digits) && inGroups(c, r)
}

// inGroups tells whether nine written digits stand as 3, 2 and 4.
func inGroups(c *chunk, r *run) bool {
	if len(r.parts) != 3 || len(r.parts[0].digits) != 3 || len(r.parts[1].digits) != 2 || r.spoken() {
		return false
	}
	a, b := c.text[r.parts[0].end:r.parts[1].start], c.text[r.parts[1].end:r.parts[2].start]
	return a == b && (a == "-" || a == " " || a == ".")
}

// The digits of telephone numbers: of a local one, and the most that there are.
const (
	localPhone   = 7
	nationPhone  = 10
	longestPhone = 15
)

func isPhone(r *run, n *near) bool {
	d := len(r.digits)
	if d < localPhone || d > longestPhone || r.money || r.big() {
		return false
	}
	named := n.close(phoneWords) || has(n.after, phoneWords)
	other := has(n.before[:min(len(n.before), 5)], otherWords)
	switch {
	case named:
		return true
	case r.plus && d > localPhone:
		return true
	case other, has(n.before, ssnWords), has(n.before, cardWords):
		return false
	case northAmerican(r.digits), r.digits[0] == '0' && d >= nationPhone && d <= 11:
		return r.grouped() || r.spoken() || has(n.before, reachWords) || has(n.asked, reachWords) || has(n.asked, phoneWords)
	}
	return d >= nationPhone && has(n.before[:min(len(n.before), 3)], reachWords)
}

// northAmerican tells of ten digits as they are dealt out there, with or without
// the country's 1.
func northAmerican(d string) bool {
	if len(d) == nationPhone+1 && d[0] == '1' {
		d = d[1:]
	}
	return len(d) == nationPhone && d[0] >= '2' && d[3] >= '2'
}

// leastRead is how many digits somebody reads out whose number is hidden though
// nobody knows of what it is: a year and a price have fewer.
const leastRead = 5

// isRead tells of digits that were spelled out.
func isRead(r *run) bool {
	return r.spoken() && !r.big() && !r.money && len(r.digits) >= leastRead && len(r.parts) >= 4
}
