package ringside_test

import (
	"errors"
	"testing"

	"github.com/ringsidehq/ringside"
)

func TestTheUsualSoundLimitsAreValid(t *testing.T) {
	t.Parallel()
	s := ringside.AgentSettings{SoundLimits: map[string]ringside.SoundLimits{}}
	for i := range ringside.SoundFigures {
		f := &ringside.SoundFigures[i]
		if _, own := s.LimitsOf(f); own {
			t.Errorf("%s is the agent's own before it was set", f.Name)
		}
		s.SoundLimits[f.Name] = f.Limits
	}
	if err := s.Validate(); err != nil {
		t.Error(err)
	}
}

func TestSoundLimitsThatGiveNoVerdictAreRefused(t *testing.T) {
	t.Parallel()
	for field, l := range map[string]ringside.SoundLimits{
		"/soundLimits/loudness":                   {GoodTo: new(1.0)},
		"/soundLimits/talk_ratio":                 {},
		"/soundLimits/talk_ratio/good_to":         {GoodFrom: new(0.5), GoodTo: new(0.4)},
		"/soundLimits/wpm_agent/good_from":        {GoodFrom: new(5.0)},
		"/soundLimits/response_p50_ms/watch_to":   {GoodTo: new(1500.0), WatchTo: new(1000.0)},
		"/soundLimits/response_p95_ms/watch_from": {GoodTo: new(1500.0), WatchFrom: new(100.0)},
	} {
		name := field[len("/soundLimits/"):]
		for i := range name {
			if name[i] == '/' {
				name = name[:i]
				break
			}
		}
		s := ringside.AgentSettings{SoundLimits: map[string]ringside.SoundLimits{name: l}}
		if e, ok := errors.AsType[*ringside.Error](s.Validate()); !ok || e.Field != field {
			t.Errorf("%s: %v", field, e)
		}
	}
}
