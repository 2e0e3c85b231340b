package measure_test

import (
	"reflect"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/measure"
)

// What was heard stands beside the claim of the same turn, and beside no other.
func TestClaimsAreOfTheSameTurn(t *testing.T) {
	t.Parallel()
	claim := func(role ringside.Role, at int64, ms float64) ringside.Turn {
		return ringside.Turn{Role: role, StartMS: &at, Latency: &ringside.Latency{Source: ringside.Claimed, TotalMS: &ms}}
	}
	untimed := claim(ringside.RoleAgent, 0, 800)
	untimed.StartMS = nil
	for name, c := range map[string]struct {
		heard []measure.Wait
		turns []ringside.Turn
		want  [][2]float64
	}{
		"nothing":                   {},
		"a little apart":            {[]measure.Wait{{10_000, 1400}}, []ringside.Turn{claim(ringside.RoleAgent, 9300, 900)}, [][2]float64{{1400, 900}}},
		"the nearer of two":         {[]measure.Wait{{10_000, 1400}}, []ringside.Turn{claim(ringside.RoleAgent, 8900, 700), claim(ringside.RoleAgent, 10_400, 900)}, [][2]float64{{1400, 900}}},
		"each once":                 {[]measure.Wait{{10_000, 1400}, {10_500, 300}}, []ringside.Turn{claim(ringside.RoleAgent, 10_100, 900)}, [][2]float64{{1400, 900}}},
		"too far apart":             {[]measure.Wait{{10_000, 1400}}, []ringside.Turn{claim(ringside.RoleAgent, 11_600, 900)}, nil},
		"without a time":            {[]measure.Wait{{10_000, 1400}}, []ringside.Turn{untimed}, nil},
		"of the customer's turn":    {[]measure.Wait{{10_000, 1400}}, []ringside.Turn{claim(ringside.RoleUser, 9900, 20)}, nil},
		"beside the customer's own": {[]measure.Wait{{10_000, 1400}}, []ringside.Turn{claim(ringside.RoleUser, 10_000, 20), claim(ringside.RoleAgent, 9500, 900)}, [][2]float64{{1400, 900}}},
	} {
		if got := measure.Claims(c.heard, c.turns); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
