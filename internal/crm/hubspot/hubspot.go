// Package hubspot writes calls to HubSpot: one call engagement each, with the
// contact whose number it is.
//
// HubSpot has no idempotency key. A call is found again by the id that it
// answered with; failing that by the property that the mapping names for
// call_id; failing that by the reference at the end of its title. Its search
// finds what was made only some seconds later, so after an answer that never
// came the next try has to wait (Error.RetryAfter).
//
// Units: duration is milliseconds, times ISO 8601 in UTC. The body is HTML, so
// what was said in the call is escaped. Needed scopes:
// crm.objects.contacts.read and crm.objects.contacts.write.
package hubspot

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/crm"
)

const (
	// ID is this CRM's name in an agent's settings.
	ID   = "hubspot"
	name = "HubSpot"

	defaultBase = "https://api.hubapi.com"
	defaultPath = "/crm/v3/objects" // or a dated one, /crm/objects/2026-03: same bodies

	// foundAfter is ample for the few seconds that HubSpot's search lags behind.
	foundAfter = 30 * time.Second
)

// New is the row of this CRM.
func New() crm.Adapter {
	return crm.Adapter{ID: ID, Name: name, Fields: usual, FoundAfter: foundAfter, Sync: sync, Test: test, Preview: preview}
}

// visit is one sync or test: a connection, and what it is about.
type visit struct {
	crm.Connection
	record  crm.Record
	options crm.Options
	props   map[string]string
	skipped []string
}

func sync(ctx context.Context, c crm.Connection, r crm.Record, o crm.Options) (crm.Result, error) {
	if err := check(o); err != nil {
		return crm.Result{}, crm.Refused(name, err)
	}
	v := &visit{Connection: c, record: r, options: o}
	v.props, v.skipped = properties(r, o)
	res, err := crm.Steps{
		CRM:      name,
		FindCall: v.findCall, UpdateCall: v.updateCall, CreateCall: v.createCall,
		FindContacts: v.findContacts, CreateContact: v.createContact,
	}.Sync(ctx, r, o)
	res.Skipped = append(res.Skipped, v.skipped...)
	return res, err
}

func preview(r crm.Record, o crm.Options) (crm.Preview, error) {
	if err := check(o); err != nil {
		return crm.Preview{}, err
	}
	props, _ := properties(r, o)
	p := crm.Preview{Method: http.MethodPost, Path: defaultPath + "/calls", Body: object{Properties: props}}
	if o.Known != "" {
		p.Method, p.Path = http.MethodPatch, p.Path+"/"+url.PathEscape(o.Known)
	}
	if phone, ok := r.Phone(); ok && o.CreateContact && o.Known == "" {
		p.Contact = person(r, phone)
	}
	return p, nil
}

func test(ctx context.Context, c crm.Connection) (string, error) {
	v := &visit{Connection: c}
	var found results
	if err := v.do(ctx, http.MethodPost, "/contacts/search", query{Limit: 1, Properties: []string{"phone"}}, &found); err != nil {
		return "", err
	}
	return fmt.Sprintf("HubSpot answers, and this key can read its %d contacts.", found.Total), nil
}

// object is a record of HubSpot's, as sent and as answered.
type object struct {
	ID           string            `json:"id,omitempty"`
	Properties   map[string]string `json:"properties"`
	Associations []association     `json:"associations,omitempty"`
	URL          string            `json:"url,omitempty"`
}

type association struct {
	To    target            `json:"to"`
	Types []associationType `json:"types"`
}

type target struct {
	ID string `json:"id"`
}

type associationType struct {
	Category string `json:"associationCategory"`
	ID       int    `json:"associationTypeId"`
}

// callToContact is HubSpot's number for what a call has to do with a contact.
const callToContact = 194

// found is an object in an answer, where a property may be null.
type found struct {
	ID         string             `json:"id"`
	Properties map[string]*string `json:"properties"`
	URL        string             `json:"url"`
}

type results struct {
	Total   int     `json:"total"`
	Results []found `json:"results"`
}

// query is the body of a search: groups are alternatives, the filters of one
// hold together.
type query struct {
	FilterGroups []group  `json:"filterGroups,omitempty"`
	Properties   []string `json:"properties"`
	Limit        int      `json:"limit"`
}

type group struct {
	Filters []filter `json:"filters"`
}

type filter struct {
	Property string `json:"propertyName"`
	Operator string `json:"operator"`
	Value    string `json:"value"`
}

func where(property, operator, value string) group {
	return group{[]filter{{property, operator, value}}}
}

