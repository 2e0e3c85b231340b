package crm_test

import (
	"slices"
	"testing"

	"github.com/ringsidehq/ringside/internal/crm"
)

func TestParsePhone(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		number, other  string
		e164, national string
	}{
		{"+12025550143", "", "+12025550143", "2025550143"},
		{"(202) 555-0143", "+12025550100", "+12025550143", "2025550143"},
		{"2025550143", "+12025550100", "+12025550143", "2025550143"},
		{"12025550143", "", "+12025550143", "2025550143"},
		{"12025550143", "+442079460000", "+12025550143", "2025550143"},
		{"0012025550143", "+442079460000", "+12025550143", "2025550143"},
		{"011442079460018", "+12025550100", "+442079460018", "2079460018"},
		{"+44 (0)20 7946 0018", "", "+442079460018", "2079460018"},
		{"020 7946 0018", "+442079460000", "+442079460018", "2079460018"},
		{"+39 06 698 1234", "", "+39066981234", "066981234"},
		{"sip:+12025550143@pbx.example.com;transport=udp", "", "+12025550143", "2025550143"},
		{"tel:+12025550143", "", "+12025550143", "2025550143"},
		{"whatsapp:+12025550143", "", "+12025550143", "2025550143"},
		// Of no country that anybody told: the digits, and no guess.
		{"2025550143", "", "", "2025550143"},
		{"2025550143", "sip:agent@example.com", "", "2025550143"},
		{"2035550143", "", "", "2035550143"}, // of Connecticut, or with a plus of Alexandria
	} {
		p, ok := crm.ParsePhone(tc.number, tc.other)
		if !ok || p.E164 != tc.e164 || p.National != tc.national {
			t.Errorf("ParsePhone(%q, %q) = %q, %q, %t; want %q, %q", tc.number, tc.other, p.E164, p.National, ok, tc.e164, tc.national)
		}
	}
}

func TestWhoIsWithheldHasNoPhone(t *testing.T) {
	t.Parallel()
	for _, number := range []string{"", " ", "anonymous", "Restricted", "sip:alice@example.com", "sip:anonymous@anonymous.invalid", "+", "101", "client:web_7", "١٢٣٤٥٦٧٨٩", "+1anonymous"} {
		if p, ok := crm.ParsePhone(number, "+12025550100"); ok {
			t.Errorf("ParsePhone(%q) = %+v, want none", number, p)
		}
	}
}

func TestAPhoneIsKnownInAllFormats(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		number, other string
		same, not     []string
	}{
		{
			"+12025550143", "+12025550100",
			[]string{"+12025550143", "(202) 555-0143", "202.555.0143", "202-555-0143 x12", "1-202-555-0143", "+1 202 555 0143", "0012025550143", "tel:+1-202-555-0143", "1 (202) 555 0143"},
			[]string{"+442025550143", "2025550144", "555-0143", "", "020 2555 0143", "+2025550143", "n/a"},
		},
		{
			"+442079460018", "+442079460000",
			[]string{"020 7946 0018", "02079460018", "+44 (0)20 7946 0018", "442079460018", "00442079460018", "+44 20 7946 0018", "(020) 7946-0018 ext. 5"},
			[]string{"+12079460018", "020 7946 0019", "7946 0018"},
		},
		{ // the company is British, the caller American
			"+12079460018", "+442079460000",
			[]string{"+1 207 946 0018", "12079460018"},
			[]string{"020 7946 0018", "+442079460018"},
		},
		{ // what would be American at home is not read as Egyptian
			"+2035550143", "+12025550100",
			[]string{"+20 3 5550143", "0020 3 5550143"},
			[]string{"(203) 555-0143", "2035550143"},
		},
		{ // no country is known
			"2025550143", "",
			[]string{"202 555 0143", "+1 202 555 0143"},
			[]string{"3025550143", "+1 302 555 0143"},
		},
	} {
		p, ok := crm.ParsePhone(tc.number, tc.other)
		if !ok {
			t.Fatalf("ParsePhone(%q) finds no number", tc.number)
		}
		for _, s := range tc.same {
			if !p.Is(s) {
				t.Errorf("%s is not known as %q", tc.number, s)
			}
		}
		for _, s := range tc.not {
			if p.Is(s) {
				t.Errorf("%s is taken for %q", tc.number, s)
			}
		}
	}
}

func TestForms(t *testing.T) {
	t.Parallel()
	for number, want := range map[string][]string{
		"+12025550143":  {"2025550143", "12025550143", "0012025550143"},
		"+442079460018": {"2079460018", "442079460018", "02079460018", "4402079460018", "00442079460018"},
	} {
		p, _ := crm.ParsePhone(number, "")
		if got := p.Forms(); !slices.Equal(got, want) {
			t.Errorf("forms of %s: %q, want %q", number, got, want)
		}
	}
}

func TestOfSeveralContactsNoneIsPicked(t *testing.T) {
	t.Parallel()
	p, _ := crm.ParsePhone("+12025550143", "")
	robin := crm.Contact{ID: "1", Phones: []string{"", "(202) 555-0143"}}
	other := crm.Contact{ID: "2", Phones: []string{"+44 20 2555 0143"}}
	sam := crm.Contact{ID: "3", Phones: []string{"202-555-0143"}}
	for _, tc := range []struct {
		name    string
		found   []crm.Contact
		id      string
		several bool
	}{
		{"nobody", nil, "", false},
		{"one", []crm.Contact{robin}, "1", false},
		{"one, found twice", []crm.Contact{robin, robin}, "1", false},
		{"one, and one abroad", []crm.Contact{other, robin}, "1", false},
		{"two", []crm.Contact{robin, sam}, "", true},
	} {
		if id, several := p.Pick(tc.found); id != tc.id || several != tc.several {
			t.Errorf("%s: picks %q, several %t", tc.name, id, several)
		}
	}
}

func FuzzPhone(f *testing.F) {
	for _, s := range []string{"+12025550143", "sip:+1@x;y", "(202) 555-0143 x12", "tel:7042;phone-context=example.com", "00", "+39 06 698", "١٢٣", "1-800-FLOWERS"} {
		f.Add(s, "+12025550100", s)
	}
	f.Fuzz(func(t *testing.T, number, other, written string) {
		p, ok := crm.ParsePhone(number, other)
		p.Is(written)
		if !ok {
			return
		}
		if p.National == "" {
			t.Errorf("%q is a number without digits", number)
		}
		for _, form := range p.Forms() {
			for _, c := range form {
				if c < '0' || c > '9' {
					t.Errorf("%q has the form %q", number, form)
				}
			}
		}
		if p.E164 != "" && !p.Is(p.E164) {
			t.Errorf("%q is %s and does not know it", number, p.E164)
		}
	})
}
