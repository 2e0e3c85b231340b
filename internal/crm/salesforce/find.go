package salesforce

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/ringsidehq/ringside/internal/crm"
)

// maxContacts is how many of each kind are looked at.
const maxContacts = 10

// search is the body of a parameterised search.
type search struct {
	Q       string   `json:"q"`
	In      string   `json:"in"`
	Objects []object `json:"sobjects"`
	Limit   int      `json:"overallLimit"`
}

type object struct {
	Name   string   `json:"name"`
	Fields []string `json:"fields"`
	Limit  int      `json:"limit"`
	Where  string   `json:"where,omitempty"`
}

var (
	contactFields = []string{"Id", "Phone", "MobilePhone", "HomePhone", "OtherPhone"}
	leadFields    = []string{"Id", "Phone", "MobilePhone"}
)

const unconverted = "IsConverted = false"

// findContacts asks for the number as most write it, and when that finds
// nobody with it for all the other ways at once.
func (v *visit) findContacts(ctx context.Context, p crm.Phone) ([]crm.Contact, bool, error) {
	forms := p.Forms()
	var got records
	_, err := v.do(ctx, http.MethodPost, "/parameterizedSearch", search{
		Q: forms[0], In: "PHONE", Limit: 2 * maxContacts,
		Objects: []object{
			{Name: "Contact", Fields: contactFields, Limit: maxContacts},
			{Name: "Lead", Fields: leadFields, Limit: maxContacts, Where: unconverted},
		},
	}, &got)
	if err != nil {
		return nil, false, err
	}
	found := contacts(got.Found)
	if id, several := p.Pick(found); id == "" && !several && len(forms) > 1 {
		var more records
		if _, err := v.do(ctx, http.MethodGet, "/search?q="+url.QueryEscape(sosl(forms[1:])), nil, &more); err != nil {
			return nil, false, err
		}
		found = contacts(more.Found)
	}
	return found, len(found) < maxContacts, nil
}

// sosl is a search for any of some numbers. They are digits, so nothing in
// them means anything to the language.
func sosl(forms []string) string {
	return "FIND {" + strings.Join(forms, " OR ") + "} IN PHONE FIELDS RETURNING " +
		"Contact(" + strings.Join(contactFields, ", ") + " LIMIT 10), " +
		"Lead(" + strings.Join(leadFields, ", ") + " WHERE " + unconverted + " LIMIT 10)"
}

func contacts(rows []row) []crm.Contact {
	var out []crm.Contact
	for _, r := range rows {
		out = append(out, crm.Contact{ID: r.ID, Phones: []string{r.Phone, r.MobilePhone, r.HomePhone, r.OtherPhone}})
	}
	return out
}

// quote writes a text as SOQL does.
func quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`, "\r", `\r`).Replace(s) + "'"
}