// do asks HubSpot and reads its answer into out.
func (v *visit) do(ctx context.Context, method, path string, body, out any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("encode what HubSpot is asked: %w", err)
	}
	answer, err := v.Do(ctx, crm.Request{
		CRM:    name,
		Method: method,
		URL:    v.URL(cmp.Or(v.BaseURL, defaultBase), defaultPath, path),
		Header: http.Header{"Authorization": {"Bearer " + v.Key}},
		Body:   raw,
		Read: func(_ int, _ http.Header, body []byte) crm.Complaint {
			return complaint(body, v.midnight)
		},
		Hide: crm.Private(v.Connection, v.record),
	})
	if err != nil {
		return err
	}
	return answer.JSON(out)
}

func (v *visit) midnight() time.Duration {
	return crm.UntilMidnight(time.Now(), v.options.Zone)
}

func (v *visit) findCall(ctx context.Context) (string, error) {
	property := cmp.Or(v.options.Mapping[crm.CallID], titleProperty)
	q := query{
		FilterGroups: []group{where(property, "EQ", v.record.CallID.String())},
		Properties:   []string{property},
		Limit:        10,
	}
	if property == titleProperty {
		q.FilterGroups = []group{where(property, "CONTAINS_TOKEN", v.record.Reference())}
	}
	var got results
	if err := v.do(ctx, http.MethodPost, "/calls/search", q, &got); err != nil {
		return "", err
	}
	for _, f := range got.Results {
		text := f.text(property)
		if text == v.record.CallID.String() || strings.HasSuffix(text, "("+v.record.Reference()+")") {
			return f.ID, nil
		}
	}
	return "", nil
}

func (f found) text(property string) string {
	if s := f.Properties[property]; s != nil {
		return *s
	}
	return ""
}

func (v *visit) updateCall(ctx context.Context, id string) (string, bool, error) {
	got, err := v.write(ctx, http.MethodPatch, "/calls/"+url.PathEscape(id), nil)
	if e, ok := errors.AsType[*crm.Error](err); ok && e.Status == http.StatusNotFound && e.Code != "" {
		return "", false, nil
	}
	return got.URL, err == nil, err
}

func (v *visit) createCall(ctx context.Context, contact string) (id, link string, err error) {
	var to []association
	if contact != "" {
		to = []association{{target{contact}, []associationType{{"HUBSPOT_DEFINED", callToContact}}}}
	}
	got, err := v.write(ctx, http.MethodPost, "/calls", to)
	return got.ID, got.URL, err
}

// write sends the call's properties. An account may have other call outcomes
// than HubSpot's own: what it does not have is left out, once.
func (v *visit) write(ctx context.Context, method, path string, to []association) (found, error) {
	var got found
	err := v.do(ctx, method, path, object{Properties: v.props, Associations: to}, &got)
	e, ok := errors.AsType[*crm.Error](err)
	if ok && e.Kind == ringside.Invalid && e.Field == dispositionProperty && v.props[dispositionProperty] != "" {
		delete(v.props, dispositionProperty)
		v.skipped = append(v.skipped, "no call outcome: HubSpot says "+e.Message)
		err = v.do(ctx, method, path, object{Properties: v.props, Associations: to}, &got)
	}
	return got, err
}

// contactPhones are what HubSpot makes of a contact's numbers to be searched
// by: digits without the country code.
var contactPhones = []string{"hs_searchable_calculated_phone_number", "hs_searchable_calculated_mobile_number"}

const maxContacts = 20

func (v *visit) findContacts(ctx context.Context, p crm.Phone) ([]crm.Contact, bool, error) {
	q := query{Properties: []string{"phone", "mobilephone"}, Limit: maxContacts}
	for _, property := range contactPhones {
		q.FilterGroups = append(q.FilterGroups, where(property, "CONTAINS_TOKEN", "*"+p.National))
	}
	var got results
	if err := v.do(ctx, http.MethodPost, "/contacts/search", q, &got); err != nil {
		return nil, false, err
	}
	var out []crm.Contact
	for _, f := range got.Results {
		out = append(out, crm.Contact{ID: f.ID, Phones: []string{f.text("phone"), f.text("mobilephone")}})
	}
	return out, got.Total <= len(out), nil
}

func (v *visit) createContact(ctx context.Context, p crm.Phone) (string, error) {
	var got found
	err := v.do(ctx, http.MethodPost, "/contacts", person(v.record, p), &got)
	return got.ID, err
}

func person(r crm.Record, p crm.Phone) object {
	props := map[string]string{"phone": cmp.Or(p.E164, p.National)}
	first, last := r.Names(p)
	if first != "" {
		props["firstname"] = first
	}
	props["lastname"] = last
	return object{Properties: props}
}
