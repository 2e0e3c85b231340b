package crmtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// propertyType is what a property takes.
type propertyType struct {
	number  bool
	time    bool
	https   bool
	options []string // the only values, where there are any
}

// maxProperty is how long a property may be.
const maxProperty = 65_536

func callProperties() map[string]propertyType {
	return map[string]propertyType{
		"hs_timestamp":      {time: true},
		"hs_call_title":     {},
		"hs_call_body":      {},
		"hs_call_duration":  {number: true},
		"hs_call_direction": {options: []string{"INBOUND", "OUTBOUND"}},
		"hs_call_status": {options: []string{
			"BUSY", "CALLING_CRM_USER", "CANCELED", "COMPLETED", "CONNECTING", "FAILED", "IN_PROGRESS", "NO_ANSWER", "QUEUED", "RINGING",
		}},
		"hs_call_disposition": {options: []string{
			"9d9162e7-6cf3-4944-bf63-4dff82258764", "f240bbac-87c9-4f6e-bf70-924b57d47db7", "a4c4c377-d246-4b32-a13b-75a56a4cd0ff",
			"b2cf5968-551e-4856-9783-52b3da59a7d0", "73a0d17f-1163-4015-bdd5-ec830791da20", "17b47fee-58de-441e-a44c-c6300d46f273",
		}},
		"hs_call_from_number":   {},
		"hs_call_to_number":     {},
		"hs_call_recording_url": {https: true},
		"hs_call_source":        {options: []string{"INTEGRATIONS_PLATFORM"}},
		"hubspot_owner_id":      {number: true},
	}
}

func contactProperties() map[string]propertyType {
	return map[string]propertyType{
		"firstname": {}, "lastname": {}, "email": {}, "phone": {}, "mobilephone": {}, "hubspot_owner_id": {number: true},
		phoneToSearch: {}, mobileToSearch: {},
	}
}

// What HubSpot works out from a contact's numbers, to search by.
const (
	phoneToSearch  = "hs_searchable_calculated_phone_number"
	mobileToSearch = "hs_searchable_calculated_mobile_number"
)

func hasTimestamp(p map[string]string) bool { return p["hs_timestamp"] != "" }

func hasNameOrEmail(p map[string]string) bool {
	return p["firstname"] != "" || p["lastname"] != "" || p["email"] != ""
}

// objectInput is the body of a create or an update.
type objectInput struct {
	Properties   map[string]string `json:"properties"`
	Associations []struct {
		To struct {
			ID string `json:"id"`
		} `json:"to"`
		Types []struct {
			Category string `json:"associationCategory"`
			ID       int    `json:"associationTypeId"`
		} `json:"types"`
	} `json:"associations"`
}

func (h *HubSpot) create(w http.ResponseWriter, typ string, body []byte) {
	t := h.tables[typ]
	in, ok := readInput(w, body)
	if !ok || !t.accept(w, in.Properties) {
		return
	}
	if !t.required(in.Properties) {
		answer(w, http.StatusBadRequest, hubspotError("VALIDATION_ERROR", "Error creating "+t.kind+". Some required properties were not set."))
		return
	}
	var contacts []string
	for _, a := range in.Associations {
		known := slices.ContainsFunc(h.tables["contacts"].rows, func(o *hubspotObject) bool { return o.ID == a.To.ID })
		if !known || len(a.Types) != 1 || a.Types[0].Category != "HUBSPOT_DEFINED" || a.Types[0].ID != 194 {
			answer(w, http.StatusBadRequest, hubspotError("VALIDATION_ERROR", "No association of that type from "+t.kind+" to "+a.To.ID))
			return
		}
		contacts = append(contacts, a.To.ID)
	}
	o := h.insert(typ, in.Properties, contacts)
	answer(w, http.StatusCreated, t.view(o))
}

func (h *HubSpot) update(w http.ResponseWriter, t *table, id string, body []byte) {
	in, ok := readInput(w, body)
	if !ok || !t.accept(w, in.Properties) {
		return
	}
	for _, o := range t.rows {
		if o.ID == id && !o.archived {
			for k, v := range in.Properties {
				o.Properties[k] = v
			}
			answer(w, http.StatusOK, t.view(o))
			return
		}
	}
	answer(w, http.StatusNotFound, hubspotError("OBJECT_NOT_FOUND", "Object not found. objectId are usually numeric."))
}

func readInput(w http.ResponseWriter, body []byte) (objectInput, bool) {
	var in objectInput
	if err := json.Unmarshal(body, &in); err != nil || len(in.Properties) == 0 {
		answer(w, http.StatusBadRequest, hubspotError("VALIDATION_ERROR", "Invalid input JSON"))
		return in, false
	}
	return in, true
}

