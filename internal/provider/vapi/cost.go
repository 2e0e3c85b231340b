package vapi

import (
	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// costLine is one line of the bill, in US dollars.
type costLine struct {
	Type         provider.Text   `json:"type"`
	SubType      provider.Text   `json:"subType"`
	Provider     provider.Text   `json:"provider"`
	AnalysisType provider.Text   `json:"analysisType"`
	Transcriber  engine          `json:"transcriber"`
	Model        engine          `json:"model"`
	Voice        engine          `json:"voice"`
	Cost         provider.Number `json:"cost"`
	Minutes      provider.Number `json:"minutes"`
	Characters   provider.Number `json:"characters"`

	PromptTokens          provider.Number `json:"promptTokens"`
	CompletionTokens      provider.Number `json:"completionTokens"` // reasoning tokens are among them
	PromptTextTokens      provider.Number `json:"promptTextTokens"`
	PromptAudioTokens     provider.Number `json:"promptAudioTokens"`
	CompletionTextTokens  provider.Number `json:"completionTextTokens"`
	CompletionAudioTokens provider.Number `json:"completionAudioTokens"`
}

// components are the types of line in our terms.
var components = map[provider.Text]string{
	"transport":           "telephony",
	"transcriber":         "transcriber",
	"model":               "model",
	"voice":               "voice",
	"vapi":                "platform",
	"analysis":            "analysis",
	"voicemail-detection": "other",
	"knowledge-base":      "other",
}

// cost reads the bill: its lines, else the older breakdown.
func (d *decoding) cost() *ringside.Cost {
	out := ringside.Cost{Currency: "USD", Components: []ringside.CostComponent{}}
	b := read[breakdown](d, "costBreakdown", d.m.CostBreakdown)
	for i := range d.costs {
		out.Components = append(out.Components, d.costs[i].component())
	}
	if len(d.costs) == 0 {
		out.Components = append(out.Components, b.components()...)
	}
	for _, n := range []provider.Number{d.m.Cost, b.Total} {
		if n.Known {
			out.Total = amount(n)
			return &out
		}
	}
	if len(out.Components) == 0 {
		return nil
	}
	for _, c := range out.Components {
		out.Total += c.Amount
	}
	return &out
}

func (l *costLine) component() ringside.CostComponent {
	out := ringside.CostComponent{Component: components[l.Type], Amount: amount(l.Cost)}
	if out.Component == "" {
		out.Component = "other"
	}
	out.Name = l.name()
	tokens := 0.0
	for _, n := range []provider.Number{
		l.PromptTokens, l.CompletionTokens, l.PromptTextTokens, l.PromptAudioTokens, l.CompletionTextTokens, l.CompletionAudioTokens,
	} {
		tokens += amount(n)
	}
	switch {
	case tokens > 0:
		out.Quantity, out.Unit = tokens, "tokens"
	case amount(l.Characters) > 0:
		out.Quantity, out.Unit = amount(l.Characters), "characters"
	case amount(l.Minutes) > 0:
		out.Quantity, out.Unit = amount(l.Minutes), "minutes"
	}
	return out
}

// name is what the money went to: the carrier, the model, the voice.
func (l *costLine) name() string {
	used := provider.Text(first(provider.Text(l.Transcriber.String()), provider.Text(l.Model.String()), provider.Text(l.Voice.String())))
	switch l.Type {
	case "transcriber", "model", "voice":
		return string(used)
	case "transport":
		return string(l.Provider)
	case "vapi":
		if l.SubType != "normal" {
			return join(" ", l.Type, l.SubType)
		}
		return ID
	case "analysis":
		return join(" ", l.AnalysisType, used)
	}
	return join(" ", l.Type, used)
}

// breakdown is the bill as it was before it had lines.
type breakdown struct {
	Transport provider.Number            `json:"transport"`
	STT       provider.Number            `json:"stt"`
	LLM       provider.Number            `json:"llm"`
	TTS       provider.Number            `json:"tts"`
	Vapi      provider.Number            `json:"vapi"`
	Chat      provider.Number            `json:"chat"`
	Total     provider.Number            `json:"total"`
	Analysis  map[string]provider.Number `json:"analysisCostBreakdown"`
}

// components are the entries that cost something.
func (b *breakdown) components() []ringside.CostComponent {
	var analysis float64
	for _, k := range []string{"summary", "structuredData", "successEvaluation", "structuredOutput"} {
		analysis += amount(b.Analysis[k])
	}
	var out []ringside.CostComponent
	for _, c := range []ringside.CostComponent{
		{Component: "telephony", Amount: amount(b.Transport)},
		{Component: "transcriber", Amount: amount(b.STT)},
		{Component: "model", Amount: amount(b.LLM)},
		{Component: "voice", Amount: amount(b.TTS)},
		{Component: "platform", Name: ID, Amount: amount(b.Vapi)},
		{Component: "other", Name: "chat", Amount: amount(b.Chat)},
		{Component: "analysis", Amount: analysis},
	} {
		if c.Amount > 0 {
			out = append(out, c)
		}
	}
	return out
}
