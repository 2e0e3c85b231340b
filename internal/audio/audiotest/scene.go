package audiotest

import "math"

// converse makes a conversation: the agent greets, then both take turns until
// the time is up.
func (c *casting) converse(until int) {
	end := c.turn("agent", c.between(0.4, 1.4), c.compose("agent", greeting))
	for {
		end = c.customerSpeaks(end)
		if end >= until-800 {
			return
		}
		end = c.agentSpeaks(end)
		if end >= until-800 {
			return
		}
	}
}

// some are one to n lines.
func (c *casting) some(n int, from []string) (lines []string) {
	for range 1 + c.rng.IntN(n) {
		lines = append(lines, c.line(from))
	}
	return lines
}

// customerSpeaks makes the customer's next turn, which the agent may cut into.
func (c *casting) customerSpeaks(after int) int {
	at := after + c.between(0.2, 0.9)
	switch {
	case c.chance(0.08):
		at = after - c.between(0.12, 0.25) // a little before the agent has ended
	case c.chance(0.07):
		at = after + c.between(2.3, 5) // who has to think
	}
	u := c.compose("customer", c.some(2, customerLines)...)
	if u.frames() > 350 && c.chance(0.16) {
		return c.agentCutsIn(at, u)
	}
	c.heard = c.turn("customer", at, u)
	c.waited = true
	return c.heard
}

// agentCutsIn has the agent believe that the customer has ended.
func (c *casting) agentCutsIn(at int, u utterance) int {
	cut := u.frames() - c.between(0.8, 1.9)
	if !within(u, cut, 30) {
		c.heard = c.turn("customer", at, u)
		c.waited = true
		return c.heard
	}
	u = u.yield(cut + c.between(0.35, 0.75))
	end := c.turn("customer", at, u)
	c.truth.Interruptions = append(c.truth.Interruptions,
		Event{By: "agent", At: seconds(at + cut), MS: 10 * float64(end-at-cut)})
	c.waited = false
	return c.turn("agent", at+cut, c.compose("agent", c.line(agentCuts)))
}

// latency is how long an agent takes: about 1.3 s, and now and then far too long.
func (c *casting) latency() int {
	if c.chance(0.07) {
		return c.between(4, 7.5)
	}
	return max(20, int(130*math.Exp(0.35*c.rng.NormFloat64())))
}

// agentSpeaks makes the agent's next turn. The customer may cut in, or say that
// they listen.
func (c *casting) agentSpeaks(after int) int {
	at := after
	if c.waited {
		at += c.latency()
	} else {
		at += c.between(0.9, 1.6) // it had the floor, and goes on
	}
	c.answered(at)
	u := c.compose("agent", c.some(3, agentLines)...)
	if u.frames() < 400 {
		return c.turn("agent", at, u)
	}
	switch x := c.rng.Float64(); {
	case x < 0.26:
		return c.customerCutsIn(at, u)
	case x < 0.46:
		c.listen(at, u)
	}
	return c.turn("agent", at, u)
}

// within tells whether a frame lies inside one unit, with so much of it on both
// sides.
func within(u utterance, at, margin int) bool {
	for _, r := range u.units {
		if r.from+margin <= at && at+margin <= r.to {
			return true
		}
	}
	return false
}

// customerCutsIn has the customer interrupt the agent, which mostly falls
// silent soon.
func (c *casting) customerCutsIn(at int, u utterance) int {
	cut := c.between(1, float64(u.frames())/100-1)
	if !within(u, cut, 35) {
		return c.turn("agent", at, u)
	}
	said := c.compose("customer", c.line(customerCuts))
	stubborn := c.chance(0.15) && within(u, cut, 240)
	if !stubborn {
		u = u.yield(cut + c.between(0.35, 1.4))
	}
	end := c.turn("agent", at, u)
	spoken := c.turn("customer", at+cut, said)
	c.truth.Interruptions = append(c.truth.Interruptions,
		Event{By: "customer", At: seconds(at + cut), MS: 10 * float64(end-at-cut)})
	if stubborn {
		return max(end, spoken)
	}
	c.heard, c.waited = spoken, true
	return c.agentSpeaks(max(spoken, end))
}

// listen has the customer say a word while the agent speaks.
func (c *casting) listen(at int, u utterance) {
	said := c.compose("customer", c.line(backchannels))
	n := said.frames()
	from := c.between(1, float64(u.frames())/100-1.5)
	if !within(u, from, 30) || !within(u, from+n, 40) {
		return
	}
	for i := range said.sound {
		said.sound[i] *= 0.7
	}
	c.put("customer", at+from, said)
	c.truth.Words["customer"] += 1
	c.truth.Backchannels = append(c.truth.Backchannels, Event{By: "customer", At: seconds(at + from)})
}

// leaveMessage makes a call that a machine answers: its greeting, a beep of
// 1 kHz or so, and the agent's message.
func (c *casting) leaveMessage() {
	end := c.turn("customer", c.between(0.5, 1.5), c.compose("customer", machine))
	from := end + c.between(0.3, 0.8)
	hz := 800 + 600*c.rng.Float64()
	long := c.between(0.35, 0.8)
	tone := make([]float32, long*frame)
	for i := range tone {
		edge := min(1, float64(min(i, len(tone)-i))/80)
		tone[i] = float32(0.1 * edge * math.Sin(2*math.Pi*hz*float64(i)/rate))
	}
	c.put("customer", from, utterance{sound: tone})
	c.beep = span{from, from + long}
	c.turn("agent", c.beep.to+c.between(0.5, 1.6), c.compose("agent", message...))
}

// drop decides where holes of 40 to 200 ms are cut into the customer's speech:
// where it is loud on both sides.
func (c *casting) drop() {
	sound := c.sound["customer"]
	for _, r := range sorted(c.units["customer"]) {
		if r.long() < 120 {
			continue
		}
		for range 8 {
			from, n := r.from+c.between(0.3, 0.7), c.between(0.04, 0.2)
			if loud(sound, from-2) && loud(sound, from-1) && loud(sound, from+n) && loud(sound, from+n+1) {
				c.cuts = append(c.cuts, Cut{seconds(from), seconds(from + n)})
				break
			}
		}
	}
}

// loud tells whether a frame is near the active level.
func loud(sound []float32, at int) bool {
	var sum float64
	for _, v := range sound[at*frame : (at+1)*frame] {
		sum += float64(v * v)
	}
	return 10*math.Log10(sum/frame+1e-12) > activeLevel-8
}
