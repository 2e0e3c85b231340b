package ringside_test

import (
	"encoding/json"
	"testing"

	"github.com/ringsidehq/ringside"
)

// TestExtractedNumbersAreNumbers: "NaN" and "Infinity" parse as floats, and no
// JSON can hold them.
func TestExtractedNumbersAreNumbers(t *testing.T) {
	t.Parallel()
	fields := []ringside.ExtractionField{{Name: "amount", Type: "number"}}
	for _, v := range []any{"NaN", "inf", "-Infinity", "1e999", "ten", "0x"} {
		got, wrong := ringside.CheckExtracted(fields, ringside.Values{"amount": v})
		if len(got) > 0 || wrong["amount"] == "" {
			t.Errorf("%v was taken for %v", v, got["amount"])
		}
		if _, err := json.Marshal(got); err != nil {
			t.Error(err)
		}
	}
	got, wrong := ringside.CheckExtracted(fields, ringside.Values{"amount": "1,250.5"})
	if got["amount"] != 1250.5 || len(wrong) > 0 {
		t.Errorf("got %v, %v", got, wrong)
	}
}

// A comma that parts no thousands may be a point: such a number is not guessed.
func TestACommaIsNotGuessed(t *testing.T) {
	t.Parallel()
	fields := []ringside.ExtractionField{{Name: "amount", Type: "number"}}
	for in, want := range map[string]any{"12,50": nil, "1,5": nil, "1250,5": nil, "1,250": 1250.0, "-1,250,000.25": -1250000.25, "12.50": 12.5} {
		got, wrong := ringside.CheckExtracted(fields, ringside.Values{"amount": in})
		if got["amount"] != want || (wrong["amount"] == "") != (want != nil) {
			t.Errorf("%s is %v, %v; want %v", in, got["amount"], wrong, want)
		}
	}
}

// A condition on a large number holds for the number as people write it.
func TestAConditionOnALargeNumber(t *testing.T) {
	t.Parallel()
	fields := []ringside.ExtractionField{
		{Name: "amount", Type: "number"}, {Name: "approver", Type: "text", When: &ringside.Condition{Field: "amount", Values: []string{"1000000", "2.5"}}},
	}
	for _, n := range []float64{1_000_000, 2.5} {
		if got, _ := ringside.CheckExtracted(fields, ringside.Values{"amount": n, "approver": "Ann"}); got["approver"] != "Ann" {
			t.Errorf("of %v: %v", n, got)
		}
	}
}

// A pattern that does not stand by itself is refused, and crashes nothing where
// it was saved before.
func TestAPatternStandsByItself(t *testing.T) {
	t.Parallel()
	f := ringside.ExtractionField{Name: "code", Type: "text", Pattern: `\QA+`}
	if err := (&ringside.AgentSettings{ExtractionFields: []ringside.ExtractionField{f}}).Validate(); err == nil {
		t.Error("the pattern is taken")
	}
	if got, wrong := ringside.CheckExtracted([]ringside.ExtractionField{f}, ringside.Values{"code": "A+"}); len(got) > 0 || wrong["code"] == "" {
		t.Errorf("%v, %v", got, wrong)
	}
}
