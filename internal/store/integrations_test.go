package store

import (
	"testing"
	"time"
)

// A year of usage has twelve months in it, also on the 31st.
func TestMonthsBefore(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]string{"2027-01-31": "2026-02", "2026-11-27": "2025-12", "2026-12-31": "2026-01", "2027-03-01": "2026-04"} {
		day, err := time.Parse(time.DateOnly, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := monthsBefore(day.Add(23*time.Hour), 11); got != want {
			t.Errorf("eleven months before %s is %s, want %s", at, got, want)
		}
	}
}
