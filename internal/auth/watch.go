package auth

import (
	"context"
	"net/http"
	"time"

	"github.com/ringsidehq/ringside"
)

// Still fails when who began a long request, as a stream, may not go on with
// it: the key or the session is gone, lacks the scope, or is in another
// workspace now.
func (a *Auth) Still(r *http.Request, p *Principal, need Scope) error {
	again, err := a.Authenticate(r)
	if err == nil {
		err = again.Require(need)
	}
	if err == nil && again.WorkspaceID != p.WorkspaceID {
		err = ringside.Errorf(ringside.Forbidden, "the session is in another workspace now")
	}
	return err
}

// Watch asks every so often whether something may go on, and returns why when
// it may not; nil when ctx is done. What could not be found out is asked again.
func Watch(ctx context.Context, every time.Duration, still func() error) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		err := still()
		switch ringside.KindOf(err) {
		case ringside.Unauthorized, ringside.Forbidden, ringside.NotFound:
			return err
		}
	}
}
