package ingest

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
)

// The database of a source, as it answers now.
type registry struct {
	src   *store.Source
	err   error
	hangs bool
	asked atomic.Int64
}

func (g *registry) load(ctx context.Context, _ sourceKey) (*store.Source, error) {
	g.asked.Add(1)
	if g.hangs {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return g.src, g.err
}

// Time is the test's: however slow the machine, what answers is waited for.
func TestSourcesAreRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first, second := &store.Source{Name: "first"}, &store.Source{Name: "second"}
		down, gone := errors.New("down"), ringside.Errorf(ringside.NotFound, "gone")
		start := time.Now()
		s := &sources{known: map[sourceKey]knownSource{}}
		for i, step := range []struct {
			after time.Duration
			now   *registry
			want  *store.Source
			err   error
			asks  bool
		}{
			{0, &registry{err: down}, nil, down, true}, // never seen: no way to know
			{0, &registry{src: first}, first, nil, true},
			{believed / 2, &registry{src: second}, first, nil, false},   // believed
			{2 * believed, &registry{src: second}, second, nil, true},   // changed by another process
			{4 * believed, &registry{err: down}, second, nil, true},     // can't be asked
			{4*believed + 1, &registry{err: down}, second, nil, false},  // and not by each delivery
			{6 * believed, &registry{hangs: true}, second, nil, true},   // does not answer
			{8 * believed, &registry{err: gone}, nil, gone, true},       // deleted by another process
			{8*believed + 1, &registry{src: first}, first, nil, true},   // forgotten, and made again
			{24 * time.Hour, &registry{err: down}, first, nil, true},    // however long it lasts
			{25 * time.Hour, &registry{src: second}, second, nil, true}, // until it answers
		} {
			s.load = step.now.load
			got, err := s.get(t.Context(), sourceKey{"vapi", "token"}, start.Add(step.after))
			if got != step.want || !errors.Is(err, step.err) || (step.now.asked.Load() > 0) != step.asks {
				t.Errorf("step %d: %+v, %v, asked %d times", i, got, err, step.now.asked.Load())
			}
		}
		time.Sleep(believed) // who did not answer is given up
	})
}

// What was read before a change is not believed after it.
func TestAChangeWhileASourceIsRead(t *testing.T) {
	before, after := &store.Source{Provider: "vapi", Token: "token", Name: "before"}, &store.Source{Provider: "vapi", Token: "token", Name: "after"}
	d := &Door{}
	k := sourceKey{"vapi", "token"}
	d.sources = &sources{known: map[sourceKey]knownSource{}, load: func(context.Context, sourceKey) (*store.Source, error) {
		d.SourceChanged(after)
		return before, nil
	}}
	_, _ = d.sources.get(t.Context(), k, time.Now())
	d.sources.load = (&registry{err: errors.New("down")}).load
	if got, err := d.sources.get(t.Context(), k, time.Now()); err != nil || got.Name != "after" {
		t.Errorf("%+v, %v", got, err)
	}
	d.SourceGone(after)
	if got, err := d.sources.get(t.Context(), k, time.Now()); err == nil {
		t.Errorf("after it was deleted: %+v", got)
	}
}
