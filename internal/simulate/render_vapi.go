package simulate

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
)

const vapiTime = "2006-01-02T15:04:05.000Z"

var (
	vapiDeepgram = &vapiEngine{Provider: "deepgram", Model: "nova-3"}
	vapiVoice    = &vapiEngine{Provider: "11labs", Model: "eleven_turbo_v2_5", VoiceID: "sarah"}
)

func (c *Call) vapi(live bool) []Delivery {
	report := Delivery{Provider: vapi, Event: "end-of-call-report", Body: encode(map[string]any{"message": c.vapiReport()})}
	if !live || c.answeredAt.IsZero() {
		return []Delivery{report}
	}
	return []Delivery{c.vapiStatus("ringing", c.createdAt), c.vapiStatus("in-progress", c.answeredAt), report}
}

// vapiStatus is what Vapi sends while the call goes on.
func (c *Call) vapiStatus(status string, at time.Time) Delivery {
	m := c.vapiBase("status-update", at)
	m.Status = status
	return Delivery{Provider: vapi, Event: "status-update", Body: encode(map[string]any{"message": m})}
}

func (c *Call) vapiBase(kind string, at time.Time) *vapiMessage {
	customer := vapiCustomer{c.number, c.customer}
	kindOfCall := map[ringside.Direction]string{ringside.Inbound: "inboundPhoneCall", ringside.Outbound: "outboundPhoneCall", ringside.Web: "webCall"}[c.direction]
	m := &vapiMessage{
		Timestamp: at.UnixMilli(), Type: kind, Customer: customer, AssistantVersion: c.version.label, Assistant: c.vapiAssistant(),
		Call: vapiCall{
			ID: c.id, OrgID: "b4007a11-2abf-54cd-ae58-56bebc8dbfa5", Type: kindOfCall, Status: "ringing", CreatedAt: c.createdAt.Format(vapiTime),
			PhoneProvider: "twilio", AssistantID: c.agent.sourceID, AssistantVersion: c.version.label, CampaignID: c.campaign,
			Customer: customer, Metadata: c.metadata,
		},
		PhoneNumber: &vapiNumber{c.agent.number, c.agent.company, "twilio"},
	}
	if kind == "status-update" {
		base := "wss://phone-call-websocket.example.com/" + c.id
		m.Call.Monitor = &vapiMonitor{base + "/listen", base + "/control"}
	}
	return m
}

func (c *Call) vapiAssistant() json.RawMessage {
	return encode(map[string]any{
		"id": c.agent.sourceID, "name": c.agent.name, "transcriber": vapiDeepgram, "voice": vapiVoice,
		"model": map[string]any{
			"provider": "openai", "model": c.model, "temperature": 0.3,
			"messages": []map[string]string{{"role": "system", "content": c.version.prompt}},
		},
	})
}

func (c *Call) vapiReport() *vapiMessage {
	m := c.vapiBase("end-of-call-report", c.endedAt.Add(6*time.Second))
	ms := c.durationMS()
	m.EndedReason, m.EndedAt, m.DurationMS, m.DurationSeconds = c.reason, c.endedAt.Format(vapiTime), &ms, new(float64(ms)/1000)
	m.Summary = c.summary
	m.Analysis = &vapiAnalysis{Summary: c.summary}
	if c.success != nil {
		m.Analysis.Success = strconv.FormatBool(*c.success)
		m.Analysis.Structured = &vapiStructured{c.intent, *c.success}
	}
	m.Artifact = &vapiArtifact{Messages: c.vapiItems(), Transcript: c.transcript("AI", "User"), Transfers: []vapiTransfer{}}
	c.vapiBill(m)
	if c.answeredAt.IsZero() {
		return m
	}
	m.StartedAt = c.answeredAt.Format(vapiTime)
	base := "https://storage.example.com/vapi/" + c.id
	m.RecordingURL = base + "-mono.wav"
	m.Artifact.StereoURL = base + "-stereo.wav"
	m.Artifact.Recording = &vapiRecording{StereoURL: base + "-stereo.wav"}
	m.Artifact.Recording.Mono.CombinedURL = m.RecordingURL
	m.Artifact.Metrics = c.vapiMetrics()
	if c.transferTo != "" {
		t := vapiTransfer{Mode: "blind-transfer", Status: "connected"}
		t.Destination.Type, t.Destination.Number = "number", c.transferTo
		m.Artifact.Transfers = append(m.Artifact.Transfers, t)
	}
	return m
}

