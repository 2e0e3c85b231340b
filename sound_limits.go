package ringside

import (
	"math"
	"slices"
	"strings"
)

// SoundLimits say what a figure of a call's sound means: good within the first
// two, to be watched within the others, bad beyond. A side that is null has no
// bound. Without a bound for watch a figure is never worse than watch.
type SoundLimits struct {
	GoodFrom  *float64 `json:"good_from"`
	GoodTo    *float64 `json:"good_to"`
	WatchFrom *float64 `json:"watch_from"`
	WatchTo   *float64 `json:"watch_to"`
}

// SoundFigure is a figure that is judged, with the limits that hold where nobody
// set others.
type SoundFigure struct {
	Name        string // as in Acoustics; snr_db is both sides'
	Unit        string // ms, 1 (a share), count, 1/min, dB
	Least, Most float64
	Limits      SoundLimits
	Why         string // where the limits are from
}

// SoundFigures are the figures that are judged, in the order in which they are
// shown. This is the one table of limits.
var SoundFigures = []SoundFigure{
	// People begin about 150 ms before the other ends (hand-labelled conversations,
	// 2026); turn-taking scores give nothing to an agent that begins 500 ms early.
	{"response_p50_ms", "ms", -2000, 60_000, SoundLimits{new(-200.0), new(1500.0), new(-500.0), new(2500.0)}, "1.5 s is a median that vendors publish of production calls"},
	{"response_p95_ms", "ms", -2000, 60_000, SoundLimits{nil, new(3500.0), nil, new(5000.0)}, "as vendors publish of production calls"},
	{"talk_ratio", "1", 0, 1, SoundLimits{new(0.35), new(0.65), new(0.2), new(0.8)}, "there is no published norm"},
	{"interruptions_by_agent", "count", 0, 1000, SoundLimits{nil, new(1.0), nil, new(3.0)}, "there is no published norm for one call"},
	{"longest_silence_ms", "ms", 0, 600_000, SoundLimits{nil, new(3000.0), nil, new(6000.0)}, "published counts of dead air begin at 2 s, severe from 5 s"},
	{"overlap_ratio", "1", 0, 1, SoundLimits{GoodTo: new(0.08)}, "there is no published norm"},
	{"wpm_agent", "1/min", 20, 500, SoundLimits{GoodFrom: new(130.0), GoodTo: new(190.0)}, "the usual pace of speech"},
	// Under 12 dB the times of a report have low confidence.
	{"snr_db", "dB", 0, 60, SoundLimits{GoodFrom: new(20.0), WatchFrom: new(12.0)}, "under 12 dB times in a recording are not to be trusted"},
}

// LimitsOf are the limits of a figure for an agent's calls: its own, or those of
// the table. own tells which.
func (s *AgentSettings) LimitsOf(f *SoundFigure) (l SoundLimits, own bool) {
	if l, own = s.SoundLimits[f.Name]; own {
		return l, true
	}
	return f.Limits, false
}

// validateSoundLimits refuses limits by which no verdict could be given.
func validateSoundLimits(all map[string]SoundLimits) error {
	for name, l := range all {
		at := "/soundLimits/" + strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
		i := slices.IndexFunc(SoundFigures, func(f SoundFigure) bool { return f.Name == name })
		if i < 0 {
			return Invalidf(at, "%q is no figure that is judged", name)
		}
		if err := l.validate(at, &SoundFigures[i]); err != nil {
			return err
		}
	}
	return nil
}

func (l *SoundLimits) validate(at string, f *SoundFigure) error {
	if l.GoodFrom == nil && l.GoodTo == nil {
		return Invalidf(at, "needs where good begins or ends; leave the figure out to have the usual limits")
	}
	for _, v := range []struct {
		name  string
		value *float64
	}{{"good_from", l.GoodFrom}, {"good_to", l.GoodTo}, {"watch_from", l.WatchFrom}, {"watch_to", l.WatchTo}} {
		if v.value != nil && (math.IsNaN(*v.value) || *v.value < f.Least || *v.value > f.Most) {
			return Invalidf(at+"/"+v.name, "%g is not between %g and %g", *v.value, f.Least, f.Most)
		}
	}
	if l.GoodFrom != nil && l.GoodTo != nil && *l.GoodFrom > *l.GoodTo {
		return Invalidf(at+"/good_to", "must not be below where good begins")
	}
	// A figure that is good is to be watched no less.
	if l.WatchFrom != nil && (l.GoodFrom == nil || *l.WatchFrom > *l.GoodFrom) {
		return Invalidf(at+"/watch_from", "must not be above where good begins")
	}
	if l.WatchTo != nil && (l.GoodTo == nil || *l.WatchTo < *l.GoodTo) {
		return Invalidf(at+"/watch_to", "must not be below where good ends")
	}
	return nil
}
