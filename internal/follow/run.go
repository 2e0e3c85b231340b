package follow

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/store"
)

// errOver ends following a call that has ended otherwise, or is deleted.
var errOver = errors.New("the call is over")

// run follows a call until it has ended or is left.
func (f *Follower) run(e *followed) {
	defer f.leave(e)
	tries, notOn := 0, 0
	for {
		told, err := f.once(e)
		if told {
			tries, notOn = 0, 0
		}
		switch kind := ringside.KindOf(err); {
		case err == nil, errors.Is(err, errOver), e.ctx.Err() != nil:
			return
		case errors.Is(err, errElsewhere):
		case kind == ringside.NotFound:
			if notOn++; notOn >= notOnTries {
				return
			}
		case kind != ringside.Unavailable && kind != ringside.Internal:
			f.trouble(e, err)
			f.cfg.Log.Info("a call is not followed", slog.String("call_id", e.call.ID.String()), slog.Any("error", err))
			return
		case tries == worth:
			f.trouble(e, err)
		}
		if !f.wait(e.ctx, tries) || !f.on(e) {
			return
		}
		tries++
	}
}

// worth is after how many tries in vain it is worth telling.
const worth = 3

// leave ends with a call. What is left before its end is known, so that it is
// not begun again with each delivery.
func (f *Follower) leave(e *followed) {
	e.cancel()
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	err := f.cfg.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		return store.EndFollow(ctx, tx, e.call.ID, f.holder, time.Now())
	})
	if err != nil {
		f.cfg.Log.Warn("can't give up a call that was followed", slog.String("call_id", e.call.ID.String()), slog.Any("error", err))
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.going--
	e.left = time.Now()
}

// within bounds a question to the store.
const within = 10 * time.Second

// errElsewhere is why a call is not followed here, now.
var errElsewhere = ringside.Errorf(ringside.Unavailable, "another process follows the call")

// once follows a call over one connection, and tells whether anything came.
func (f *Follower) once(e *followed) (told bool, err error) {
	held := false
	err = f.cfg.Store.Write(e.ctx, func(ctx context.Context, tx store.Tx) (err error) {
		now := time.Now()
		held, err = store.ClaimFollow(ctx, tx, e.call.ID, f.holder, now, now.Add(f.cfg.Times.Claim))
		return err
	})
	if err == nil && !held {
		err = errElsewhere
	}
	if err != nil {
		return false, err
	}
	on, source, err := f.cfg.Line(e.ctx, e.call)
	f.uses(e, source)
	switch {
	case err != nil:
		return false, err
	case on.Key == "":
		return false, errOver // nobody asked for it
	}
	err = f.listen(e, on, func(t provider.Told) error {
		if !told {
			told = true
			f.trouble(e, nil)
		}
		return f.tell(e, source, t)
	})
	return told, err
}

// listen follows a call at its vendor. Nobody else would catch a panic: one call
// must not end the process.
func (f *Follower) listen(e *followed, on provider.Line, tell func(provider.Told) error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			f.cfg.Log.Error("an adapter failed at what a vendor told", slog.String("call_id", e.call.ID.String()),
				slog.Any("panic", v), slog.String("stack", string(debug.Stack())))
			err = ringside.Errorf(ringside.Unavailable, "Ringside failed at what the vendor told; its log says why")
		}
	}()
	return f.cfg.Providers[e.call.Provider].Follow(e.ctx, on, tell)
}

// tell hands on what a vendor told.
func (f *Follower) tell(e *followed, source string, t provider.Told) error {
	if t.Body != nil {
		r, err := f.cfg.Take(e.ctx, Delivery{
			Workspace: e.call.WorkspaceID, Source: source, Provider: e.call.Provider, Body: t.Body, ReceivedAt: time.Now().UTC(),
		})
		switch {
		case err != nil:
			return ringside.Errorf(ringside.Unavailable, "what the vendor told can't be stored: %s", err)
		case r.Action == ledger.Quarantined:
		case r.Call == nil, r.Call.Ended(): // deleted; or it ended by another's word
			return errOver
		}
	}
	if len(t.Saying) > 0 {
		f.cfg.Partials(e.call.WorkspaceID, e.call.ID, t.Saying)
	}
	return nil
}

// wait pauses before another try; false when there is to be none.
func (f *Follower) wait(ctx context.Context, tries int) bool {
	pause := f.cfg.Times.Longest
	if tries < 16 {
		pause = min(pause, f.cfg.Times.First<<tries)
	}
	timer := time.NewTimer(pause/2 + rand.N(pause/2+1))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// on tells whether a call is still on. When the store can't tell, it may be.
func (f *Follower) on(e *followed) bool {
	ctx, cancel := context.WithTimeout(e.ctx, within)
	defer cancel()
	on := true
	_ = f.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		on, err = store.IsOn(ctx, tx, e.call.ID)
		on = on || err != nil
		return err
	})
	return on
}