func (c *Call) vapiItems() []vapiItem {
	out := make([]vapiItem, 1, 2*len(c.steps)+1)
	out[0] = vapiItem{Role: "system", Message: c.version.prompt, Time: c.createdAt.UnixMilli()}
	for i := range c.steps {
		s := &c.steps[i]
		it := vapiItem{Message: s.text, Time: c.at(s.start).UnixMilli(), Seconds: float64(s.start) / 1000}
		if s.kind == 'T' {
			call := openAITool{ID: "call_" + s.id, Type: "function"}
			call.Function.Name, call.Function.Arguments = s.tool, s.args
			it.Role, it.ToolCalls = "tool_calls", []openAITool{call}
			out = append(out, it, vapiItem{
				Role: "tool_call_result", Time: c.at(s.end).UnixMilli(), Seconds: float64(s.end) / 1000,
				ToolCallID: call.ID, Name: s.tool, Result: s.result,
			})
			continue
		}
		it.Role = "bot"
		it.EndTime, it.Duration = c.at(s.end).UnixMilli(), float64(s.end-s.start)
		if s.kind == 'U' {
			it.Role, it.Metadata = "user", c.vapiWords(s)
		}
		out = append(out, it)
	}
	return out
}

func (c *Call) vapiWords(s *step) *vapiWords {
	if !c.words {
		return nil
	}
	var out vapiWords
	for i, w := range timeWords(s) {
		out.Words = append(out.Words, vapiWord{
			Word: strings.ToLower(strings.Trim(w.text, ".,?!")), Punctuated: w.text, Start: c.at(w.start).UnixMilli(), End: c.at(w.end).UnixMilli(),
			Confidence: 0.999 - 0.013*float64(i%5),
		})
	}
	return &out
}

func (c *Call) vapiMetrics() *vapiMetrics {
	m := &vapiMetrics{Turns: []vapiLatency{}}
	for _, s := range c.replies() {
		p := s.reply
		m.Turns = append(m.Turns, vapiLatency{p.model, p.voice, p.transcriber, p.endpointing, s.total})
		m.Model, m.Voice, m.Transcriber = m.Model+p.model, m.Voice+p.voice, m.Transcriber+p.transcriber
		m.Endpointing, m.Turn = m.Endpointing+p.endpointing, m.Turn+s.total
	}
	if n := float64(len(m.Turns)); n > 0 {
		for _, v := range []*float64{&m.Model, &m.Voice, &m.Transcriber, &m.Endpointing, &m.Turn} {
			*v = round(*v/n, 1)
		}
	}
	for i := range c.steps {
		if c.steps[i].intended != "" {
			m.Interrupted++
		}
	}
	return m
}

func (c *Call) vapiBill(m *vapiMessage) {
	min, a := c.minutes(), c.agent.perMin
	b := &vapiBreakdown{
		Transport: round(min*a.telephony, 4), STT: round(min*a.transcriber, 4), LLM: round(min*a.model, 4),
		TTS: round(min*a.voice, 4), Vapi: round(min*a.platform, 4), Prompt: int(9000 * min), Completion: c.letters() / 4, Characters: c.letters(),
	}
	b.Total = round(b.Transport+b.STT+b.LLM+b.TTS+b.Vapi, 4)
	m.Breakdown, m.Cost = b, &b.Total
	if min == 0 {
		return
	}
	m.Costs = []vapiCost{
		{Type: "transport", Provider: "twilio", Minutes: round(min, 6), Cost: b.Transport},
		{Type: "transcriber", Transcriber: vapiDeepgram, Minutes: round(min, 6), Cost: b.STT},
		{Type: "model", Model: &vapiEngine{Provider: "openai", Model: c.model}, Prompt: b.Prompt, Completion: b.Completion, Cost: b.LLM},
		{Type: "voice", Voice: vapiVoice, Characters: b.Characters, Cost: b.TTS},
		{Type: "vapi", SubType: "normal", Minutes: round(min, 6), Cost: b.Vapi},
	}
}

func round(v float64, places int) float64 {
	p := math.Pow10(places)
	return math.Round(v*p) / p
}

// encode writes what is made here and can always be written.
func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // the types of this package hold nothing that can't be
	}
	return b
}
