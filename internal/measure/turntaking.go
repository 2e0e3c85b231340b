package measure

// TurnStart is how one turn of the agent's, or one interruption, went. Of the
// greeting there is none.
type TurnStart struct {
	LatencyMS *float64 // customer's end to agent's start; nil when nothing was answered
	Tool      bool     // a tool was called before the agent spoke
	// OverlapsMS are how long the agent spoke over the customer, each time that it
	// cut into the customer's turn.
	OverlapsMS []float64
	// YieldMS is how long the agent went on when the customer cut into its turn;
	// nil when nobody did.
	YieldMS *float64
}

// ResponseScore is how good a response latency is, 0 to 1, by the curve of EVA's
// turn-taking score: 0 up to an overlap of 500 ms, rising to 1 at 500 ms, 1 up to
// 2 s, falling to 0 at 3.5 s; with a tool call 3 s and 5 s.
func ResponseScore(ms float64, tool bool) float64 {
	good, bad := 2000.0, 3500.0
	if tool {
		good, bad = 3000, 5000
	}
	switch {
	case ms <= -500 || ms >= bad:
		return 0
	case ms < 500:
		return (ms + 500) / 1000
	case ms <= good:
		return 1
	}
	return (bad - ms) / (bad - good)
}

// TurnTaking is EVA's turn-taking score, 0 to 1: the mean over the agent's
// turns. One in which it interrupted the customer is worth half at most, by how
// long it spoke over them, how often, and how soon it then answered; one in which
// it was interrupted, as much as it yielded soon. nil without a turn.
func TurnTaking(turns []TurnStart) *float64 {
	var sum float64
	n := 0
	for i := range turns {
		if score := turns[i].score(); score != nil {
			sum, n = sum+*score, n+1
		}
	}
	if n == 0 {
		return nil
	}
	return new(sum / float64(n))
}

// score is that of one turn; nil when there is nothing to score.
func (t *TurnStart) score() *float64 {
	var parts []float64
	if t.LatencyMS != nil && (len(t.OverlapsMS) > 0 || t.YieldMS == nil) {
		parts = append(parts, ResponseScore(*t.LatencyMS, t.Tool))
	}
	if n := len(t.OverlapsMS); n > 0 {
		var longest float64
		for _, ms := range t.OverlapsMS {
			longest = max(longest, ms)
		}
		parts = append(parts, 0.5*unit(1-longest/2000), 0.5*unit(1-float64(n-1)/2))
	}
	if t.YieldMS != nil {
		parts = append(parts, unit(1-*t.YieldMS/2000))
	}
	if len(parts) == 0 {
		return nil
	}
	least := parts[0]
	for _, p := range parts {
		least = min(least, p)
	}
	return &least
}

func unit(v float64) float64 { return max(0, min(1, v)) }
