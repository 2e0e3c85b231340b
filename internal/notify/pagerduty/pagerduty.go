// Package pagerduty tells alerts to PagerDuty by its Events API, version 2.
//
// An incident's key is PagerDuty's dedup_key: what is told about it again joins
// the incident that is there, and resolving it twice is resolving it once. So a
// message whose answer was lost is told again without harm. 202 is a yes, 400 a
// no for good.
package pagerduty

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/notify"
)

const (
	// ID is this channel's name in a rule's notifications.
	ID   = "pagerduty"
	name = "PagerDuty"

	path = "/v2/enqueue"
	us   = "https://events.pagerduty.com"
	eu   = "https://events.eu.pagerduty.com"

	maxSummary = 1_024
)

// New is the row of this channel.
func New() notify.Channel {
	return notify.Channel{ID: ID, Name: name, Secrets: []string{"/routingKey"}, Validate: validate, Send: send}
}

// settings are whose incidents they become.
type settings struct {
	RoutingKey string `json:"routingKey"` // of a service's integration, or of an event orchestration
	Region     string `json:"region"`     // us or eu; us when empty
	Component  string `json:"component"`  // the agent's name when empty
	Group      string `json:"group"`
}

var routingKey = regexp.MustCompile(`^[A-Za-z0-9]{32}$`)

func validate(raw json.RawMessage) error {
	_, err := read(raw)
	return err
}

func read(raw json.RawMessage) (s settings, err error) {
	switch err = notify.Read(raw, &s); {
	case err != nil:
		return s, err
	case !routingKey.MatchString(s.RoutingKey):
		return s, ringside.Invalidf("/routingKey", "needs an integration key of Events API v2: 32 letters and digits")
	case s.Region != "" && s.Region != "us" && s.Region != "eu":
		return s, ringside.Invalidf("/region", "has to be us or eu")
	}
	return s, nil
}

// event is what the API takes.
type event struct {
	RoutingKey string   `json:"routing_key"`
	Action     string   `json:"event_action"`
	DedupKey   string   `json:"dedup_key"`
	Client     string   `json:"client,omitempty"`
	ClientURL  string   `json:"client_url,omitempty"`
	Links      []link   `json:"links,omitempty"`
	Payload    *payload `json:"payload,omitempty"`
}

type link struct {
	Href string `json:"href"`
	Text string `json:"text"`
}

type payload struct {
	Summary   string            `json:"summary"`
	Source    string            `json:"source"`
	Severity  string            `json:"severity"`
	Timestamp string            `json:"timestamp,omitempty"`
	Component string            `json:"component,omitempty"`
	Group     string            `json:"group,omitempty"`
	Class     string            `json:"class,omitempty"`
	Details   map[string]string `json:"custom_details"`
}

// actions and severities are ours in PagerDuty's words.
var (
	actions    = map[notify.Event]string{notify.Triggered: "trigger", notify.Acknowledged: "acknowledge", notify.Resolved: "resolve"}
	severities = map[notify.Severity]string{
		notify.Critical: "critical", notify.High: "error", notify.Medium: "warning", notify.Low: "info",
	}
)

func send(ctx context.Context, c notify.Connection, m notify.Message) (notify.Sent, error) {
	s, err := read(c.Settings)
	if err != nil {
		return notify.Sent{}, notify.Refused(name, err)
	}
	m = m.Clean()
	e := compose(s, m)
	body, err := json.Marshal(e)
	if err != nil {
		return notify.Sent{}, fmt.Errorf("encode the event: %w", err)
	}
	base := us
	if s.Region == "eu" {
		base = eu
	}
	answer, err := c.Do(ctx, notify.Request{
		Channel: name, Method: http.MethodPost, URL: strings.TrimSuffix(cmp.Or(c.BaseURL, base), "/") + path, Body: body,
		Read: complaint, Hide: append(m.Private(), s.RoutingKey),
	})
	if err != nil {
		return notify.Sent{}, err
	}
	if answer.Status != http.StatusAccepted {
		return notify.Sent{}, &notify.Error{
			Kind: ringside.Invalid, Channel: name, Status: answer.Status,
			Message: fmt.Sprintf("what answers there is not PagerDuty: it said %d and not 202", answer.Status),
		}
	}
	return notify.Sent{Ref: e.DedupKey}, nil
}

// compose writes an event. What an incident is about is told when it begins;
// after that its key says which it is.
func compose(s settings, m notify.Message) event {
	e := event{RoutingKey: s.RoutingKey, Action: actions[m.Event], DedupKey: cmp.Or(m.Ref, m.Key)}
	if m.Event != notify.Triggered {
		return e
	}
	e.Client, e.ClientURL = "Ringside", m.Link
	if m.Link != "" {
		e.Links = append(e.Links, link{m.Link, m.LinkText()})
	}
	p := &payload{
		Summary: notify.Clip(summary(m), maxSummary), Source: "Ringside", Severity: cmp.Or(severities[m.Severity], "warning"),
		Component: s.Component, Group: s.Group, Class: m.Type, Details: details(m),
	}
	if m.Call != nil {
		p.Source = cmp.Or(m.Call.Agent, p.Source)
		p.Component = cmp.Or(p.Component, m.Call.Agent)
	}
	if !m.At.IsZero() {
		p.Timestamp = m.At.UTC().Format(time.RFC3339)
	}
	for _, a := range m.Also {
		if a.Link != "" {
			e.Links = append(e.Links, link{a.Link, notify.Clip(a.Line(), maxSummary)})
		}
	}
	e.Payload = p
	return e
}

// summary is the incident's title. Its severity is told beside it.
func summary(m notify.Message) string {
	s := m.Rule
	if m.Count > 1 {
		s += fmt.Sprintf(" (%d alerts)", m.Count)
	}
	if text := notify.Oneline(m.Text, maxSummary); text != "" {
		s += ": " + text
	}
	return s
}

func details(m notify.Message) map[string]string {
	d := map[string]string{}
	for _, f := range m.Facts() {
		d[f.Name] = f.Text
	}
	for name, value := range map[string]string{"Alert": m.ID, "What": m.Text, "Quote": m.Quote} {
		if value != "" {
			d[name] = value
		}
	}
	if m.Call != nil {
		d["Call id"] = m.Call.ID.String()
	}
	for i, a := range m.Also {
		d[fmt.Sprintf("Also %02d", i+1)] = a.Line()
	}
	if n := m.Rest(); n > 0 {
		d["And more"] = fmt.Sprint(n)
	}
	return d
}

// complaint reads a refusal.
func complaint(_ int, _ http.Header, body []byte) notify.Complaint {
	var b struct {
		Status  string   `json:"status"`
		Message string   `json:"message"`
		Errors  []string `json:"errors"`
	}
	if json.Unmarshal(body, &b) != nil {
		return notify.Complaint{} // a proxy's page
	}
	c := notify.Complaint{Code: b.Status, Message: b.Message}
	if len(b.Errors) > 0 {
		c.Message = strings.TrimSuffix(c.Message, ".") + ": " + strings.Join(b.Errors, "; ")
	}
	return c
}
