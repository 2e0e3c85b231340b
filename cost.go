package ringside

// Cost is what a call cost, in one currency.
type Cost struct {
	Total      float64         `json:"total"`
	Currency   string          `json:"currency" doc:"ISO 4217 code, or credits where the vendor bills in its own unit"`
	Components []CostComponent `json:"components"`
}

// CostComponent is one line of the bill.
type CostComponent struct {
	Component string  `json:"component" doc:"telephony, transcriber, model, voice, platform, analysis or other"`
	Name      string  `json:"name,omitempty" doc:"The vendor's name for the line: the model, the carrier"`
	Amount    float64 `json:"amount"`
	Quantity  float64 `json:"quantity,omitempty"`
	Unit      string  `json:"unit,omitempty" doc:"minutes, seconds, tokens, characters"`
}
