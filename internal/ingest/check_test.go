package ingest

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"
)

// corpus are the vendors' bodies.
func corpus(t testing.TB) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	root := "../../testdata/payloads"
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".json" {
			return err
		}
		out[path], err = os.ReadFile(path)
		return err
	})
	if err != nil || len(out) < 50 {
		t.Fatalf("%d bodies found: %v", len(out), err)
	}
	return out
}

// What vendors send is never refused for its shape.
func TestCheckTakesEveryPayload(t *testing.T) {
	for path, body := range corpus(t) {
		if err := Check(body); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// FuzzCheck: whatever the bytes, an answer; and what is taken and is JSON holds
// only texts that a database can keep.
func FuzzCheck(f *testing.F) {
	for _, body := range corpus(f) {
		f.Add(body)
	}
	for _, s := range []string{`"\u0000"`, `"\\u0000"`, `"\ud83d\ude00"`, `"\ud83d"`, `"\ude00"`, `"\u`, `"\`, "\"\xff\"", `{"a":[[[[`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var v any
		if Check(body) != nil || json.Unmarshal(body, &v) != nil {
			return
		}
		if depth := inspect(t, v); depth > maxDepth {
			t.Errorf("taken with %d levels", depth)
		}
	})
}

// inspect fails on a text that can't be kept, and gives how deep a value is.
func inspect(t *testing.T, v any) (depth int) {
	text := func(s string) {
		for i, r := range s {
			_, size := utf8.DecodeRuneInString(s[i:])
			if r == 0 || r == utf8.RuneError && size == 1 {
				t.Errorf("taken with the text %q", s)
			}
		}
	}
	switch v := v.(type) {
	case string:
		text(v)
		return 0
	case []any:
		for _, e := range v {
			depth = max(depth, inspect(t, e))
		}
		return depth + 1
	case map[string]any:
		for k, e := range v {
			text(k)
			depth = max(depth, inspect(t, e))
		}
		return depth + 1
	}
	return 0
}
