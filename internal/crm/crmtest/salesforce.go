package crmtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/ringsidehq/ringside/internal/crm"
)

const (
	salesforceClient = "3MVG9-fixture-client-id"
	salesforceSecret = "fixture-client-secret-5b1f"
	salesforceAPI    = "/services/data/v68.0"
	tokenPrefix      = "00Dfixture!AQ0AQFixtureToken" // and a number, counted from 1
)

// Salesforce is a fake organisation: client-credentials tokens at its My
// Domain host, and at another host, the instance, tasks, contacts and leads
// with their fields' types, limits and picklists, queries and searches.
type Salesforce struct {
	server
	login, instance *httptest.Server
	tokens          []string // those that hold
	fetched         int      // how many were given
	secret          string
	used, limit     int // of the day's requests
	statuses        []string
	external        string // the external-id field of tasks, if there is one
	locked          int    // how many writes more find the row locked
	guarded         bool   // a rule against duplicates refuses every contact
	nextID          int
	rows            []*salesforceRow
}

// salesforceRow is one record.
type salesforceRow struct {
	ID     string
	Object string
	Fields map[string]any
}

// NewSalesforce starts a fake organisation.
func NewSalesforce(t testing.TB) *Salesforce {
	t.Helper()
	s := &Salesforce{
		secret: salesforceSecret, limit: 15_000, nextID: 1,
		statuses: []string{"Not Started", "In Progress", "Completed"},
	}
	s.server.serve = s.handle
	s.writes = func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, salesforceAPI+"/sobjects/Task") }
	s.login, s.instance = s.start(t), s.start(t)
	return s
}

// Connection is one that the organisation accepts.
func (s *Salesforce) Connection() crm.Connection {
	return crm.Connection{
		Client: s.login.Client(), BaseURL: s.login.URL, ClientID: salesforceClient, ClientSecret: salesforceSecret,
	}
}

// Secrets are what nobody may repeat.
func (*Salesforce) Secrets() []string { return []string{salesforceSecret, tokenPrefix + "1"} }

// AddContact makes a contact with a number, written in whatever way.
func (s *Salesforce) AddContact(name, phone string) string {
	return s.add("Contact", map[string]any{"LastName": name, "Phone": phone})
}

// AddLead makes a lead.
func (s *Salesforce) AddLead(name, phone string, converted bool) string {
	return s.add("Lead", map[string]any{"LastName": name, "Company": "Example", "Phone": phone, "IsConverted": converted})
}

func (s *Salesforce) add(object string, fields map[string]any) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.insert(object, fields).ID
}

// AddExternalID gives tasks a field of that name that Salesforce keeps unique.
func (s *Salesforce) AddExternalID(field string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.external = field
}

// Rename replaces the statuses of tasks. The last is the closed one.
func (s *Salesforce) Rename(statuses ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.statuses = statuses
}

// Expire ends the tokens that were given.
func (s *Salesforce) Expire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens = nil
}

// Rotate gives the client another secret than the one that is known.
func (s *Salesforce) Rotate() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.secret, s.tokens = "another", nil
}

// Spend sets how many of the day's requests are used.
func (s *Salesforce) Spend(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used = n
}

// Lock makes the next writes find the row locked.
func (s *Salesforce) Lock(times int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.locked = times
}

// GuardContacts has a rule against duplicates refuse every new contact.
func (s *Salesforce) GuardContacts() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.guarded = true
}

// Tokens is how many tokens were given.
func (s *Salesforce) Tokens() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fetched
}

// Instance is the address of the instance.
func (s *Salesforce) Instance() string { return s.instance.URL }

// Delete removes a task, as a person does.
func (s *Salesforce) Delete(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rows = slices.DeleteFunc(s.rows, func(r *salesforceRow) bool { return r.ID == id })
}

// Logged are the tasks of the organisation.
func (s *Salesforce) Logged() []Logged {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Logged
	for _, r := range s.rows {
		if r.Object != "Task" {
			continue
		}
		l := Logged{ID: r.ID, Text: map[string]string{}}
		for k, v := range r.Fields {
			l.Text[k] = fmt.Sprint(v)
		}
		l.Contact = l.Text["WhoId"]
		out = append(out, l)
	}
	return out
}

// Contacts are the names of the contacts.
func (s *Salesforce) Contacts() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, r := range s.rows {
		if r.Object == "Contact" {
			first, _ := r.Fields["FirstName"].(string)
			out = append(out, strings.TrimSpace(first+" "+fmt.Sprint(r.Fields["LastName"])))
		}
	}
	return out
}

// Complaint is the body of a refusal with a message.
func (s *Salesforce) Complaint(status int, message string) string {
	code := "FIELD_CUSTOM_VALIDATION_EXCEPTION"
	if status == http.StatusUnauthorized {
		code = "INVALID_SESSION_ID"
	}
	b, err := json.Marshal(salesforceErrors(code, message))
	if err != nil {
		panic(err)
	}
	return string(b)
}

var idPrefix = map[string]string{"Task": "00T", "Contact": "003", "Lead": "00Q"}

// insert makes a record. The caller holds mu.
func (s *Salesforce) insert(object string, fields map[string]any) *salesforceRow {
	r := &salesforceRow{ID: fmt.Sprintf("%s%012dAAA", idPrefix[object], s.nextID), Object: object, Fields: fields}
	s.nextID++
	s.rows = append(s.rows, r)
	return r
}

