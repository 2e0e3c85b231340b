package ringside

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// AlertThrottling keeps a rule from telling too often.
type AlertThrottling struct {
	Enabled          bool `json:"enabled"`
	CooldownMinutes  int  `json:"cooldownMinutes,omitempty" minimum:"0" maximum:"10080" doc:"How long after a message no other alert of the rule is told"`
	MaxAlertsPerHour int  `json:"maxAlertsPerHour,omitempty" minimum:"0" maximum:"10000" doc:"0: no limit"`
}

// AlertGrouping has a rule tell several alerts in one message: the first at once,
// those that follow within the window together, at its end.
type AlertGrouping struct {
	Enabled      bool   `json:"enabled"`
	TimeWindow   string `json:"timeWindow,omitempty" doc:"30s, 5m; 5m when left out"`
	Format       string `json:"notificationFormat,omitempty" maxLength:"100" doc:"Kept as it is; messages have one form"`
	MaxGroupSize int    `json:"maxGroupSize,omitempty" minimum:"0" maximum:"100" doc:"So many are told without waiting for the window's end; 0: no limit"`
}

// Window is how long alerts are gathered.
func (g *AlertGrouping) Window() time.Duration {
	if g.TimeWindow == "" {
		return 5 * time.Minute
	}
	d, err := time.ParseDuration(g.TimeWindow)
	if err != nil || d < time.Second || d > 24*time.Hour {
		return 0
	}
	return d
}

// AlertSilence is when a rule tells nobody. Its alerts are shown all the same.
type AlertSilence struct {
	Enabled  bool            `json:"enabled"`
	Timezone string          `json:"timezone,omitempty" doc:"Of the times, such as Europe/Berlin; UTC when left out"`
	Windows  []SilenceWindow `json:"windows,omitempty"`
}

// SilenceWindow is a part of the week.
type SilenceWindow struct {
	Days      []string `json:"days,omitempty" doc:"monday to sunday; every day when empty"`
	StartTime string   `json:"startTime" doc:"22:00"`
	EndTime   string   `json:"endTime" doc:"06:00; one that is not after the start is on the next day"`
}

// on tells whether a window begins on a day of the week.
func (w *SilenceWindow) on(d time.Weekday) bool {
	return len(w.Days) == 0 || slices.ContainsFunc(w.Days, func(s string) bool { return isDay(s, d) })
}

// isDay tells whether a day is meant: monday, or mon.
func isDay(s string, d time.Weekday) bool {
	return strings.EqualFold(s, d.String()) || strings.EqualFold(s, weekdays[d])
}

// has tells whether a time is in the window.
func (w *SilenceWindow) has(t time.Time) bool {
	from, _ := minutes(w.StartTime)
	to, _ := minutes(w.EndTime)
	now := t.Hour()*60 + t.Minute()
	if from < to {
		return w.on(t.Weekday()) && now >= from && now < to
	}
	yesterday := (t.Weekday() + 6) % 7
	return w.on(t.Weekday()) && now >= from || w.on(yesterday) && now < to
}

// Silent tells whether nobody is told at a time.
func (s *AlertSilence) Silent(at time.Time) bool {
	if !s.Enabled {
		return false
	}
	zone, err := time.LoadLocation(s.Timezone)
	if err != nil {
		zone = time.UTC
	}
	at = at.In(zone)
	return slices.ContainsFunc(s.Windows, func(w SilenceWindow) bool { return w.has(at) })
}

// maxSilences bounds the windows of a rule.
const maxSilences = 100

func (r *AlertRule) validateTelling() error {
	if r.Grouping.Enabled && r.Grouping.Window() == 0 {
		return Invalidf("/grouping/timeWindow", "%q is not a time from 1s to 24h", r.Grouping.TimeWindow)
	}
	s := &r.SilenceSchedule
	if _, err := time.LoadLocation(s.Timezone); err != nil {
		return Invalidf("/silenceSchedule/timezone", "%q is not a time zone such as Europe/Berlin", s.Timezone)
	}
	if len(s.Windows) > maxSilences {
		return Invalidf("/silenceSchedule/windows", "holds more than %d", maxSilences)
	}
	for i := range s.Windows {
		w, at := &s.Windows[i], "/silenceSchedule/windows/"+strconv.Itoa(i)
		for j, d := range w.Days {
			if !slices.ContainsFunc([]time.Weekday{0, 1, 2, 3, 4, 5, 6}, func(w time.Weekday) bool { return isDay(d, w) }) {
				return Invalidf(at+"/days/"+strconv.Itoa(j), "%q is not a day such as monday", d)
			}
		}
		if _, ok := minutes(w.StartTime); !ok {
			return Invalidf(at+"/startTime", "%q is not a time such as 22:00", w.StartTime)
		}
		if _, ok := minutes(w.EndTime); !ok {
			return Invalidf(at+"/endTime", "%q is not a time such as 06:00", w.EndTime)
		}
	}
	return nil
}
