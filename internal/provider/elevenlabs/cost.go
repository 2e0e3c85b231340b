package elevenlabs

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// costOf is the bill in dollars where the vendor gives them, else in its
// credits. Of the dollars only the model's are told apart; the rest is the
// call's own.
func costOf(m *metadata, c *charging) *ringside.Cost {
	if c == nil {
		c = &charging{}
	}
	name := mainModel(c.Usage.Irreversible)
	switch {
	case m.USD.Known:
		platform := c.PlatformPrice
		if !platform.Known {
			platform = provider.Number{Value: m.USD.Value - c.LLMPrice.Value, Known: true}
		}
		return &ringside.Cost{Total: m.USD.Value, Currency: "USD", Components: components(name, c, c.LLMPrice, platform)}
	case m.Credits.Known:
		call := c.CallCharge
		if !call.Known {
			call = c.PlatformCharge
		}
		return &ringside.Cost{Total: m.Credits.Value, Currency: "credits", Components: components(name, c, c.LLMCharge, call)}
	}
	return nil
}

func components(model string, c *charging, llm, call provider.Number) []ringside.CostComponent {
	out := []ringside.CostComponent{}
	if llm.Value > 0 {
		out = append(out, ringside.CostComponent{
			Component: "model", Name: model, Amount: llm.Value, Quantity: allTokens(c), Unit: "tokens",
		})
	}
	if amount := math.Round(call.Value*1e9) / 1e9; amount > 0 {
		out = append(out, ringside.CostComponent{Component: "platform", Name: "call", Amount: amount})
	}
	return out
}

func allTokens(c *charging) (n float64) {
	for _, u := range c.Usage.Irreversible.Models {
		n += u.Input.Tokens.Value + u.CacheRead.Tokens.Value + u.CacheWrite.Tokens.Value + u.Output.Tokens.Value
	}
	return n
}

// mainModel is the one that wrote most of what was said; the first by name
// among equals, "" when none is known.
func mainModel(all ...usage) string {
	written := map[string]float64{}
	for _, u := range all {
		for name, spent := range u.Models {
			written[name] += spent.Output.Tokens.Value
		}
	}
	names := slices.SortedFunc(maps.Keys(written), func(a, b string) int {
		return cmp.Or(cmp.Compare(written[b], written[a]), cmp.Compare(a, b))
	})
	if len(names) == 0 {
		return ""
	}
	return names[0]
}
