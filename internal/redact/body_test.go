package redact

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
)

// kinds makes tokens that say what was hidden.
func kinds(k ringside.RedactionKind, _ string) (string, error) { return "[" + string(k) + " 1]", nil }

// Whatever a body is, what is personal in it goes and what is none stays as it
// was: it can be decoded again.
func TestBodies(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ body, want string }{
		"one event in each line": {
			"{\"at\":1732600000000,\"text\":\"R&D, 4111 1111 1111 1111\"}\n{\"at\":1732600000500,\"card\":4111111111111111}\n",
			"{\"at\":1732600000000,\"text\":\"R&D, [card 1]\"}\n{\"at\":1732600000500,\"card\":\"[card 1]\"}",
		},
		"numbers that nobody says": {
			`{"start_ms":12345,"cost":{"total":0.12345},"said":"four one one one two"}`,
			`{"start_ms":12345,"cost":{"total":0.12345},"said":"[number 1]"}`,
		},
		"times":         {`{"slots":"2026-10-15 14:30","other":"4155550142 is my phone"}`, `{"slots":"2026-10-15 14:30","other":"[phone 1] is my phone"}`},
		"a number's id": {`{"tax_id":"123-45-6789","id":"12345-67"}`, `{"tax_id":"[ssn 1]","id":"12345-67"}`},
		"text":          {"R&D: 4111 1111 1111 1111", "R&D: [card 1]"},
		"digits alone":  {"4111 1111 1111 1111", "[card 1]"},
		"a form":        {"From=%2B14155550100&Body=4111+1111+1111+1111", "Body=%5Bcard+1%5D&From=%2B14155550100"},
		"a short form":  {"Body=4111+1111+1111+1111", "Body=%5Bcard+1%5D"},
	} {
		r := New(Config{Kinds: ringside.RedactionKinds, Pieces: true, Keep: []string{"+14155550100"}, Token: kinds})
		if got, err := r.Body([]byte(tc.body)); err != nil || string(got) != tc.want {
			t.Errorf("%s: %s, %v; want %s", name, got, err, tc.want)
		}
	}
}

// The parts of a number that were said one by one are hidden where the body
// tells the same once more: as a text of lines, and word by word.
func TestPartsOfANumberAreHiddenInTheBody(t *testing.T) {
	t.Parallel()
	r := New(Config{Kinds: ringside.RedactionKinds, Token: kinds})
	var turns []ringside.Turn
	for _, s := range talk("Your card number?\n- It's 4111.\nOkay.\n- 1111.\nYes.\n- 1111\nAnd?\n- 1111.") {
		turns = append(turns, ringside.Turn{Role: s.Role, Text: s.Text})
	}
	r.Turns(turns)
	got, err := r.Body([]byte(`{"transcript":"Agent: Your card number?\nUser: It's 4111.\nAgent: Okay.\n User: 1111. \nAgent: Yes.\n1111\nAgent: And?\nUser: 1111.\n","words":[{"word":"It's "},{"word":"4111."}],"of":1111}`))
	const want = `{"transcript":"Agent: Your card number?\nUser: It's [card 1]\nAgent: Okay.\n User: [card 1]. \nAgent: Yes.\n[card 1]\nAgent: And?\nUser: [card 1].\n","words":[{"word":"It's "},{"word":"[card 1]"}],"of":1111}`
	if err != nil || string(got) != want {
		t.Errorf("%s, %v; want %s", got, err, want)
	}
}

// Whatever comes is redacted without a crash, and JSON stays JSON.
func FuzzBody(f *testing.F) {
	f.Add([]byte(`{"text":"my card is 4111 1111 1111 1111","n":4111111111111111,"words":[{"word":"jane"},{"word":"dot"},{"word":"doe@example.com"}]}`))
	f.Add([]byte("{\"transcript\":\"User: It's 4111.\\nAgent: Okay.\\nUser: born on 2001-02-03\"}\n[\"DE89 3704 0044 0532 0130 00\"]"))
	f.Add([]byte("From=%2B14155550100&Body=one+eight+hundred+double+five"))
	f.Add([]byte("social \xff 123-45-6789 at example dot com"))
	f.Add([]byte(strings.Repeat("a at b dot com, ", 500) + strings.Repeat("4111 ", 500))) // each is looked at for itself
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, pieces := range []bool{true, false} {
			r := New(Config{Kinds: ringside.RedactionKinds, Pieces: pieces, Token: kinds})
			r.Turns([]ringside.Turn{{Role: ringside.RoleUser, Text: string(body)}, {Role: ringside.RoleAgent, Text: "Your card?"}, {Role: ringside.RoleUser, Text: string(body)}})
			out, err := r.Body(body)
			if err != nil {
				t.Fatal(err)
			}
			if json.Valid(body) && !json.Valid(out) {
				t.Errorf("%q became %q", body, out)
			}
		}
	})
}
