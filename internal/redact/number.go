package redact

// issuers are the beginnings and lengths of payment cards (ISO/IEC 7812; the
// schemes' published ranges).
var issuers = []struct {
	from, to string
	lengths  []int
}{
	{"4", "4", []int{13, 16, 19}},
	{"51", "55", []int{16}},
	{"2221", "2720", []int{16}},
	{"34", "34", []int{15}},
	{"37", "37", []int{15}},
	{"6011", "6011", []int{16, 19}},
	{"644", "659", []int{16, 19}},
	{"3528", "3589", []int{16}},
	{"36", "36", []int{14}},
	{"38", "39", []int{14}},
	{"300", "305", []int{14}},
	{"309", "309", []int{14}},
	{"5018", "5018", []int{16, 18, 19}},
	{"5020", "5020", []int{16, 18, 19}},
	{"5038", "5038", []int{16, 18, 19}},
	{"5893", "5893", []int{16, 18, 19}},
	{"6304", "6304", []int{16, 18, 19}},
	{"6759", "6763", []int{16, 18, 19}},
	{"2200", "2204", []int{16}},
	{"62", "62", []int{16, 17, 18, 19}},
}

// The least and most digits of a payment card.
const (
	MinCard = 13
	MaxCard = 19
)

// Card tells whether digits are a payment card's number: of an issuer, and with
// the right check digit.
func Card(number string) bool { return issued(number) && luhn(number) }

func issued(number string) bool {
	if len(number) < MinCard {
		return false
	}
	for i := range issuers {
		is := &issuers[i]
		if p := number[:len(is.from)]; p < is.from || p > is.to {
			continue
		}
		for _, n := range is.lengths {
			if n == len(number) {
				return true
			}
		}
	}
	return false
}

func luhn(number string) bool {
	sum := 0
	for i := range len(number) {
		d := int(number[len(number)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// ssnDigits is how long a social security number is.
const ssnDigits = 9

// SSN tells whether nine digits can be a social security number.
func SSN(n string) bool {
	return len(n) == ssnDigits && n[:3] != "000" && n[:3] != "666" && n[0] != '9' && n[3:5] != "00" && n[5:] != "0000"
}

// IBAN tells whether an account's number, in small letters and digits, has the
// right check digits (ISO 13616).
func IBAN(number string) bool {
	if len(number) < minIBAN {
		return false
	}
	rest := 0
	for _, r := range number[4:] + number[:4] {
		if r >= 'a' {
			rest = (rest*100 + int(r-'a') + 10) % 97
			continue
		}
		rest = (rest*10 + int(r-'0')) % 97
	}
	return rest == 1
}

// The least and most characters of an IBAN.
const (
	minIBAN = 15
	maxIBAN = 34
)

// ibanLengths are how long the accounts of a country are (ISO 13616's registry).
var ibanLengths = map[string]int{
	"ad": 24, "ae": 23, "al": 28, "at": 20, "az": 28, "ba": 20, "be": 16, "bg": 22, "bh": 22, "br": 29, "by": 28, "ch": 21, "cr": 22,
	"cy": 28, "cz": 24, "de": 22, "dk": 18, "do": 28, "ee": 20, "eg": 29, "es": 24, "fi": 18, "fo": 18, "fr": 27, "gb": 22, "ge": 22,
	"gi": 23, "gl": 18, "gr": 27, "gt": 28, "hr": 21, "hu": 28, "ie": 22, "il": 23, "iq": 23, "is": 26, "it": 27, "jo": 30, "kw": 30,
	"kz": 20, "lb": 28, "lc": 32, "li": 21, "lt": 20, "lu": 20, "lv": 21, "mc": 27, "md": 24, "me": 22, "mk": 19, "mr": 27, "mt": 31,
	"mu": 30, "nl": 18, "no": 15, "pk": 24, "pl": 28, "ps": 29, "pt": 25, "qa": 29, "ro": 24, "rs": 22, "sa": 24, "sc": 31, "se": 24,
	"si": 19, "sk": 24, "sm": 27, "tn": 24, "tr": 26, "ua": 29, "va": 22, "vg": 24, "xk": 20,
}
