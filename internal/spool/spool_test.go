package spool

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

var now = time.Date(2026, 11, 26, 9, 0, 0, 123456000, time.UTC)

func delivery(id, body string) *Delivery {
	return &Delivery{ID: id, Workspace: "ws_1", Source: "src_1", Provider: "vapi", ReceivedAt: now, Body: []byte(body)}
}

func open(t testing.TB, dir string, l Limits) *Spool {
	t.Helper()
	s, err := Open(dir, l)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func wantTaken(t *testing.T, s *Spool, at time.Time, n int, want ...string) {
	t.Helper()
	if ids, _ := s.Take(at, n); fmt.Sprint(ids) != fmt.Sprint(want) {
		t.Errorf("taken: %v, want %v", ids, want)
	}
}

func TestWhatWasPutIsThereAfterARestart(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, DefaultLimits)
	body := "{\"a\":\n\x00\xff}\n"
	for _, id := range []string{"dlv_2", "dlv_1", "dlv_3"} {
		if p := s.Put(delivery(id, body)); p != Disk {
			t.Fatalf("put in place %d", p)
		}
	}
	wantTaken(t, s, now, 9) // all are still the caller's
	s.Done("dlv_3")
	s.Release("dlv_2", now)

	s = open(t, dir, DefaultLimits) // nobody closed it
	if f := s.Figures(""); f.Held != 2 || f.Bytes != int64(2*len(body)) || f.InMemory != 0 || f.Damaged != 0 {
		t.Errorf("after a restart: %+v", f)
	}
	wantTaken(t, s, now, 9, "dlv_1", "dlv_2")
	d, err := s.Read("dlv_1")
	if err != nil || string(d.Body) != body || !d.ReceivedAt.Equal(now) || d.Workspace != "ws_1" || d.Source != "src_1" || d.Provider != "vapi" {
		t.Errorf("%+v, %v", d, err)
	}
	s.Done("dlv_1")
	s.Done("dlv_2")
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("files left: %v", left)
	}
	if f := s.Figures(""); f != (Figures{}) {
		t.Errorf("left over: %+v", f)
	}
}

func TestTheLongestDueComesFirst(t *testing.T) {
	s := open(t, t.TempDir(), DefaultLimits)
	for i, id := range []string{"a", "b", "c", "d"} {
		s.Put(delivery(id, "x"))
		s.Release(id, now.Add(time.Duration(4-i)*time.Second))
	}
	if ids, next := s.Take(now, 9); ids != nil || !next.Equal(now.Add(time.Second)) {
		t.Errorf("%v, next %v", ids, next)
	}
	wantTaken(t, s, now.Add(3*time.Second), 2, "d", "c")
	s.Release("d", now.Add(time.Hour)) // failed: behind the others
	wantTaken(t, s, now.Add(time.Hour), 9, "b", "a", "d")
	select {
	case <-s.Wake():
	default:
		t.Error("nobody was woken")
	}
}

func TestFilesThatAreNotWhole(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, DefaultLimits)
	for _, id := range []string{"cut", "line", "flipped", "other", "fine"} {
		s.Put(delivery(id, "the body"))
	}
	change := func(id string, f func([]byte) []byte) {
		b, err := os.ReadFile(s.path(id))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(s.path(id), f(b), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	change("cut", func(b []byte) []byte { return b[:len(b)-1] })
	change("line", func(b []byte) []byte { return b[:10] })
	change("flipped", func(b []byte) []byte { b[len(b)-1] ^= 1; return b })
	change("other", func(b []byte) []byte { return bytes.Replace(b, []byte(`"other"`), []byte(`"third"`), 1) })

	s = open(t, dir, DefaultLimits)
	wantTaken(t, s, now, 9, "fine", "flipped")
	if _, err := s.Read("flipped"); !isDamaged(err) {
		t.Errorf("a flipped bit: %v", err)
	}
	if f := s.Figures(""); f.Held != 1 || f.Damaged != 2 {
		t.Errorf("%+v", f)
	}
	for name, want := range map[string]bool{"cut.delivery": false, "line.delivery": false, "flipped.damaged": true, "other.damaged": true, "fine.delivery": true} {
		if _, err := os.Stat(filepath.Join(dir, name)); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBounds(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Limits{Deliveries: 3, Disk: 10, Memory: 5})
	for i, want := range []Place{Disk, Disk, Nowhere, Memory, Nowhere} {
		body := [...]string{"12345", "12345", "123456", "1234", ""}[i]
		if got := s.Put(delivery(fmt.Sprint(i), body)); got != want {
			t.Errorf("delivery %d is in place %d, want %d", i, got, want)
		}
	}
	if f := s.Figures("src_1"); f.Held != 3 || f.InMemory != 1 || f.Bytes != 14 || f.Lost != 2 {
		t.Errorf("%+v", f)
	}
	if d, err := s.Read("3"); err != nil || string(d.Body) != "1234" {
		t.Errorf("%+v, %v", d, err)
	}
	s.Done("3")
	s.Done("0")
	if got := s.Put(delivery("5", "12345")); got != Disk {
		t.Errorf("where there is room again: place %d", got)
	}
}

// A disk that refuses costs no delivery as long as there is memory.
func TestADiskThatRefuses(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "spool")
	s := open(t, dir, DefaultLimits)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if got := s.Put(delivery("a", "x")); got != Memory {
		t.Fatalf("place %d", got)
	}
	s.Release("a", now)
	wantTaken(t, s, now, 1, "a")
	if d, err := s.Read("a"); err != nil || string(d.Body) != "x" {
		t.Errorf("%+v, %v", d, err)
	}
	s.Done("a")
	if f := s.Figures(""); f != (Figures{}) {
		t.Errorf("%+v", f)
	}
}

func TestManyAtOnce(t *testing.T) {
	s := open(t, t.TempDir(), DefaultLimits)
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			id := fmt.Sprintf("d%02d", i)
			if s.Put(delivery(id, id)) != Disk {
				t.Error("not on disk")
			}
			s.Release(id, now)
		})
	}
	wg.Wait()
	seen := map[string]bool{}
	for {
		ids, _ := s.Take(now, 7)
		if len(ids) == 0 {
			break
		}
		for _, id := range ids {
			if d, err := s.Read(id); err != nil || string(d.Body) != id || seen[id] {
				t.Errorf("%s: %+v, %v, seen before: %v", id, d, err, seen[id])
			}
			seen[id] = true
			s.Done(id)
		}
	}
	if len(seen) != 40 {
		t.Errorf("%d came back", len(seen))
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"id":"a","size":1,"crc32c":0}` + "\nx"))
	f.Add([]byte("{}\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if d, err := parse("a", b); err == nil && (d.ID != "a" || !bytes.HasSuffix(b, d.Body)) {
			t.Errorf("%+v", d)
		}
	})
}
