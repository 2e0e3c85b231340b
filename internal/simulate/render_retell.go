package simulate

import (
	"math"
	"slices"

	"github.com/ringsidehq/ringside"
)

type retellBody struct {
	Event string     `json:"event"`
	Call  retellCall `json:"call"`
}

type retellCall struct {
	CallID       string            `json:"call_id"`
	CallType     string            `json:"call_type"`
	AgentID      string            `json:"agent_id"`
	AgentVersion jsonNumber        `json:"agent_version"`
	AgentName    string            `json:"agent_name"`
	AgentTag     string            `json:"agent_tag"`
	Metadata     map[string]string `json:"metadata"`
	Variables    map[string]string `json:"retell_llm_dynamic_variables"`
	Storage      string            `json:"data_storage_setting"`
	From         string            `json:"from_number,omitempty"`
	To           string            `json:"to_number,omitempty"`
	Direction    string            `json:"direction,omitempty"`
	Status       string            `json:"call_status"`
	Start        int64             `json:"start_timestamp,omitempty"`
	End          int64             `json:"end_timestamp,omitempty"`
	DurationMS   int64             `json:"duration_ms,omitempty"`
	Reason       string            `json:"disconnection_reason,omitempty"`
	Destination  string            `json:"transfer_destination,omitempty"`
	Transcript   string            `json:"transcript,omitempty"`
	Rows         []retellRow       `json:"transcript_with_tool_calls,omitempty"`
	RecordingURL string            `json:"recording_url,omitempty"`
	LogURL       string            `json:"public_log_url,omitempty"`

	Latency  map[string]retellStats `json:"latency,omitempty"`
	Cost     *retellCost            `json:"call_cost,omitempty"`
	Analysis *retellAnalysis        `json:"call_analysis,omitempty"`
}

// jsonNumber is a number that is kept as text.
type jsonNumber string

// MarshalJSON implements json.Marshaler.
func (n jsonNumber) MarshalJSON() ([]byte, error) { return []byte(n), nil }

type retellRow struct {
	Role       string       `json:"role"`
	Content    string       `json:"content,omitempty"`
	Words      []retellWord `json:"words,omitempty"`
	ToolCallID string       `json:"tool_call_id,omitempty"`
	Name       string       `json:"name,omitempty"`
	Arguments  string       `json:"arguments,omitempty"`
	Successful *bool        `json:"successful,omitempty"`
	Seconds    float64      `json:"time_sec,omitempty"`
}

type retellWord struct {
	Word  string  `json:"word"`
	Start float64 `json:"start"`
	End   float64 `json:"end"`
}

type retellStats struct {
	P50    float64   `json:"p50"`
	P90    float64   `json:"p90"`
	P95    float64   `json:"p95"`
	P99    float64   `json:"p99"`
	Max    float64   `json:"max"`
	Min    float64   `json:"min"`
	Num    int       `json:"num"`
	Values []float64 `json:"values"`
}

type retellCost struct {
	Products []retellProduct `json:"product_costs"`
	Seconds  int64           `json:"total_duration_seconds"`
	Combined float64         `json:"combined_cost"`
}

type retellProduct struct {
	Product   string  `json:"product"`
	UnitPrice float64 `json:"unit_price"`
	Cost      float64 `json:"cost"`
}

type retellAnalysis struct {
	Summary    string       `json:"call_summary"`
	Voicemail  bool         `json:"in_voicemail"`
	Sentiment  string       `json:"user_sentiment"`
	Successful bool         `json:"call_successful"`
	Custom     retellCustom `json:"custom_analysis_data"`
}

type retellCustom struct {
	Intent string `json:"intent"`
}

// retell gives call_analyzed, which holds everything; live the three in turn.
func (c *Call) retell(live bool) []Delivery {
	of := func(event string, call retellCall) Delivery {
		return Delivery{Provider: retell, Event: event, Body: encode(retellBody{event, call})}
	}
	if c.answeredAt.IsZero() {
		return []Delivery{of("call_ended", c.retellReport())}
	}
	analyzed := c.retellReport()
	analyzed.Analysis = c.retellAnalysis()
	if !live {
		return []Delivery{of("call_analyzed", analyzed)}
	}
	started := c.retellBase()
	started.Status, started.Start = "ongoing", c.answeredAt.UnixMilli()
	return []Delivery{of("call_started", started), of("call_ended", c.retellReport()), of("call_analyzed", analyzed)}
}

