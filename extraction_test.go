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
