package redact

import (
	"strings"

	"github.com/ringsidehq/ringside"
)

// letter is one character of what may be an account's number, and the atom that
// says it.
type letter struct {
	c    byte
	atom int
}

// accounts finds accounts' numbers by their country, length and check digits,
// written in any groups or spelled out.
func accounts(all []atom) (out []hit) {
	for i := 0; i < len(all); i++ {
		if country := all[i].word; country == "" || len(country) > 4 {
			continue
		}
		if end := account(all, i); end > i {
			number := ""
			for _, l := range spelled(all, i) {
				if l.atom <= end {
					number += string(l.c)
				}
			}
			out = append(out, hit{all[i].start, all[end].end, ringside.RedactIBAN, number})
			i = end
		}
	}
	return out
}

// account gives the last atom of the account's number that begins at one; -1
// when none does.
func account(all []atom, from int) int {
	letters := spelled(all, from)
	if len(letters) < minIBAN {
		return -1
	}
	var b strings.Builder
	for _, l := range letters {
		b.WriteByte(l.c)
	}
	number := b.String()
	n := ibanLengths[number[:2]]
	if n == 0 || n > len(number) || number[2] > '9' || number[3] > '9' || !IBAN(number[:n]) {
		return -1
	}
	if n < len(number) && letters[n].atom == letters[n-1].atom {
		return -1
	}
	return letters[n-1].atom
}

// maxLetters is how long a word may be that stands in an account's number as it
// is.
const maxLetters = 4

// spelled are the characters of a row of atoms, at most as many as an account's
// number has.
func spelled(all []atom, from int) (out []letter) {
	for i := from; i < len(all) && len(out) < maxIBAN+maxLetters; i++ {
		a := &all[i]
		s := a.digits
		switch {
		case s == "" && fillers[a.word]:
			continue
		case s == "" && len(a.word) > maxLetters && !a.glued:
			return out
		case s == "":
			s = a.word
		}
		for _, c := range []byte(s) {
			if (c < 'a' || c > 'z') && (c < '0' || c > '9') {
				return out
			}
			out = append(out, letter{c, i})
		}
	}
	return out
}
