package audio

import "slices"

// A turn's own pauses are shorter than this, in frames.
const ownPause = 60

// sides are what both speakers say, in units and in turns, and how one cuts
// into the other.
type sides struct {
	units [2][]run // by side
	turns [2][]turn
}

// The two sides.
const (
	customer = iota
	agent
)

var sideNames = [2]string{"customer", "agent"}

// turn is what one side says before it pauses for longer than one who goes on.
type turn struct {
	run
	kind kind
	rest int // frames that the other side went on
}

// kind is how a turn begins.
type kind int

const (
	plain       kind = iota
	backchannel      // a word that leaves the other the floor
	terminal         // a little before the other's end
	interrupts
)

// Limits between the kinds, in frames.
const (
	begun       = 10 // the other speaks for longer than this before
	shortAnswer = 100
	goesOn      = 20
	nearEnd     = 30
)

// newSides makes turns of both sides' units and says of each how it begins, in
// order of time. listening tells whether a stretch can be a word of listening by
// what the transcript says.
func newSides(units [2][]run, listening func(side int, r run) bool) *sides {
	s := &sides{units: units}
	for side := range units {
		s.turns[side] = join(units[side], units[1-side])
	}
	for at := [2]int{}; at[0] < len(s.turns[0]) || at[1] < len(s.turns[1]); {
		side := 0
		if at[0] == len(s.turns[0]) || at[1] < len(s.turns[1]) && s.turns[1][at[1]].from < s.turns[0][at[0]].from {
			side = 1
		}
		t := &s.turns[side][at[side]]
		t.kind, t.rest = s.begins(side, t.run, listening)
		at[side]++
	}
	return s
}

// join makes turns of one side's units. A pause in which the other side says
// something ends a turn, however short.
func join(units, other []run) (out []turn) {
	k := 0
	for _, u := range units {
		n := len(out)
		if n == 0 || u.from-out[n-1].to >= ownPause {
			out = append(out, turn{run: u})
			continue
		}
		for k < len(other) && other[k].from < out[n-1].to {
			k++
		}
		if k < len(other) && other[k].to <= u.from {
			out = append(out, turn{run: u})
			continue
		}
		out[n-1].to = u.to
	}
	return out
}

// begins tells how a turn begins, and how long the other side then goes on.
func (s *sides) begins(side int, r run, listening func(side int, r run) bool) (kind, int) {
	for i := range s.turns[1-side] {
		o := &s.turns[1-side][i]
		if o.from >= r.from-begun {
			break
		}
		rest := o.to - r.from
		switch {
		case rest <= 0 || o.kind == backchannel:
			continue
		case r.long() < shortAnswer && o.to > r.to+goesOn && listening(side, r):
			return backchannel, rest
		case rest < nearEnd:
			return terminal, rest
		}
		return interrupts, rest
	}
	return plain, 0
}

// before is the other side's last turn that is more than a word of listening and
// begins before a frame.
func (s *sides) before(side, at int) *turn {
	var last *turn
	for i := range s.turns[side] {
		t := &s.turns[side][i]
		if t.from >= at {
			break
		}
		if t.kind != backchannel {
			last = t
		}
	}
	return last
}

// merge brings two lists into one, in order of their starts.
func merge(a, b []run) []run {
	out := slices.Concat(a, b)
	slices.SortFunc(out, func(a, b run) int { return a.from - b.from })
	return out
}
