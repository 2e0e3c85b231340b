package notify

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
)

// prefixes are what a title begins with.
var prefixes = map[Event]string{Acknowledged: "Acknowledged: ", Resolved: "Resolved: "}

// Prefix is the event in front of a title; nothing where something began.
func (e Event) Prefix() string { return prefixes[e] }

// word is the severity as people write it.
func (s Severity) word() string { return strings.ToUpper(string(s[:1])) + string(s[1:]) }

// Title is the message on one line.
func (m Message) Title() string {
	t := m.Event.Prefix() + m.Alert.named()
	if m.Count > 1 {
		t += fmt.Sprintf(" (%d alerts)", m.Count)
	}
	return t
}

// Line is the alert on one line, as one of several.
func (a Alert) Line() string {
	s := a.named()
	if text := Oneline(a.Text, maxName); text != "" {
		s += ": " + text
	}
	return s
}

// named is the rule's name after the severity.
func (a Alert) named() string {
	if a.Severity == "" {
		return a.Rule
	}
	return "[" + a.Severity.word() + "] " + a.Rule
}

// LinkText is what a link to the alert says.
func (m Message) LinkText() string {
	if m.Call == nil {
		return "View alert"
	}
	return "View call"
}

// Who is the speaker as people call them.
func (s Said) Who() string {
	if s.Role == ringside.RoleUser {
		return "Customer"
	}
	return "Agent"
}

// Rest is how many alerts there are beside those that the message holds.
func (m Message) Rest() int { return m.Count - 1 - len(m.Also) }

// Fact is something about an alert that is read at a glance.
type Fact struct {
	Name string
	Text string
}

// Facts are what is known of an alert and its call.
func (m Message) Facts() []Fact {
	var all []Fact
	add := func(name, text string) {
		if text != "" {
			all = append(all, Fact{name, text})
		}
	}
	if c := m.Call; c != nil {
		add("Agent", c.Agent)
		add("Call", c.ShortID)
		add("From", c.From)
		add("To", c.To)
		add("Call started", Moment(c.StartedAt))
		if c.IsSimulation {
			add("Simulation", "yes")
		}
	}
	if m.Seconds != nil {
		add("Into the call", fmt.Sprintf("%d:%02d", *m.Seconds/60, *m.Seconds%60))
	}
	if m.Turn != nil {
		add("Turn", strconv.Itoa(*m.Turn))
	}
	if m.Count > 1 || m.Event != Triggered {
		add("First at", Moment(m.FirstAt))
	}
	return all
}

// Moment is a time as people read it; nothing when there is none.
func Moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}
