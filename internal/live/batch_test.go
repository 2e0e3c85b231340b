package live

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ringsidehq/ringside"
)

// published publishes a line of a call.
func published(t *testing.T, h *hub, call byte, text string) {
	t.Helper()
	publish(t, h, &event{kind: EventLine, id: ringside.CallID{call}, body: map[string]any{"line": Line{Text: text}}})
}

func publish(t *testing.T, h *hub, e *event) {
	t.Helper()
	if err := h.publish(e); err != nil {
		t.Fatal(err)
	}
}

func shown(t *testing.T, h *hub, call byte) {
	t.Helper()
	c := &Call{ID: fmt.Sprint("call", call), call: &ringside.Call{ID: ringside.CallID{call}}}
	publish(t, h, &event{kind: EventUpdated, id: ringside.CallID{call}, call: c, body: map[string]any{"call": c}})
}

// read gives what a reader would be sent by now.
func read(t *testing.T, s *Subscription) (sent []byte, frames int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got, lost, _ := s.Next(ctx, nil)
	if lost {
		t.Fatal("the reader was too slow")
	}
	for _, f := range got {
		sent = append(sent, f.SSE...)
	}
	return sent, len(got)
}

// Whoever follows every call is sent the same bytes, in batches or not,
// wherever the reader began.
func TestBatchesHoldWhatTheFramesDo(t *testing.T) {
	t.Parallel()
	for _, transcript := range []bool{false, true} {
		h := newHub("e")
		plain := &Subscription{hub: h, filter: Filter{Transcript: transcript}, next: 1}
		packed := &Subscription{hub: h, filter: Filter{Transcript: transcript}, next: 1}
		packed.Packed()
		var late *Subscription
		var one, many, tail []byte
		for n := range 3 * batches {
			for i := range n % 4 {
				published(t, h, byte(i), fmt.Sprint("line ", n))
				if i == 1 {
					shown(t, h, byte(n))
				}
				if n == batches+3 && i == 0 { // one that begins within a batch
					late = &Subscription{hub: h, filter: Filter{Transcript: transcript}, next: h.seq + 1}
					late.Packed()
				}
			}
			h.flush(false)
			if n%(batches+9) == 0 { // further behind than batches are kept, now and then
				a, _ := read(t, plain)
				b, frames := read(t, packed)
				one, many = append(one, a...), append(many, b...)
				if n > 0 && frames > 4*batches {
					t.Errorf("%d frames in place of batches", frames)
				}
			}
			if late != nil {
				b, _ := read(t, late)
				tail = append(tail, b...)
			}
		}
		a, _ := read(t, plain)
		b, _ := read(t, packed)
		one, many = append(one, a...), append(many, b...)
		if len(one) == 0 || !bytes.Equal(one, many) || !bytes.HasSuffix(one, tail) || len(tail) == 0 {
			t.Errorf("%d bytes by frames, %d by batches, %d from within one", len(one), len(many), len(tail))
		}
		if strings.Contains(string(many), EventLine) != transcript {
			t.Errorf("transcript %v, and lines %v", transcript, !transcript)
		}
	}
}

func TestReadersGetOnlyWhatWasFlushed(t *testing.T) {
	t.Parallel()
	h := newHub("e")
	s := &Subscription{hub: h, filter: Filter{Transcript: true}, next: 1}
	published(t, h, 1, "one")
	if sent, _ := read(t, s); len(sent) > 0 {
		t.Errorf("sent before its time: %s", sent)
	}
	h.flush(false)
	if sent, _ := read(t, s); !bytes.Contains(sent, []byte("one")) {
		t.Errorf("sent %q", sent)
	}
}

func TestManyCallsAreFollowedByName(t *testing.T) {
	t.Parallel()
	h := newHub("e")
	f := Filter{Transcript: true}
	for i := range 20 {
		f.Calls = append(f.Calls, ringside.CallID{byte(i)})
	}
	f.index()
	s := &Subscription{hub: h, filter: f, next: 1}
	s.Packed() // in vain: not every call is followed
	published(t, h, 3, "mine")
	published(t, h, 33, "another's")
	h.flush(false)
	if sent, frames := read(t, s); frames != 1 || !bytes.Contains(sent, []byte("mine")) {
		t.Errorf("%d frames: %s", frames, sent)
	}
}

