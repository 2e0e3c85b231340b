package text

import (
	"fmt"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/measure"
)

// parts are what the quality score is made of and how much each counts. The
// weights are the deterministic default of the project's design: timing and
// resolution first, what only an estimate tells less. A part that can't be
// measured drops out and lowers the coverage.
var parts = []struct {
	name   string
	weight float64
	score  func(*look) (score *float64, reason string)
	method ringside.Method
}{
	{"turn_taking", 0.25, (*look).turnTaking, ringside.MethodLocal},
	{"resolution", 0.25, (*look).resolutionPart, ringside.MethodLocal},
	{"frustration", 0.15, (*look).frustrationPart, ringside.MethodLocal},
	{"loops", 0.15, (*look).loopsPart, ringside.MethodLocal},
	{"compliance", 0.10, (*look).compliancePart, ringside.MethodLocal},
	{"dead_air", 0.05, (*look).deadAirPart, ringside.MethodLocal},
	{"audio", 0.05, (*look).audioPart, ringside.MethodLocal},
}

// quality is the weighted mean of what could be measured.
func (k *look) quality() *ringside.Quality {
	q := &ringside.Quality{Parts: make([]ringside.QualityPart, len(parts)), Method: ringside.MethodLocal}
	var sum float64
	for i := range parts {
		p := ringside.QualityPart{Name: parts[i].name, Weight: parts[i].weight, Method: parts[i].method}
		if k.talked {
			p.Score, p.Reason = parts[i].score(k)
		} else {
			p.Reason = k.without()
		}
		if p.Score != nil {
			p.Score = new(round(max(0, min(100, *p.Score)), 1))
			sum += p.Weight * *p.Score
			q.Coverage += p.Weight
		}
		q.Parts[i] = p
	}
	if q.Coverage > 0 {
		q.Score = new(round(sum/q.Coverage, 1))
	}
	q.Coverage = round(q.Coverage, 2)
	return q
}

// turnTaking is the mean over the agent's responses: as heard in the recording,
// else by the turns' times, else by the vendor's own word for each turn, else by
// its median.
func (k *look) turnTaking() (*float64, string) {
	if a := k.call.Analysis.Audio; a != nil && a.TurnTaking != nil && a.Confidence != "low" {
		return new(100 * *a.TurnTaking), fmt.Sprintf("How the agent took its turns, as heard in the recording, over %s.", responses(a.Responses))
	}
	var byTimes, byClaim []float64
	for i := 1; i < len(k.turns); i++ {
		prev, s := &k.turns[i-1], &k.turns[i]
		if prev.Role != ringside.RoleUser || s.Role != ringside.RoleAgent {
			continue
		}
		tool := k.toolBetween(prev.Index)
		if prev.EndMS != nil && s.StartMS != nil {
			byTimes = append(byTimes, measure.ResponseScore(float64(*s.StartMS-*prev.EndMS), tool))
		}
		if l := k.call.Turns[s.Index].Latency; l != nil && l.TotalMS != nil {
			byClaim = append(byClaim, measure.ResponseScore(*l.TotalMS, tool))
		}
	}
	switch {
	case len(byTimes) > 0 && len(byTimes) >= len(byClaim):
		return mean(byTimes), fmt.Sprintf("How soon the agent answered, by the transcript's times, over %s.", responses(len(byTimes)))
	case len(byClaim) > 0:
		return mean(byClaim), fmt.Sprintf("How soon the agent answered, by the vendor's own figures, over %s.", responses(len(byClaim)))
	}
	if ms := k.call.ClaimedResponseMS(); ms != nil {
		return new(100 * measure.ResponseScore(*ms, false)), fmt.Sprintf("By the vendor's median response time of %.0f ms; it gives none for each turn.", *ms)
	}
	return nil, "The transcript has no times from which a response could be told, and the vendor claims none."
}

func responses(n int) string {
	if n == 1 {
		return "1 response"
	}
	return fmt.Sprintf("%d responses", n)
}

func mean(v []float64) *float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return new(100 * sum / float64(len(v)))
}

// toolBetween tells whether a tool was called after a turn and before the next.
func (k *look) toolBetween(turn int) bool {
	for i := range k.tools {
		if t := k.tools[i].Turn; t != nil && *t == turn {
			return true
		}
	}
	return false
}

