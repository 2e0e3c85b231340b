package blob_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/blob"
)

// cutOff is a recording that breaks off; before it does, it calls a function.
type cutOff struct{ before func() }

var errCutOff = errors.New("cut off")

func (c cutOff) Read(p []byte) (int, error) {
	c.before()
	return copy(p, "RIFF"), errCutOff
}

// A recording on its way that died with its process goes when the folder is
// opened, one that may still be written stays, and so does all that is whole.
func TestAbandonedRecordingsGo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := blob.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	id := ringside.NewCallID("ws", "test", "a")
	var name string
	err = s.Keep(t.Context(), id, cutOff{func() {
		found, err := filepath.Glob(filepath.Join(dir, ".recording-*"))
		if err != nil || len(found) != 1 {
			t.Fatalf("on its way: %v, %v", found, err)
		}
		name = filepath.Base(found[0])
	}})
	if !errors.Is(err, errCutOff) || s.Has(id) {
		t.Fatalf("what broke off is kept: %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("left of it, beside the call's folder: %v", left)
	}
	age := func(name string, ago time.Duration) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("RIFF"), 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Now().Add(-ago)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
		return path
	}
	left, written, other := age(name, 2*time.Hour), age(name+"1", 30*time.Minute), age("recording", 48*time.Hour)
	if s, err = blob.Open(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what was left two hours ago: %v", err)
	}
	for _, path := range []string{written, other} {
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
	if err := s.Keep(t.Context(), id, strings.NewReader("RIFF")); err != nil || !s.Has(id) {
		t.Errorf("keep afterwards: %v", err)
	}
}
