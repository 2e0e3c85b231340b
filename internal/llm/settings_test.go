package llm_test

import (
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/llm"
)

func settings() llm.Settings {
	return llm.Settings{
		BaseURL: "https://llm.example.com/v1", DefaultModel: "gpt-4o-mini",
		Models:         llm.Models{Scores: "gpt-4o"},
		TimeoutSeconds: 30, Concurrency: 4, MonthlyBudgetUSD: new(25.0),
		Prices: map[string]llm.Price{"gpt-4o-mini": {InputPerMillion: 0.15, OutputPerMillion: 0.6}, "gpt-4o": {}},
	}
}

func TestSettingsPointAtWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		field string
		spoil func(s *llm.Settings)
	}{
		{"", func(*llm.Settings) {}},
		{"", func(s *llm.Settings) { *s = llm.Settings{} }},
		{"/base_url", func(s *llm.Settings) { s.BaseURL = "llm.example.com" }},
		{"/base_url", func(s *llm.Settings) { s.BaseURL = "ftp://llm.example.com" }},
		{"/base_url", func(s *llm.Settings) { s.BaseURL = "https://user:sk-1@llm.example.com" }},
		{"/base_url", func(s *llm.Settings) { s.BaseURL = "https://llm.example.com/v1?key=sk-1" }},
		{"/base_url", func(s *llm.Settings) { s.BaseURL = "https://llm.example.com/v1#sk-1" }},
		{"/default_model", func(s *llm.Settings) { s.DefaultModel = "" }},
		{"/default_model", func(s *llm.Settings) { s.DefaultModel = " gpt" }},
		{"/models/gaps", func(s *llm.Settings) { s.Models.Gaps = strings.Repeat("x", 201) }},
		{"/structured", func(s *llm.Settings) { s.Structured = "xml" }},
		{"/timeout_seconds", func(s *llm.Settings) { s.TimeoutSeconds = -1 }},
		{"/concurrency", func(s *llm.Settings) { s.Concurrency = 1000 }},
		{"/monthly_budget_usd", func(s *llm.Settings) { s.MonthlyBudgetUSD = new(-1.0) }},
		{"/monthly_budget_usd", func(s *llm.Settings) { s.MonthlyBudgetUSD = new(math.NaN()) }},
		{"/prices/meta~1llama", func(s *llm.Settings) { s.Models.Tags = "meta/llama" }},
		{"/prices/gpt-4o", func(s *llm.Settings) { delete(s.Prices, "gpt-4o") }},
		{"", func(s *llm.Settings) { s.Prices, s.MonthlyBudgetUSD = nil, nil }},
		{"/prices/meta~1llama~0/output_per_million", func(s *llm.Settings) { s.Prices["meta/llama~"] = llm.Price{OutputPerMillion: -1} }},
		{"/prices/gpt-4o-mini/input_per_million", func(s *llm.Settings) { s.Prices["gpt-4o-mini"] = llm.Price{InputPerMillion: math.Inf(1)} }},
	} {
		s := settings()
		tc.spoil(&s)
		err := s.Validate()
		if tc.field == "" {
			if err != nil {
				t.Errorf("%+v: %v", s, err)
			}
			continue
		}
		e, ok := errors.AsType[*ringside.Error](err)
		if !ok || e.Kind != ringside.Invalid || e.Field != tc.field {
			t.Errorf("got %v, want a complaint about %s", err, tc.field)
			continue
		}
		if strings.Contains(err.Error(), "sk-1") {
			t.Errorf("the complaint repeats a key: %v", err)
		}
	}
}

func TestSettingsSurviveStorage(t *testing.T) {
	t.Parallel()
	want := settings()
	b, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got llm.Settings
	if err := json.Unmarshal(b, &got); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestSettingsFillIn(t *testing.T) {
	t.Parallel()
	s := settings()
	want := llm.Models{Summary: "gpt-4o-mini", Tags: "gpt-4o-mini", Scores: "gpt-4o", Extraction: "gpt-4o-mini", Gaps: "gpt-4o-mini"}
	if got := s.Features(); got != want || !s.Enabled() {
		t.Errorf("features %+v, want %+v", got, want)
	}
	c := s.Client("sk-1", &http.Client{})
	if c.Timeout != 30*time.Second || c.BaseURL != s.BaseURL || c.Key != "sk-1" {
		t.Errorf("client %+v", c)
	}
	var none llm.Settings
	if c := none.Client("", nil); none.Enabled() || none.Parallel() != 2 || c.Timeout != 2*time.Minute {
		t.Errorf("without settings: %d at a time, %s each", none.Parallel(), c.Timeout)
	}
}

func TestCost(t *testing.T) {
	t.Parallel()
	s := settings()
	if got := s.Cost("gpt-4o-mini", 2_000_000, 500_000); got == nil || math.Abs(*got-0.6) > 1e-9 {
		t.Errorf("cost %v, want 0.60", got)
	}
	if got := s.Cost("gpt-5", 1, 1); got != nil {
		t.Errorf("cost %v without a price", *got)
	}
}
