package measure_test

import (
	"math"
	"testing"

	"github.com/ringsidehq/ringside/internal/measure"
)

func TestResponseScore(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		ms   float64
		tool bool
		want float64
	}{
		{-800, false, 0},
		{-500, false, 0},
		{0, false, 0.5},
		{500, false, 1},
		{2000, false, 1},
		{2750, false, 0.5},
		{3500, false, 0},
		{9000, false, 0},
		{2750, true, 1},
		{4000, true, 0.5},
		{5000, true, 0},
	} {
		if got := measure.ResponseScore(c.ms, c.tool); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%v ms, tool %v: %v, want %v", c.ms, c.tool, got, c.want)
		}
	}
}

func TestTurnTaking(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		turns []measure.TurnStart
		want  *float64
	}{
		"nothing":                    {nil, nil},
		"a turn without anything":    {[]measure.TurnStart{{}}, nil},
		"two answers":                {[]measure.TurnStart{{LatencyMS: new(1000.0)}, {LatencyMS: new(2750.0)}}, new(0.75)},
		"it cut in once":             {[]measure.TurnStart{{OverlapsMS: []float64{400}}}, new(0.4)},
		"it cut in twice":            {[]measure.TurnStart{{OverlapsMS: []float64{100, 100}}}, new(0.25)},
		"it cut in and was slow":     {[]measure.TurnStart{{OverlapsMS: []float64{0}, LatencyMS: new(3350.0)}}, new(0.1)},
		"it yielded":                 {[]measure.TurnStart{{YieldMS: new(500.0), LatencyMS: new(9000.0)}}, new(0.75)},
		"it did not yield":           {[]measure.TurnStart{{YieldMS: new(2500.0)}}, new(0.0)},
		"both, the worse of the two": {[]measure.TurnStart{{YieldMS: new(1800.0), OverlapsMS: []float64{0}}}, new(0.1)},
	} {
		got := measure.TurnTaking(c.turns)
		if (got == nil) != (c.want == nil) || got != nil && math.Abs(*got-*c.want) > 1e-9 {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
