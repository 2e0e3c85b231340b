package crmtest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside/internal/crm/crmtest"
)

const payloads = "../../../testdata/payloads"

func payload(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(payloads, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// ask sends a request as any program could and gives the answer.
func ask(t *testing.T, client *http.Client, address, token, contentType string, body []byte) (int, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, got
}

// shaped fails when got has not the keys, or not the types, of the documented
// body. Values that depend on the account are not compared.
func shaped(t *testing.T, name string, got []byte) {
	t.Helper()
	var a, b any
	if err := json.Unmarshal(payload(t, name), &a); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(got, &b); err != nil {
		t.Fatalf("%s: %v in %s", name, err, got)
	}
	if differ(a, b) {
		t.Errorf("%s has another shape than %s", got, name)
	}
}

func differ(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok {
			return true
		}
		if !slices.Equal(slices.Sorted(maps.Keys(a)), slices.Sorted(maps.Keys(b))) {
			return true
		}
		return slices.ContainsFunc(slices.Collect(maps.Keys(a)), func(k string) bool { return differ(a[k], b[k]) })
	case []any:
		b, ok := b.([]any)
		return !ok || len(a) != len(b) || len(a) > 0 && differ(a[0], b[0])
	}
	return a != nil && b != nil && reflect.TypeOf(a) != reflect.TypeOf(b)
}

func TestTheHubSpotFakeAnswersAsDocumented(t *testing.T) {
	t.Parallel()
	h := crmtest.NewHubSpot(t)
	c := h.Connection()
	post := func(path string, body []byte) (int, []byte) {
		return ask(t, c.Client, c.BaseURL+c.Path+path, c.Key, "application/json", body)
	}
	if id := h.AddContact("Hale", "(202) 555-0143"); id != "70101" {
		t.Fatalf("the contact of the documented request is %s", id)
	}
	create := payload(t, "hubspot/create_call_request.json")
	status, got := post("/calls", create)
	if status != http.StatusCreated {
		t.Fatalf("%d %s", status, got)
	}
	var made struct{ Properties map[string]any }
	if err := json.Unmarshal(got, &made); err != nil || made.Properties["hs_call_duration"] != "27000" {
		t.Errorf("made %s", got)
	}
	var answered struct {
		Results []struct{ ID string }
	}
	status, got = post("/contacts/search", payload(t, "hubspot/search_contacts_request.json"))
	if err := json.Unmarshal(got, &answered); err != nil || status != http.StatusOK || len(answered.Results) != 1 || answered.Results[0].ID != "70101" {
		t.Errorf("%d %s", status, got)
	}
	status, got = post("/calls", bytes.Replace(create, []byte("INBOUND"), []byte("INBND"), 1))
	if status != http.StatusBadRequest || !bytes.Contains(got, []byte("INBND was not one of the allowed options")) {
		t.Errorf("%d %s", status, got)
	}
	shaped(t, "hubspot/error_400.json", got)
	h.Allow(0)
	status, got = post("/calls", create)
	if status != http.StatusTooManyRequests || !bytes.Contains(got, []byte(`"policyName":"TEN_SECONDLY_ROLLING"`)) {
		t.Errorf("%d %s", status, got)
	}
	if n := len(h.Logged()); n != 1 {
		t.Errorf("%d calls", n)
	}
}

func TestTheHubSpotFakeEnforcesWhatHubSpotDoes(t *testing.T) {
	t.Parallel()
	h := crmtest.NewHubSpot(t)
	c := h.Connection()
	for _, tc := range []struct {
		path, body string
		status     int
		says       string
	}{
		{"/calls", `{"properties":{"hs_call_title":"x"}}`, 400, "required properties"},
		{"/calls", `{"properties":{"hs_timestamp":"yesterday"}}`, 400, "not a valid long"},
		{"/calls", `{"properties":{"hs_timestamp":"2026-11-17T15:04:05Z","hs_call_duration":"long"}}`, 400, "not a valid number"},
		{"/calls", `{"properties":{"hs_timestamp":"2026-11-17T15:04:05Z","mood":"good"}}`, 400, "PROPERTY_DOESNT_EXIST"},
		{"/calls", `{"properties":{"hs_timestamp":"2026-11-17T15:04:05Z","hs_call_recording_url":"http://x"}}`, 400, "not an https address"},
		{"/calls", `{"properties":{"hs_timestamp":"2026-11-17T15:04:05Z","hs_call_body":"` + strings.Repeat("x", 65_537) + `"}}`, 400, "too long"},
		{"/calls", `{"properties":{"hs_timestamp":"2026-11-17T15:04:05Z"},"associations":[{"to":{"id":"1"},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":194}]}]}`, 400, "association"},
		{"/contacts", `{"properties":{"phone":"+12025550143"}}`, 400, "required properties"},
		{"/contacts/search", `{"filterGroups":[{"filters":[{"propertyName":"phone","operator":"LIKE","value":"1"}]}],"limit":1}`, 400, "problem"},
		{"/contacts/search", `{"limit":1000}`, 400, "problem"},
		{"/calls", `{`, 400, "Invalid input JSON"},
	} {
		status, got := ask(t, c.Client, c.BaseURL+c.Path+tc.path, c.Key, "application/json", []byte(tc.body))
		if status != tc.status || !strings.Contains(string(got), tc.says) {
			t.Errorf("%s %.80s: %d %s, want %d with %q", tc.path, tc.body, status, got, tc.status, tc.says)
		}
	}
	h.Freeze()
	for range 6 {
		ask(t, c.Client, c.BaseURL+c.Path+"/contacts/search", c.Key, "application/json", []byte(`{"limit":1}`))
	}
	status, got := ask(t, c.Client, c.BaseURL+c.Path+"/contacts/search", c.Key, "application/json", []byte(`{"limit":1}`))
	if status != http.StatusTooManyRequests || !strings.Contains(string(got), "SECONDLY") {
		t.Errorf("more than five searches in a second: %d %s", status, got)
	}
	if got := append(h.Contacts(), names(h.Logged())...); len(got) > 0 {
		t.Errorf("what was refused stands there: %q", got)
	}
}

func names(all []crmtest.Logged) (ids []string) {
	for _, l := range all {
		ids = append(ids, l.ID)
	}
	return ids
}

// salesforce starts a fake and gives a way to ask it with a token that holds.
func salesforce(t *testing.T) (*crmtest.Salesforce, func(path string, body []byte) (int, []byte)) {
	t.Helper()
	s := crmtest.NewSalesforce(t)
	c := s.Connection()
	status, got := ask(t, c.Client, c.BaseURL+"/services/oauth2/token", "", "application/x-www-form-urlencoded", []byte(url.Values{
		"grant_type": {"client_credentials"}, "client_id": {c.ClientID}, "client_secret": {c.ClientSecret},
	}.Encode()))
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, got)
	}
	shaped(t, "salesforce/token_response.json", got)
	var token struct {
		Access   string `json:"access_token"`
		Instance string `json:"instance_url"`
	}
	if err := json.Unmarshal(got, &token); err != nil {
		t.Fatal(err)
	}
	return s, func(path string, body []byte) (int, []byte) {
		return ask(t, c.Client, token.Instance+"/services/data/v68.0"+path, token.Access, "application/json", body)
	}
}