// accept checks properties, or answers what is wrong with the first that is.
func (t *table) accept(w http.ResponseWriter, props map[string]string) bool {
	for name, value := range props {
		typ, known := t.types[name]
		if !known {
			// Unknown names are told in the older way: as JSON in the message.
			answer(w, http.StatusBadRequest, hubspotError("VALIDATION_ERROR", fmt.Sprintf(
				`Property values were not valid: [{"isValid":false,"message":"Property \"%s\" does not exist","error":"PROPERTY_DOESNT_EXIST","name":"%s"}]`, name, name)))
			return false
		}
		if message, code := typ.wrong(value); message != "" {
			e := hubspotError("VALIDATION_ERROR", "Property values were not valid")
			e["errors"] = []any{map[string]any{
				"message": message, "code": code, "context": map[string]any{"propertyName": []string{name}},
			}}
			answer(w, http.StatusBadRequest, e)
			return false
		}
	}
	return true
}

func (p propertyType) wrong(value string) (message, code string) {
	_, notNumber := strconv.ParseFloat(value, 64)
	_, notTime := time.Parse(time.RFC3339, value)
	switch {
	case len(value) > maxProperty*4 || len([]rune(value)) > maxProperty:
		return "The value is too long", "VALUE_TOO_LONG"
	case p.number && notNumber != nil:
		return value + " was not a valid number", "INVALID_INTEGER"
	case p.time && notTime != nil:
		return value + " was not a valid long", "INVALID_LONG"
	case p.https && !strings.HasPrefix(value, "https://"):
		return value + " is not an https address", "INVALID_URL"
	case len(p.options) > 0 && !slices.Contains(p.options, value):
		return value + " was not one of the allowed options", "INVALID_OPTION"
	}
	return "", ""
}

// view is an object as an answer shows it.
func (t *table) view(o *hubspotObject) map[string]any {
	at := o.Created.Format("2006-01-02T15:04:05.000Z")
	return map[string]any{
		"id": o.ID, "properties": o.Properties, "createdAt": at, "updatedAt": at, "archived": o.archived, "url": o.link(t.kind),
	}
}

// searchInput is the body of a search.
type searchInput struct {
	FilterGroups []struct {
		Filters []searchFilter `json:"filters"`
	} `json:"filterGroups"`
	Properties []string `json:"properties"`
	Limit      int      `json:"limit"`
}

type searchFilter struct {
	Property string `json:"propertyName"`
	Operator string `json:"operator"`
	Value    string `json:"value"`
}

func (h *HubSpot) search(w http.ResponseWriter, t *table, body []byte) {
	var in searchInput
	refuse := func(message string) { answer(w, http.StatusBadRequest, hubspotError("VALIDATION_ERROR", message)) }
	if err := json.Unmarshal(body, &in); err != nil || len(in.FilterGroups) > 5 || in.Limit < 1 || in.Limit > 200 {
		refuse("There was a problem with the request.")
		return
	}
	var found []any
	total := 0
	for _, g := range in.FilterGroups {
		for _, f := range g.Filters {
			if _, known := t.types[f.Property]; !known || f.Operator != "EQ" && f.Operator != "CONTAINS_TOKEN" || f.Value == "" {
				refuse("There was a problem with the request: " + f.Property + " " + f.Operator)
				return
			}
		}
	}
	for _, o := range t.rows {
		if !o.searchable || o.archived {
			continue
		}
		hit := len(in.FilterGroups) == 0
		for _, g := range in.FilterGroups {
			hit = hit || !slices.ContainsFunc(g.Filters, func(f searchFilter) bool { return !f.holds(o) })
		}
		if !hit {
			continue
		}
		if total++; len(found) < in.Limit {
			props := map[string]any{}
			for _, name := range in.Properties {
				props[name] = nil
				if v, ok := o.Properties[name]; ok {
					props[name] = v
				}
			}
			found = append(found, map[string]any{"id": o.ID, "properties": props, "archived": false})
		}
	}
	answer(w, http.StatusOK, map[string]any{"total": total, "results": append([]any{}, found...)})
}

// holds tells whether an object passes a filter. A token may begin or end in a
// star, for anything.
func (f searchFilter) holds(o *hubspotObject) bool {
	value := o.Properties[f.Property]
	switch f.Property {
	case phoneToSearch:
		value = searchable(o.Properties["phone"])
	case mobileToSearch:
		value = searchable(o.Properties["mobilephone"])
	}
	if f.Operator == "EQ" {
		return value == f.Value
	}
	want := strings.ToLower(strings.Trim(f.Value, "*"))
	open, end := strings.HasPrefix(f.Value, "*"), strings.HasSuffix(f.Value, "*")
	for _, token := range strings.FieldsFunc(strings.ToLower(value), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }) {
		switch {
		case token == want, open && strings.HasSuffix(token, want), end && strings.HasPrefix(token, want):
			return true
		}
	}
	return false
}

// countryCodes are those that the fake knows to take off.
var countryCodes = []string{"1", "20", "33", "39", "44", "49", "61"}

// searchable is a number as it is searched by: area code and local number,
// where a country code can be told from them.
func searchable(phone string) string {
	d := onlyDigits(phone)
	if !strings.HasPrefix(strings.TrimSpace(phone), "+") {
		if len(d) == 11 {
			return strings.TrimPrefix(d, "1")
		}
		return d
	}
	for _, code := range countryCodes {
		if rest, ok := strings.CutPrefix(d, code); ok {
			return rest
		}
	}
	return d
}
