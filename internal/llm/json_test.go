package llm_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside/internal/llm"
)

var texts = []struct{ name, text, want string }{
	{"nothing but it", `{"a":1}`, `{"a":1}`},
	{"blanks and a byte order mark", "\ufeff \n{\"a\":1}\n", `{"a":1}`},
	{"a fence", "```json\n{\"a\":1}\n```", `{"a":1}`},
	{"a fence without a language", "```\n{\"a\":1}\n```", `{"a":1}`},
	{"a fence on one line", "```{\"a\":1}```", `{"a":1}`},
	{"a fence with a carriage return", "```JSON\r\n{\"a\":1}\r\n```", `{"a":1}`},
	{"a fence with prose around", "Sure!\n```json\n{\"a\":1}\n```\nAnything else?", `{"a":1}`},
	{"the second of two fences", "```sh\nls\n```\n```json\n{\"a\":1}\n```", `{"a":1}`},
	{"a fence that never closes", "```json\n{\"a\":1}", `{"a":1}`},
	{"a fence within a value", `{"a":"` + "```json {} ```" + `"}`, `{"a":"` + "```json {} ```" + `"}`},
	{"prose around", `The answer is {"a":1} as you see.`, `{"a":1}`},
	{"the longest of several", `Not {} but {"a":{"b":2}}, I think {"c":3}`, `{"a":{"b":2}}`},
	{"braces in prose", `{thinking} of {"a":1}`, `{"a":1}`},
	{"thoughts", "<think>maybe {\"a\":\"a longer one\"}</think>\n{\"a\":1}", `{"a":1}`},
	{"thoughts that began elsewhere", "maybe {\"a\":\"a longer one\"}\n</think>{\"a\":1}", `{"a":1}`},
	{"the mark of thoughts in a value", `{"a":"</think>{"}`, `{"a":"</think>{"}`},
	{"a list", `[{"a":1}]`, `{"a":1}`},
	{"no object", `no`, ""},
	{"a cut object", `{"a":1`, ""},
	{"a number", `4`, ""},
	{"nothing", ``, ""},
	{"single quotes", `{'a':1}`, ""},
	{"only braces", strings.Repeat("{", 1000), ""},
}

func TestJSON(t *testing.T) {
	t.Parallel()
	for _, tc := range texts {
		got, ok := llm.JSON(tc.text)
		if string(got) != tc.want || ok != (tc.want != "") {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

func FuzzJSON(f *testing.F) {
	for _, tc := range texts {
		f.Add(tc.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := llm.JSON(text)
		if !ok {
			return
		}
		if !json.Valid(got) || !bytes.HasPrefix(got, []byte("{")) || !strings.Contains(text, string(got)) {
			t.Errorf("found %q, which is no object of the text", got)
		}
	})
}
