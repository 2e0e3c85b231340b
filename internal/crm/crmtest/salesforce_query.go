package crmtest

import (
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// The queries that the fake understands. Whatever else is sent, such as one
// that a quote in a value has broken open, is malformed.
var (
	byField   = regexp.MustCompile(`^SELECT Id FROM Task WHERE ([A-Za-z0-9_]+) = '((?:[^'\\]|\\.)*)' ORDER BY CreatedDate LIMIT [0-9]+$`)
	anyTask   = regexp.MustCompile(`^SELECT Id FROM Task LIMIT 1$`)
	anyStatus = regexp.MustCompile(`^SELECT ApiName FROM TaskStatus WHERE IsClosed = true ORDER BY SortOrder LIMIT 1$`)
	finds     = regexp.MustCompile(`^FIND \{([^{}]*)\} IN PHONE FIELDS RETURNING Contact\(([A-Za-z, ]+) LIMIT [0-9]+\), Lead\(([A-Za-z, ]+) WHERE IsConverted = false LIMIT [0-9]+\)$`)
	// searchTerm is what needs no escape in a search.
	searchTerm = regexp.MustCompile(`^[0-9A-Za-z]+$`)
)

func (s *Salesforce) query(w http.ResponseWriter, soql string) {
	rows := []any{}
	switch m := byField.FindStringSubmatch(soql); {
	case m != nil:
		field := m[1]
		if _, known := fieldTypes["Task"][field]; !known && field != s.external {
			answer(w, http.StatusBadRequest, salesforceErrors("INVALID_FIELD", "No such column '"+field+"' on entity 'Task'."))
			return
		}
		value := regexp.MustCompile(`\\(.)`).ReplaceAllString(m[2], "$1")
		for _, r := range s.rows {
			if r.Object == "Task" && r.Fields[field] == value {
				rows = append(rows, s.view(r, []string{"Id"}))
			}
		}
	case anyTask.MatchString(soql):
	case anyStatus.MatchString(soql):
		rows = append(rows, map[string]any{"ApiName": s.statuses[len(s.statuses)-1]})
	default:
		answer(w, http.StatusBadRequest, salesforceErrors("MALFORMED_QUERY", "unexpected token"))
		return
	}
	answer(w, http.StatusOK, map[string]any{"totalSize": len(rows), "done": true, "records": rows})
}

func (s *Salesforce) view(r *salesforceRow, fields []string) map[string]any {
	out := map[string]any{"attributes": map[string]string{
		"type": r.Object, "url": salesforceAPI + "/sobjects/" + r.Object + "/" + r.ID,
	}}
	for _, f := range fields {
		out[f] = r.Fields[f]
	}
	out["Id"] = r.ID
	return out
}

// phoneFields are those that a search may ask of each object.
var phoneFields = map[string][]string{
	"Contact": {"Id", "Name", "Phone", "MobilePhone", "HomePhone", "OtherPhone", "AccountId"},
	"Lead":    {"Id", "Name", "Phone", "MobilePhone"},
}

// parameterized searches for one number. Only a record whose digits are these
// very ones is found.
func (s *Salesforce) parameterized(w http.ResponseWriter, body []byte) {
	var in struct {
		Q       string `json:"q"`
		In      string `json:"in"`
		Objects []struct {
			Name   string   `json:"name"`
			Fields []string `json:"fields"`
			Limit  int      `json:"limit"`
			Where  string   `json:"where"`
		} `json:"sobjects"`
		Limit int `json:"overallLimit"`
	}
	err := json.Unmarshal(body, &in)
	if err != nil || len(in.Q) < 2 || in.In != "PHONE" || in.Limit < 1 || len(in.Objects) == 0 {
		answer(w, http.StatusBadRequest, salesforceErrors("MALFORMED_SEARCH", "search term must be longer than one character"))
		return
	}
	asked := map[string][]string{}
	for _, o := range in.Objects {
		if o.Limit < 1 || o.Name == "Lead" && o.Where != "IsConverted = false" {
			answer(w, http.StatusBadRequest, salesforceErrors("MALFORMED_SEARCH", "bad clause for "+o.Name))
			return
		}
		asked[o.Name] = o.Fields
	}
	s.find(w, []string{in.Q}, asked)
}

// sosl searches for any of some numbers.
func (s *Salesforce) sosl(w http.ResponseWriter, q string) {
	m := finds.FindStringSubmatch(q)
	if m == nil {
		answer(w, http.StatusBadRequest, salesforceErrors("MALFORMED_SEARCH", "No search term found"))
		return
	}
	terms := strings.Split(m[1], " OR ")
	for _, t := range terms {
		if !searchTerm.MatchString(t) {
			answer(w, http.StatusBadRequest, salesforceErrors("MALFORMED_SEARCH", "unescaped character in "+t))
			return
		}
	}
	s.find(w, terms, map[string][]string{"Contact": strings.Split(m[2], ", "), "Lead": strings.Split(m[3], ", ")})
}

func (s *Salesforce) find(w http.ResponseWriter, terms []string, asked map[string][]string) {
	for _, object := range slices.Sorted(maps.Keys(asked)) {
		for _, f := range asked[object] {
			if !slices.Contains(phoneFields[object], f) {
				answer(w, http.StatusBadRequest, salesforceErrors("INVALID_FIELD", "No such column '"+f+"' on entity '"+object+"'."))
				return
			}
		}
	}
	found := []any{}
	for _, r := range s.rows {
		fields, ok := asked[r.Object]
		if !ok || r.Fields["IsConverted"] == true {
			continue
		}
		if slices.ContainsFunc(r.phonesOf(), func(p string) bool { return slices.Contains(terms, p) }) {
			found = append(found, s.view(r, fields))
		}
	}
	answer(w, http.StatusOK, map[string]any{"searchRecords": found})
}
