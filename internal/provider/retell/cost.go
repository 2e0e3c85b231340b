package retell

import (
	"math"
	"strings"

	"github.com/ringsidehq/ringside"
)

// maxCents bounds an amount: what is larger is no call's bill.
const maxCents = 1e12

// readCost reads the bill, and with it the names of the model and the voice,
// which Retell gives nowhere else.
func (c *call) readCost(x *ringside.Facts) {
	var b cost
	if !lenient(x, "call_cost", c.CallCost, &b) {
		return
	}
	out := ringside.Cost{Currency: "USD", Components: make([]ringside.CostComponent, 0, len(b.Products))}
	sum := 0.0
	for _, p := range b.Products {
		if !p.Cost.Known || math.Abs(p.Cost.Value) > maxCents {
			continue
		}
		line := ringside.CostComponent{Component: lineOf(string(p.Product)), Name: string(p.Product), Amount: dollars(p.Cost.Value)}
		if p.IsTransferLeg == "true" {
			line.Name += " (transfer leg)"
		} else if bySecond(p.UnitPrice.Value*b.Seconds.Value, p.Cost.Value) {
			line.Quantity, line.Unit = b.Seconds.Value, "seconds"
		}
		switch line.Component {
		case "model":
			x.Model.Language = first(x.Model.Language, string(p.Product))
		case "voice":
			x.Model.Voice = first(x.Model.Voice, string(p.Product))
		}
		sum += p.Cost.Value
		out.Components = append(out.Components, line)
	}
	switch {
	case b.Combined.Known && math.Abs(b.Combined.Value) <= maxCents:
		out.Total = dollars(b.Combined.Value)
	case len(out.Components) > 0:
		out.Total = dollars(sum)
	default:
		return
	}
	x.Cost = &out
}

// dollars turns cents into dollars without the dust of the division.
func dollars(cents float64) float64 { return math.Round(cents*1e6) / 1e8 }

// bySecond tells whether a line is the unit price over the whole call.
func bySecond(product, cost float64) bool {
	return product > 0 && math.Abs(product-cost) <= cost/100
}

// lineOf says which kind of line a product is, by the words in its name.
func lineOf(product string) string {
	p := strings.ToLower(product)
	for _, row := range lines {
		for _, w := range row.words {
			if strings.Contains(p, w) {
				return row.component
			}
		}
	}
	return "other"
}

var lines = []struct {
	component string
	words     []string
}{
	{"platform", []string{"voice_engine", "platform", "guardrail", "denoising"}},
	{"voice", []string{"tts", "elevenlabs", "cartesia", "playht", "minimax"}},
	{"transcriber", []string{"asr", "stt", "transcri"}},
	{"telephony", []string{"telephony", "twilio", "telnyx", "sip", "sms", "branded", "phone", "transfer"}},
	{"analysis", []string{"analysis"}},
	{"model", []string{"gpt", "claude", "gemini", "llm", "llama", "realtime", "s2s", "o1", "o3", "o4"}},
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
