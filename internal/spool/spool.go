package spool

import (
	"container/heap"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Delivery is what is held.
type Delivery struct {
	ID         string    `json:"id"` // sorts by time; part of a file's name
	Workspace  string    `json:"workspace"`
	Source     string    `json:"source"`
	Provider   string    `json:"provider"`
	ReceivedAt time.Time `json:"received_at"`
	Body       []byte    `json:"-"`
}

// Limits bound a spool.
type Limits struct {
	Deliveries int   // on disk and in memory together
	Disk       int64 // bytes of bodies
	Memory     int64 // bytes of bodies that the disk did not take
}

// DefaultLimits hold an hour of a busy contact centre.
var DefaultLimits = Limits{Deliveries: 100_000, Disk: 1 << 30, Memory: 64 << 20}

// Place is where a delivery is held.
type Place int

// The places. Nowhere is when all are full.
const (
	Nowhere Place = iota
	Memory
	Disk
)

// entry is a delivery that is held.
type entry struct {
	id, source string
	size       int64
	body       *Delivery // nil when it is on disk
	due        time.Time // when to try it, once it waits
}

// Spool holds deliveries. It is safe for concurrent use.
type Spool struct {
	dir    string
	limits Limits

	mu           sync.Mutex
	entries      map[string]*entry // guarded by mu, as is all below
	waiting      queue             // those that nobody works on
	disk, memory int64
	damaged      int
	lost         int
	wake         chan struct{} // has one when something began to wait
}

// suffix is what a delivery's file ends in.
const suffix = ".delivery"

// Open opens the spool in dir, which it makes, and finds what was left there.
func Open(dir string, l Limits) (*Spool, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make spool folder: %w", err)
	}
	s := &Spool{dir: dir, limits: l, entries: map[string]*entry{}, wake: make(chan struct{}, 1)}
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read spool folder: %w", err)
	}
	for _, f := range files {
		if id, ok := strings.CutSuffix(f.Name(), suffix); ok {
			s.find(id)
		}
	}
	s.signal()
	return s, nil
}

// find takes in a file of an earlier run.
func (s *Spool) find(id string) {
	h, size, err := s.peek(id)
	switch {
	case err == nil:
		e := &entry{id: id, source: h.Source, size: size}
		s.entries[id] = e
		heap.Push(&s.waiting, e)
		s.disk += size
	case isCutOff(err):
		_ = os.Remove(s.path(id)) // nobody was told that it is kept
	default:
		s.setAside(id)
	}
}

func (s *Spool) path(id string) string { return filepath.Join(s.dir, id+suffix) }

func (s *Spool) setAside(id string) {
	_ = os.Rename(s.path(id), filepath.Join(s.dir, id+".damaged"))
	s.damaged++
}

// Put holds a delivery and says where. It is the caller's to work on until
// Release. On Disk it survives the process and the machine.
func (s *Spool) Put(d *Delivery) Place {
	size := int64(len(d.Body))
	e := &entry{id: d.ID, source: d.Source, size: size}
	s.mu.Lock()
	if len(s.entries) >= s.limits.Deliveries {
		s.lost++
		s.mu.Unlock()
		return Nowhere
	}
	fits := s.disk+size <= s.limits.Disk
	if s.entries[d.ID] = e; fits {
		s.disk += size
	}
	s.mu.Unlock()
	if fits && s.write(d) == nil {
		return Disk
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if fits {
		s.disk -= size
	}
	if s.memory+size > s.limits.Memory {
		delete(s.entries, d.ID)
		s.lost++
		return Nowhere
	}
	e.body = d
	s.memory += size
	return Memory
}

// Done lets go of a delivery: it is stored, or never can be.
func (s *Spool) Done(id string) {
	s.mu.Lock()
	e := s.entries[id]
	delete(s.entries, id)
	if e != nil && e.body != nil {
		s.memory -= e.size
	} else if e != nil {
		s.disk -= e.size
	}
	s.mu.Unlock()
	if e != nil && e.body == nil {
		// When this fails, or the machine stops before it lasts, the delivery
		// is stored a second time at the next start, and found to be a double.
		_ = os.Remove(s.path(id))
	}
}

// Release leaves a delivery to Take, from a time on.
func (s *Spool) Release(id string, due time.Time) {
	s.mu.Lock()
	if e := s.entries[id]; e != nil {
		e.due = due
		heap.Push(&s.waiting, e)
	}
	s.mu.Unlock()
	s.signal()
}

// Wake gives a value after deliveries were released.
func (s *Spool) Wake() <-chan struct{} { return s.wake }

func (s *Spool) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Take gives at most n deliveries that are due, those first that have waited
// longest. They are the caller's until Done or Release. Without any, next is
// when there will be one; zero when nothing waits.
func (s *Spool) Take(now time.Time, n int) (ids []string, next time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.waiting) > 0 && len(ids) < n {
		if e := s.waiting[0]; e.due.After(now) {
			return ids, e.due
		}
		e, _ := heap.Pop(&s.waiting).(*entry)
		ids = append(ids, e.id)
	}
	return ids, time.Time{}
}

// Read gives a delivery that was taken. One whose file is damaged is set aside
// and gone.
func (s *Spool) Read(id string) (*Delivery, error) {
	s.mu.Lock()
	e := s.entries[id]
	s.mu.Unlock()
	if e == nil {
		return nil, fmt.Errorf("delivery %s is not in the spool", id)
	}
	if e.body != nil {
		return e.body, nil
	}
	d, err := s.read(id)
	if isDamaged(err) {
		s.mu.Lock()
		s.setAside(id)
		delete(s.entries, id)
		s.disk -= e.size
		s.mu.Unlock()
	}
	return d, err
}

// Figures say how full a spool is.
type Figures struct {
	Held     int   // deliveries that the database has not taken
	InMemory int   // of them, those that the disk did not take
	Bytes    int64 // of all bodies
	Lost     int   // deliveries that had no place, since Open
	Damaged  int   // files that were set aside, since Open
}

// Figures counts what is held; of one source, or of all when it is empty.
func (s *Spool) Figures(source string) Figures {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := Figures{Lost: s.lost, Damaged: s.damaged}
	for _, e := range s.entries {
		if source != "" && e.source != source {
			continue
		}
		f.Held++
		f.Bytes += e.size
		if e.body != nil {
			f.InMemory++
		}
	}
	return f
}
