package ringside_test

import (
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
)

func TestHours(t *testing.T) {
	desk := ringside.Hours{Timezone: "America/New_York", Windows: []ringside.OpenBetween{
		{Days: []string{"mon", "tue"}, From: "09:00", To: "17:00"}, {Days: []string{"fri"}, From: "20:00", To: "24:00"},
	}}
	for at, want := range map[string]struct {
		open bool
		next string
	}{
		"2026-11-23T13:59:00Z": {false, "Mon 09:00"}, // Monday 08:59 there
		"2026-11-23T14:00:00Z": {true, "Tue 09:00"},
		"2026-11-23T22:00:00Z": {false, "Tue 09:00"}, // 17:00 there
		"2026-11-28T04:59:00Z": {true, "Mon 09:00"},  // Friday 23:59 there
		"2026-11-28T05:00:00Z": {false, "Mon 09:00"},
	} {
		when, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if open, next := desk.Open(when), desk.Next(when); open != want.open || next != want.next {
			t.Errorf("%s: open %t, next %q, want %+v", at, open, next, want)
		}
	}
	if always := (ringside.Hours{}); !always.Open(time.Now()) {
		t.Error("no hours are always")
	}
}
