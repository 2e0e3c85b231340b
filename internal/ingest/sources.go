package ingest

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
)

// How a source is remembered, so that one which forwards goes on doing so
// while the database can't be asked.
const (
	// believed is how long nobody asks the database again. A change through
	// this process is known at once; one through another, after this long.
	believed = 5 * time.Second
	// askFor is how long a delivery waits for the database when what is known
	// will do.
	askFor = 20 * time.Millisecond
	// maxKnown bounds how many are remembered.
	maxKnown = 10_000
)

type sourceKey struct{ provider, token string }

type knownSource struct {
	src   *store.Source
	asked time.Time // when the database was last asked
}

// sources remembers the sources that deliveries came by.
type sources struct {
	load func(context.Context, sourceKey) (*store.Source, error)

	mu         sync.Mutex
	known      map[sourceKey]knownSource // guarded by mu
	generation int                       // guarded by mu; counts changes
}

// get gives a source. One that is known is asked for again now and then, by
// one delivery at a time, and given as it was when there is no answer soon.
func (s *sources) get(ctx context.Context, k sourceKey, now time.Time) (*store.Source, error) {
	s.mu.Lock()
	known, ok := s.known[k]
	generation := s.generation
	fresh := ok && now.Sub(known.asked) < believed
	if ok && !fresh {
		s.known[k] = knownSource{known.src, now}
	}
	s.mu.Unlock()
	if fresh {
		return known.src, nil
	}
	if !ok {
		src, err := s.load(ctx, k)
		s.learn(k, src, err, generation, now)
		return src, err
	}
	type answer struct {
		src *store.Source
		err error
	}
	answers := make(chan answer, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), believed)
		defer cancel()
		src, err := s.load(ctx, k)
		s.learn(k, src, err, generation, now)
		answers <- answer{src, err}
	}()
	timer := time.NewTimer(askFor)
	defer timer.Stop()
	select {
	case a := <-answers:
		if a.err == nil || ringside.KindOf(a.err) == ringside.NotFound {
			return a.src, a.err
		}
	case <-timer.C:
	}
	return known.src, nil
}

// learn remembers what the database said, unless something was changed since
// it was asked: then what it said may be of before.
func (s *sources) learn(k sourceKey, src *store.Source, err error, generation int, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.generation != generation:
	case err == nil:
		s.putLocked(k, knownSource{src, now})
	case ringside.KindOf(err) == ringside.NotFound:
		delete(s.known, k)
	}
}

func (s *sources) putLocked(k sourceKey, v knownSource) {
	if _, ok := s.known[k]; !ok && len(s.known) >= maxKnown {
		for other := range s.known { // any: it is asked for again when it is needed
			delete(s.known, other)
			break
		}
	}
	s.known[k] = v
}

// SourceChanged tells the door what a source is now. The next delivery asks
// the database all the same: of two changes at once, this may be the older.
func (d *Door) SourceChanged(src *store.Source) {
	d.sources.mu.Lock()
	defer d.sources.mu.Unlock()
	d.sources.generation++
	d.sources.putLocked(sourceKey{src.Provider, src.Token}, knownSource{src: src})
}

// SourceGone tells the door that a source was deleted.
func (d *Door) SourceGone(src *store.Source) {
	d.sources.mu.Lock()
	d.sources.generation++
	delete(d.sources.known, sourceKey{src.Provider, src.Token})
	d.sources.mu.Unlock()
	if src.ForwardURL != "" {
		d.relay.Forget(src.ID)
	}
}

// learnForwarding remembers the sources that forward before anything came by
// them.
func (d *Door) learnForwarding(ctx context.Context) {
	var rows []*store.Source
	err := d.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		rows, err = store.ForwardingSources(ctx, tx, maxKnown)
		return err
	})
	if err != nil {
		d.cfg.Log.WarnContext(ctx, "forwarding sources could not be loaded", slog.Any("error", err))
	}
	d.sources.mu.Lock()
	defer d.sources.mu.Unlock()
	for _, src := range rows {
		d.sources.putLocked(sourceKey{src.Provider, src.Token}, knownSource{src, time.Now()})
	}
}

// source finds the source that a webhook's URL names.
func (d *Door) source(ctx context.Context, k sourceKey) (src *store.Source, err error) {
	err = d.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) error {
		src, err = store.SourceByToken(ctx, tx, k.provider, k.token)
		return err
	})
	if ringside.KindOf(err) == ringside.NotFound {
		return nil, ringside.Errorf(ringside.NotFound, "there is no source behind this URL; copy it again from Settings, Sources")
	}
	return src, err
}
