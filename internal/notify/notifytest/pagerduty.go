package notifytest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/notify"
)

const routingKey = "f1x7u2e0f0a0r0o0u0t0i0n0g0k0e0y0"

// PagerDuty is a fake of its Events API, version 2: keys, required fields and
// their bounds, and incidents that open and close by their keys.
type PagerDuty struct {
	server
	client    *http.Client
	incidents map[string]string // by dedup_key: triggered, acknowledged or resolved; guarded by mu
}

// NewPagerDuty starts a service without incidents.
func NewPagerDuty(t testing.TB) *PagerDuty {
	t.Helper()
	p := &PagerDuty{client: gate(t).Client(egress.Limits{}), incidents: map[string]string{}}
	p.serve = p.handle
	p.start(t)
	return p
}

// Connection is one that the service takes.
func (p *PagerDuty) Connection() notify.Connection {
	return notify.Connection{Client: p.client, BaseURL: p.url, Settings: json.RawMessage(fmt.Sprintf(`{"routingKey":%q}`, routingKey))}
}

// Wrong is a connection with another's key.
func (p *PagerDuty) Wrong() (notify.Connection, string) {
	const another = "a0n0o0t0h0e0r0s0k0e0y0o0f0t0h0e0"
	c := p.Connection()
	c.Settings = json.RawMessage(fmt.Sprintf(`{"routingKey":%q}`, another))
	return c, another
}

// Secrets are what nobody may repeat.
func (*PagerDuty) Secrets() []string { return []string{routingKey} }

// Incidents are the states of those there are, by their keys.
func (p *PagerDuty) Incidents() map[string]string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.incidents)
}

// Complaint is how PagerDuty refuses.
func (*PagerDuty) Complaint(message string) (string, http.Header) {
	return encode(map[string]any{"status": "invalid event", "message": "Event object is invalid", "errors": []string{message}}), nil
}

type pagerEvent struct {
	RoutingKey string `json:"routing_key"`
	Action     string `json:"event_action"`
	DedupKey   string `json:"dedup_key"`
	ClientURL  string `json:"client_url"`
	Links      []struct {
		Href string `json:"href"`
		Text string `json:"text"`
	} `json:"links"`
	Payload *struct {
		Summary   string         `json:"summary"`
		Source    string         `json:"source"`
		Severity  string         `json:"severity"`
		Timestamp string         `json:"timestamp"`
		Details   map[string]any `json:"custom_details"`
	} `json:"payload"`
}

// states are what the actions bring about.
var states = map[string]notify.Event{"trigger": notify.Triggered, "acknowledge": notify.Acknowledged, "resolve": notify.Resolved}

func (p *PagerDuty) handle(w http.ResponseWriter, r *http.Request, body []byte) {
	var e pagerEvent
	var tree map[string]any
	if r.URL.Path != "/v2/enqueue" || r.Method != http.MethodPost {
		answer(w, http.StatusNotFound, "")
		return
	}
	err := json.Unmarshal(body, &e)
	if err == nil {
		err = json.Unmarshal(body, &tree)
	}
	if err == nil {
		err = e.check()
	}
	if err != nil || r.Header.Get("Content-Type") != "application/json" {
		text, _ := p.Complaint(fmt.Sprint(err))
		answer(w, http.StatusBadRequest, text)
		return
	}
	event := states[e.Action]
	p.move(e.DedupKey, event)
	p.keep(Got{Event: event, Name: e.DedupKey + " " + e.Action, Thread: e.DedupKey, Text: texts(tree), Sent: json.RawMessage(body)})
	answer(w, http.StatusAccepted, encode(map[string]string{"status": "success", "message": "Event processed", "dedup_key": e.DedupKey}))
}

// move changes an incident. What has none, or one that is over, can't be taken
// on or closed; what was taken on does not begin anew.
func (p *PagerDuty) move(key string, to notify.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	is := p.incidents[key]
	begins := to == notify.Triggered && is != string(notify.Acknowledged)
	goesOn := to != notify.Triggered && is != "" && is != string(notify.Resolved)
	if begins || goesOn {
		p.incidents[key] = string(to)
	}
}

func (e pagerEvent) check() error {
	if e.RoutingKey != routingKey {
		return fmt.Errorf("Invalid routing key") //nolint:staticcheck // PagerDuty's words
	}
	if states[e.Action] == "" {
		return fmt.Errorf("event_action %q", e.Action)
	}
	if e.DedupKey == "" && e.Action != "trigger" || len(e.DedupKey) > 255 {
		return fmt.Errorf("dedup_key of %d characters", len(e.DedupKey))
	}
	if e.Action != "trigger" {
		return nil
	}
	p := e.Payload
	switch {
	case p == nil:
		return fmt.Errorf("payload is missing")
	case p.Summary == "" || utf8.RuneCountInString(p.Summary) > 1_024:
		return fmt.Errorf("summary of %d characters", utf8.RuneCountInString(p.Summary))
	case p.Source == "":
		return fmt.Errorf("source is missing")
	case !slices.Contains([]string{"critical", "error", "warning", "info"}, p.Severity):
		return fmt.Errorf("severity %q", p.Severity)
	}
	for _, l := range e.Links {
		if l.Href == "" {
			return fmt.Errorf("a link without href")
		}
	}
	if p.Timestamp == "" {
		return nil
	}
	_, err := time.Parse(time.RFC3339, p.Timestamp)
	return err
}
