package ingest_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside/internal/ingest"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// A status that is none is the endpoint's failure, and Ringside's answer says
// so.
func TestAnEndpointWithAnOddStatus(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	team := newEndpoint(t, func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, "HTTP/1.1 042 Hm\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
	})
	path := h.forwarding(t, h.workspace, "vapi", "k", false, provider.HMAC{}, team.URL)
	a := h.send(t, path, payload(t, "vapi/tool-calls.json"), "X-Vapi-Secret", "k")
	if a.want(t, 502, "code", "forward_failed"); !strings.Contains(a.Body, "it answered 042") {
		t.Errorf("%s", a.Body)
	}
	h.eventuallyStored(t, 1)
}

// breaking is a way back to a vendor that breaks when the answer is written.
type breaking struct{ *httptest.ResponseRecorder }

func (breaking) WriteHeader(int) { panic(http.ErrAbortHandler) }

// A delivery that has begun ends in the books and in the metric, even where
// what is between breaks: else its place would be taken for good.
func TestForwardingThatBreaksEnds(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	var outcomes []string
	h.forwarded = func(f ingest.Forwarded) { outcomes = append(outcomes, f.Outcome) }
	h.open(t, h.store, anyRate)
	path := h.forwarding(t, h.workspace, "vapi", "k", false, provider.HMAC{}, toolEndpoint(t).URL)
	id, token := h.sourceOf(t, path), path[strings.LastIndex(path, "/")+1:]
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, bytes.NewReader(payload(t, "vapi/tool-calls.json")))
	r.Header.Set("X-Vapi-Secret", "k")
	r.SetPathValue("provider", "vapi")
	r.SetPathValue("source", token)
	func() {
		defer func() {
			if broke := recover(); broke != http.ErrAbortHandler {
				t.Errorf("it did not break: %v", broke)
			}
		}()
		h.door.Webhook(breaking{httptest.NewRecorder()}, r)
	}()
	if f := h.door.Forwarding(id); f.Deliveries != 1 || f.Failures != 1 || f.LastError != "passing it on broke off" {
		t.Errorf("%+v", f)
	}
	if !slices.Equal(outcomes, []string{"failed"}) {
		t.Errorf("the metric has %q", outcomes)
	}
	h.door.SourceGone(&store.Source{ID: id, Provider: "vapi", Token: token, ForwardURL: "set"}) // forgets it, unless a delivery waits
	if f := h.door.Forwarding(id); f.Deliveries != 0 {
		t.Errorf("it waits still: %+v", f)
	}
	h.eventuallyStored(t, 1)
}
