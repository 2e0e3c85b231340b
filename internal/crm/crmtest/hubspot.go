package crmtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside/internal/crm"
)

const hubspotKey = "pat-na1-5b1f0000-fixture-of-a-service-key"

// HubSpot is a fake of HubSpot's object API with calls and contacts: bearer
// keys and scopes, rate limits, known properties and their types, required
// ones, associations, and a search that may lag behind.
type HubSpot struct {
	server
	http     *httptest.Server
	path     string
	tables   map[string]*table // by type: calls, contacts
	missing  []string          // scopes that the key has not
	lagging  bool              // what is made now can't be searched for
	nextID   int
	now      func() time.Time
	everyTen limit
	searches limit
	day      limit
}

// table is one type of object.
type table struct {
	kind     string // as messages name it
	types    map[string]propertyType
	required func(map[string]string) bool
	rows     []*hubspotObject
}

// hubspotObject is one record.
type hubspotObject struct {
	ID         string
	Properties map[string]string
	Contacts   []string // associated
	Created    time.Time
	searchable bool
	archived   bool
}

// NewHubSpot starts a fake account with the limits of the free tier.
func NewHubSpot(t testing.TB) *HubSpot {
	t.Helper()
	h := &HubSpot{
		path:   "/crm/v3/objects",
		nextID: 70101,
		now:    time.Now,
		tables: map[string]*table{
			"calls":    {kind: "CALL", types: callProperties(), required: hasTimestamp},
			"contacts": {kind: "CONTACT", types: contactProperties(), required: hasNameOrEmail},
		},
		everyTen: limit{max: 100, window: 10 * time.Second},
		searches: limit{max: 5, window: time.Second},
		day:      limit{max: 250_000, window: 24 * time.Hour},
	}
	h.server.serve = h.handle
	h.writes = func(r *http.Request) bool {
		return strings.HasPrefix(r.URL.Path, h.path+"/calls") && !strings.HasSuffix(r.URL.Path, "/search")
	}
	h.http = h.start(t)
	return h
}

// Connection is one that the account accepts.
func (h *HubSpot) Connection() crm.Connection {
	h.mu.Lock()
	defer h.mu.Unlock()
	return crm.Connection{Client: h.http.Client(), BaseURL: h.http.URL, Path: h.path, Key: hubspotKey}
}

// Secrets are what nobody may repeat.
func (h *HubSpot) Secrets() []string { return []string{hubspotKey} }

// AddContact makes a contact with a number, written in whatever way.
func (h *HubSpot) AddContact(name, phone string) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.insert("contacts", map[string]string{"lastname": name, "phone": phone}, nil).ID
}

// AddProperty adds a custom property of texts to calls.
func (h *HubSpot) AddProperty(name string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tables["calls"].types[name] = propertyType{}
}

// RemoveDisposition takes one of the call outcomes from the account.
func (h *HubSpot) RemoveDisposition(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	t := h.tables["calls"].types["hs_call_disposition"]
	t.options = slices.DeleteFunc(t.options, func(o string) bool { return o == id })
	h.tables["calls"].types["hs_call_disposition"] = t
}

// Lag keeps what is made from now on from being found, until Settle.
func (h *HubSpot) Lag() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lagging = true
}

// Settle lets the search find all there is.
func (h *HubSpot) Settle() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lagging = false
	for _, t := range h.tables {
		for _, o := range t.rows {
			o.searchable = true
		}
	}
}

// Move puts the API under another path, as a dated version has it.
func (h *HubSpot) Move(path string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.path = path
}

// Delete archives a call, as a person does.
func (h *HubSpot) Delete(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, o := range h.tables["calls"].rows {
		o.archived = o.archived || o.ID == id
	}
}

// Revoke takes a scope from the key.
func (h *HubSpot) Revoke(scope string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.missing = append(h.missing, scope)
}

// SpendDay leaves nothing of the day's requests.
func (h *HubSpot) SpendDay() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.day.max = 0
}

// Freeze stops the clock that the limits go by.
func (h *HubSpot) Freeze() {
	h.mu.Lock()
	defer h.mu.Unlock()
	at := time.Now()
	h.now = func() time.Time { return at }
}

// Allow is how many requests are taken in ten seconds.
func (h *HubSpot) Allow(n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.everyTen.max = n
}

