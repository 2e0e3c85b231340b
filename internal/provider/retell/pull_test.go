package retell_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
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

// TestAgentsAreReadByThemselves: the list has names, page by page; the voice,
// the model and the webhook stand at the agent and at its language model. An
// agent that is deleted meanwhile is none.
func TestAgentsAreReadByThemselves(t *testing.T) {
	on, sent := api(t, map[string]string{
		"POST /v2/list-agents?limit=20":                   `{"items":[{"agent_id":"a","agent_name":"Desk"},{"agent_id":"gone"}],"has_more":true,"pagination_key":"p2"}`,
		"POST /v2/list-agents?limit=20&pagination_key=p2": `{"items":[{"agent_id":"b"},{"agent_id":"c"}],"has_more":false}`,
		"GET /get-agent/a":                                `{"agent_id":"a","agent_name":"Desk","version":7,"voice_id":"anna","webhook_url":"https://here.example.com","response_engine":{"type":"retell-llm","llm_id":"llm","version":3}}`,
		"GET /get-agent/b":                                `{"agent_id":"b","version":0,"voice_id":"bert","response_engine":{"type":"conversation-flow","conversation_flow_id":"f"}}`,
		"GET /get-agent/c":                                `{"agent_id":"c","response_engine":{"type":"retell-llm","llm_id":"speech"}}`,
		"GET /get-retell-llm/llm?version=3":               `{"llm_id":"llm","model":"gpt-4.1","general_prompt":"Book tables.","states":null}`,
		"GET /get-retell-llm/speech":                      `{"llm_id":"speech","model":null,"s2s_model":"gpt-realtime","general_prompt":null,"states":null}`,
	})
	first, err := retell.Provider.Pull.Agents(t.Context(), on, "")
	if err != nil {
		t.Fatal(err)
	}
	second, err := retell.Provider.Pull.Agents(t.Context(), on, first.Next)
	if err != nil || second.Next != "" {
		t.Fatalf("%+v, %v", second, err)
	}
	want := []provider.VendorAgent{
		{ID: "a", Name: "Desk", PromptHash: provider.PromptHash("Book tables."), Model: "gpt-4.1", Voice: "anna", Version: "7"},
		{ID: "b", Voice: "bert", Version: "0"},
		{ID: "c", Model: "gpt-realtime"},
	}
	if got := append(first.Agents, second.Agents...); !reflect.DeepEqual(got, want) {
		t.Errorf("agents %+v, want %+v", got, want)
	}
	if asked := sent["POST /v2/list-agents?limit=20"]; !strings.Contains(asked, `"channel":{"op":"eq","type":"string","value":"voice"}`) {
		t.Errorf("asked for %s: agents of text chats are none of ours", asked)
	}
	hooks, err := retell.Provider.Pull.Hooks.Look(t.Context(), on)
	if err != nil || len(hooks) != 3 || hooks[0] != (provider.Hook{Agent: "a", Name: "Desk", URL: "https://here.example.com"}) || hooks[1].URL != "" {
		t.Errorf("hooks %+v, %v", hooks, err)
	}
}

// TestAgentsThatCanNotBeRead: what the vendor refuses is no list of fewer.
func TestAgentsThatCanNotBeRead(t *testing.T) {
	on, _ := api(t, map[string]string{
		"POST /v2/list-agents?limit=20": `{"items":[{"agent_id":"a"}]}`,
		"GET /get-agent/a":              `[]`,
	})
	if page, err := retell.Provider.Pull.Agents(t.Context(), on, ""); err == nil {
		t.Errorf("%+v", page)
	}
	on.Key = ""
	if page, err := retell.Provider.Pull.Agents(t.Context(), on, ""); err == nil {
		t.Errorf("without a key: %+v", page)
	}
}