func (c *Call) retellBase() retellCall {
	out := retellCall{
		CallID: c.id, CallType: "phone_call", AgentID: c.agent.sourceID, AgentVersion: jsonNumber(c.version.label), AgentName: c.agent.name,
		AgentTag: "prod", Metadata: c.metadata, Variables: map[string]string{"customer_name": c.customer}, Storage: "everything",
	}
	switch c.direction {
	case ringside.Web:
		out.CallType = "web_call"
	case ringside.Outbound:
		out.From, out.To, out.Direction = c.agent.number, c.number, "outbound"
	default:
		out.From, out.To, out.Direction = c.number, c.agent.number, "inbound"
	}
	return out
}

func (c *Call) retellReport() retellCall {
	out := c.retellBase()
	out.Reason = c.reason
	if c.answeredAt.IsZero() {
		out.Status = "not_connected"
		out.Start, out.End = c.createdAt.UnixMilli(), c.endedAt.UnixMilli()
		return out
	}
	out.Status, out.Start, out.End, out.DurationMS = "ended", c.answeredAt.UnixMilli(), c.endedAt.UnixMilli(), c.durationMS()
	out.Transcript, out.Rows, out.Destination = c.transcript("Agent", "User"), c.retellRows(), c.transferTo
	base := "https://recordings.example.com/retell/" + c.id
	out.RecordingURL, out.LogURL = base+"/recording.wav", base+"/public.log"
	out.Latency, out.Cost = c.retellLatency(), c.retellBill()
	return out
}

func (c *Call) retellRows() []retellRow {
	out := make([]retellRow, 0, 2*len(c.steps))
	for i := range c.steps {
		s := &c.steps[i]
		switch s.kind {
		case 'T':
			id := "tool_call_" + s.id
			out = append(out,
				retellRow{Role: "tool_call_invocation", ToolCallID: id, Name: s.tool, Arguments: s.args, Seconds: seconds(s.start)},
				retellRow{Role: "tool_call_result", ToolCallID: id, Content: s.result, Successful: new(!s.failed), Seconds: seconds(s.end)})
			continue
		case 'A':
			out = append(out, retellRow{Role: "agent", Content: s.text})
		default:
			out = append(out, retellRow{Role: "user", Content: s.text})
		}
		row := &out[len(out)-1]
		if !c.words {
			row.Seconds = seconds(s.start)
			continue
		}
		for _, w := range timeWords(s) {
			row.Words = append(row.Words, retellWord{w.text, seconds(w.start), seconds(w.end)})
		}
	}
	return out
}

func seconds(ms int64) float64 { return float64(ms) / 1000 }

func (c *Call) retellLatency() map[string]retellStats {
	var e2e, asr, llm, tts []float64
	for _, s := range c.replies() {
		e2e, asr = append(e2e, s.total), append(asr, s.reply.transcriber)
		llm, tts = append(llm, s.reply.model), append(tts, s.reply.voice)
	}
	if len(e2e) == 0 {
		return nil
	}
	return map[string]retellStats{"e2e": statsOf(e2e), "asr": statsOf(asr), "llm": statsOf(llm), "tts": statsOf(tts)}
}

// statsOf sums samples up, with percentiles between the ranks.
func statsOf(values []float64) retellStats {
	v := slices.Sorted(slices.Values(values))
	at := func(p float64) float64 {
		x := p * float64(len(v)-1)
		i := int(x)
		if i+1 >= len(v) {
			return v[len(v)-1]
		}
		return math.Round(10*(v[i]+(x-float64(i))*(v[i+1]-v[i]))) / 10
	}
	return retellStats{at(0.5), at(0.9), at(0.95), at(0.99), v[len(v)-1], v[0], len(v), values}
}

// retellBill is in cents.
func (c *Call) retellBill() *retellCost {
	s := (c.durationMS() + 999) / 1000
	out := &retellCost{Seconds: s}
	a := c.agent.perMin
	for _, p := range []struct {
		product string
		perMin  float64
	}{{"elevenlabs_tts", a.voice}, {c.model, a.model}, {"voice_engine", a.platform}, {"us_telephony", a.telephony}} {
		if p.product == "us_telephony" && c.direction == ringside.Web {
			continue
		}
		unit := p.perMin * 100 / 60
		line := retellProduct{p.product, round(unit, 7), round(unit*float64(s), 4)}
		out.Products = append(out.Products, line)
		out.Combined += line.Cost
	}
	out.Combined = round(out.Combined, 4)
	return out
}

func (c *Call) retellAnalysis() *retellAnalysis {
	a := &retellAnalysis{Summary: c.summary, Voicemail: c.class == ringside.FailureVoicemail, Sentiment: "Neutral", Custom: retellCustom{c.intent}}
	if c.success != nil {
		a.Successful = *c.success
	}
	switch {
	case !a.Successful && c.class == ringside.FailureNone:
		a.Sentiment = "Negative"
	case a.Successful && c.index%3 == 0:
		a.Sentiment = "Positive"
	}
	return a
}