// resolutionPart is the mean of the signals that there are: the vendor's word,
// how the customer left, and whether they asked for a person.
func (k *look) resolutionPart() (*float64, string) {
	if k.soFar != nil {
		return nil, "The call goes on."
	}
	var signals []float64
	var why []string
	add := func(v float64, reason string) { signals, why = append(signals, v), append(why, reason) }
	if ok := k.call.Outcome.Success; ok != nil && *ok {
		add(1, "the vendor says that it succeeded")
	} else if ok != nil {
		add(0, "the vendor says that it failed")
	}
	switch {
	case k.closing > 0:
		add(1, "the customer left content")
	case k.closing < 0:
		add(0, "the customer's last words are not content")
	}
	if k.person != nil {
		add(0, "the customer asked for a person")
	}
	if k.broken {
		add(0, "the agent said that something was done that was not")
	}
	if len(signals) == 0 {
		return nil, "Nothing in the call tells whether it was resolved."
	}
	reason := strings.Join(why, "; ")
	return mean(signals), strings.ToUpper(reason[:1]) + reason[1:] + "."
}

func (k *look) frustrationPart() (*float64, string) {
	switch {
	case len(k.moods) == 0:
		return nil, "The customer does not speak enough recognisable English."
	case k.hits == 0:
		return new(100.0), fmt.Sprintf("No signs of frustration in the customer's %d turns.", len(k.moods))
	}
	return new(100 * (1 - k.anger/angerFull)), fmt.Sprintf("Signs of frustration in %d of the customer's %d turns.", k.hits, len(k.moods))
}

func (k *look) loopsPart() (*float64, string) {
	if k.agentTurns < 2 {
		return nil, "The agent spoke too little to repeat itself."
	}
	if k.repeats+k.duplicates == 0 {
		return new(100.0), "The agent neither repeated itself nor called a tool again with the same arguments."
	}
	return new(100 - 25*float64(k.repeats) - 15*float64(k.duplicates)),
		fmt.Sprintf("The agent repeated itself %d times and called tools again with the same arguments %d times.", k.repeats, k.duplicates)
}

func (k *look) compliancePart() (*float64, string) {
	untold := ""
	if k.untold > 0 {
		untold = fmt.Sprintf("Of %d phrase rules it is not known: the agent says too much to be searched whole.", k.untold)
	}
	switch {
	case k.checked == 0 && untold != "":
		return nil, untold
	case k.checked == 0:
		return nil, "The agent has no phrase rules."
	}
	return new(100 * float64(k.kept) / float64(k.checked)), strings.TrimSpace(fmt.Sprintf("%d of %d phrase rules were kept. %s", k.kept, k.checked, untold))
}

// deadAirBad is the silence, of which the agent is the cause, that leaves
// nothing of the part.
const deadAirBad = 45_000

func (k *look) deadAirPart() (*float64, string) {
	if !k.timed {
		return nil, "Not every turn has its times."
	}
	if k.deadAirMS == 0 {
		return new(100.0), "The agent never kept the customer waiting for 10 s or longer."
	}
	return new(100 * (1 - float64(k.deadAirMS)/deadAirBad)), fmt.Sprintf("%.0f s of silence while the agent was to speak.", float64(k.deadAirMS)/1000)
}

// Where a line is as good as it needs to be, and where nothing is understood.
const (
	goodSNR, badSNR   = 20.0, 6.0 // dB
	badClip, badHoles = 0.01, 6.0 // share of samples; dropouts a minute
)

// audioPart is the worst of what is heard of the line: noise, clipping, holes.
func (k *look) audioPart() (*float64, string) {
	a := k.call.Analysis.Audio
	if a == nil {
		return nil, "No recording has been analysed."
	}
	least, why := 1.0, "The line is clear."
	if a.SNRAgent == nil && a.SNRCustomer == nil {
		if a.Clipped == nil && a.Dropouts == nil {
			return nil, "Nothing of the line could be measured."
		}
		why = "Nothing is clipped, and the line does not drop out; how noisy it is, is not known."
	}
	worst := func(score float64, reason string) {
		if score < least {
			least, why = score, reason
		}
	}
	for _, s := range []struct {
		side string
		snr  *float64
	}{{"agent", a.SNRAgent}, {"customer", a.SNRCustomer}} {
		if s.snr != nil {
			worst(max(0, (*s.snr-badSNR)/(goodSNR-badSNR)), fmt.Sprintf("The %s's speech is %.0f dB above the noise.", s.side, *s.snr))
		}
	}
	if a.Clipped != nil {
		worst(max(0, 1-*a.Clipped/badClip), fmt.Sprintf("%.1f %% of one side's samples are clipped.", 100**a.Clipped))
	}
	if a.Dropouts != nil {
		worst(max(0, 1-*a.Dropouts/badHoles), fmt.Sprintf("The line drops out %.1f times in a minute of speech.", *a.Dropouts))
	}
	return new(100 * least), why
}
