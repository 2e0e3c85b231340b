package notify

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
)

// Event is what happened to an incident.
type Event string

// The events, in their order.
const (
	Triggered    Event = "triggered"
	Acknowledged Event = "acknowledged"
	Resolved     Event = "resolved"
)

// Severity is how much an alert matters.
type Severity string

// The severities, in order.
const (
	Low      Severity = "low"
	Medium   Severity = "medium"
	High     Severity = "high"
	Critical Severity = "critical"
)

// Message is what is told.
type Message struct {
	Event   Event
	Key     string    // names the incident in every message about it; at most MaxKey bytes
	At      time.Time // when it happened; the same each time that it is tried
	FirstAt time.Time // when the incident began

	Alert         // what it is about; of several, the gravest
	Also  []Alert // the others
	Count int     // how many there are in all, where Also has not every one

	Ref        string // what the channel answered to the incident's first message (Sent.Ref)
	Transcript []Said // what was said, for channels that are to tell it
}

// Alert is one thing that a rule found.
type Alert struct {
	ID       string
	Rule     string // the rule's name
	Type     string // of its condition: score_threshold
	Severity Severity
	Text     string // what happened, in a sentence
	Quote    string // the words that show it
	Turn     *int
	Seconds  *int // into the call
	Call     *Call
	Link     string // where a person sees the call, or what there is to see
}

// Call is the call that an alert is about. Its numbers are told as they stand:
// whoever makes the message masks them.
type Call struct {
	ID           ringside.CallID
	ShortID      string
	Agent        string
	From, To     string
	StartedAt    time.Time
	IsSimulation bool
}

// Said is something that was said.
type Said struct {
	Role ringside.Role
	Text string
}

// Bounds of what is told, in UTF-16 units where they are of text. With them a
// message is within what every channel takes.
const (
	MaxKey = 255 // what PagerDuty takes

	maxName  = 200
	maxWords = 2_000
	maxQuote = 1_000
	maxLink  = 2_000
	maxAlso  = 20
	maxSaid  = 30_000
)

// MessageID names a message: the same each time that it is tried, and another
// for another event.
func (m Message) MessageID() string {
	sum := sha256.Sum256([]byte(m.Key + "\x00" + string(m.Event) + "\x00" + m.At.UTC().Format(time.RFC3339Nano)))
	return "msg_" + hex.EncodeToString(sum[:16])
}

// Clean makes text of all that came from a call or a person: bounded, in valid
// UTF-8, without control characters. Every channel begins with it.
func (m Message) Clean() Message {
	m.Key = strings.ToValidUTF8(m.Key[:min(len(m.Key), MaxKey)], "")
	m.Alert = m.Alert.clean(maxWords, maxQuote)
	m.Count = max(m.Count, 1+len(m.Also))
	also := m.Also[:min(len(m.Also), maxAlso)]
	m.Also = make([]Alert, 0, len(also))
	for _, a := range also {
		m.Also = append(m.Also, a.clean(maxName, maxName))
	}
	said := m.Transcript
	m.Transcript = nil
	for left := maxSaid; len(said) > 0; said = said[:len(said)-1] { // what was said last tells the most
		l := Said{said[len(said)-1].Role, Oneline(said[len(said)-1].Text, maxQuote)}
		if left -= len(l.Text); left < 0 {
			break
		}
		m.Transcript = append(m.Transcript, l)
	}
	slices.Reverse(m.Transcript)
	return m
}

func (a Alert) clean(words, quote int) Alert {
	a.ID, a.Rule, a.Type = Oneline(a.ID, maxName), cmp.Or(Oneline(a.Rule, maxName), "Alert"), Oneline(a.Type, maxName)
	a.Text, a.Quote = Clip(clean(a.Text[:min(len(a.Text), 16*words)]), words), Oneline(a.Quote, quote)
	a.Link = link(a.Link)
	if a.Call != nil {
		c := *a.Call
		c.ShortID, c.Agent = Oneline(c.ShortID, maxName), Oneline(c.Agent, maxName)
		c.From, c.To = Oneline(c.From, maxName), Oneline(c.To, maxName)
		a.Call = &c
	}
	return a
}

var unlinked = strings.NewReplacer("<", "%3C", ">", "%3E", "|", "%7C", `"`, "%22", "'", "%27", " ", "%20", "`", "%60")

// link is an address that a person may follow; nothing when it is none. What
// ends an address in HTML or in Slack's markup is escaped in it.
func link(s string) string {
	s = unlinked.Replace(clean(s))
	u, err := url.Parse(s)
	if err != nil || len(s) > maxLink || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return s
}

// Private are the parts of a message that no error may repeat.
func (m Message) Private() []string {
	var all []string
	for _, a := range append([]Alert{m.Alert}, m.Also...) {
		all = append(all, a.Text, a.Quote)
		if a.Call != nil {
			all = append(all, a.Call.From, a.Call.To)
		}
	}
	return all
}
