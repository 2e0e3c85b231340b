// Package salesforce writes calls to Salesforce: one completed Task of subtype
// Call each, for the Contact or Lead whose number it is.
//
//	My Domain host ── client id and secret ──▶ token, instance
//	instance ── token ──▶ query, search, sobjects
//
// A token has no end that Salesforce tells. It is kept until an answer says
// INVALID_SESSION_ID; then a new one is fetched, once.
//
// A call is found again by the Task's id; failing that by CallObject, which
// holds our call id, or by the external-id field that the mapping names for
// call_id. With such a field it is also written by an upsert, which Salesforce
// keeps unique itself.
//
// Units: the duration is seconds, the date the day of the call in the
// workspace's time zone.
package salesforce

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/crm"
)

const (
	// ID is this CRM's name in an agent's settings.
	ID   = "salesforce"
	name = "Salesforce"

	defaultPath = "/services/data/v68.0"
)

// New is the row of this CRM. It keeps the tokens of its connections.
func New() crm.Adapter {
	s := &sessions{tokens: map[connectionKey]token{}}
	return crm.Adapter{ID: ID, Name: name, Fields: usual, Sync: s.sync, Test: s.test, Preview: preview}
}

// visit is one sync or test: a connection, and what it is about.
type visit struct {
	crm.Connection
	sessions *sessions
	record   crm.Record
	options  crm.Options
	task     map[string]any
	instance string // where the last answer came from
}

func (s *sessions) sync(ctx context.Context, c crm.Connection, r crm.Record, o crm.Options) (crm.Result, error) {
	if err := check(o); err != nil {
		return crm.Result{}, crm.Refused(name, err)
	}
	v := &visit{Connection: c, sessions: s, record: r, options: o, task: task(r, o)}
	return crm.Steps{
		CRM:      name,
		FindCall: v.findCall, UpdateCall: v.updateCall, CreateCall: v.createCall,
		FindContacts: v.findContacts, CreateContact: v.createContact,
	}.Sync(ctx, r, o)
}

func preview(r crm.Record, o crm.Options) (crm.Preview, error) {
	if err := check(o); err != nil {
		return crm.Preview{}, err
	}
	p := crm.Preview{Method: http.MethodPost, Path: defaultPath + taskPath, Body: withSubtype(task(r, o))}
	switch external := o.Mapping[crm.CallID]; {
	case o.Known != "":
		p.Method, p.Path, p.Body = http.MethodPatch, p.Path+"/"+url.PathEscape(o.Known), task(r, o)
	case external != "":
		p.Method, p.Path = http.MethodPatch, p.Path+"/"+external+"/"+r.CallID.String()
	}
	if phone, ok := r.Phone(); ok && o.CreateContact && o.Known == "" {
		p.Contact = person(r, phone)
	}
	return p, nil
}

func (s *sessions) test(ctx context.Context, c crm.Connection) (string, error) {
	v := &visit{Connection: c, sessions: s}
	s.forget(c, "")
	var tasks records
	h, err := v.do(ctx, http.MethodGet, query("SELECT Id FROM Task LIMIT 1"), nil, &tasks)
	if err != nil {
		return "", err
	}
	used, limit, ok := usage(h)
	if !ok {
		return "Salesforce answers at " + v.instance + ".", nil
	}
	return fmt.Sprintf("Salesforce answers at %s; %d of the day's %d requests are used.", v.instance, used, limit), nil
}

// records are the rows of a query or the finds of a search.
type records struct {
	Records []row `json:"records"`
	Found   []row `json:"searchRecords"`
}

type row struct {
	ID          string `json:"Id"`
	Name        string `json:"ApiName"` // of a status
	Phone       string `json:"Phone"`
	MobilePhone string `json:"MobilePhone"`
	HomePhone   string `json:"HomePhone"`
	OtherPhone  string `json:"OtherPhone"`
}

// made is the answer to a create or an upsert.
type made struct {
	ID string `json:"id"`
}

func query(soql string) string { return "/query?q=" + url.QueryEscape(soql) }

func (v *visit) findCall(ctx context.Context) (string, error) {
	field := "CallObject"
	if external := v.options.Mapping[crm.CallID]; external != "" {
		field = external
	}
	soql := "SELECT Id FROM Task WHERE " + field + " = " + quote(v.record.CallID.String()) + " ORDER BY CreatedDate LIMIT 1"
	var got records
	if _, err := v.do(ctx, http.MethodGet, query(soql), nil, &got); err != nil || len(got.Records) == 0 {
		return "", err
	}
	return got.Records[0].ID, nil
}

func (v *visit) updateCall(ctx context.Context, id string) (link string, there bool, err error) {
	err = v.write(ctx, http.MethodPatch, taskPath+"/"+url.PathEscape(id), v.task, nil)
	if e, ok := errors.AsType[*crm.Error](err); ok && (e.Code == "NOT_FOUND" || e.Code == "ENTITY_IS_DELETED") {
		return "", false, nil
	}
	return v.link(id), err == nil, err
}

func (v *visit) createCall(ctx context.Context, contact string) (id, link string, err error) {
	body := withSubtype(v.task)
	if contact != "" {
		body["WhoId"] = contact
	}
	method, path := http.MethodPost, taskPath
	if external := v.options.Mapping[crm.CallID]; external != "" {
		method, path = http.MethodPatch, path+"/"+external+"/"+url.PathEscape(v.record.CallID.String())
	}
	var got made
	if err := v.write(ctx, method, path, body, &got); err != nil {
		return "", "", err
	}
	return got.ID, v.link(got.ID), nil
}

// write sends a task. An organisation may have renamed Completed: then its own
// first closed status is asked for, and written.
func (v *visit) write(ctx context.Context, method, path string, body map[string]any, out any) error {
	_, err := v.do(ctx, method, path, body, out)
	e, ok := errors.AsType[*crm.Error](err)
	if !ok || e.Kind != ringside.Invalid || e.Field != "Status" {
		return err
	}
	var statuses records
	soql := "SELECT ApiName FROM TaskStatus WHERE IsClosed = true ORDER BY SortOrder LIMIT 1"
	if _, other := v.do(ctx, http.MethodGet, query(soql), nil, &statuses); other != nil || len(statuses.Records) == 0 {
		return err // the first complaint is the one to act on
	}
	body["Status"] = statuses.Records[0].Name
	_, err = v.do(ctx, method, path, body, out)
	return err
}

func (v *visit) link(id string) string {
	if id == "" {
		return ""
	}
	return v.instance + "/" + id
}

func (v *visit) createContact(ctx context.Context, p crm.Phone) (string, error) {
	var got made
	_, err := v.do(ctx, http.MethodPost, "/sobjects/Contact", person(v.record, p), &got)
	return got.ID, err
}
