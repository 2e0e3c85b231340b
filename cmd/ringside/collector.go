package main

import (
	"context"
	"math"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// gcPercent is how much the heap grows between two collections. What is live
	// is small and each delivery leaves much behind: at the runtime's 100 a sixth
	// of the CPU of taking a call in goes into collecting.
	gcPercent = 300
	// maxGrowth bounds that in bytes, as far as the heap would not double: with
	// thousands of calls in progress much is live, and three times as much again
	// is memory that others could use.
	maxGrowth = 256 << 20
	// tuneEvery is how often that is looked at.
	tuneEvery = 2 * time.Second
)

// growth is the percentage for a heap of which so many bytes are live.
func growth(live uint64) int {
	if live == 0 {
		return gcPercent
	}
	return int(math.Max(100, math.Min(gcPercent, 100*float64(maxGrowth)/float64(live))))
}

// tuneCollector has the collector run less often than the runtime would, until
// ctx ends. A GOGC that somebody has set holds.
func tuneCollector(ctx context.Context) {
	if was := debug.SetGCPercent(gcPercent); was != 100 {
		debug.SetGCPercent(was)
		return
	}
	go func() {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		tick := time.NewTicker(tuneEvery)
		defer tick.Stop()
		for set := gcPercent; ; {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			metrics.Read(live)
			if want := growth(live[0].Value.Uint64()); max(want-set, set-want) > set/10 { // each change stops the world
				set = want
				debug.SetGCPercent(set)
			}
		}
	}()
}
