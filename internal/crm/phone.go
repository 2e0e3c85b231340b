package crm

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

// anyRegion tells the parser that the country is unknown.
const anyRegion = "ZZ"

const (
	// minDigits is how long a number must be to name somebody when its country
	// is unknown: extensions and short codes are the same at every company.
	minDigits = 7
	// minForeign is how long digits must be to be read as a country code and a
	// number when nothing else tells the country: ten are a North American
	// number, and many of those would make one of Egypt or South Africa.
	minForeign = 11
)

// Phone is a telephone number taken apart, to be found in whatever way people
// wrote it down.
type Phone struct {
	E164     string // +442079460018; empty while the country is unknown
	National string // its digits without country code and trunk prefix: 2079460018
	Country  string // calling code: 44
	local    string // as digits dialled inside the country: 02079460018
	region   string // the country, as its rules are named
	home     string // the other party's country
}

// ParsePhone reads a number as voice platforms write it: E.164, digits, with
// punctuation, or as a SIP or tel URI. One without a country code is taken for
// one of the other party's country. It is false for what names nobody:
// withheld numbers, SIP names, extensions.
func ParsePhone(number, other string) (Phone, bool) {
	number = bare(number)
	if number == "" {
		return Phone{}, false
	}
	home := regionOf(other)
	if n, region := parseNumber(number, home); n != nil {
		national := phonenumbers.GetNationalSignificantNumber(n)
		return Phone{
			E164:     phonenumbers.Format(n, phonenumbers.E164),
			National: national,
			Country:  strconv.Itoa(int(n.GetCountryCode())),
			local:    digits(phonenumbers.Format(n, phonenumbers.NATIONAL)),
			region:   region,
			home:     home,
		}, true
	}
	d := digits(number)
	return Phone{National: d, home: home}, len(d) >= minDigits
}

// Pretty is the number as people read it.
func (p Phone) Pretty() string {
	n, err := phonenumbers.Parse(p.E164, anyRegion)
	if err != nil {
		return p.National
	}
	return phonenumbers.Format(n, phonenumbers.INTERNATIONAL)
}

// Forms are the digits by which the number may stand in a CRM, the most usual
// first, each once: national, with country code, with trunk prefix, with both,
// and as dialled from abroad.
func (p Phone) Forms() []string {
	if p.E164 == "" {
		return []string{p.National}
	}
	var out []string
	for _, f := range []string{p.National, p.Country + p.National, p.local, p.Country + p.local, "00" + p.Country + p.National} {
		if f != "" && !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return out
}

// Is tells whether a number that somebody wrote down, in whatever way, is this
// one. Without a country code it is one of the other party's country, the
// company's own, if there is such a number, else of this one's. An extension
// does not matter.
func (p Phone) Is(written string) bool {
	written, _, _ = strings.Cut(strings.TrimPrefix(written, "tel:"), ";") // what a tel URI may add, the parser has crashed on
	if written == "" || len(written) > 2*maxNumber {
		return false
	}
	if p.E164 == "" {
		n, _ := parseNumber(written, anyRegion)
		return digits(written) == p.National || n != nil && phonenumbers.GetNationalSignificantNumber(n) == p.National
	}
	if n, err := phonenumbers.Parse(written, p.home); err == nil && phonenumbers.IsValidNumber(n) {
		return p.same(n)
	}
	if n, err := phonenumbers.Parse(written, p.region); err == nil && p.same(n) {
		return true
	}
	n, _ := parseNumber(written, p.region)
	return n != nil && p.same(n)
}

func (p Phone) same(n *phonenumbers.PhoneNumber) bool {
	return phonenumbers.Format(n, phonenumbers.E164) == p.E164
}

// Contact is somebody whom a CRM's search gave.
type Contact struct {
	ID     string
	Phones []string
}

// Pick is the one of some contacts who has this number. Of several none is
// picked: who of them called is not ours to guess.
func (p Phone) Pick(found []Contact) (id string, several bool) {
	for _, c := range found {
		if c.ID == id || !slices.ContainsFunc(c.Phones, p.Is) {
			continue
		}
		if id != "" {
			return "", true
		}
		id = c.ID
	}
	return id, false
}

// parseNumber reads a number by a region's rules, and failing that as one with
// its country code but without the plus. It gives the region whose rules hold
// for the number itself; nil when it is no number.
func parseNumber(s, region string) (*phonenumbers.PhoneNumber, string) {
	tries := []string{s}
	if !strings.HasPrefix(s, "+") {
		d := digits(s)
		for _, prefix := range []string{"00", "011"} { // from abroad, by most countries' rules and by North America's
			if rest, ok := strings.CutPrefix(d, prefix); ok {
				tries = append(tries, "+"+rest)
			}
		}
		if region != anyRegion || len(d) >= minForeign {
			tries = append(tries, "+"+d)
		}
	}
	for i, t := range tries {
		n, err := phonenumbers.Parse(t, region)
		if err != nil {
			continue
		}
		// With a plus, a number that has the right length is believed: ranges
		// open faster than the tables know.
		explicit := i == 0 && strings.HasPrefix(s, "+")
		if phonenumbers.IsValidNumber(n) || explicit && phonenumbers.IsPossibleNumber(n) {
			return n, phonenumbers.GetRegionCodeForCountryCode(int(n.GetCountryCode()))
		}
	}
	return nil, ""
}

// regionOf is the country of a number that says it.
func regionOf(number string) string {
	if n, region := parseNumber(bare(number), anyRegion); n != nil {
		return region
	}
	return anyRegion
}

// bare is the number in what may be a URI; nothing when letters say that it is
// a name.
func bare(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > maxNumber {
		return ""
	}
	if _, rest, ok := strings.Cut(s, ":"); ok { // sip:, sips:, tel:, whatsapp:
		s = rest
	}
	s, _, _ = strings.Cut(s, "@")
	s, _, _ = strings.Cut(s, ";")
	if strings.ContainsFunc(s, unicode.IsLetter) || digits(s) == "" {
		return ""
	}
	return s
}

// digits are those of s, ASCII ones only, up to where an extension begins.
func digits(s string) string {
	var b strings.Builder
	for _, c := range s {
		switch {
		case c >= '0' && c <= '9':
			b.WriteRune(c)
		case unicode.IsLetter(c) || c == '#' || c == ';':
			return b.String()
		}
	}
	return b.String()
}
