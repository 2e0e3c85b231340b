package crm

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
)

// Record is what a CRM is told about one call.
type Record struct {
	CallID    ringside.CallID
	Direction ringside.Direction
	Status    ringside.Status
	Failure   ringside.FailureClass
	From, To  string // as the vendor wrote them
	StartedAt time.Time
	Agent     string
	Customer  Customer

	// Fields are what was asked for, in the order in which it is written. What
	// follows is empty where it wasn't, and where the call has none.
	Fields    []string
	Duration  *time.Duration
	Summary   string
	Outcome   string // in words
	NextSteps []string
	Sentiment string // positive, neutral, negative or mixed
	Tags      []string
	Score     *float64 // 0 to 100
	Recording string   // a link that lasts
	Link      string   // to the call in Ringside
}

// Customer is the person at the other end, as far as the call tells.
type Customer struct {
	Number string // as the vendor wrote it; empty when the call has none
	Name   string
}

// The bounds of what a call may bring into a record. A CRM's own are lower for
// some properties, and its adapter keeps to them.
const (
	maxSummary = 32_000
	maxLine    = 300
	maxSteps   = 20
	maxTags    = 50
	maxTag     = 60
	maxName    = 120
	maxNumber  = 64
	maxLink    = 2_000
)

// NewRecord takes from a call what the fields ask for, and what a CRM needs to
// know in any case. The link leads to the call in Ringside. Text is cleaned of
// what no CRM shows and cut to bounds.
func NewRecord(c *ringside.Call, fields []string, link string) Record {
	r := Record{
		CallID:    c.ID,
		Direction: c.Direction,
		Status:    c.Status,
		Failure:   c.Outcome.FailureClass,
		From:      line(c.From, maxNumber),
		To:        line(c.To, maxNumber),
		StartedAt: c.Sort().UTC(),
		Customer:  Customer{Number: line(customerNumber(c), maxNumber), Name: line(c.CustomerName, maxName)},
	}
	if c.Agent != nil {
		r.Agent = line(c.Agent.Name, maxName)
	}
	for _, f := range ringside.CRMFieldNames {
		if slices.Contains(fields, f) {
			r.Fields = append(r.Fields, f)
			r.take(c, f, link)
		}
	}
	return r
}

func (r *Record) take(c *ringside.Call, field, link string) {
	switch field {
	case "duration":
		if c.DurationMS != nil && *c.DurationMS >= 0 {
			r.Duration = new(time.Duration(*c.DurationMS) * time.Millisecond)
		}
	case "summary":
		r.Summary = Clip(clean(summary(c)), maxSummary)
	case "outcome":
		r.Outcome = line(outcome(c), maxLine)
	case "next_steps":
		if c.Summary != nil {
			r.NextSteps = lines(c.Summary.ActionItems, maxSteps, maxLine)
		}
	case "sentiment":
		if c.Sentiment != nil && c.Sentiment.Label != "unknown" {
			r.Sentiment = line(c.Sentiment.Label, maxTag)
		}
	case "tags":
		r.Tags = lines(c.Tags, maxTags, maxTag)
	case "score":
		if q := c.Quality; q != nil && q.Score != nil && *q.Score >= 0 && *q.Score <= 100 { // which NaN is not
			r.Score = q.Score
		}
	case "recording":
		r.Recording = recording(c)
	case "link":
		r.Link = webAddress(link)
	}
}

// Reference is a short name of the call that Ringside's search and paths
// understand. It stands in what is written, for people and to find it again.
func (r Record) Reference() string { return r.CallID.Short(ringside.LongShortIDLen) }

// Title is what the call is called in the CRM. It does not change when more
// becomes known of the call, as a summary does.
func (r Record) Title() string {
	title := map[ringside.Direction]string{
		ringside.Inbound:  "Inbound AI call",
		ringside.Outbound: "Outbound AI call",
		ringside.Web:      "AI call on the web",
	}[r.Direction]
	title = cmp.Or(title, "AI call")
	if r.Agent != "" {
		title += ", " + r.Agent
	}
	return title + " (" + r.Reference() + ")"
}

// Phone is the customer's number taken apart. The other party's tells the
// country where it does not itself.
func (r Record) Phone() (Phone, bool) {
	other := r.From
	if r.Customer.Number == r.From {
		other = r.To
	}
	return ParsePhone(r.Customer.Number, other)
}

// customerNumber is the number of the party that is not the agent.
func customerNumber(c *ringside.Call) string {
	switch {
	case c.Direction == ringside.Outbound:
		return c.To
	case c.From != "":
		return c.From
	case strings.HasPrefix(c.CustomerKey, "+"): // of a call on the web: a number, or the sender's id
		return c.CustomerKey
	}
	return ""
}

func summary(c *ringside.Call) string {
	if c.Summary != nil && c.Summary.Overview != "" {
		return c.Summary.Overview
	}
	if p := c.Analysis.Provider; p != nil {
		return p.Summary
	}
	return ""
}

var outcomes = map[string]string{
	"resolved":        "Resolved",
	"unresolved":      "Unresolved",
	"escalated":       "Escalated to a person",
	"transferred":     "Transferred",
	"no_conversation": "No conversation",
}

// outcome is how the call came out, and why when it failed.
func outcome(c *ringside.Call) string {
	var words string
	if c.Summary != nil {
		words = outcomes[c.Summary.Outcome]
	}
	if words == "" {
		return c.Outcome.Explanation
	}
	if c.Outcome.FailureClass != ringside.FailureNone {
		words += ". " + c.Outcome.Explanation
	}
	return words
}

// recordings are the kinds that are worth a link, the best first: one that the
// vendor has scrubbed before one that holds all that was said.
var recordings = []ringside.RecordingKind{
	ringside.RecordingScrubbedStereo, ringside.RecordingScrubbed, ringside.RecordingMixed, ringside.RecordingStereo,
}

// recording is where the call can be heard. A link that will die is none.
func recording(c *ringside.Call) string {
	for _, kind := range recordings {
		for i := range c.Recordings {
			if r := &c.Recordings[i]; r.Kind == kind && r.ExpiresAt == nil && webAddress(r.URL) != "" {
				return webAddress(r.URL)
			}
		}
	}
	return ""
}

// webAddress is s where it is a link that a browser can follow, else nothing.
func webAddress(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || len(s) > maxLink {
		return ""
	}
	return u.String()
}
