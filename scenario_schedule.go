package ringside

import "time"

// ScenarioSchedule is when a scenario is played by itself.
type ScenarioSchedule struct {
	Kind       ScheduleKind `json:"kind" enum:"off,hours,daily" doc:"off: only by hand. hours: every so many hours. daily: at a time of day"`
	EveryHours int          `json:"every_hours,omitempty" doc:"hours: 1 to 168"`
	At         string       `json:"at,omitempty" doc:"daily: the time of day, 07:30"`
	Timezone   string       `json:"timezone,omitempty" doc:"daily: IANA name, Europe/Berlin; UTC when it is left out"`
}

// ScheduleKind is how a schedule is given.
type ScheduleKind string

// The kinds of schedule.
const (
	ScheduleOff   ScheduleKind = "off"
	ScheduleHours ScheduleKind = "hours"
	ScheduleDaily ScheduleKind = "daily"
)

const maxEveryHours = 168

// clockFormat is how a time of day is written.
const clockFormat = "15:04"

func (s *ScenarioSchedule) validate() error {
	switch s.Kind {
	case ScheduleOff:
	case ScheduleHours:
		if s.EveryHours < 1 || s.EveryHours > maxEveryHours {
			return Invalidf("/schedule/every_hours", "is a number of hours from 1 to %d", maxEveryHours)
		}
	case ScheduleDaily:
		if _, err := time.Parse(clockFormat, s.At); err != nil {
			return Invalidf("/schedule/at", "%q is not a time of day; it looks like 07:30", s.At)
		}
		if _, err := time.LoadLocation(s.Timezone); err != nil || s.Timezone == "Local" {
			return Invalidf("/schedule/timezone", "%q is not a time zone; it looks like Europe/Berlin", s.Timezone)
		}
	default:
		return Invalidf("/schedule/kind", "%q is not off, hours or daily", s.Kind)
	}
	return nil
}

// Next is the first moment of the schedule after now; zero when it has none.
// last is when it was due before, or began: hours are counted from it. What was
// due in between is passed over.
func (s *ScenarioSchedule) Next(last, now time.Time) time.Time {
	switch s.Kind {
	case ScheduleHours:
		if s.EveryHours < 1 {
			return time.Time{}
		}
		passed := int(max(0, now.Sub(last)).Hours()) / s.EveryHours
		return last.Add(time.Duration((passed+1)*s.EveryHours) * time.Hour).UTC()
	case ScheduleDaily:
		return s.nextDay(now)
	}
	return time.Time{}
}

// nextDay is the next time that the clock on the wall shows the hour. An hour
// that the clock passes twice counts once, the first time; one that it leaps
// over is when it would have been by the time before the leap.
func (s *ScenarioSchedule) nextDay(now time.Time) time.Time {
	zone, err := time.LoadLocation(s.Timezone)
	at, wrong := time.Parse(clockFormat, s.At)
	if err != nil || wrong != nil {
		return time.Time{}
	}
	today := now.In(zone)
	for day := range 3 {
		y, m, d := today.AddDate(0, 0, day).Date()
		if t := onWall(time.Date(y, m, d, at.Hour(), at.Minute(), 0, 0, time.UTC), zone); t.After(now) {
			return t
		}
	}
	return time.Time{}
}

// onWall is the first moment at which a clock in a zone shows what wall shows in
// UTC.
func onWall(wall time.Time, zone *time.Location) time.Time {
	offset := func(t time.Time) time.Duration {
		_, s := t.In(zone).Zone()
		return time.Duration(s) * time.Second
	}
	before, after := wall.Add(-offset(wall.Add(-24*time.Hour))), wall.Add(-offset(wall.Add(24*time.Hour)))
	shows := func(t time.Time) bool { return t.Add(offset(t)).Equal(wall) }
	switch {
	case shows(before) && (!shows(after) || before.Before(after)):
		return before
	case shows(after):
		return after
	}
	return before
}
