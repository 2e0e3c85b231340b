package live

import (
	"sync"
	"sync/atomic"
	"time"
)

// EventBatch is the type of a frame that is several; it is not of the stream.
const EventBatch = "batch"

// batches is how many flushes are kept whole: a reader that is some seconds
// behind still takes them as they are.
const batches = 64

// batch is what came between two flushes. Written once, it serves everybody who
// follows every call: at thousands of frames a second and hundreds of readers,
// handing each frame to each reader costs more than all else.
type batch struct {
	from, to uint64
	frames   []*Frame
	taken    int64  // by how many; guarded by the hub's mu
	all      packed // with transcripts
	calls    packed // without
}

type packed struct {
	once sync.Once
	f    *Frame // nil when there is nothing in it
}

// pack makes a batch of the frames since the last flush, and lets go of those
// whose frames the ring has let go of. Call it with mu held.
func (h *hub) pack() {
	h.dropBatches()
	if h.batch > 0 {
		if last := h.batches[(h.batch-1)%batches]; last != nil {
			h.readers.Store(last.taken)
		}
	}
	b := &batch{from: h.flushed + 1, to: h.seq}
	if b.from >= h.oldest { // else its first frames are gone, and readers are told
		for n := b.from; n <= b.to; n++ {
			if f := h.ring[n%ring]; f != nil {
				b.frames = append(b.frames, f)
			}
		}
		h.batches[h.batch%batches] = b
		h.batch++
	}
	h.flushed = h.seq
}

// dropBatches lets go of the batches whose frames the ring has let go of. Call it
// with mu held.
func (h *hub) dropBatches() {
	for i, b := range h.batches {
		if b != nil && b.from < h.oldest {
			h.batches[i] = nil
		}
	}
}

// batchFrom finds the batch that begins with a number; nil without. Call it
// with mu held.
func (h *hub) batchFrom(n uint64) *batch {
	for i := 1; i <= min(batches, h.batch); i++ {
		switch b := h.batches[(h.batch-i)%batches]; {
		case b == nil || b.from < n:
			return nil
		case b.from == n:
			return b
		}
	}
	return nil
}

// frame gives the batch as one frame; nil when none of it is wanted. Who asks
// first writes it.
func (b *batch) frame(transcript bool) *Frame {
	p := &b.calls
	if transcript {
		p = &b.all
	}
	p.once.Do(func() {
		size := 0
		wanted := func(f *Frame) bool { return transcript || f.Type != EventLine }
		for _, f := range b.frames {
			if wanted(f) {
				size += len(f.SSE)
			}
		}
		if size == 0 {
			return
		}
		p.f = &Frame{Seq: b.to, Type: EventBatch, SSE: make([]byte, 0, size)}
		for _, f := range b.frames {
			if wanted(f) {
				p.f.SSE = append(p.f.SSE, f.SSE...)
			}
		}
	})
	return p.f
}

// snapshots makes the snapshot of every call. Hundreds may ask at once, when the
// server was away: those who asked before one was begun share it.
type snapshots struct {
	asked atomic.Int64

	mu   sync.Mutex
	made int64  // how many had asked when the last was begun; guarded by mu
	last *Frame // guarded by mu
}

func (s *snapshots) get(h *hub, now time.Time) *Frame {
	place := s.asked.Add(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.made < place {
		s.made = s.asked.Load()
		s.last = h.snapshot(&Filter{}, now)
	}
	return s.last
}