// A reader whose batch was longer than the ring is told so.
func TestABatchLongerThanTheRing(t *testing.T) {
	t.Parallel()
	h := newHub("e")
	s := &Subscription{hub: h, filter: Filter{Transcript: true}, next: 1}
	s.Packed()
	for range ring + 5 {
		published(t, h, 1, "x")
	}
	h.flush(false)
	if _, lost, _ := s.Next(t.Context(), nil); !lost {
		t.Error("nobody is told that frames are gone")
	}
	s.Snapshot(time.Now())
	published(t, h, 1, "after")
	h.flush(false)
	if sent, frames := read(t, s); frames != 1 || !bytes.Contains(sent, []byte("after")) {
		t.Errorf("%d frames: %s", frames, sent)
	}
}

// However long what is said is, the ring holds no more than it may; who is
// behind is told so, and who reads misses nothing.
func TestTheRingIsBoundedInBytes(t *testing.T) {
	t.Parallel()
	h := newHub("e")
	slow := &Subscription{hub: h, filter: Filter{Transcript: true}, next: 1}
	packed := &Subscription{hub: h, filter: Filter{Transcript: true}, next: 1}
	packed.Packed()
	quick := &Subscription{hub: h, filter: Filter{Transcript: true}, next: 1}
	for n, size := range []int{40: ringBytes + 1, 41: 0} {
		published(t, h, 1, strings.Repeat("x", max(size, 1<<20)))
		h.flush(false)
		if sent, frames := read(t, quick); frames != 1 || len(sent) < size {
			t.Fatalf("who reads got %d frames, %d bytes of frame %d", frames, len(sent), n)
		}
		held, largest := map[*Frame]bool{}, 0
		for _, f := range h.ring {
			held[f] = true
		}
		for _, b := range h.batches {
			for i := 0; b != nil && i < len(b.frames); i++ {
				held[b.frames[i]] = true
			}
		}
		delete(held, nil)
		total := 0
		for f := range held {
			total, largest = total+len(f.SSE), max(largest, len(f.SSE))
		}
		if total > max(ringBytes, largest) || total != h.size {
			t.Fatalf("after frame %d, %d bytes are held, and %d counted", n, total, h.size)
		}
	}
	for name, s := range map[string]*Subscription{"by frames": slow, "by batches": packed} {
		if _, lost, _ := s.Next(t.Context(), nil); !lost {
			t.Errorf("%s: nobody is told that frames are gone", name)
		}
		s.Snapshot(time.Now())
		if s.Resumes("e-1") {
			t.Errorf("%s: goes on behind a frame that is gone", name)
		}
	}
	published(t, h, 1, "after")
	h.flush(false)
	for name, s := range map[string]*Subscription{"by frames": slow, "by batches": packed} {
		if sent, frames := read(t, s); frames != 1 || !bytes.Contains(sent, []byte("after")) {
			t.Errorf("%s: %d frames after the snapshot", name, frames)
		}
	}
}

// What was said some minutes ago is sent to nobody who comes back, though nothing
// was said since; who keeps up misses nothing.
func TestOldFramesLeave(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHub("e")
		next := func(text string) {
			published(t, h, 1, text)
			h.age(time.Now())
			h.flush(false)
		}
		plain, packed := &Subscription{hub: h, filter: Filter{Transcript: true}, next: 1}, &Subscription{hub: h, filter: Filter{Transcript: true}, next: 1}
		packed.Packed()
		for _, text := range []string{"one", "two", "three"} {
			next(text)
			for name, s := range map[string]*Subscription{"by frames": plain, "by batches": packed} {
				if sent, frames := read(t, s); frames != 1 || !bytes.Contains(sent, []byte(text)) {
					t.Errorf("%s: %d frames of %q", name, frames, text)
				}
			}
			time.Sleep(ringFor / 2)
		}
		h.forget(ringside.CallID{2})
		h.age(time.Now())
		for last, goes := range map[string]bool{"e-0": false, "e-1": false, "e-2": true, "e-3": true} {
			if plain.Resumes(last) != goes {
				t.Errorf("goes on behind %s: %v", last, !goes)
			}
		}
		held := 0
		for _, f := range h.ring {
			if f != nil {
				held += len(f.SSE)
			}
		}
		if held != h.size || held == 0 {
			t.Errorf("%d bytes are held, and %d counted", held, h.size)
		}
		for _, b := range h.batches {
			if b != nil && b.from < h.oldest {
				t.Error("a batch holds what the ring let go of")
			}
		}
		time.Sleep(ringFor)
		if h.age(time.Now()); h.size != 0 || !plain.Resumes("e-3") {
			t.Errorf("%d bytes are held", h.size)
		}
	})
}