// handle answers one request.
func (s *Salesforce) handle(w http.ResponseWriter, r *http.Request, body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	atLogin := "http://"+r.Host == s.login.URL
	if atLogin && r.URL.Path == "/services/oauth2/token" {
		s.token(w, r, body)
		return
	}
	path, ok := strings.CutPrefix(r.URL.Path, salesforceAPI)
	if atLogin || !ok {
		http.NotFound(w, r)
		return
	}
	bearer, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !slices.Contains(s.tokens, bearer) {
		answer(w, http.StatusUnauthorized, salesforceErrors("INVALID_SESSION_ID", "Session expired or invalid"))
		return
	}
	s.used++
	w.Header().Set("Sforce-Limit-Info", fmt.Sprintf("api-usage=%d/%d", min(s.used, s.limit), s.limit))
	if s.used > s.limit {
		answer(w, http.StatusForbidden, salesforceErrors("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."))
		return
	}
	object, id, _ := strings.Cut(strings.TrimPrefix(path, "/sobjects/"), "/")
	writes := strings.HasPrefix(path, "/sobjects/")
	switch {
	case r.Method == http.MethodGet && path == "/query":
		s.query(w, r.URL.Query().Get("q"))
	case r.Method == http.MethodGet && path == "/search":
		s.sosl(w, r.URL.Query().Get("q"))
	case r.Method == http.MethodPost && path == "/parameterizedSearch":
		s.parameterized(w, body)
	case writes && r.Method == http.MethodPost && id == "":
		s.create(w, object, body)
	case writes && r.Method == http.MethodPatch && id != "":
		s.patch(w, object, id, body)
	default:
		answer(w, http.StatusNotFound, salesforceErrors("NOT_FOUND", "The requested resource does not exist"))
	}
}

// token gives one to a client that proves itself.
func (s *Salesforce) token(w http.ResponseWriter, r *http.Request, body []byte) {
	form, err := url.ParseQuery(string(body))
	refuse := func(code, why string) {
		answer(w, http.StatusBadRequest, map[string]string{"error": code, "error_description": why})
	}
	switch {
	case err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded":
		refuse("invalid_request", "not a form")
	case form.Get("grant_type") != "client_credentials":
		refuse("unsupported_grant_type", "grant type not supported")
	case form.Get("client_id") != salesforceClient:
		refuse("invalid_client_id", "client identifier invalid")
	case form.Get("client_secret") != s.secret:
		refuse("invalid_client", "invalid client credentials: "+form.Get("client_secret"))
	default:
		s.fetched++
		s.tokens = append(s.tokens, tokenPrefix+strconv.Itoa(s.fetched))
		answer(w, http.StatusOK, map[string]string{
			"access_token": s.tokens[len(s.tokens)-1], "instance_url": s.instance.URL, "token_type": "Bearer", "scope": "api",
			"id": s.login.URL + "/id/00D000000000001EAA/005000000000001AAA", "issued_at": "1794928000123", "signature": "c2lnbmF0dXJl",
			"api_instance_url": "https://api.salesforce.example",
		})
	}
}

func salesforceErrors(code, message string, fields ...string) []any {
	e := map[string]any{"errorCode": code, "message": message}
	if len(fields) > 0 {
		e["fields"] = fields
	}
	return []any{e}
}

func (s *Salesforce) create(w http.ResponseWriter, object string, body []byte) {
	fields, ok := s.read(w, object, body, true)
	if !ok {
		return
	}
	if object == "Contact" && s.guarded {
		answer(w, http.StatusBadRequest, salesforceErrors("DUPLICATES_DETECTED", "Use one of these records?"))
		return
	}
	answer(w, http.StatusCreated, map[string]any{"id": s.insert(object, fields).ID, "success": true, "errors": []any{}})
}

// patch updates a record by its id, or makes or updates one by the external
// id that the path names.
func (s *Salesforce) patch(w http.ResponseWriter, object, id string, body []byte) {
	field, value, upsert := strings.Cut(id, "/")
	if upsert && (object != "Task" || field != s.external) {
		answer(w, http.StatusNotFound, salesforceErrors("NOT_FOUND", "Provided external ID field does not exist or is not accessible: "+field))
		return
	}
	at := slices.IndexFunc(s.rows, func(r *salesforceRow) bool {
		return r.Object == object && (!upsert && r.ID == id || upsert && r.Fields[field] == value)
	})
	if at < 0 && !upsert {
		answer(w, http.StatusNotFound, salesforceErrors("NOT_FOUND", "The requested resource does not exist"))
		return
	}
	fields, ok := s.read(w, object, body, at < 0)
	if !ok {
		return
	}
	if !upsert {
		maps.Copy(s.rows[at].Fields, fields)
		w.WriteHeader(http.StatusNoContent)
		return
	}
	status := http.StatusOK
	if at < 0 {
		status, fields[field] = http.StatusCreated, value
		s.insert(object, fields)
		at = len(s.rows) - 1
	} else {
		maps.Copy(s.rows[at].Fields, fields)
	}
	answer(w, status, map[string]any{
		"id": s.rows[at].ID, "success": true, "errors": []any{}, "created": status == http.StatusCreated,
	})
}

// utf16Length is how Salesforce counts.
func utf16Length(s string) int { return len(utf16.Encode([]rune(s))) }
