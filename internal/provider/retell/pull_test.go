package retell_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"
	"time"

	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/retell"
)

// api is a Retell that answers each request in its words, by method and
// address, with 404 otherwise, and writes down what it was sent.
func api(t *testing.T, answers map[string]string) (on provider.Line, sent map[string]string) {
	t.Helper()
	sent = map[string]string{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked := r.Method + " " + r.URL.RequestURI()
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		sent[asked] = string(body)
		answer, known := answers[asked]
		if !known {
			w.WriteHeader(http.StatusNotFound)
			answer = `{"status":"error","message":"Not found"}`
		}
		_, _ = w.Write([]byte(answer))
	}))
	t.Cleanup(s.Close)
	return provider.Line{HTTP: s.Client(), Key: "key", BaseURL: s.URL}, sent
}

// TestCallsOfASpan: a filter by two bounds is a range for Retell, which refuses
// one of another type.
func TestCallsOfASpan(t *testing.T) {
	on, sent := api(t, map[string]string{"POST /v3/list-calls": `{"items":[
		{"call_id":"a","call_status":"ended","start_timestamp":1790008212480,"end_timestamp":1790008270480},
		{"call_id":"b","call_status":"ongoing","start_timestamp":1790008212400}],"has_more":true,"pagination_key":"on"}`})
	from := time.UnixMilli(1790000000000)
	page, err := retell.Provider.Pull.Calls(t.Context(), on, provider.Span{From: from, To: from.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Calls) != 2 || !page.Calls[0].Ended || page.Calls[1].Ended || page.Calls[0].Over.UnixMilli() != 1790008270480 || page.Next != "on" {
		t.Errorf("%+v", page)
	}
	var asked struct {
		Filter map[string]any `json:"filter_criteria"`
	}
	if err := json.Unmarshal([]byte(sent["POST /v3/list-calls"]), &asked); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"start_timestamp": map[string]any{"type": "range", "op": "bt", "value": []any{1790000000000.0, 1790003600000.0}}}
	if !reflect.DeepEqual(asked.Filter, want) {
		t.Errorf("asked for %v, want %v", asked.Filter, want)
	}
}
