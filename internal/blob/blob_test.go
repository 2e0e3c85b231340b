package blob_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
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

// A recording that was replaced is none that a browser has in part: it gets the
// new one, whole, and it asks.
func TestAReplacedRecordingIsServedAnew(t *testing.T) {
	t.Parallel()
	s, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	id := ringside.NewCallID("ws", "test", "a")
	serve := func(header ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		s.Serve(w, r, id)
		return w
	}
	keep := func(audio string) {
		if err := s.Keep(t.Context(), id, strings.NewReader(audio)); err != nil {
			t.Fatal(err)
		}
	}
	keep("ID3 as it came")
	first := serve()
	tag := first.Header().Get("ETag")
	if first.Header().Get("Cache-Control") != "private, no-cache" || serve("If-None-Match", tag).Code != http.StatusNotModified {
		t.Errorf("%v", first.Header())
	}
	if w := serve("Range", "bytes=4-", "If-Range", tag); w.Code != http.StatusPartialContent || w.Body.String() != "as it came" {
		t.Errorf("the rest: %d %q", w.Code, w.Body)
	}
	keep("ID3 as muted..")
	if w := serve("Range", "bytes=4-", "If-Range", tag); w.Code != http.StatusOK || w.Body.String() != "ID3 as muted.." {
		t.Errorf("the rest of another: %d %q", w.Code, w.Body)
	}
	if w := serve("If-None-Match", tag); w.Code != http.StatusOK {
		t.Errorf("the old one: %d", w.Code)
	}
}
