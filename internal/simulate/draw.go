package simulate

import "github.com/ringsidehq/ringside"

func (g *Generator) drawAgent(r *rng) *agent {
	n := r.IntN(g.weights)
	for i := range agents {
		if n -= agents[i].weight; n < 0 {
			return &agents[i]
		}
	}
	return &agents[0]
}

// drawCustomer draws who is on the line. There are fewer customers than calls:
// people call again.
func (c *Call) drawCustomer(r *rng, calls int) {
	n := r.IntN(max(40, calls/3))
	who := newRand(uint64(n), 77)
	c.first = pick(who, firstNames)
	c.customer = c.first + " " + pick(who, lastNames)
	c.number = "+155501" + digits(who, 5)
}

// drawScript draws how the conversation goes. Some that would have gone well
// do not while a bad version is out.
func (g *Generator) drawScript(r *rng, c *Call) *script {
	all := g.scripts[c.agent.key]
	draw := func(fit func(*script) bool) *script {
		total := 0
		for i := range all {
			if fit(&all[i]) {
				total += all[i].weight
			}
		}
		n := r.IntN(max(total, 1))
		for i := range all {
			if fit(&all[i]) {
				if n -= all[i].weight; n < 0 {
					return &all[i]
				}
			}
		}
		return &all[0]
	}
	if r.Float64() < c.version.worse {
		return draw(func(s *script) bool { return s.outcome == "fail" })
	}
	// What is written down as a failure is told more often than it happens.
	s := draw(func(*script) bool { return true })
	if s.outcome == "fail" && r.IntN(100) < 45 {
		s = draw(func(s *script) bool { return s.outcome == "success" })
	}
	return s
}

// drawLine draws which way the call went.
func (c *Call) drawLine(r *rng, s *script) {
	c.direction = ringside.Inbound
	if c.agent.outbound {
		c.direction = ringside.Outbound
	}
	if s.direction != "" {
		c.direction = ringside.Direction(s.direction)
	}
	if r.Float64() < c.agent.web {
		c.direction = ringside.Web
	}
	if c.direction == ringside.Outbound {
		c.campaign = c.agent.campaign
	}
}

// attach gives the call what a team would send along.
func (c *Call) attach(r *rng) {
	c.metadata = map[string]string{
		"plan":   pick(r, []string{"free", "starter", "pro", "pro", "enterprise"}),
		"region": pick(r, []string{"us-east", "us-east", "us-west", "us-central", "ca"}),
	}
	if c.campaign == "" {
		return
	}
	c.metadata["campaign_wave"] = pick(r, []string{"1", "2", "3"})
	if c.agent.provider == retell || c.agent.provider == external { // they have no other place for it
		c.metadata["campaign"] = c.campaign
	}
}
