package retell

import (
	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// components are Retell's names of what takes time, and ours.
var components = [...]struct{ theirs, ours string }{
	{"e2e", "total"},
	{"asr", "transcription"},
	{"llm", "model"},
	{"tts", "voice"},
	{"llm_websocket_network_rtt", "network"},
	{"knowledge_base", "knowledge_base"},
	{"s2s", "speech_to_speech"},
}

// readLatency reads the vendor's summaries.
func (c *call) readLatency(x *ringside.Facts) {
	var all map[string]*stats
	if !lenient(x, "latency", c.Latency, &all) {
		return
	}
	for _, n := range components {
		s := all[n.theirs]
		if s == nil {
			continue
		}
		values, whole := numbers(s.Values)
		l := ringside.LatencyStats{
			Component: n.ours, Source: ringside.Claimed, N: len(values), ValuesMS: values,
			P50MS: s.P50.Ptr(), P90MS: s.P90.Ptr(), P95MS: s.P95.Ptr(), P99MS: s.P99.Ptr(),
			MinMS: s.Min.Ptr(), MaxMS: s.Max.Ptr(),
		}
		if s.Num.Known && s.Num.Value >= 0 && s.Num.Value < 1e6 {
			l.N = int(s.Num.Value)
		}
		x.Latency = append(x.Latency, l)
		if n.theirs == "e2e" && whole {
			attach(x.Turns, values)
		}
	}
}

// numbers reads the samples; whole is false when one of them is no number.
func numbers(in []provider.Number) (out []float64, whole bool) {
	for _, n := range in {
		if n.Known {
			out = append(out, n.Value)
		}
	}
	return out, len(out) == len(in)
}

// attach gives each reply its response time. The samples do not say which turn
// they are of, so they are given out only when there are just as many as there
// are agent's turns that follow a user's.
func attach(turns []ringside.Turn, values []float64) {
	var replies []int
	for i := 1; i < len(turns); i++ {
		if turns[i].Role == ringside.RoleAgent && turns[i-1].Role == ringside.RoleUser {
			replies = append(replies, i)
		}
	}
	if len(replies) != len(values) {
		return
	}
	for n, i := range replies {
		turns[i].Latency = &ringside.Latency{Source: ringside.Claimed, TotalMS: new(values[n])}
	}
}