func TestTheSalesforceFakeAnswersAsDocumented(t *testing.T) {
	t.Parallel()
	s, post := salesforce(t)
	if id := s.AddContact("Hale", "2025550143"); id != "003000000000001AAA" {
		t.Fatalf("the contact of the documented request is %s", id)
	}
	status, got := post("/parameterizedSearch", payload(t, "salesforce/parameterized_search_request.json"))
	if status != http.StatusOK {
		t.Errorf("%d %s", status, got)
	}
	shaped(t, "salesforce/parameterized_search_response.json", got)
	create := payload(t, "salesforce/task_create_request.json")
	status, got = post("/sobjects/Task", create)
	if status != http.StatusCreated {
		t.Fatalf("%d %s", status, got)
	}
	shaped(t, "salesforce/task_create_response_201.json", got)
	status, got = post("/sobjects/Task", bytes.Replace(create, []byte(": 27"), []byte(`: "abc"`), 1))
	if status != http.StatusBadRequest || !bytes.Contains(got, []byte("value not of required type: abc")) {
		t.Errorf("%d %s", status, got)
	}
	shaped(t, "salesforce/error_400.json", got)
	s.Spend(15_000)
	status, got = post("/sobjects/Task", create)
	if status != http.StatusForbidden {
		t.Errorf("%d %s", status, got)
	}
	shaped(t, "salesforce/error_403_limit.json", got)
	s.Expire()
	status, got = post("/sobjects/Task", create)
	if status != http.StatusUnauthorized {
		t.Errorf("%d %s", status, got)
	}
	shaped(t, "salesforce/error_401.json", got)
	c := s.Connection()
	status, got = ask(t, c.Client, c.BaseURL+"/services/oauth2/token", "", "application/x-www-form-urlencoded", []byte("grant_type=client_credentials&client_id=x"))
	if status != http.StatusBadRequest {
		t.Errorf("%d %s", status, got)
	}
	shaped(t, "salesforce/token_error.json", got)
}

func TestTheSalesforceFakeEnforcesWhatSalesforceDoes(t *testing.T) {
	t.Parallel()
	s, post := salesforce(t)
	for _, tc := range []struct{ path, body, says string }{
		{"/sobjects/Contact", `{"FirstName":"Robin"}`, "REQUIRED_FIELD_MISSING"},
		{"/sobjects/Contact", `{"LastName":"` + strings.Repeat("x", 81) + `"}`, "STRING_TOO_LONG"},
		{"/sobjects/Task", `{"Mood__c":"x"}`, "INVALID_FIELD"},
		{"/sobjects/Task", `{"CallType":"Sideways"}`, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"},
		{"/sobjects/Task", `{"Status":"Done"}`, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"},
		{"/sobjects/Task", `{"CallDisposition":7}`, "JSON_PARSER_ERROR"},
		{"/sobjects/Task", `{"ActivityDate":"17.11.2026"}`, "JSON_PARSER_ERROR"},
		{"/sobjects/Task", `{"WhoId":"003000000000009AAA"}`, "MALFORMED_ID"},
		{"/parameterizedSearch", `{"q":"x","in":"PHONE","sobjects":[{"name":"Contact","limit":1}],"overallLimit":1}`, "MALFORMED_SEARCH"},
	} {
		status, got := post(tc.path, []byte(tc.body))
		if status != http.StatusBadRequest || !strings.Contains(string(got), tc.says) {
			t.Errorf("%s %.60s: %d %s, want %s", tc.path, tc.body, status, got, tc.says)
		}
	}
	if got := append(s.Contacts(), names(s.Logged())...); len(got) > 0 {
		t.Errorf("what was refused stands there: %q", got)
	}
}
