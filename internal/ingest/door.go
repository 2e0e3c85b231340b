package ingest

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/relay"
	"github.com/ringsidehq/ringside/internal/secret"
	"github.com/ringsidehq/ringside/internal/spool"
	"github.com/ringsidehq/ringside/internal/store"
)

// Config is what the door needs.
type Config struct {
	Store     *store.Store
	Ledger    *ledger.Ledger
	Auth      *auth.Auth
	Secrets   *secret.Box
	Providers map[string]provider.Provider // by id
	PublicURL string                       // how vendors reach the server; the request's host when empty
	Audio     AudioStore                   // where audio that comes inside of a body goes
	// Split reads a body of live events: the facts, and what is only shown.
	Split func(provider.Payload) ([]ringside.Event, []ringside.Partial, error)
	// Partials is shown what is being said in a call; nil for nobody. It must
	// not block.
	Partials func(workspace string, call ringside.CallID, p []ringside.Partial)
	Rate     Rate              // for each key or source; DefaultRate when zero
	Socket   SocketTimes       // of live events; DefaultSocket when zero
	Observe  func(Observation) // nil for nobody
	Log      *slog.Logger

	// For sources that forward. Without a gate, none does.
	Egress         *egress.Gate
	Spool          *spool.Spool
	ObserveForward func(Forwarded) // nil for nobody
}

// Observation is one delivery, for metrics.
type Observation struct {
	Door     string // call_logs, observability, webhook, retell_hook, live, follow
	Provider string
	Action   string // the ledger's, or the code of the refusal
	Took     time.Duration
}

// Door takes deliveries in.
type Door struct {
	cfg     Config
	senders *limiter
	refused *limiter
	hook    *limiter
	names   names
	sources *sources
	relay   *relay.Relay
	keeper  keeper
}

// New makes a door.
func New(c Config) *Door {
	if c.Rate == (Rate{}) {
		c.Rate = DefaultRate
	}
	if c.Socket == (SocketTimes{}) {
		c.Socket = DefaultSocket
	}
	if c.Observe == nil {
		c.Observe = func(Observation) {}
	}
	if c.ObserveForward == nil {
		c.ObserveForward = func(Forwarded) {}
	}
	d := &Door{cfg: c, senders: newLimiter(c.Rate), refused: newLimiter(RefusedRate), hook: newLimiter(HookRate)}
	d.sources = &sources{load: d.source, known: map[sourceKey]knownSource{}}
	d.relay = relay.New(c.Egress)
	return d
}

// Start begins to store what an earlier run left in the spool, and what this
// one will leave there. The ledger must have started.
func (d *Door) Start(ctx context.Context) {
	d.learnForwarding(ctx)
	ctx, d.keeper.cancel = context.WithCancel(context.WithoutCancel(ctx))
	d.keeper.running.Go(func() { d.drain(ctx) })
}

// Stop waits for deliveries that are being stored, some seconds at most. Those
// that the database does not take are in the spool.
func (d *Door) Stop() {
	if d.keeper.cancel != nil {
		d.keeper.cancel()
	}
	d.keeper.running.Wait()
}

// delivery is a body whose sender is known.
type delivery struct {
	id        string // where it was forwarded under one; else the ledger gives it
	workspace string
	source    string // id; empty when it came with a key
	provider  provider.Provider
	body      []byte
	received  time.Time
	context   store.DeliveryContext
	checked   bool // check has seen the body, or what it came in
	fresh     bool // sent by the user on purpose: may make a deleted call anew
	event     string
	recorded  ringside.CallID // the call whose recording came inside and was kept
	broken    error           // what was found wrong before decoding; nil for nothing
}

// taken says what became of a delivery, and why where no call came of it.
type taken struct {
	ledger.Result

	Pointer string
}

// accept takes a vendor's delivery, and keeps the recording inside of it where
// there is one.
func (d *Door) accept(ctx context.Context, in *delivery) (taken, error) {
	if err := d.lift(ctx, in); err != nil {
		return taken{}, err
	}
	result, err := d.take(ctx, *in)
	if err == nil {
		err = d.settle(in, result.Result)
	}
	return result, err
}

// take decodes a delivery and hands it to the ledger. On a webhook (not fresh)
// what can't be decoded is quarantined; else it is the sender's error.
func (d *Door) take(ctx context.Context, in delivery) (taken, error) {
	events, err := d.decode(&in)
	if words, ok := errors.AsType[*provider.Ignored](err); ok && words.Saying != nil {
		return d.show(&in, words), nil
	}
	if reason, ok := provider.IsIgnored(err); ok {
		return d.keep(ctx, &in, store.Ignored, reason, "")
	}
	if err != nil {
		e, ok := errors.AsType[*ringside.Error](err)
		if in.fresh || !ok || e.Kind != ringside.Invalid || !whole(in.body) {
			return taken{}, err
		}
		return d.keep(ctx, &in, store.Quarantined, e.Message, e.Field)
	}
	r, err := d.append(ctx, &in, events)
	return taken{Result: r}, err
}

