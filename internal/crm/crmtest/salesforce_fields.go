package crmtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// fieldType is what a field takes.
type fieldType struct {
	max     int // a text's length; 0: no text
	integer bool
	date    bool
	of      []string // the objects whose ids it takes
	options []string
	created bool // only settable when the record is made
}

var fieldTypes = map[string]map[string]fieldType{
	"Task": {
		"Subject":               {max: 255},
		"TaskSubtype":           {max: 40, options: []string{"Task", "Call", "Email"}, created: true},
		"Status":                {max: 40}, // the organisation's own
		"Priority":              {max: 40, options: []string{"High", "Normal", "Low"}},
		"ActivityDate":          {date: true},
		"CallType":              {max: 40, options: []string{"Inbound", "Outbound", "Internal"}},
		"CallDurationInSeconds": {integer: true},
		"CallDisposition":       {max: 255},
		"CallObject":            {max: 255},
		"Description":           {max: 32_000},
		"WhoId":                 {of: []string{"Contact", "Lead"}},
		"Notes__c":              {max: 32_000},
		"Tone__c":               {max: 255},
	},
	"Contact": {
		"FirstName": {max: 40}, "LastName": {max: 80}, "Phone": {max: 40}, "MobilePhone": {max: 40}, "Email": {max: 80},
	},
}

// read reads and checks a record's fields, or answers what is wrong with the
// first that is.
func (s *Salesforce) read(w http.ResponseWriter, object string, body []byte, isNew bool) (map[string]any, bool) {
	refuse := func(code, message string, fields ...string) (map[string]any, bool) {
		answer(w, http.StatusBadRequest, salesforceErrors(code, message, fields...))
		return nil, false
	}
	if s.locked > 0 {
		s.locked--
		return refuse("UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record")
	}
	types := fieldTypes[object]
	var in map[string]any
	if err := json.Unmarshal(body, &in); err != nil || types == nil {
		return refuse("JSON_PARSER_ERROR", "Unexpected character")
	}
	for _, name := range slices.Sorted(maps.Keys(in)) {
		typ, known := types[name]
		if !known {
			return refuse("INVALID_FIELD", fmt.Sprintf("No such column '%s' on sobject of type %s", name, object))
		}
		if typ.created && !isNew {
			return refuse("INVALID_FIELD_FOR_INSERT_UPDATE", "Unable to create/update fields: "+name+".", name)
		}
		if code, message := s.wrong(name, typ, in[name]); code != "" {
			return refuse(code, message, name)
		}
	}
	if isNew && object == "Contact" && in["LastName"] == nil {
		return refuse("REQUIRED_FIELD_MISSING", "Required fields are missing: [LastName]", "LastName")
	}
	return in, true
}

func (s *Salesforce) wrong(name string, typ fieldType, value any) (code, message string) {
	if typ.integer {
		if n, ok := value.(float64); !ok || n != float64(int(n)) {
			return "INVALID_TYPE_ON_FIELD_IN_RECORD", fmt.Sprintf("%s: value not of required type: %v", name, value)
		}
		return "", ""
	}
	text, ok := value.(string)
	if !ok {
		return "JSON_PARSER_ERROR", fmt.Sprintf("Cannot deserialize instance of string from %v", value)
	}
	options := typ.options
	if name == "Status" {
		options = s.statuses
	}
	switch {
	case typ.date:
		if _, err := time.Parse(time.DateOnly, text); err != nil {
			return "JSON_PARSER_ERROR", "Cannot deserialize instance of date from VALUE_STRING value " + text
		}
	case typ.of != nil:
		known := slices.ContainsFunc(s.rows, func(r *salesforceRow) bool { return r.ID == text && slices.Contains(typ.of, r.Object) })
		if !known {
			return "MALFORMED_ID", name + ": id value of incorrect type: " + text
		}
	case utf16Length(text) > typ.max:
		return "STRING_TOO_LONG", fmt.Sprintf("%s: data value too large: (max length=%d)", name, typ.max)
	case options != nil && !slices.Contains(options, text):
		return "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", name + ": bad value for restricted picklist field: " + text
	}
	return "", ""
}

// phonesOf are a record's numbers as digits.
func (r *salesforceRow) phonesOf() []string {
	var out []string
	for _, f := range []string{"Phone", "MobilePhone", "HomePhone", "OtherPhone"} {
		if p, ok := r.Fields[f].(string); ok && strings.TrimSpace(p) != "" {
			out = append(out, onlyDigits(p))
		}
	}
	return out
}
