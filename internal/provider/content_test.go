package provider_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

func TestParseText(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for in, want := range map[string]any{
		"": "", "42": "42", "true": "true", " plain ": " plain ", "{cut": "{cut",
		`{"a":[1,"b"]}`: map[string]any{"a": []any{1.0, "b"}}, ` [] `: []any{},
		`["[[[{{{\"[["]`: []any{`[[[{{{"[[`},
		// What no body could hold stays the text that the body held.
		deep(65): deep(65), deep(9999): deep(9999), `["\u0000"]`: `["\u0000"]`,
	} {
		if got := provider.ParseText(in); !reflect.DeepEqual(got, want) {
			t.Errorf("%.40s is %#v", in, got)
		}
	}
	if _, ok := provider.ParseText(deep(64)).([]any); !ok {
		t.Error("a list in a list is text")
	}
}

// Facts are read again from where they are stored, whatever a tool answered.
func TestWhatIsParsedCanBeReadAgain(t *testing.T) {
	for _, n := range []int{64, 65, 9_990, 9_999, 10_000, 100_000} {
		x := ringside.Facts{ToolCalls: []ringside.ToolCall{{ID: "1", Result: provider.ParseText(strings.Repeat(`{"a":`, n) + "1" + strings.Repeat("}", n))}}}
		b, err := json.Marshal(x)
		if err != nil {
			t.Fatal(err)
		}
		var again ringside.Facts
		if err := json.Unmarshal(b, &again); err != nil {
			t.Errorf("%d levels: %v", n, err)
		}
	}
}
