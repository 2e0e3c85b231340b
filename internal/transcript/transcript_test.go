package transcript

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/ringsidehq/ringside"
)

func TestRead(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"our own":          `{"turns":[{"role":"agent","text":"Hello","start_ms":500,"end_ms":1500},{"role":"user","text":"Hi","start_ms":2000,"end_ms":2400}]}`,
		"a list":           `[{"role":"agent","text":"Hello","start_ms":500,"end_ms":1500},{"role":"user","text":"Hi","start_ms":2000,"end_ms":2400}]`,
		"others' names":    `{"messages":[{"role":"system","content":"Be kind"},{"role":"assistant","content":"Hello","start":0.5,"end":1.5},{"role":"caller","content":"Hi","start":2,"end":2.4}]}`,
		"speakers instead": `{"transcript":[{"speaker":"Agent","text":"Hello","start":0.5,"end":1.5},{"speaker":"Customer","text":"Hi","start":2,"end":2.4}]}`,
	} {
		path := filepath.Join(t.TempDir(), "turns.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		turns, err := Read(path)
		if err != nil || len(turns) != 2 {
			t.Errorf("%s: %d turns, %v", name, len(turns), err)
			continue
		}
		a, u := turns[0], turns[1]
		if a.Role != ringside.RoleAgent || a.Text != "Hello" || *a.StartMS != 500 || *a.EndMS != 1500 ||
			u.Role != ringside.RoleUser || u.Text != "Hi" || *u.StartMS != 2000 || *u.EndMS != 2400 {
			t.Errorf("%s: %+v, %+v", name, a, u)
		}
	}
}

func TestReadRefusesWhatIsNone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "turns.json")
	for _, text := range []string{"", "hello", ": hello", "Agent", `"turns"`, "[", "The line: Agent: Hello", `{"turns":7}`, `[1,2]`} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if turns, err := Read(path); err == nil {
			t.Errorf("%q gives %d turns", text, len(turns))
		}
	}
}

func TestReadText(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "turns.txt")
	text := "\ufeffAgent: Hello,\r\nhow can I help: now or later?\r\n\r\nCUSTOMER : Now.\nagent: Fine: at ten.\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	turns, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	want := []ringside.Turn{
		{Role: ringside.RoleAgent, Text: "Hello, how can I help: now or later?"},
		{Role: ringside.RoleUser, Text: "Now."},
		{Role: ringside.RoleAgent, Text: "Fine: at ten."},
	}
	if len(turns) != len(want) {
		t.Fatalf("%+v", turns)
	}
	for i, w := range want {
		if turns[i].Role != w.Role || turns[i].Text != w.Text || turns[i].StartMS != nil {
			t.Errorf("turn %d is %+v, want %+v", i, turns[i], w)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"Agent: Hi\nthere", `[{"role":"user","text":"Hi","start_ms":1}]`, `{"turns":[]}`, `{"turns":{}}`, ":"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		turns, err := parse(b)
		for i := range turns {
			if err != nil || turns[i].Role == "" {
				t.Fatalf("turn %d of %q: %+v, %v", i, b, turns[i], err)
			}
		}
	})
}
