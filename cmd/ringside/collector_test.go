package main

import "testing"

func TestTheHeapGrowsByABoundedAmount(t *testing.T) {
	t.Parallel()
	for live, want := range map[uint64]int{0: 300, 10 << 20: 300, 128 << 20: 200, 256 << 20: 100, 4 << 30: 100} {
		if got := growth(live); got != want {
			t.Errorf("%d MB live: %d %%, want %d", live>>20, got, want)
		}
	}
}
