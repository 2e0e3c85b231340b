package notifytest

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/golden"
	"github.com/ringsidehq/ringside/internal/notify"
)

// Fake is a fake receiver as the suite sees it.
type Fake interface {
	Connection() notify.Connection
	Wrong() (c notify.Connection, secret string) // one that it refuses, and the secret in it
	Secrets() []string
	Got() []Got
	Tries() int
	Break(*Fault) // nil mends it
	Complaint(message string) (body string, header http.Header)
}

// Suite is what a channel brings to its tests.
type Suite struct {
	New  func() notify.Channel
	Fake func(testing.TB) Fake
	// Again are the statuses that are tried again, Never others. Those of HTTP
	// when empty.
	Again, Never []int
	// Nameless is for a channel that knows no message again.
	Nameless bool
	// StatusIsAll is for one where a yes is a yes, whatever comes with it.
	StatusIsAll bool
}

// Run runs the suite.
func Run(t *testing.T, s Suite) {
	if s.Again == nil {
		s.Again = []int{408, 425, 429, 500, 501, 502, 503, 504, 524, 599}
		s.Never = []int{301, 302, 307, 308, 400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 423, 431}
		t.Run("Retry-After is kept", s.retryAfter)
	}
	t.Run("golden", s.golden)
	t.Run("an incident is told from its beginning to its end", s.incident)
	t.Run("a message that is told again has the same name", s.again)
	t.Run("exactly these statuses are tried again", s.statuses)
	t.Run("a refusal is told without secrets", s.words)
	t.Run("a wrong secret is said to be wrong", s.wrong)
	t.Run("settings that can't be are refused", s.settings)
	t.Run("a receiver that hangs is given up with the context", s.hangs)
	t.Run("a receiver that can't be reached is tried again", s.gone)
	t.Run("an answer that is lost is tried again", s.lost)
	t.Run("an answer without an end is cut off", s.floods)
	t.Run("hostile words stay words", s.hostile)
	t.Run("the longest message is taken", s.long)
}

func (s Suite) tell(t testing.TB, f Fake, m notify.Message) (notify.Sent, error) {
	t.Helper()
	return s.New().Send(t.Context(), f.Connection(), m)
}

// told tells a message that has to be taken, and gives what then stands there.
func (s Suite) told(t testing.TB, f Fake, m notify.Message) (Got, notify.Sent) {
	t.Helper()
	sent, err := s.tell(t, f, m)
	if err != nil {
		t.Fatal(err)
	}
	got := f.Got()
	return got[len(got)-1], sent
}

// golden compares what is sent with what was read for sense.
func (s Suite) golden(t *testing.T) {
	t.Parallel()
	for name, m := range Messages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, _ := s.told(t, s.Fake(t), m)
			golden.JSON(t, name, got.Sent)
		})
	}
}

// incident tells all three events; what was answered to the first goes with
// the others.
func (s Suite) incident(t *testing.T) {
	t.Parallel()
	f, ref := s.Fake(t), ""
	for _, name := range []string{"triggered", "acknowledged", "resolved"} {
		m := Messages()[name]
		m.Ref = ref
		got, sent := s.told(t, f, m)
		if got.Event != m.Event {
			t.Errorf("%s came as %s", name, got.Event)
		}
		if ref != "" && sent.Ref != ref {
			t.Errorf("%s: reference %q, then %q", name, ref, sent.Ref)
		}
		if len(sent.Skipped) > 0 {
			t.Errorf("%s: skipped %q", name, sent.Skipped)
		}
		ref = sent.Ref
	}
	all := f.Got()
	if len(all) != 3 || all[0].Thread != all[1].Thread || all[0].Thread != all[2].Thread {
		t.Errorf("threads of %+v", all)
	}
	if (all[0].Thread == "") != s.Nameless {
		t.Errorf("thread %q", all[0].Thread)
	}
	other := Messages()["grouped"]
	if got, _ := s.told(t, f, other); !s.Nameless && got.Thread == all[0].Thread {
		t.Errorf("another incident has the same thread %q", got.Thread)
	}
}

func (s Suite) again(t *testing.T) {
	t.Parallel()
	f := s.Fake(t)
	first, _ := s.told(t, f, Messages()["triggered"])
	second, _ := s.told(t, f, Messages()["triggered"])
	if first.Name != second.Name || (first.Name == "") != s.Nameless {
		t.Errorf("named %q, then %q", first.Name, second.Name)
	}
	if a, b := encode(first.Sent), encode(second.Sent); a != b {
		t.Errorf("sent %s, then %s", a, b)
	}
	if over, _ := s.told(t, f, Messages()["resolved"]); !s.Nameless && over.Name == first.Name {
		t.Errorf("the end is named like the beginning: %q", over.Name)
	}
}

// settings tries those that no channel takes. What it has to say of a field of
// its own, its own tests look at.
func (s Suite) settings(t *testing.T) {
	t.Parallel()
	f, a := s.Fake(t), s.New()
	c := f.Connection()
	if err := a.Validate(c.Settings); err != nil {
		t.Fatal(err)
	}
	for _, pointer := range a.Secrets {
		if !at(c.Settings, pointer) {
			t.Errorf("the settings have no %s", pointer)
		}
	}
	for _, bad := range []string{``, `{}`, `[]`, `null`, `"x"`, `{"`, `{"webhook":1,"url":1,"routingKey":1,"recipients":1}`} {
		err := a.Validate(json.RawMessage(bad))
		if e, ok := errors.AsType[*ringside.Error](err); !ok || e.Kind != ringside.Invalid || bad == "{}" && e.Field == "" {
			t.Errorf("%s: %v", bad, err)
		}
		c.Settings = json.RawMessage(bad)
		_, err = a.Send(t.Context(), c, Messages()["triggered"])
		if e := failure(t, err); e.Kind != ringside.Invalid || !e.Final() || f.Tries() > 0 {
			t.Errorf("%s: %+v after %d tries", bad, e, f.Tries())
		}
	}
}

// at tells whether a document has something at a pointer.
func at(doc json.RawMessage, pointer string) bool {
	var node any
	if json.Unmarshal(doc, &node) != nil {
		return false
	}
	for name := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		object, ok := node.(map[string]any)
		if !ok || object[name] == nil {
			return false
		}
		node = object[name]
	}
	return true
}

// hostile tells words that mean something in HTML, JSON, Slack's markup, mail
// and templates. They come out as the words they are.
func (s Suite) hostile(t *testing.T) {
	t.Parallel()
	f := s.Fake(t)
	got, _ := s.told(t, f, Messages()["hostile"])
	for _, want := range []string{"{{call_id}}", "${7*7}", "=?utf-8?q?x?=", "evil.example.com"} {
		if !strings.Contains(got.Text, want) {
			t.Errorf("%s is gone: %s", want, got.Text)
		}
	}
	if strings.ContainsAny(got.Text, "\x00\x1b\u202e") || strings.Contains(got.Text, "javascript:") {
		t.Errorf("%q", got.Text)
	}
	if strings.Contains(strings.Join(got.To, " "), "victim") || f.Tries() != 1 || len(f.Got()) != 1 {
		t.Errorf("%d tries; there stand %+v", f.Tries(), f.Got())
	}
}

func (s Suite) long(t *testing.T) {
	t.Parallel()
	got, _ := s.told(t, s.Fake(t), long(Messages()["triggered"]))
	if got.Text == "" {
		t.Error("nothing was told")
	}
}