// show hands on words that are still being said.
func (d *Door) show(in *delivery, words *provider.Ignored) taken {
	id := ringside.NewCallID(in.workspace, in.provider.ID, words.CallID)
	if d.cfg.Partials != nil {
		d.cfg.Partials(in.workspace, id, []ringside.Partial{*words.Saying})
	}
	return taken{Result: ledger.Result{Action: ledger.Ignored, CallID: id, Reason: words.Reason}}
}

func (d *Door) decode(in *delivery) ([]ringside.Event, error) {
	if in.broken != nil {
		return nil, in.broken
	}
	if !in.checked {
		if err := Check(in.body); err != nil {
			return nil, err
		}
	}
	events, err := in.provider.Decode(provider.Payload{
		Body: in.body, ReceivedAt: in.received, CallID: in.context.CallID, CallProvider: in.context.CallProvider,
	})
	if err != nil {
		return nil, err
	}
	if len(events) == 0 {
		return nil, &provider.Ignored{Reason: "the delivery tells nothing of a call"}
	}
	for i := range events {
		if len(events[i].ProviderCallID) > maxID {
			return nil, ringside.Errorf(ringside.Invalid, "the call's id has more than %d bytes", maxID).WithCode("id_too_long")
		}
	}
	Contextualise(events, in.context)
	return events, nil
}

// maxID bounds a call's id at the vendor, in bytes.
const maxID = 512

// Contextualise adds to decoded events what the door knew beside the body.
func Contextualise(events []ringside.Event, c store.DeliveryContext) {
	for i := range events {
		f := &events[i].Facts
		f.Imported = c.Imported
		if c.LinkedAgent != "" {
			f.LinkedAgent = c.LinkedAgent
		}
		if c.AgentName != "" {
			a := ringside.AgentFact{Name: c.AgentName}
			if f.Agent != nil {
				a.SourceID = f.Agent.SourceID
			}
			f.Agent = &a
		}
		if len(c.Metadata) > 0 {
			merged := maps.Clone(f.Metadata)
			if merged == nil {
				merged = ringside.Values{}
			}
			maps.Copy(merged, c.Metadata)
			f.Metadata = merged
		}
	}
}

// append hands the events to the ledger, call by call: most deliveries are
// about one. The result is the last call's.
func (d *Door) append(ctx context.Context, in *delivery, events []ringside.Event) (ledger.Result, error) {
	var result ledger.Result
	for first := true; len(events) > 0; first = false {
		n := 1
		for n < len(events) && events[n].Provider == events[0].Provider && events[n].ProviderCallID == events[0].ProviderCallID {
			n++
		}
		e := d.envelope(in)
		if part := in.provider.Part; part != nil && (!first || n < len(events)) {
			if b := part(in.body, events[0].ProviderCallID); len(b) > 0 { // without a body it would be no delivery
				e.Body = b
			}
		}
		e.Events, e.Event = events[:n], events[0].Name
		var err error
		if result, err = d.cfg.Ledger.Append(ctx, e); err != nil {
			return result, err
		}
		events, in.id = events[n:], "" // the id is the first call's
	}
	return result, nil
}

func (d *Door) keep(ctx context.Context, in *delivery, state store.DeliveryState, reason, pointer string) (taken, error) {
	e := d.envelope(in)
	e.State, e.Reason, e.Pointer = state, reason, pointer
	r, err := d.cfg.Ledger.Append(ctx, e)
	r.Reason = reason
	return taken{r, pointer}, err
}

func (d *Door) envelope(in *delivery) ledger.Envelope {
	e := ledger.Envelope{
		ID: in.id, Workspace: in.workspace, Provider: in.provider.ID, SourceID: in.source, Event: in.event,
		ReceivedAt: in.received, Body: in.body, Context: in.context, Revive: in.fresh,
	}
	if in.provider.Identity != nil {
		e.Identity = in.provider.Identity(in.body)
	}
	return e
}

// byKey says who sends a request by its key, and takes a token of that key's.
func (d *Door) byKey(r *http.Request, key string, now time.Time) (*auth.Principal, error) {
	var p *auth.Principal
	var err error
	if key == "" {
		p, err = d.cfg.Auth.Authenticate(r)
	} else {
		p, err = d.cfg.Auth.ByKey(r.Context(), key)
	}
	if err == nil {
		err = p.Require(toSend(p))
	}
	if err != nil {
		if lim := d.refused.take(address(r), now); lim != nil {
			return nil, lim // guessing keys is slow
		}
		return nil, err
	}
	return p, d.senders.take(p.KeyID+p.UserID, now)
}

// toSend is the scope that it takes to send calls: of a person, that to change
// things, as whoever only looks sends none.
func toSend(p *auth.Principal) auth.Scope {
	if p.UserID != "" {
		return auth.ScopeAdmin
	}
	return auth.ScopeIngest
}
