package crmtest

import (
	"slices"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/crm"
)

// contacts checks whose call it is taken for.
func (s Suite) contacts(t *testing.T) {
	t.Run("a contact is found in all formats", s.formats)
	t.Run("of several contacts none is taken", s.several)
	t.Run("a contact is made when asked, once", s.makes)
	t.Run("a contact that is known is not looked for", s.known)
	t.Run("who has no number has no contact", s.numberless)
}

// written are ways in which people write a number down, and numbers that are
// near it and another's.
var written = []struct {
	from, to string // of an inbound call
	same     []string
	not      []string
}{
	{
		"+12025550143", "+12025550100",
		[]string{
			"+12025550143", "(202) 555-0143", "202-555-0143", "202.555.0143", "2025550143", "12025550143",
			"1-202-555-0143", "+1 (202) 555-0143", "0012025550143", "202-555-0143 x12", "202 555 0143 ext. 7",
		},
		[]string{"+44 20 2555 0143", "555-0143", "202-555-0144", "+2025550143"},
	},
	{
		"+442079460018", "+442079460000",
		[]string{
			"+442079460018", "020 7946 0018", "02079460018", "+44 (0)20 7946 0018", "442079460018", "0044 20 7946 0018",
			"(020) 7946 0018", "+44 20 7946 0018",
		},
		[]string{"+1 207 946 0018", "7946 0018"},
	},
	{ // the platform gives no country code: the company's own number tells it
		"2025550143", "+12025550100",
		[]string{"+12025550143", "(202) 555-0143"},
		[]string{"+442025550143"},
	},
}

func (s Suite) formats(t *testing.T) {
	t.Parallel()
	for _, w := range written {
		call := *Calls()["inbound"]
		call.From, call.To = w.from, w.to
		for _, phone := range slices.Concat(w.same, w.not) {
			t.Run(w.from+" as "+phone, func(t *testing.T) {
				t.Parallel()
				v := s.Vendor(t)
				v.AddContact("Other", "+1 303 555 0199")
				want := v.AddContact("Hale", phone)
				if slices.Contains(w.not, phone) {
					want = ""
				}
				res, err := syncOne(t, s.New(), v, &call, crm.Options{First: true})
				if err != nil {
					t.Fatal(err)
				}
				got := v.Logged()
				if res.ContactID != want || len(got) != 1 || got[0].Contact != want {
					t.Errorf("taken for %q, want %q; the CRM holds %+v", res.ContactID, want, got)
				}
				if want == "" && !slices.Contains(res.Skipped, "no contact has the number") {
					t.Errorf("skipped %q", res.Skipped)
				}
			})
		}
	}
}

func (s Suite) several(t *testing.T) {
	t.Parallel()
	v, call := s.Vendor(t), Calls()["inbound"]
	v.AddContact("Hale", "(202) 555-0143")
	v.AddContact("Sam", "2025550143")
	res, err := syncOne(t, s.New(), v, call, crm.Options{CreateContact: true})
	if err != nil {
		t.Fatal(err)
	}
	got := v.Logged()
	if len(got) != 1 || got[0].Contact != "" || res.ContactID != "" || len(v.Contacts()) != 2 {
		t.Errorf("result %+v; the CRM holds %+v and %q", res, got, v.Contacts())
	}
	if !slices.Contains(res.Skipped, "no contact: several have the number") {
		t.Errorf("skipped %q", res.Skipped)
	}
}

func (s Suite) makes(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"Robin Hale": "Robin Hale", "Robin": "Robin", "": "+1 202-555-0143"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v, a := s.Vendor(t), s.New()
			call := *Calls()["inbound"]
			call.CustomerName = name
			// The contact is made, and then the CRM fails.
			v.Break(&Fault{Status: 503, Times: 1})
			first, err := syncOne(t, a, v, &call, crm.Options{CreateContact: true, First: true})
			if e := failure(t, err); e.Final() || first.ContactID == "" || !first.ContactCreated {
				t.Fatalf("result %+v, error %v", first, err)
			}
			again, err := syncOne(t, a, v, &call, crm.Options{CreateContact: true, KnownContact: first.ContactID})
			if err != nil {
				t.Fatal(err)
			}
			if got := v.Contacts(); !slices.Equal(got, []string{want}) {
				t.Errorf("contacts %q, want %q", got, want)
			}
			if got := v.Logged(); len(got) != 1 || got[0].Contact != first.ContactID || again.ContactCreated {
				t.Errorf("result %+v; the CRM holds %+v", again, got)
			}
			// The next call of the same person finds the contact.
			next := call
			next.ID = ringside.NewCallID("ws_test", "vapi", "the next call")
			res, err := syncOne(t, a, v, &next, crm.Options{CreateContact: true, First: true})
			if err != nil || res.ContactID != first.ContactID || res.ContactCreated {
				t.Errorf("the next call: %+v, %v", res, err)
			}
		})
	}
}

func (s Suite) known(t *testing.T) {
	t.Parallel()
	v, call := s.Vendor(t), Calls()["inbound"]
	known := v.AddContact("Hale", "no number at all")
	res, err := syncOne(t, s.New(), v, call, crm.Options{KnownContact: known, First: true})
	if err != nil || res.ContactID != known || v.Logged()[0].Contact != known {
		t.Errorf("result %+v, %v", res, err)
	}
	for _, r := range v.Requests() {
		if strings.Contains(strings.ToLower(r.Path), "search") {
			t.Errorf("%s %s", r.Method, r.Path)
		}
	}
}

func (s Suite) numberless(t *testing.T) {
	t.Parallel()
	for _, from := range []string{"", "anonymous", "sip:anonymous@anonymous.invalid"} {
		v := s.Vendor(t)
		call := *Calls()["inbound"]
		call.From = from
		res, err := syncOne(t, s.New(), v, &call, crm.Options{CreateContact: true, First: true})
		if err != nil || len(v.Contacts()) != 0 || len(v.Logged()) != 1 {
			t.Errorf("%q: %+v, %v; contacts %q", from, res, err, v.Contacts())
		}
		if !slices.Contains(res.Skipped, "no contact: the call has no number of the customer's") {
			t.Errorf("%q: skipped %q", from, res.Skipped)
		}
	}
}
