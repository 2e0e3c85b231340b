package hubspot

import (
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/crm"
)

const (
	titleProperty       = "hs_call_title"
	bodyProperty        = "hs_call_body"
	durationProperty    = "hs_call_duration"
	dispositionProperty = "hs_call_disposition"
	recordingProperty   = "hs_call_recording_url"

	// maxText is what HubSpot takes in one property.
	maxText = 65_536
)

// usual is where each field goes. The outcome is also the call's disposition,
// where it is one of HubSpot's own.
var usual = map[string]string{
	"duration":   durationProperty,
	"summary":    bodyProperty,
	"outcome":    bodyProperty,
	"next_steps": bodyProperty,
	"sentiment":  bodyProperty,
	"tags":       bodyProperty,
	"score":      bodyProperty,
	"recording":  recordingProperty,
	"link":       bodyProperty,
}

// own are the properties that every call is written with.
var own = []string{
	titleProperty, "hs_timestamp", "hs_call_direction", "hs_call_status", "hs_call_from_number",
	"hs_call_to_number", "hs_call_source",
}

var propertyName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,99}$`)

// reserved are properties of a type of their own, and the one field that may
// go there.
var reserved = map[string]string{
	durationProperty: "duration", recordingProperty: "recording", dispositionProperty: "outcome",
}

func check(o crm.Options) error {
	for field, property := range o.Mapping {
		if only := reserved[property]; only != "" && only != field {
			return ringside.Invalidf("/crmFieldMapping/"+field, "%s takes nothing but the %s", property, only)
		}
	}
	return crm.CheckMapping(o.Mapping, propertyName.MatchString, own...)
}

// dispositions are the ids of HubSpot's own call outcomes, equal in every
// account. Whether a message was left on a voicemail is not known.
var dispositions = map[ringside.FailureClass]string{
	ringside.FailureNone:     "f240bbac-87c9-4f6e-bf70-924b57d47db7", // Connected
	ringside.FailureBusy:     "9d9162e7-6cf3-4944-bf63-4dff82258764", // Busy
	ringside.FailureNoAnswer: "73a0d17f-1163-4015-bdd5-ec830791da20", // No answer
}

var directions = map[ringside.Direction]string{
	ringside.Inbound:  "INBOUND",
	ringside.Outbound: "OUTBOUND",
	ringside.Web:      "INBOUND",
}

// properties are what is written about a call, and what of it can't be.
func properties(r crm.Record, o crm.Options) (props map[string]string, skipped []string) {
	props = map[string]string{
		"hs_timestamp":   r.StartedAt.UTC().Format("2006-01-02T15:04:05.000Z"),
		titleProperty:    r.Title(),
		"hs_call_source": "INTEGRATIONS_PLATFORM",
	}
	for property, value := range map[string]string{
		"hs_call_direction":   directions[r.Direction],
		"hs_call_status":      status(r),
		"hs_call_from_number": r.From,
		"hs_call_to_number":   r.To,
		o.Mapping[crm.CallID]: r.CallID.String(),
	} {
		if property != "" && value != "" {
			props[property] = value
		}
	}
	for _, p := range r.Place(usual, o.Mapping) {
		switch value := text(r, p); {
		case value != "":
			props[p.Property] = value
		case p.Property == recordingProperty:
			skipped = append(skipped, "no recording: HubSpot takes https links only")
		}
	}
	if id := dispositions[r.Failure]; r.Outcome != "" && r.Status.Ended() && id != "" {
		props[dispositionProperty] = id
	}
	return props, skipped
}

// text is what goes into one property; nothing when it can't.
func text(r crm.Record, p crm.Placed) string {
	switch p.Property {
	case bodyProperty:
		return body(r, p.Fields)
	case durationProperty:
		if r.Duration != nil {
			return strconv.FormatInt(r.Duration.Milliseconds(), 10)
		}
		return ""
	case recordingProperty:
		if strings.HasPrefix(r.Recording, "https://") {
			return r.Recording
		}
		return ""
	case dispositionProperty:
		return "" // by the failure class, not in words
	}
	return r.PropertyText(p, maxText)
}

// status is the call's end in HubSpot's words; nothing before there is one. A
// call that is declined is a line that gives the busy tone.
func status(r crm.Record) string {
	switch r.Status {
	case ringside.StatusCompleted:
		return "COMPLETED"
	case ringside.StatusDeclined:
		return "BUSY"
	case ringside.StatusMissed:
		if r.Failure == ringside.FailureBusy {
			return "BUSY"
		}
		return "NO_ANSWER"
	case ringside.StatusFailed:
		return "FAILED"
	}
	return ""
}

// body writes fields as HTML: the summary, then the others with their names.
// A summary that is too long is cut, so that what follows it isn't lost.
func body(r crm.Record, fields []string) string {
	var rest []string
	summary := ""
	for _, l := range r.Lines(fields) {
		switch l.Field {
		case "summary":
			summary = l.Text
		case "link", "recording":
			href := html.EscapeString(l.Text)
			rest = append(rest, fmt.Sprintf(`<b>%s:</b> <a href="%s">%s</a>`, l.Label, href, href))
		default:
			label := "<b>" + l.Label + ":</b>"
			if !strings.HasPrefix(l.Text, "\n") {
				label += " "
			}
			rest = append(rest, label+escape(l.Text, maxText))
		}
	}
	after := strings.Join(rest, "<br>")
	if summary == "" {
		return after
	}
	if after != "" {
		after = "<br><br>" + after
	}
	return escape(summary, maxText-crm.Length(after)) + after
}

// escape makes HTML of text, of at most n characters, without breaking an
// entity.
func escape(s string, n int) string {
	var b strings.Builder
	used := 0
	for _, c := range s {
		piece := html.EscapeString(string(c))
		if c == '\n' {
			piece = "<br>"
		}
		if used += crm.Length(piece); used > n {
			break
		}
		b.WriteString(piece)
	}
	return b.String()
}
