package importer

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// layouts are how a time may be written in a CSV. Those without a zone are in the
// one that the import was given.
var layouts = []string{time.RFC3339Nano, "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04:05", "2006-01-02 15:04:05"}

// parseMoment reads a time of a CSV: RFC 3339, or seconds or milliseconds since
// 1970.
func parseMoment(s string, zone *time.Location, now time.Time) (time.Time, bool) {
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		return epoch(n, now)
	}
	for _, l := range layouts {
		if t, err := time.ParseInLocation(l, s, zone); err == nil {
			return t.UTC(), plausible(t, now)
		}
	}
	return time.Time{}, false
}

// epoch is a time in seconds since 1970, or in milliseconds where those would be
// far in the future.
func epoch(n float64, now time.Time) (time.Time, bool) {
	if !(n > 0 && n < 1e14) {
		return time.Time{}, false
	}
	if n < 1e11 {
		n *= 1000
	}
	t := time.UnixMilli(int64(n)).UTC()
	return t, plausible(t, now)
}

// plausible tells whether a call may have been recorded then. A clock may be a
// day ahead.
func plausible(t, now time.Time) bool {
	return t.Year() >= 1990 && t.Before(now.Add(24*time.Hour))
}

// dated is a date and a time to the second in a name, with what usually stands
// between their parts or nothing, and a zone where there is one.
var dated = regexp.MustCompile(`(?:^|\D)(\d{4})[-_.]?(\d{2})[-_.]?(\d{2})[T _.-]*(\d{2})[-_.:]?(\d{2})[-_.:]?(\d{2})(?:[.,]\d{1,9})?(?:(Z)(?:[^A-Za-z0-9]|$)|([+-]\d{2}:\d{2}|\+\d{4})(?:\D|$)|\D|$)`)

// counted is a word of digits with what stands around it.
var counted = regexp.MustCompile(`[+0-9A-Za-z]+`)

// firstCount is the earliest that a count in a name is believed: more of what has
// ten digits is a telephone number before.
var firstCount = time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC)

// momentOf reads the time that a file's name holds, where it holds one plainly.
// The first of several dates is when the call began; of several counts none is
// plain.
func momentOf(name string, zone *time.Location, now time.Time) (time.Time, bool) {
	for rest := name; ; {
		at := dated.FindStringSubmatchIndex(rest)
		if at == nil {
			break
		}
		if t, ok := dateOf(dated.FindStringSubmatch(rest), zone); ok && plausible(t, now) {
			return t.UTC(), true
		}
		rest = rest[at[2]+1:]
	}
	var found []time.Time
	for _, word := range counted.FindAllString(name, -1) {
		n, err := strconv.ParseUint(word, 10, 64)
		if err != nil || len(word) != 10 && len(word) != 13 {
			continue
		}
		if t, ok := epoch(float64(n), now); ok && !t.Before(firstCount) {
			found = append(found, t)
		}
	}
	if len(found) != 1 {
		return time.Time{}, false
	}
	return found[0], true
}

func dateOf(m []string, zone *time.Location) (time.Time, bool) {
	layout, text := "20060102150405", strings.Join(m[1:7], "")
	switch {
	case m[7] != "":
		zone = time.UTC
	case m[8] != "":
		layout, text = layout+"Z0700", text+strings.ReplaceAll(m[8], ":", "")
	}
	t, err := time.ParseInLocation(layout, text, zone)
	return t, err == nil
}
