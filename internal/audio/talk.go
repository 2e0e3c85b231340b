package audio

// talk is how long a side speaks, in frames, pauses left out.
func talk(units []run) (sum int) {
	for _, r := range units {
		sum += r.long()
	}
	return sum
}

// talkRatio is the agent's share of all speech; nil without any.
func (s *sides) talkRatio() *float64 {
	a, c := talk(s.units[agent]), talk(s.units[customer])
	if a+c == 0 {
		return nil
	}
	return new(round(float64(a)/float64(a+c), 4))
}
