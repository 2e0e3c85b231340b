package webhook

import (
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/notify"
)

// envelope is the form of our bodies, as our other webhooks have it.
type envelope struct {
	Type      string    `json:"type"`
	ID        string    `json:"id"`
	Timestamp time.Time `json:"timestamp"`
	Data      data      `json:"data"`
}

// data is what is told of an incident.
type data struct {
	Incident string     `json:"incident"`
	FirstAt  *time.Time `json:"first_at"`
	Count    int        `json:"count"`
	Alerts   []alert    `json:"alerts"`
}

type alert struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Type     string `json:"type"`
	Severity string `json:"severity"`
	Message  string `json:"message"`
	Quote    string `json:"quote"`
	Turn     *int   `json:"turn"`
	Seconds  *int   `json:"seconds"`
	Link     string `json:"link"`
	Call     *call  `json:"call"`
}

type call struct {
	ID           ringside.CallID `json:"id"`
	ShortID      string          `json:"short_id"`
	Agent        string          `json:"agent"`
	From         string          `json:"from"`
	To           string          `json:"to"`
	StartedAt    *time.Time      `json:"started_at"`
	IsSimulation bool            `json:"is_simulation"`
}

// body is what is sent: the receiver's own payload, filled, or all there is.
func (s settings) body(m notify.Message) (any, error) {
	if len(s.Payload) > 0 && string(s.Payload) != "null" {
		return m.FillJSON("/payload", s.Payload)
	}
	d := data{Incident: m.Key, FirstAt: moment(m.FirstAt), Count: m.Count}
	for _, a := range append([]notify.Alert{m.Alert}, m.Also...) {
		d.Alerts = append(d.Alerts, view(a))
	}
	return envelope{Type: eventType(m), ID: m.MessageID(), Timestamp: m.At.UTC(), Data: d}, nil
}

func view(a notify.Alert) alert {
	v := alert{
		ID: a.ID, Name: a.Rule, Type: a.Type, Severity: string(a.Severity), Message: a.Text, Quote: a.Quote,
		Turn: a.Turn, Seconds: a.Seconds, Link: a.Link,
	}
	if c := a.Call; c != nil {
		v.Call = &call{
			ID: c.ID, ShortID: c.ShortID, Agent: c.Agent, From: c.From, To: c.To,
			StartedAt: moment(c.StartedAt), IsSimulation: c.IsSimulation,
		}
	}
	return v
}

// moment is a time on the wire; null when there is none.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return new(t.UTC())
}
