package llm

import (
	"cmp"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
)

// Settings say which language model a workspace uses, and for what. The key is
// not among them: it is sealed elsewhere.
type Settings struct {
	BaseURL          string           `json:"base_url,omitempty" doc:"Of any server that speaks OpenAI's chat protocol; empty for none"`
	DefaultModel     string           `json:"default_model,omitempty"`
	Models           Models           `json:"models,omitzero" doc:"For what another model than the default is asked"`
	Structured       Mode             `json:"structured,omitempty" enum:"json_schema,json_object,prompt" doc:"How JSON is asked for to begin with; json_schema unless the server is known to mishandle it"`
	TimeoutSeconds   int              `json:"timeout_seconds,omitempty" doc:"Of one request; 120 by default"`
	Concurrency      int              `json:"concurrency,omitempty" doc:"Requests at a time; 2 by default"`
	MonthlyBudgetUSD *float64         `json:"monthly_budget_usd,omitempty" nullable:"true" doc:"No call is judged any more once this is spent in a calendar month (UTC); null for no limit. With one, each model that is asked needs a price"`
	Prices           map[string]Price `json:"prices,omitempty" doc:"By model; without one, cost is not known, and with a budget the model is not asked"`
}

// Models name the model for each feature; empty is the default model.
type Models struct {
	Summary    string `json:"summary,omitempty"`
	Tags       string `json:"tags,omitempty"`
	Scores     string `json:"scores,omitempty"`
	Extraction string `json:"extraction,omitempty"`
	Gaps       string `json:"gaps,omitempty"`
}

// Price is what a model costs, in US dollars.
type Price struct {
	InputPerMillion  float64 `json:"input_per_million" doc:"For a million tokens of the prompt"`
	OutputPerMillion float64 `json:"output_per_million" doc:"For a million tokens of the answer"`
}

// What holds where nothing is set, and the bounds.
const (
	defaultTimeout     = 120
	defaultConcurrency = 2
	maxTimeout         = 900
	maxConcurrency     = 64
	maxModel           = 200
	maxPrice           = 1e6
)

// Enabled tells whether there is a model to ask.
func (s *Settings) Enabled() bool { return s.BaseURL != "" && s.DefaultModel != "" }

// Client is a client by these settings. It remembers what the server takes, so
// it is kept for as long as the settings hold.
func (s *Settings) Client(key string, h *http.Client) *Client {
	return &Client{
		BaseURL: s.BaseURL, Key: key, Structured: s.Structured, HTTP: h,
		Timeout: time.Duration(cmp.Or(s.TimeoutSeconds, defaultTimeout)) * time.Second,
	}
}

// Parallel is how many requests may be under way at a time.
func (s *Settings) Parallel() int { return cmp.Or(s.Concurrency, defaultConcurrency) }

// Features gives the model for each feature, the default where none is set.
func (s *Settings) Features() Models {
	return Models{
		Summary:    cmp.Or(s.Models.Summary, s.DefaultModel),
		Tags:       cmp.Or(s.Models.Tags, s.DefaultModel),
		Scores:     cmp.Or(s.Models.Scores, s.DefaultModel),
		Extraction: cmp.Or(s.Models.Extraction, s.DefaultModel),
		Gaps:       cmp.Or(s.Models.Gaps, s.DefaultModel),
	}
}

// Cost is what tokens of a model cost in US dollars; nil without a price.
func (s *Settings) Cost(model string, prompt, completion int) *float64 {
	p, ok := s.Prices[model]
	if !ok {
		return nil
	}
	return new((float64(prompt)*p.InputPerMillion + float64(completion)*p.OutputPerMillion) / 1e6)
}

// MayAsk tells whether a model may be asked: with a budget, what it takes has to
// be counted, so it needs a price.
func (s *Settings) MayAsk(model string) bool {
	_, priced := s.Prices[model]
	return s.MonthlyBudgetUSD == nil || priced
}

// Validate says what is wrong with the settings, pointing at the field.
func (s *Settings) Validate() error {
	if err := validBase(s.BaseURL); err != nil {
		return err
	}
	if s.BaseURL != "" && s.DefaultModel == "" {
		return ringside.Invalidf("/default_model", "is required with a base URL")
	}
	for _, m := range []struct{ field, value string }{
		{"/default_model", s.DefaultModel},
		{"/models/summary", s.Models.Summary},
		{"/models/tags", s.Models.Tags},
		{"/models/scores", s.Models.Scores},
		{"/models/extraction", s.Models.Extraction},
		{"/models/gaps", s.Models.Gaps},
	} {
		if m.value != strings.TrimSpace(m.value) || len(m.value) > maxModel {
			return ringside.Invalidf(m.field, "is not the name of a model: %d characters at most, without blanks around", maxModel)
		}
	}
	if s.Structured != "" && !slices.Contains(Modes, s.Structured) {
		return ringside.Invalidf("/structured", "%q is not one of %q", s.Structured, Modes)
	}
	if err := s.validateNumbers(); err != nil || !s.Enabled() {
		return err
	}
	f := s.Features()
	for _, model := range []string{f.Summary, f.Tags, f.Scores, f.Extraction, f.Gaps} {
		if !s.MayAsk(model) {
			return ringside.Invalidf("/prices/"+escapePointer.Replace(model), "is required with a monthly budget: else nobody knows what is spent. A model of your own may cost 0")
		}
	}
	return nil
}

func (s *Settings) validateNumbers() error {
	for _, n := range []struct {
		field      string
		value, max int
	}{
		{"/timeout_seconds", s.TimeoutSeconds, maxTimeout},
		{"/concurrency", s.Concurrency, maxConcurrency},
	} {
		if n.value < 0 || n.value > n.max {
			return ringside.Invalidf(n.field, "%d is not between 1 and %d; 0 is the default", n.value, n.max)
		}
	}
	if b := s.MonthlyBudgetUSD; b != nil && !amount(*b) {
		return ringside.Invalidf("/monthly_budget_usd", "%v is not an amount", *b)
	}
	models := make([]string, 0, len(s.Prices))
	for model := range s.Prices {
		models = append(models, model)
	}
	slices.Sort(models)
	for _, model := range models {
		p, at := s.Prices[model], "/prices/"+escapePointer.Replace(model)
		switch {
		case !amount(p.InputPerMillion):
			return ringside.Invalidf(at+"/input_per_million", "%v is not a price", p.InputPerMillion)
		case !amount(p.OutputPerMillion):
			return ringside.Invalidf(at+"/output_per_million", "%v is not a price", p.OutputPerMillion)
		}
	}
	return nil
}

func amount(v float64) bool { return v >= 0 && v <= maxPrice && !math.IsNaN(v) }

var escapePointer = strings.NewReplacer("~", "~0", "/", "~1")

// validBase refuses what would put a secret into an address, where logs and
// errors of others would show it.
func validBase(s string) error {
	if s == "" {
		return nil
	}
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return ringside.Invalidf("/base_url", "is not a web address; it looks like https://llm.example.com/v1")
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return ringside.Invalidf("/base_url", "holds more than an address: the key has its own field")
	}
	return nil
}
