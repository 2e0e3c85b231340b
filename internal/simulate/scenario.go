package simulate

import (
	"fmt"
	"strings"
)

// scenario is a conversation that a simulated call can hold.
type scenario struct {
	name   string // agent/conversation
	agent  *agent
	script *script
}

// scenarios gives those that a name means: agent/conversation, one of both, or
// all by an empty one.
func (g *Generator) scenarios(name string) ([]scenario, error) {
	var out []scenario
	for i := range agents {
		a := &agents[i]
		all := g.scripts[a.key]
		for j := range all {
			full := a.key + "/" + all[j].name
			if name == "" || name == full || name == a.key || name == all[j].name {
				out = append(out, scenario{full, a, &all[j]})
			}
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no scenario is named %q; there are those of %s, and each conversation of theirs", name, strings.Join(agentKeys(), ", "))
	}
	return out, nil
}

func agentKeys() (out []string) {
	for i := range agents {
		out = append(out, agents[i].key)
	}
	return out
}

// scenarioAgent holds the conversations of a file.
var scenarioAgent = agent{
	key: "scenario", provider: custom, sourceID: "scenario", name: "Scenario", company: "Example", number: "+15550199000",
	amounts: [2]int{60, 400}, latency: parts{380, 110, 500, 240, 80}, versions: []version{{label: "1", since: always}},
}

// parseScenarios reads a file of conversations, written as those in scripts/
// are.
func parseScenarios(text []byte) ([]scenario, error) {
	all, err := parseScripts("scenario", text)
	if err != nil {
		return nil, err
	}
	var out []scenario
	for i := range all {
		if !all[i].spoken() {
			return nil, fmt.Errorf("scenario %s: neither side says anything in it", all[i].name)
		}
		out = append(out, scenario{all[i].name, &scenarioAgent, &all[i]})
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("the file holds no scenario: a line # name weight outcome begins one")
	}
	return out, nil
}

func (s *script) spoken() bool {
	for i := range s.lines {
		if s.lines[i].kind != 'T' {
			return true
		}
	}
	return false
}

// drawScenario draws one by its weight. A normal call holds one that goes well
// where there is any.
func drawScenario(r *rng, all []scenario, v Variant) *scenario {
	fits := func(s *scenario) bool { return v != Normal || s.script.outcome != "fail" }
	total := 0
	for i := range all {
		if fits(&all[i]) {
			total += max(all[i].script.weight, 1)
		}
	}
	if total == 0 {
		return &all[r.IntN(len(all))]
	}
	n := r.IntN(total)
	for i := range all {
		if !fits(&all[i]) {
			continue
		}
		if n -= max(all[i].script.weight, 1); n < 0 {
			return &all[i]
		}
	}
	return &all[0]
}