// A snapshot is never older than who asks for it.
func TestSnapshotsAreShared(t *testing.T) {
	t.Parallel()
	h := newHub("e")
	for n := range byte(5) {
		shown(t, h, n)
		f := (&Subscription{hub: h}).Snapshot(time.Now())
		if want := fmt.Sprintf(`"totalActive":%d`, n+1); f.Seq != uint64(n+1) || !bytes.Contains(f.Data, []byte(want)) {
			t.Errorf("%d calls are shown by %s", n+1, f.Data)
		}
	}
	var s snapshots
	s.asked.Store(7)
	first := s.get(h, time.Now()) // who asks while six others wait makes it for them, too
	s.asked.Store(3)
	if second := s.get(h, time.Now()); second != first {
		t.Error("one who had asked before gets another")
	}
}

// Under load a call that changes all the time is sent once a second at most,
// many calls no faster than readers can be told of, and each in the end. Who
// asks sees the newest.
func TestChangesThatCanWaitDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := New(Config{Log: slog.New(slog.DiscardHandler)})
		s := e.shards[0]
		const calls = 2 * showMost
		turn := func(i, n int) *ringside.Call {
			c := &ringside.Call{ID: ringside.CallID{0, byte(i), byte(i >> 8)}, WorkspaceID: "ws", Status: ringside.StatusActive}
			for j := range n {
				c.Turns = append(c.Turns, ringside.Turn{Index: j, Role: ringside.RoleAgent, Text: fmt.Sprint("turn ", j)})
			}
			return c
		}
		tell := func(n int) {
			for i := range calls {
				c := turn(i, n)
				s.receive(t.Context(), c.ID, &letter{call: c}, time.Now())
			}
		}
		updates := func() (n int) {
			for _, f := range e.hub("ws").ring {
				if f != nil && f.Type == EventUpdated {
					n++
				}
			}
			return n
		}
		tell(1)
		tell(2)
		if n := updates(); n != 0 {
			t.Errorf("%d are sent at once", n)
		}
		if c := e.Get("ws", turn(5, 0).ID); c == nil || c.Turns != 2 {
			t.Errorf("asked for, a call is %+v", c)
		}
		time.Sleep(showEvery)
		s.tick(t.Context(), time.Now())
		room := showMost / len(e.shards)
		if n := updates(); n != room {
			t.Errorf("%d are sent with a tick, want %d", n, room)
		}
		for range calls / room {
			time.Sleep(tickEvery)
			s.tick(t.Context(), time.Now())
		}
		if n := updates(); n != calls || len(s.stale) > 0 {
			t.Errorf("%d of %d are sent in the end, and %d wait", n, calls, len(s.stale))
		}
	})
}

// The more readers a change goes to, the fewer changes that can wait are sent.
func TestManyReadersAreSentFewerChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := New(Config{Log: slog.New(slog.DiscardHandler)})
		h, s := e.hub("ws"), e.shards[0]
		st := &state{hub: h}
		s.shown = showMost/len(e.shards) - 1
		if !s.room(st) {
			t.Error("nobody reads, and there is no room for the last change")
		}
		var readers []*Subscription
		for range 2 * showReaders {
			r := e.Subscribe("ws", Filter{Transcript: true})
			r.Packed()
			r.next = 1
			readers = append(readers, r)
		}
		for range 2 {
			published(t, h, 1, "hello")
			h.flush(false)
			for _, r := range readers {
				read(t, r)
			}
		}
		if s.room(st) {
			t.Errorf("%d readers are sent as much as %d", len(readers), showReaders)
		}
		if s.shown = showMost/len(e.shards)/2 - 1; !s.room(st) {
			t.Error("twice the readers are sent less than half the changes")
		}
	})
}
