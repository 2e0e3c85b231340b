package ingest

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/store"
)

// LiveAnswer is the answer to a body of live events.
type LiveAnswer struct {
	ID         string `json:"id" doc:"The call: call_…"`
	Accepted   int    `json:"accepted" doc:"Events that were new; partials are among them"`
	Duplicates int    `json:"duplicates" doc:"Events that had been taken before, by their ids"`
	Ignored    int    `json:"ignored,omitempty" doc:"Events that are kept in the inbox and change nothing: the call has as many as one takes"`
	Reason     string `json:"reason,omitempty" doc:"Why events were ignored"`
}

// LiveEvents serves POST /v1/live-calls/{id}/events.
func (d *Door) LiveEvents(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	var answer LiveAnswer
	p, err := d.byKey(r, "", started.UTC())
	if err == nil {
		var body []byte
		if body, err = readBody(r, MaxBody); err == nil {
			answer, err = d.Live(r.Context(), p, r.PathValue("id"), body, started.UTC())
		}
	}
	if err != nil {
		d.refuse(w, r, "live", liveID, started, err)
		return
	}
	d.write(w, "application/json", http.StatusAccepted, answer)
	d.cfg.Observe(Observation{"live", liveID, "taken", time.Since(started)})
}

// SocketTimes are how often who sends over a socket is asked for anew, and how
// long an answer may take to be read.
type SocketTimes struct{ Check, Answer time.Duration }

// DefaultSocket is for agents over any network.
var DefaultSocket = SocketTimes{15 * time.Second, 10 * time.Second}

// LiveSocket serves GET /v1/live-calls/{id}/events: a WebSocket whose messages
// are bodies as LiveEvents takes them, each answered in its turn. A body that is
// refused is answered with why, and the next is read. It is closed when its
// sender may send no more, and when its answers are not read.
func (d *Door) LiveSocket(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	p, err := d.byKey(r, "", started.UTC())
	if err == nil {
		_, err = d.named(r.Context(), p.WorkspaceID, r.PathValue("id"))
	}
	if err == nil && !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		err = ringside.Errorf(ringside.Invalid, "this address takes a WebSocket; POST events to it otherwise").WithCode("websocket_required")
	}
	if err != nil {
		d.refuse(w, r, "live", liveID, started, err)
		return
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Time{}) // a call may be long
	conn, err := websocket.Accept(w, r, nil)                       // from this site, or from no site
	if err != nil {
		return // it has answered
	}
	defer func() { _ = conn.CloseNow() }()
	conn.SetReadLimit(MaxBody)
	ctx, cancel := context.WithCancel(r.Context())
	var watching sync.WaitGroup
	defer watching.Wait()
	defer cancel()
	watching.Go(func() {
		if lost := auth.Watch(ctx, d.cfg.Socket.Check, func() error { return d.cfg.Auth.Still(r, p, toSend(p)) }); lost != nil {
			_ = conn.Close(websocket.StatusPolicyViolation, lost.Error())
		}
	})
	for {
		_, body, err := conn.Read(ctx)
		if err != nil {
			return
		}
		at := time.Now()
		var out any
		if err = d.senders.take(p.KeyID+p.UserID, at); err == nil {
			out, err = d.Live(ctx, p, r.PathValue("id"), body, at.UTC())
		}
		code := "taken"
		if err != nil {
			refused, _ := d.refusal(r, "live", liveID, err)
			out, code = refused, refused.Code
		}
		d.cfg.Observe(Observation{"live", liveID, code, time.Since(at)})
		within, done := context.WithTimeout(ctx, d.cfg.Socket.Answer)
		err = wsjson.Write(within, conn, out)
		done()
		if err != nil {
			return
		}
	}
}

// liveID is the adapter of live events in the table of providers.
const liveID = "live"

// Live takes a body of live events about a call, which goes by the agent's own
// id or by ours. Facts are stored when it returns; partials are shown.
func (d *Door) Live(ctx context.Context, p *auth.Principal, name string, body []byte, received time.Time) (LiveAnswer, error) {
	if err := Check(body); err != nil {
		return LiveAnswer{}, err
	}
	call, err := d.named(ctx, p.WorkspaceID, name)
	if err != nil {
		return LiveAnswer{}, err
	}
	in := delivery{
		workspace: p.WorkspaceID, provider: d.cfg.Providers[liveID], body: body, received: received,
		context: store.DeliveryContext{CallID: call.id, CallProvider: call.provider},
	}
	events, partials, err := d.cfg.Split(provider.Payload{Body: body, ReceivedAt: received, CallID: call.id, CallProvider: call.provider})
	if err != nil {
		return LiveAnswer{}, err
	}
	answer := LiveAnswer{Accepted: len(events) + len(partials)}
	id := ringside.NewCallID(p.WorkspaceID, call.provider, call.id)
	if len(events) > 0 {
		var result ledger.Result
		if result, err = d.append(ctx, &in, events); err != nil {
			return LiveAnswer{}, err
		}
		answer.Duplicates = result.Known
		if result.Action == ledger.Ignored {
			answer.Ignored, answer.Reason = len(events), result.Reason
		}
		answer.Accepted -= answer.Duplicates + answer.Ignored
	}
	if len(partials) > 0 && d.cfg.Partials != nil {
		d.cfg.Partials(p.WorkspaceID, id, partials)
	}
	answer.ID = id.String()
	return answer, nil
}

// callName is a call as its provider names it.
type callName struct{ provider, id string }

// names remembers what calls of live events are called: a call sends hundreds.
type names struct {
	mu   sync.Mutex
	have map[[2]string]callName // by workspace and name; guarded by mu
}

// maxNames bounds the names that are remembered; past it the table starts
// again.
const maxNames = 20_000

func (n *names) get(workspace, name string) (callName, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	c, ok := n.have[[2]string{workspace, name}]
	return c, ok
}

func (n *names) put(workspace, name string, c callName) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.have == nil || len(n.have) >= maxNames {
		n.have = map[[2]string]callName{}
	}
	n.have[[2]string{workspace, name}] = c
}

// named says which call a name in an address means: one that Ringside calls so,
// else the agent's own by that id, which need not be there yet.
func (d *Door) named(ctx context.Context, workspace, name string) (callName, error) {
	if len(name) > maxID {
		return callName{}, ringside.Errorf(ringside.Invalid, "the call's id has more than %d bytes", maxID).WithCode("id_too_long")
	}
	if c, ok := d.names.get(workspace, name); ok {
		return c, nil
	}
	c := callName{ownCalls, name}
	err := d.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) error {
		id, err := store.ResolveCall(ctx, tx, workspace, name)
		if err != nil {
			return err
		}
		c.provider, c.id, err = store.CallName(ctx, tx, id)
		return err
	})
	if err != nil && (ringside.KindOf(err) != ringside.NotFound || strings.HasPrefix(name, "call_")) {
		return callName{}, err
	}
	d.names.put(workspace, name, c)
	return c, nil
}

// ownCalls is the provider of the calls that a team's own agents tell of: that
// of a custom call log.
const ownCalls = "custom"
