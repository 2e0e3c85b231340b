package redact

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
)

// example is a conversation with what is to be found in it: by the text that
// says it, in each turn.
type example struct {
	turns []Said
	want  []label
}

type label struct {
	kind ringside.RedactionKind
	at   int
	text string
}

// maker makes examples, the same ones each time.
type maker struct{ *rand.Rand }

func (m maker) of(all ...string) string { return all[m.IntN(len(all))] }

func (m maker) digits(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + m.IntN(10))
	}
	return string(b)
}

// card is a number with its check digit.
func (m maker) card() string {
	prefix, n := m.of("4", "51", "55", "2221", "37", "34", "6011", "3528", "36"), 16
	switch prefix {
	case "37", "34":
		n = 15
	case "36":
		n = 14
	}
	d := prefix + m.digits(n-1-len(prefix))
	for c := range 10 {
		if luhn(d + strconv.Itoa(c)) {
			return d + strconv.Itoa(c)
		}
	}
	return ""
}

func (m maker) ssn() string {
	return fmt.Sprintf("%03d%02d%04d", 100+m.IntN(500), 1+m.IntN(99), 1+m.IntN(9999))
}

var spoken = [10]string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}

// say spells digits out as people do.
func (m maker) say(digits string) string {
	var out []string
	style := m.IntN(3)
	for i := 0; i < len(digits); i++ {
		d := int(digits[i] - '0')
		if style > 0 && i+1 < len(digits) && digits[i] == digits[i+1] {
			out = append(out, "double", spoken[d])
			i++
			continue
		}
		if style == 2 && i+1 < len(digits) && digits[i] >= '2' && digits[i+1] > '0' && m.IntN(3) == 0 {
			tens := [10]string{"", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"}
			out = append(out, tens[d]+m.of("-", " ")+spoken[digits[i+1]-'0'])
			i++
			continue
		}
		if d == 0 && i > 0 && m.IntN(2) == 0 {
			out = append(out, "oh")
			continue
		}
		out = append(out, spoken[d])
		if m.IntN(12) == 0 && i+1 < len(digits) {
			out = append(out, m.of("uh", "um,", "and"))
		}
	}
	return strings.Join(out, " ")
}

// groups writes digits in groups.
func groups(digits, sep string, sizes ...int) string {
	var out []string
	for _, n := range sizes {
		if n = min(n, len(digits)); n > 0 {
			out, digits = append(out, digits[:n]), digits[n:]
		}
	}
	if digits != "" {
		out = append(out, digits)
	}
	return strings.Join(out, sep)
}

func one(k ringside.RedactionKind, before, value, after string) example {
	return example{
		[]Said{{ringside.RoleUser, strings.TrimSpace(before + " " + value + after)}},
		[]label{{k, 0, value}},
	}
}

func (m maker) cardExample() example {
	n := m.card()
	before := m.of("My card is", "Sure, it's", "The number is", "Okay so the visa is", "Put it on", "yeah", "")
	after := m.of(".", ", expires next May.", "", " and the name is Lee.", " thanks")
	switch m.IntN(6) {
	case 0:
		return one(ringside.RedactCard, before, n, after)
	case 1:
		return one(ringside.RedactCard, before, groups(n, m.of(" ", "-", ". "), 4, 4, 4), after)
	case 2:
		return one(ringside.RedactCard, before, m.say(n), after)
	case 3:
		return one(ringside.RedactCard, before, m.say(n[:4])+", "+m.say(n[4:8])+", "+m.say(n[8:12])+", "+m.say(n[12:]), after)
	case 4: // read out in pieces
		a, b, c := n[:4], n[4:8], n[8:]
		return example{
			[]Said{
				{ringside.RoleAgent, "Can I have the card number?"},
				{ringside.RoleUser, "It's " + m.say(a)},
				{ringside.RoleAgent, m.of("Okay.", "Mm-hm.", "Got it, go on.")},
				{ringside.RoleUser, m.say(b)},
				{ringside.RoleAgent, "Yes."},
				{ringside.RoleUser, m.say(c)},
			}, nil,
		}.with(ringside.RedactCard, map[int]string{1: a, 3: b, 5: c})
	}
	a, b := n[:8], n[8:]
	return example{
		[]Said{{ringside.RoleUser, "It's " + groups(a, " ", 4)}, {ringside.RoleAgent, "Okay, and the rest?"}, {ringside.RoleUser, groups(b, " ", 4)}}, nil,
	}.with(ringside.RedactCard, map[int]string{0: a, 2: b})
}

// with labels all of what a turn says of a number: no digit of it may be left.
func (e example) with(k ringside.RedactionKind, at map[int]string) example {
	for i := range at {
		text := e.turns[i].Text
		e.want = append(e.want, label{k, i, strings.TrimPrefix(text, "It's ")})
	}
	return e
}

func (m maker) ssnExample() example {
	n := m.ssn()
	asked := []Said{{ringside.RoleAgent, m.of("What is your social security number?", "Could you give me your social?", "I need your SSN to look that up.")}}
	switch m.IntN(6) {
	case 0:
		return one(ringside.RedactSSN, m.of("It's", "", "yeah", "number:"), groups(n, m.of("-", " "), 3, 2), m.of(".", "", " ok?"))
	case 1:
		return one(ringside.RedactSSN, m.of("My social is", "my SSN is", "social security number", "The social security number is"), n, m.of(".", ""))
	case 2:
		return one(ringside.RedactSSN, m.of("My social is", "my social security number is", "it's my SSN,"), m.say(n), m.of(".", ""))
	case 3:
		return example{append(asked, Said{ringside.RoleUser, "It's " + n}), nil}.with(ringside.RedactSSN, map[int]string{1: n})
	case 4:
		return example{append(asked, Said{ringside.RoleUser, "It's " + m.say(n)}), nil}.with(ringside.RedactSSN, map[int]string{1: n})
	}
	return example{append(asked, Said{ringside.RoleUser, "It's " + m.say(n[:3])}, Said{ringside.RoleAgent, "Okay."}, Said{ringside.RoleUser, m.say(n[3:])}), nil}.
		with(ringside.RedactSSN, map[int]string{1: n, 3: n})
}

func (m maker) emailExample() example {
	first, last := m.of("john", "mary", "ahmed", "wei", "olga", "j"), m.of("smith", "garcia", "chen", "okafor", "novak")
	host, end := m.of("gmail", "outlook", "acme-tools", "yahoo", "mail.northwind"), m.of("com", "net", "org", "co.uk", "io")
	before := m.of("It's", "my email is", "You can write to", "yes,", "sure, that's", "")
	after := m.of(".", "", " please", " and that's it")
	say := strings.NewReplacer(".", " dot ", "@", " at ", "_", " underscore ", "-", " dash ")
	local := m.of(first+"."+last, first+"_"+last, first+last+strconv.Itoa(m.IntN(90)+10), first+"-"+last, first)
	switch m.IntN(4) {
	case 0:
		return one(ringside.RedactEmail, before, local+"@"+host+"."+end, after)
	case 1:
		return one(ringside.RedactEmail, before, say.Replace(local+"@"+host+"."+end), after)
	case 2:
		return one(ringside.RedactEmail, before, local+" at "+host+"."+end, after)
	}
	spelled := strings.Join(strings.Split(first, ""), " ")
	return one(ringside.RedactEmail, before, spelled+" dot "+last+say.Replace("@"+host+"."+end), after)
}

func (m maker) phoneExample() example {
	n := m.of("415", "212", "617", "503") + m.of("555", "867", "264") + m.digits(4)
	switch m.IntN(5) {
	case 0:
		return one(ringside.RedactPhone, m.of("Call me at", "my number is", "It's"), groups(n, m.of("-", " ", "."), 3, 3), ".")
	case 1:
		return one(ringside.RedactPhone, m.of("Call me at", "my cell is", "It's"), m.say(n), ".")
	case 2:
		return one(ringside.RedactPhone, "my phone is", n, ".")
	case 3:
		return one(ringside.RedactPhone, "It's", m.of("+1 ", "+44 ", "+49 ")+groups(n, " ", 3, 3), "")
	}
	return example{[]Said{{ringside.RoleAgent, "What's a good phone number for you?"}, {ringside.RoleUser, "It's " + m.say(n)}}, nil}.with(ringside.RedactPhone, map[int]string{1: n})
}

func (m maker) birthExample() example {
	d, y := 1+m.IntN(28), 1940+m.IntN(65)
	month := m.of("January", "March", "July", "October", "december")
	date := m.of(
		fmt.Sprintf("%02d/%02d/%d", 1+m.IntN(12), d, y), fmt.Sprintf("%d-%02d-%02d", y, 1+m.IntN(12), d), fmt.Sprintf("%s %d, %d", month, d, y),
		fmt.Sprintf("%d %s %d", d, month, y), month+" fifth nineteen eighty two", "the second of "+month+" nineteen seventy",
		month+" twenty first two thousand and one", "oh one oh two nineteen eighty")
	if m.IntN(2) == 0 {
		return one(ringside.RedactBirthDate, m.of("I was born on", "my date of birth is", "DOB", "My birthday is"), strings.TrimPrefix(date, "the "), m.of(".", ""))
	}
	return example{[]Said{{ringside.RoleAgent, "And your date of birth?"}, {ringside.RoleUser, "It's " + date}}, nil}.
		labelled(ringside.RedactBirthDate, 1, strings.TrimPrefix(date, "the "))
}

func (e example) labelled(k ringside.RedactionKind, at int, text string) example {
	e.want = append(e.want, label{k, at, text})
	return e
}

// ibanOf makes an account's number with its check digits.
func ibanOf(country, account string) string {
	for check := 2; check < 99; check++ {
		n := fmt.Sprintf("%s%02d%s", country, check, account)
		if IBAN(strings.ToLower(n)) {
			return n
		}
	}
	return ""
}

func (m maker) ibanExample() example {
	n := m.of(ibanOf("GB", "WEST"+m.digits(14)), ibanOf("DE", m.digits(18)), ibanOf("FR", m.digits(23)), ibanOf("NL", "ABNA"+m.digits(10)))
	text := m.of(n, groups(n, " ", 4, 4, 4, 4, 4, 4, 4), strings.ToLower(n))
	return one(ringside.RedactIBAN, m.of("My IBAN is", "the account is", ""), text, m.of(".", ""))
}

// harmless are conversations without personal data, as near to it as they get.
func (m maker) harmless() []example {
	texts := []string{
		"Your order number is " + groups("9"+m.digits(9), "-", 3, 4) + ".", "The total is $" + m.digits(2) + ",450.00 for 12 units.",
		"We open at 9:30 and close at 17:45 on weekdays.", "It was built in 1998 and renovated in 2015.", "Tracking 1Z999AA1" + m.digits(10) + " left today.",
		"Order number 1" + m.digits(11) + " has shipped.", "The reference is AB-" + m.digits(6) + "-XZ.", "Flight 1234 leaves at 6 15 from gate 22.",
		"That's one hundred and twenty thousand dollars.", "There are twenty two of us, two adults and three kids.", "It costs nineteen ninety nine a month.",
		"Your appointment is on 03/14/2025 at 10:00.", "The meeting is March 5th, 2026.", "See you on the second of January.", "Visit us at example dot com for more.",
		"Look at the site, shop dot example dot com.", "I'm at home, give me a second.", "We are at 221 Baker Street, dot your i's.", "Version 10.4.12.8 fixes it.",
		"You have 2 new messages, 3 old ones and 14 archived.", "Invoice 2024-000" + m.digits(3) + " is due in 30 days.", "The zip code is 9" + m.digits(4) + ".",
		"Model number 5521-3345-77 fits a 15 amp breaker.", "Press 1 for sales, 2 for support, 3 for billing.", "Ticket " + m.digits(7) + " was closed.",
		"Room 1204, twelfth floor.", "Call id 123e4567-e89b-12d3-a456-426614174000 failed.", "It's 72 degrees, with a 40 percent chance of rain.",
		"Our office is social and fun, 9 people work here.", "He was born in Ohio and moved in 2003 or so.", "The policy covers up to 1,000,000 per claim.",
		"Give me five to ten minutes.", "One, two, three, testing.", "The score was four to three in double overtime.", "Your balance is 1 234.56 euros.",
	}
	out := make([]example, len(texts))
	for i, text := range texts {
		out[i] = example{turns: []Said{{ringside.RoleAgent, text}}}
	}
	order := example{turns: []Said{
		{ringside.RoleAgent, "What's your order number?"}, {ringside.RoleUser, "It's 7" + m.digits(8) + "."}, {ringside.RoleAgent, "Thanks."}, {ringside.RoleUser, "When does it arrive, on the 12th?"},
	}}
	return slices.Concat(out, []example{order})
}

// tally counts what was found of a kind.
type tally struct{ want, found, extra int }

// TestLabelled measures the rules on made conversations. A label is found when
// nothing of it is left to read.
func TestLabelled(t *testing.T) {
	t.Parallel()
	m := maker{rand.New(rand.NewPCG(7, 2026))}
	var all []example
	for range 120 {
		all = append(all, m.cardExample(), m.ssnExample(), m.emailExample(), m.phoneExample(), m.birthExample(), m.ibanExample())
	}
	for range 8 {
		all = append(all, m.harmless()...)
	}
	t.Logf("%d conversations, %d of them harmless", len(all), 8*len(m.harmless()))
	counts := map[ringside.RedactionKind]*tally{}
	for _, k := range ringside.RedactionKinds {
		counts[k] = &tally{}
	}
	for _, e := range all {
		e.count(t, counts)
	}
	for _, k := range ringside.RedactionKinds {
		c := counts[k]
		recall, precision := float64(c.found)/float64(max(c.want, 1)), float64(c.found)/float64(max(c.found+c.extra, 1))
		t.Logf("%-9s labels %3d  recall %.3f  precision %.3f", k, c.want, recall, precision)
		if k == ringside.RedactNumber {
			continue // what is of no other kind: nothing is labelled so
		}
		if recall < 0.98 || precision < 0.9 {
			t.Errorf("%s: recall %.3f and precision %.3f are below 0.98 and 0.9", k, recall, precision)
		}
	}
	if c := counts[ringside.RedactNumber]; c.extra > len(all)/100 {
		t.Errorf("%d conversations of %d had digits hidden that nobody labelled", c.extra, len(all))
	}
}

func (e *example) count(t *testing.T, counts map[ringside.RedactionKind]*tally) {
	t.Helper()
	found := NewFinder(ringside.RedactionKinds, false).Find(e.turns)
	used := make([]bool, len(found))
	for _, w := range e.want {
		counts[w.kind].want++
		start := strings.LastIndex(e.turns[w.at].Text, w.text)
		hidden := false
		for i, x := range found {
			over := x.At == w.at && x.Start < start+len(w.text) && start < x.End
			used[i] = used[i] || over && x.Kind == w.kind
			hidden = hidden || over && x.Kind == w.kind && x.Start <= start && x.End >= start+len(strings.TrimRight(w.text, ". "))
		}
		if hidden {
			counts[w.kind].found++
		} else {
			t.Logf("missed %s %q in %q: %+v", w.kind, w.text, e.turns, found)
		}
	}
	for i, x := range found {
		if !used[i] {
			counts[x.Kind].extra++
			t.Logf("extra %s %q in %q", x.Kind, e.turns[x.At].Text[x.Start:x.End], e.turns[x.At].Text)
		}
	}
}
