package audiotest

// span is a stretch of frames, the last not included.
type span struct{ from, to int }

func (s span) long() int { return s.to - s.from }

// runs are the stretches in which something holds.
func runs(is []bool) (out []span) {
	for i := 0; i < len(is); i++ {
		if !is[i] {
			continue
		}
		from := i
		for i < len(is) && is[i] {
			i++
		}
		out = append(out, span{from, i})
	}
	return out
}

// bridge joins stretches with less than gap between them.
func bridge(in []span, gap int) (out []span) {
	for _, r := range in {
		if n := len(out); n > 0 && r.from-out[n-1].to < gap {
			out[n-1].to = max(out[n-1].to, r.to)
			continue
		}
		out = append(out, r)
	}
	return out
}

// Truth is everything about a call, as it was made. Times are in seconds.
type Truth struct {
	Seconds       float64
	Customer      [][2]float64 // inter-pausal units: pauses under 200 ms are bridged
	Agent         [][2]float64
	Latency       []Event // of each agent turn that answers one of the customer's; ms
	Interruptions []Event // ms: how long the other went on
	Backchannels  []Event
	Silences      [][2]float64 // 2 s and longer
	TalkRatio     float64      // the agent's share
	Words         map[string]int
	Beep          float64 // 0: none
	Turns         []Turn
}

// Event is something at a time, by somebody.
type Event struct {
	By string // agent or customer
	At float64
	MS float64
}

// Turn is what a transcript would say.
type Turn struct {
	By, Text   string
	Start, End float64
}

// finish works out what follows from who spoke when.
func (c *casting) finish() Truth {
	tr := c.truth
	tr.Seconds = seconds(c.at)
	talk := map[string]int{}
	speech := make([]bool, c.at)
	units := map[string][]span{}
	for who := range c.units {
		units[who] = bridge(sorted(c.units[who]), 20)
		for _, r := range units[who] {
			talk[who] += r.long()
			for i := r.from; i < min(r.to, c.at); i++ {
				speech[i] = true
			}
		}
	}
	if c.beep.long() > 0 {
		tr.Beep = seconds(c.beep.from)
		for i := c.beep.from; i < c.beep.to; i++ {
			speech[i] = true // nobody waits in silence
		}
	}
	for i := range speech {
		speech[i] = !speech[i]
	}
	for _, r := range runs(speech) {
		if r.long() >= 200 {
			tr.Silences = append(tr.Silences, [2]float64{seconds(r.from), seconds(r.to)})
		}
	}
	tr.Customer, tr.Agent = inSeconds(units["customer"]), inSeconds(units["agent"])
	if all := talk["agent"] + talk["customer"]; all > 0 {
		tr.TalkRatio = float64(talk["agent"]) / float64(all)
	}
	return tr
}

func seconds(frames int) float64 { return float64(frames) / 100 }

func inSeconds(in []span) (out [][2]float64) {
	for _, r := range in {
		out = append(out, [2]float64{seconds(r.from), seconds(r.to)})
	}
	return out
}
