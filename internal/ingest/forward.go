package ingest

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/relay"
	"github.com/ringsidehq/ringside/internal/store"
)

const (
	// margin is how much earlier than the vendor Ringside stops to wait, so
	// that the vendor hears why.
	margin = 500 * time.Millisecond
	// maxHold is how long an answer is held back for a disk that does not take
	// the delivery. Then the agent comes first.
	maxHold = time.Second
)

// Forwarding is how passing on a source's deliveries goes, in this process.
type Forwarding struct {
	relay.Summary

	Waiting int `json:"waiting" doc:"Deliveries that are kept in the spool because the database has not taken them yet"`
}

// Forwarding says how passing on goes for a source.
func (d *Door) Forwarding(source string) Forwarding {
	return Forwarding{d.relay.Summary(source, time.Now()), d.cfg.Spool.Figures(source).Held}
}

// Forwarded is one delivery that was passed on, for metrics.
type Forwarded struct {
	Provider        string
	Outcome         string
	Endpoint, Added time.Duration
}

// reply is what came of passing a delivery on.
type reply struct {
	answer *relay.Answer
	err    error
	at     time.Time
	took   time.Duration
}

// forward passes a verified delivery on and stores it at the same time. The
// vendor gets the endpoint's answer once that is there and the delivery is on
// disk: in the database or in the spool, whichever is first.
func (d *Door) forward(w http.ResponseWriter, r *http.Request, src *store.Source, in *delivery, raw []byte, read time.Time) {
	in.id = ringside.NewID("dlv", in.received)
	if err := d.relay.Begin(src.ID, time.Now()); err != nil {
		d.secure(in, func(string) {})
		d.unanswered(w, err)
		d.cfg.ObserveForward(Forwarded{Provider: src.Provider, Outcome: string(relay.Busy)})
		return
	}
	// It ends in the books whatever comes: so, until the vendor has its answer.
	end := reply{err: &relay.Failure{Outcome: relay.Failed, Reason: "passing it on broke off"}, at: time.Now()}
	defer func() { d.enter(r.Context(), src, in, end, time.Since(read)-end.took) }()
	ctx, cancel := context.WithCancelCause(r.Context())
	defer cancel(nil)
	// All else goes on beside: the request leaves from this goroutine at once,
	// because waking another one can take longer than what it has to do.
	safe := d.secure(in, func(event string) {
		late := time.AfterFunc(time.Until(in.received.Add(answerWithin(in.provider, event))), func() { cancel(context.DeadlineExceeded) })
		context.AfterFunc(ctx, func() { late.Stop() })
	})
	begun := time.Now()
	a, err := d.relay.Send(ctx, &relay.Request{ID: in.id, URL: src.ForwardURL, Query: r.URL.RawQuery, Header: r.Header, Body: raw})
	got := reply{a, err, time.Now(), time.Since(begun)}
	if got.err == nil {
		select {
		case <-safe:
		case <-time.After(maxHold):
		}
		d.pass(w, got.answer)
	} else {
		d.unanswered(w, got.err)
	}
	end = got
}

// answerWithin is how long a delivery's endpoint may take.
func answerWithin(p provider.Provider, event string) time.Duration {
	within := provider.DefaultAnswerWithin
	if p.AnswerWithin != nil {
		within = p.AnswerWithin(event)
	}
	return within - margin
}

// pass gives the endpoint's answer to the vendor.
func (d *Door) pass(w http.ResponseWriter, a *relay.Answer) {
	h := w.Header()
	for name, values := range a.Header {
		h[name] = values
	}
	// The bytes are somebody else's: a browser must not run them here.
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	w.WriteHeader(a.Status)
	_, _ = w.Write(a.Body)
}

// unanswered tells the vendor that the endpoint gave no answer, in the way
// that a gateway does: to the vendor its endpoint is down.
func (d *Door) unanswered(w http.ResponseWriter, err error) {
	out := refusal{Type: "about:blank", Status: http.StatusBadGateway, Code: "forward_failed"}
	if f, ok := errors.AsType[*relay.Failure](err); ok {
		out.Message = "The endpoint that this source forwards to gave no answer: " + f.Reason
		switch f.Outcome {
		case relay.TimedOut:
			out.Status, out.Code = http.StatusGatewayTimeout, "forward_timeout"
		case relay.Busy:
			out.Status, out.Code = http.StatusServiceUnavailable, "forward_busy"
			w.Header().Set("Retry-After", "1")
		}
	}
	out.Title, out.HTTPStatus, out.Detail = http.StatusText(out.Status), out.Status, out.Message
	d.write(w, "application/problem+json", out.Status, out)
}

// enter notes in the books how passing on went.
func (d *Door) enter(ctx context.Context, src *store.Source, in *delivery, got reply, added time.Duration) {
	e := relay.Exchange{At: got.at, Outcome: relay.Failed, Endpoint: got.took, Added: max(added, 0)}
	if f, ok := errors.AsType[*relay.Failure](got.err); ok {
		e.Outcome, e.Reason = f.Outcome, f.Reason
	} else if got.answer != nil {
		e.Outcome, e.Reason = got.answer.Outcome()
	}
	if news := d.relay.End(src.ID, e); news {
		d.cfg.Log.WarnContext(ctx, "forwarding changed", slog.String("source_id", src.ID), slog.String("workspace_id", src.Workspace),
			slog.String("delivery_id", in.id), slog.String("outcome", string(e.Outcome)), slog.String("reason", e.Reason))
	}
	d.cfg.ObserveForward(Forwarded{src.Provider, string(e.Outcome), e.Endpoint, e.Added})
}