// Logged are the calls that stand in the account.
func (h *HubSpot) Logged() []Logged {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []Logged
	for _, o := range h.tables["calls"].rows {
		if o.archived {
			continue
		}
		l := Logged{ID: o.ID, Text: maps.Clone(o.Properties)}
		if len(o.Contacts) > 0 {
			l.Contact = o.Contacts[0]
		}
		out = append(out, l)
	}
	return out
}

// Contacts are the names of the contacts.
func (h *HubSpot) Contacts() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []string
	for _, o := range h.tables["contacts"].rows {
		out = append(out, strings.TrimSpace(o.Properties["firstname"]+" "+o.Properties["lastname"]))
	}
	return out
}

// Complaint is the body of a refusal with a message.
func (h *HubSpot) Complaint(_ int, message string) string {
	b, err := json.Marshal(hubspotError("VALIDATION_ERROR", message))
	if err != nil {
		panic(err)
	}
	return string(b)
}

// insert makes an object. The caller holds mu.
func (h *HubSpot) insert(typ string, props map[string]string, contacts []string) *hubspotObject {
	o := &hubspotObject{
		ID: strconv.Itoa(h.nextID), Properties: props, Contacts: contacts,
		Created: time.Now().UTC(), searchable: !h.lagging,
	}
	h.nextID++
	h.tables[typ].rows = append(h.tables[typ].rows, o)
	return o
}

// handle answers one request.
func (h *HubSpot) handle(w http.ResponseWriter, r *http.Request, body []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	rest, ok := strings.CutPrefix(r.URL.Path, h.path+"/")
	typ, id, _ := strings.Cut(rest, "/")
	t := h.tables[typ]
	switch {
	case r.Header.Get("Authorization") != "Bearer "+hubspotKey:
		answer(w, http.StatusUnauthorized, hubspotError("INVALID_AUTHENTICATION",
			"Authentication credentials not found or not valid: "+r.Header.Get("Authorization")))
		return
	case !ok || t == nil:
		http.NotFound(w, r)
		return
	case !h.within(w, id == "search"), !h.granted(w, r.Method, id):
		return
	case r.Header.Get("Content-Type") != "application/json":
		answer(w, http.StatusUnsupportedMediaType, hubspotError("VALIDATION_ERROR", "Unsupported media type"))
		return
	}
	switch {
	case r.Method == http.MethodPost && id == "search":
		h.search(w, t, body)
	case r.Method == http.MethodPost && id == "":
		h.create(w, typ, body)
	case r.Method == http.MethodPatch && id != "":
		h.update(w, t, id, body)
	default:
		answer(w, http.StatusMethodNotAllowed, hubspotError("VALIDATION_ERROR", "Method not allowed"))
	}
}

// within spends a request of the limits, or answers that they are used up.
func (h *HubSpot) within(w http.ResponseWriter, search bool) bool {
	now := h.now()
	var policy string
	switch {
	case !h.day.take(now):
		policy = "DAILY"
	case !h.everyTen.take(now):
		policy = "TEN_SECONDLY_ROLLING"
	case search && !h.searches.take(now):
		policy = "SECONDLY"
	default:
		return true
	}
	answer(w, http.StatusTooManyRequests, map[string]string{
		"status": "error", "errorType": "RATE_LIMIT", "policyName": policy,
		"message":       "You have reached your " + strings.ToLower(policy) + " limit.",
		"correlationId": "c033cdaa-2c40-4a64-ae48-b4cec88dad24",
	})
	return false
}

// granted tells whether the key may do it, or answers that it may not.
func (h *HubSpot) granted(w http.ResponseWriter, method, id string) bool {
	scope := "crm.objects.contacts.write"
	if method == http.MethodGet || id == "search" {
		scope = "crm.objects.contacts.read"
	}
	if !slices.Contains(h.missing, scope) {
		return true
	}
	e := hubspotError("MISSING_SCOPES", "This key lacks the scope that the endpoint needs.")
	e["errors"] = []any{map[string]any{
		"message": "One of these scopes is needed.", "context": map[string]any{"requiredGranularScopes": []string{scope}},
	}}
	answer(w, http.StatusForbidden, e)
	return false
}

func hubspotError(category, message string) map[string]any {
	return map[string]any{
		"status": "error", "category": category, "message": message,
		"correlationId": "5e5d5d5d-1111-2222-3333-444455556666",
	}
}

// link is where a person sees an object.
func (o *hubspotObject) link(kind string) string {
	return fmt.Sprintf("https://app.hubspot.example/contacts/1234567/record/%s/%s", strings.ToLower(kind), o.ID)
}
