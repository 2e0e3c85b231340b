package ringside

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Queue is people who take over calls from agents: what a transfer names.
type Queue struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Number    string    `json:"number" doc:"E.164, +14155550123; empty when there is a SIP address"`
	SIP       string    `json:"sip" doc:"sip:desk@example.com; empty when there is a number"`
	Hours     Hours     `json:"hours"`
	Agents    []string  `json:"agents" doc:"Ids of the agents that may transfer to it; empty: all"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// Hours are when somebody answers.
type Hours struct {
	Timezone string        `json:"timezone,omitempty" doc:"IANA name, Europe/Berlin; UTC when it is left out"`
	Windows  []OpenBetween `json:"windows,omitempty" doc:"Empty: always open"`
}

// OpenBetween is a time of the day on some days of the week.
type OpenBetween struct {
	Days []string `json:"days" doc:"mon, tue, wed, thu, fri, sat, sun"`
	From string   `json:"from" doc:"09:00"`
	To   string   `json:"to" doc:"17:30; 24:00 is the day's end"`
}

// weekdays are the days as hours name them, in the order of time.Weekday.
var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

var (
	e164       = regexp.MustCompile(`^\+[1-9][0-9]{5,14}$`)
	sipAddress = regexp.MustCompile(`^sips?:[^\s<>"]{3,255}$`)
)

// IsPhone tells whether a text is a number as E.164 writes it.
func IsPhone(s string) bool { return e164.MatchString(s) }

// IsSIP tells whether a text is a SIP address.
func IsSIP(s string) bool { return sipAddress.MatchString(s) }

// Validate says what is wrong with a queue, pointing at the field.
func (q *Queue) Validate() error {
	switch {
	case strings.TrimSpace(q.Name) == "":
		return Invalidf("/name", "is required")
	case q.Number == "" && q.SIP == "":
		return Invalidf("/number", "is required, or a SIP address")
	case q.Number != "" && q.SIP != "":
		return Invalidf("/sip", "give a number or a SIP address, not both")
	case q.Number != "" && !IsPhone(q.Number):
		return Invalidf("/number", "%q is not a number in the form +14155550123", q.Number)
	case q.SIP != "" && !IsSIP(q.SIP):
		return Invalidf("/sip", "%q is not an address in the form sip:desk@example.com", q.SIP)
	}
	return q.Hours.validate()
}

func (h *Hours) validate() error {
	if _, err := time.LoadLocation(h.Timezone); err != nil || h.Timezone == "Local" {
		return Invalidf("/hours/timezone", "%q is not a time zone; it looks like Europe/Berlin", h.Timezone)
	}
	for i, w := range h.Windows {
		at := "/hours/windows/" + strconv.Itoa(i)
		from, okFrom := minutes(w.From)
		to, okTo := minutes(w.To)
		switch {
		case len(w.Days) == 0 || slices.ContainsFunc(w.Days, func(d string) bool { return !slices.Contains(weekdays, d) }):
			return Invalidf(at+"/days", "holds days among %q", weekdays)
		case !okFrom:
			return Invalidf(at+"/from", "%q is not a time of the day; it looks like 09:00", w.From)
		case !okTo:
			return Invalidf(at+"/to", "%q is not a time of the day; it looks like 17:30", w.To)
		case from >= to:
			return Invalidf(at+"/to", "is not after from; a night is two windows")
		}
	}
	return nil
}

// minutes reads a time of the day.
func minutes(s string) (n int, ok bool) {
	h, m, found := strings.Cut(s, ":")
	hour, err1 := strconv.Atoi(h)
	minute, err2 := strconv.Atoi(m)
	if !found || err1 != nil || err2 != nil || len(m) != 2 || hour < 0 || minute < 0 || minute > 59 || hour*60+minute > 24*60 {
		return 0, false
	}
	return hour*60 + minute, true
}

// Open tells whether somebody answers at a time.
func (h *Hours) Open(at time.Time) bool {
	if len(h.Windows) == 0 {
		return true
	}
	at = h.in(at)
	now := at.Hour()*60 + at.Minute()
	return slices.ContainsFunc(h.Windows, func(w OpenBetween) bool {
		from, _ := minutes(w.From)
		to, _ := minutes(w.To)
		return slices.Contains(w.Days, weekdays[at.Weekday()]) && from <= now && now < to
	})
}

// Next says when somebody answers next after a time: "Mon 09:00"; empty when
// nobody ever does.
func (h *Hours) Next(at time.Time) string {
	at = h.in(at)
	now := at.Hour()*60 + at.Minute()
	for day := range 8 {
		name, best := weekdays[(int(at.Weekday())+day)%7], -1
		for _, w := range h.Windows {
			from, _ := minutes(w.From)
			if slices.Contains(w.Days, name) && (day > 0 || from > now) && (best < 0 || from < best) {
				best = from
			}
		}
		if best >= 0 {
			return fmt.Sprintf("%s%s %02d:%02d", strings.ToUpper(name[:1]), name[1:], best/60, best%60)
		}
	}
	return ""
}

func (h *Hours) in(at time.Time) time.Time {
	if zone, err := time.LoadLocation(h.Timezone); err == nil {
		return at.In(zone)
	}
	return at.UTC()
}
