package elevenlabs_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/elevenlabs"
)

// TestAnAgentThatIsGone: one that is deleted between the list and the look at it
// takes none of the others along.
func TestAnAgentThatIsGone(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/convai/agents", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"agents":[{"agent_id":"gone"},{"agent_id":"desk"}],"has_more":false,"next_cursor":null}`))
	})
	mux.HandleFunc("GET /v1/convai/agents/desk", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"agent_id":"desk","name":"Desk"}`))
	})
	s := httptest.NewServer(mux)
	defer s.Close()
	page, err := elevenlabs.Provider.Pull.Agents(t.Context(), provider.Line{HTTP: s.Client(), Key: "key", BaseURL: s.URL}, "")
	if err != nil || len(page.Agents) != 1 || page.Agents[0].ID != "desk" {
		t.Errorf("%+v, %v", page, err)
	}
}
