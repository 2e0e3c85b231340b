package audio

// longSilence is how many frames of silence are one that people notice.
const longSilence = 200

// silences are the stretches of 2 s and longer in which nobody speaks, from the
// start of the file to its end, and whose they are: that side's which the other
// waits for. A tone is no silence.
func (s *sides) silences(frames int, tones []run) (out []Span, whose []string) {
	out, whose = []Span{}, []string{}
	for _, r := range quietRuns(frames, s.units[customer], s.units[agent], tones) {
		if r.long() < longSilence {
			continue
		}
		out = append(out, r.span())
		whose = append(whose, sideNames[s.next(r.from)])
	}
	return out, whose
}

// quietRuns are where none of the stretches is.
func quietRuns(frames int, sounds ...[]run) []run {
	quiet := make([]bool, frames)
	for i := range quiet {
		quiet[i] = true
	}
	for _, runs := range sounds {
		for _, r := range runs {
			for i := max(0, r.from); i < min(frames, r.to); i++ {
				quiet[i] = false
			}
		}
	}
	return runs(quiet)
}

// next is whose turn it is after a frame: not of whom spoke last. It is the
// agent that is to speak first.
func (s *sides) next(at int) int {
	said, asked := s.before(customer, at), s.before(agent, at)
	if asked == nil || said != nil && said.to > asked.to {
		return agent
	}
	return customer
}

// overlap is how long both speak at once, in frames.
func (s *sides) overlap() (sum int) {
	k := 0
	for _, a := range s.units[agent] {
		for k < len(s.units[customer]) && s.units[customer][k].to <= a.from {
			k++
		}
		for _, c := range s.units[customer][k:] {
			if c.from >= a.to {
				break
			}
			sum += min(a.to, c.to) - max(a.from, c.from)
		}
	}
	return sum
}
