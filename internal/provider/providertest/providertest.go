// Package providertest is the suite that every provider's adapter passes:
// golden files for its payloads, the confluence of its sequences, and what no
// body may make it do.
package providertest

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/golden"
	"github.com/ringsidehq/ringside/internal/provider"
)

// ReceivedAt is when every payload of a test is received.
var ReceivedAt = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

// Suite is what a provider brings to its tests.
type Suite struct {
	Provider provider.Provider
	// Dir holds the payloads, one delivery a file.
	Dir string
	// Skip tells files in Dir that are no delivery: REST bodies, vectors.
	Skip func(name string) bool
	// Sequences are deliveries about one call in the order they are sent, by
	// file name; a file that holds a list or lines is a sequence by itself.
	Sequences [][]string
}

// Run runs the suite.
func Run(t *testing.T, s Suite) {
	t.Run("golden", s.golden)
	t.Run("pure", s.pure)
	for i, seq := range s.Sequences {
		t.Run("confluence/"+strconv.Itoa(i), func(t *testing.T) { s.confluence(t, seq) })
	}
}

// deliveries gives the bodies in a file: itself, its lines, or the items of its
// list.
func deliveries(t testing.TB, path string) [][]byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Ext(path) == ".jsonl" {
		return bytes.Split(bytes.TrimSpace(b), []byte("\n"))
	}
	var items []json.RawMessage
	if json.Unmarshal(b, &items) != nil {
		return [][]byte{b}
	}
	out := make([][]byte, len(items))
	for i, item := range items {
		out[i] = item
	}
	return out
}

func (s Suite) files(t testing.TB) []string {
	t.Helper()
	var out []string
	for _, ext := range []string{".json", ".jsonl", ".form"} {
		paths, err := filepath.Glob(filepath.Join(s.Dir, "*"+ext))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range paths {
			if s.Skip == nil || !s.Skip(filepath.Base(p)) {
				out = append(out, p)
			}
		}
	}
	if len(out) == 0 {
		t.Fatalf("no payloads in %s", s.Dir)
	}
	return out
}

// Decode decodes the deliveries of a file and stamps their events as the door
// and the ledger do: received a second apart, named by delivery and place.
func (s Suite) Decode(t testing.TB, path string, at time.Time) []ringside.Event {
	t.Helper()
	var all []ringside.Event
	for i, body := range deliveries(t, path) {
		events, err := s.Provider.Decode(provider.Payload{Body: body, ReceivedAt: at.Add(time.Duration(i) * time.Second)})
		if _, ignored := provider.IsIgnored(err); ignored {
			continue
		}
		if err != nil {
			t.Fatalf("decode %s: %v", path, err)
		}
		for j := range events {
			events[j].ID = filepath.Base(path) + "/" + strconv.Itoa(i) + "/" + strconv.Itoa(j)
		}
		all = append(all, events...)
	}
	return all
}

// Fold applies events to the call that they are about.
func Fold(events []ringside.Event) *ringside.Call {
	if len(events) == 0 {
		return nil
	}
	c := ringside.NewCall("ws_test", events[0].Provider, events[0].ProviderCallID)
	for _, e := range events {
		c.Apply(e)
	}
	return c
}

// golden folds each payload by itself and compares the call with the one that
// was read for sense.
func (s Suite) golden(t *testing.T) {
	for _, path := range s.files(t) {
		name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
		t.Run(name, func(t *testing.T) {
			var got any
			if bodies := deliveries(t, path); len(bodies) == 1 {
				_, err := s.Provider.Decode(provider.Payload{Body: bodies[0], ReceivedAt: ReceivedAt})
				if reason, ok := provider.IsIgnored(err); ok {
					got = map[string]string{"ignored": reason}
				} else if err != nil {
					t.Fatal(err)
				}
			}
			if got == nil {
				got = Fold(s.Decode(t, path, ReceivedAt))
			}
			golden.JSON(t, name, got)
		})
	}
}

// pure decodes everything twice: the events must be the same, and well formed.
func (s Suite) pure(t *testing.T) {
	for _, path := range s.files(t) {
		a, b := s.Decode(t, path, ReceivedAt), s.Decode(t, path, ReceivedAt)
		if !reflect.DeepEqual(a, b) {
			t.Errorf("%s: two decodings differ", path)
		}
		for _, e := range a {
			Check(t, e)
		}
	}
}

// Check fails when an event could not have come from a sound decoder.
func Check(t testing.TB, e ringside.Event) {
	t.Helper()
	switch {
	case e.Provider == "":
		t.Error("event without a provider")
	case e.ProviderCallID == "":
		t.Error("event without a call")
	case e.Name == "":
		t.Error("event without a name")
	case e.Authority < ringside.Guess || e.Authority > ringside.Analysed:
		t.Errorf("event %s with authority %d", e.Name, e.Authority)
	case e.ReceivedAt.IsZero():
		t.Errorf("event %s without a time of receipt", e.Name)
	}
	turns := slices.Clone(e.Facts.Turns)
	if e.Facts.Turn != nil {
		turns = append(turns, *e.Facts.Turn)
	}
	for i, turn := range turns {
		if strings.TrimSpace(turn.Text) == "" {
			t.Errorf("event %s: turn %d has no text", e.Name, i)
		}
		if turn.StartMS != nil && *turn.StartMS < 0 {
			t.Errorf("event %s: turn %d starts at %d ms", e.Name, i, *turn.StartMS)
		}
	}
	for _, tool := range e.Facts.ToolCalls {
		if tool.ID == "" {
			t.Errorf("event %s: tool call %s without an id", e.Name, tool.Name)
		}
	}
}

// confluence folds a sequence in many orders, with repeats, and expects one
// and the same call.
func (s Suite) confluence(t *testing.T, seq []string) {
	var events []ringside.Event
	for i, name := range seq {
		events = append(events, s.Decode(t, filepath.Join(s.Dir, name), ReceivedAt.Add(time.Duration(i)*time.Minute))...)
	}
	want, err := json.Marshal(Fold(events))
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		shuffled := append([]ringside.Event(nil), events...)
		shuffled = append(shuffled, events[rng.IntN(len(events))], events[rng.IntN(len(events))])
		rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		got, err := json.Marshal(Fold(shuffled))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("another order gives another call:\n%s\nwant:\n%s", got, want)
		}
	}
}

// Fuzz feeds a decoder with the payloads and what the fuzzer makes of them.
// No body may crash it or make an event that is not well formed.
func Fuzz(f *testing.F, s Suite) {
	for _, path := range s.files(f) {
		for _, b := range deliveries(f, path) {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		events, err := s.Provider.Decode(provider.Payload{Body: body, ReceivedAt: ReceivedAt})
		if err != nil {
			return
		}
		for i, e := range events {
			Check(t, e)
			events[i].ID = strconv.Itoa(i)
		}
		if c := Fold(events); c != nil {
			if _, err := json.Marshal(c); err != nil {
				t.Errorf("the folded call can't be written: %v", err)
			}
		}
	})
}
