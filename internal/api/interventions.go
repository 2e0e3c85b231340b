package api

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/danielgtaylor/huma/v2"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/intervene"
	"github.com/ringsidehq/ringside/internal/live"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/store"
)

// controls says what can be done to a call.
func (s *Server) controls(c *ringside.Call) map[string]LiveAction {
	out := map[string]LiveAction{}
	if s.cfg.Hand == nil {
		return out
	}
	for action, p := range s.cfg.Hand.Can(c) {
		out[action] = LiveAction{p.Can, p.Why}
	}
	return out
}

// LiveDone is what an order to a call came to.
type LiveDone struct {
	OK     bool   `json:"ok"`
	Detail string `json:"detail" doc:"What was done, in a sentence; also that the vendor does not confirm it, where that is so"`
}

type liveDoneOutput struct{ Body LiveDone }

// intervene gives an order to a call in progress and audits it, whatever came
// of it.
func (s *Server) intervene(ctx context.Context, name, action string, do func(*ringside.Call, string) (string, error)) (*liveDoneOutput, error) {
	c, err := s.liveCall(ctx, name)
	if err != nil {
		return nil, err
	}
	did, err := do(c.Call(), auth.From(ctx).Name)
	subject := "call " + c.ShortID + ": "
	if err != nil {
		subject += "not done: " + err.Error()
	} else {
		subject += did
	}
	if noted := s.write(context.WithoutCancel(ctx), func(ctx context.Context, tx store.Tx) error { return audit(ctx, tx, action, subject) }); noted != nil && err == nil {
		err = noted
	}
	if err != nil {
		return nil, err
	}
	return &liveDoneOutput{LiveDone{true, did}}, nil
}

type liveSayInput struct {
	LivePath
	Body struct {
		Message string `json:"message" minLength:"1" maxLength:"2000"`
	}
}

func (s *Server) liveSay(ctx context.Context, in *liveSayInput) (*liveDoneOutput, error) {
	return s.intervene(ctx, in.ID, "live.say", func(c *ringside.Call, by string) (string, error) {
		return s.cfg.Hand.Say(ctx, c, intervene.Order{By: by}, in.Body.Message)
	})
}

type liveTransferInput struct {
	LivePath
	Body struct {
		TransferTo string `json:"transferTo" minLength:"1" maxLength:"300" doc:"A queue's id or name, a number like +14155550123, or a SIP address"`
		Reason     string `json:"reason,omitempty" maxLength:"500"`
		Context    string `json:"context,omitempty" maxLength:"2000" doc:"What who takes the call over should know"`
	}
}

func (s *Server) liveTransfer(ctx context.Context, in *liveTransferInput) (*liveDoneOutput, error) {
	return s.intervene(ctx, in.ID, "live.transfer", func(c *ringside.Call, by string) (string, error) {
		return s.cfg.Hand.Transfer(ctx, c, intervene.Transfer{
			Order: intervene.Order{By: by, Reason: in.Body.Reason}, To: in.Body.TransferTo, Context: in.Body.Context,
		})
	})
}

type liveEndInput struct {
	LivePath
	Body struct {
		Reason string `json:"reason,omitempty" maxLength:"500"`
		Note   string `json:"note,omitempty" maxLength:"2000"`
	}
}

func (s *Server) liveEnd(ctx context.Context, in *liveEndInput) (*liveDoneOutput, error) {
	return s.intervene(ctx, in.ID, "live.end", func(c *ringside.Call, by string) (string, error) {
		return s.cfg.Hand.End(ctx, c, intervene.Order{By: by, Reason: in.Body.Reason, Note: in.Body.Note})
	})
}

const listenPath = "/v1/live-calls/{id}/listen"

// listenRoute registers the sound of calls and describes it in the document.
func (s *Server) listenRoute() {
	s.mux.HandleFunc("GET "+listenPath, s.listen)
	s.api.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "listen-live-call", Method: http.MethodGet, Path: listenPath, Tags: []string{"Live"},
		Summary: "Listen to a call in progress over a WebSocket",
		Description: "First a message of JSON says what the sound is: {\"encoding\":\"pcm_s16le\",\"sampleRate\":16000,\"channels\":1}. " +
			"The encoding is pcm_s16le or mulaw; samples of two channels take turns. " +
			"Then come binary messages as the vendor sends them. Nothing is sent to the call. " +
			"The close says why it ended: 1000 when the sound is over, 1014 when it broke off, 1008 when you may not listen any more. " +
			"A page, which can't read the answer to a WebSocket that is refused, is let in and told why by a close with 4000.\n\nNeeds the scope `read`.",
		Parameters: []*huma.Param{{Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}}},
		Responses:  map[string]*huma.Response{"101": {Description: "The sound"}},
		Security:   []map[string][]string{{"bearer": {}}, {"key": {}}, {"session": {}}},
	})
}

// maxSound bounds one message of a vendor's sound, in bytes.
const maxSound = 1 << 20

func (s *Server) listen(w http.ResponseWriter, r *http.Request) {
	const op = "listen-live-call"
	p, err := s.reader(r)
	if err != nil {
		s.WriteProblem(w, r, op, err)
		return
	}
	ctx := auth.WithPrincipal(r.Context(), p)
	c, err := s.liveCall(ctx, r.PathValue("id"))
	if err == nil {
		err = s.hear(ctx, w, r, p, c)
	}
	if err != nil {
		s.refuseSound(w, r, op, err)
	}
}

// soundRefused closes the socket of a page that can't hear a call.
const soundRefused websocket.StatusCode = 4000

// refuseSound says why a call can't be heard. A page does not get to see the
// answer to a WebSocket that is refused, so it is let in and told by the close.
func (s *Server) refuseSound(w http.ResponseWriter, r *http.Request, op string, why error) {
	if r.Header.Get("Origin") == "" {
		s.WriteProblem(w, r, op, why)
		return
	}
	p := s.problem(r.Context(), op, why)
	to, err := websocket.Accept(w, r, nil) // only a page of this site
	if err != nil {
		return // it has answered
	}
	_ = to.Close(soundRefused, clipReason(p.Detail))
}

// hear connects a listener to the vendor's sound, until it ends, the listener
// may not listen any more, or the call is deleted. An error is one from before
// the listener was answered.
func (s *Server) hear(ctx context.Context, w http.ResponseWriter, r *http.Request, p *auth.Principal, c *live.Call) error {
	sound, client, err := s.cfg.Hand.Listen(ctx, c.Call())
	if err != nil {
		return err
	}
	err = s.write(ctx, func(ctx context.Context, tx store.Tx) error { return audit(ctx, tx, "live.listen", "call "+c.ShortID) })
	if err != nil {
		return err
	}
	dial, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	from, res, err := websocket.Dial(dial, sound.URL, &websocket.DialOptions{HTTPClient: client, HTTPHeader: sound.Header}) //nolint:bodyclose // Dial has read it
	if err != nil {
		status := 0
		if res != nil {
			status = res.StatusCode
		}
		return ringside.Errorf(ringside.Unavailable, "the vendor's sound can't be reached (status %d); the call may be over", status).WithCode("vendor_unavailable")
	}
	defer func() { _ = from.CloseNow() }()
	from.SetReadLimit(maxSound)
	_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
	to, err := websocket.Accept(w, r, nil) // from this site, or from no site
	if err != nil {
		return nil // it has answered
	}
	defer func() { _ = to.CloseNow() }()
	ctx, stop := context.WithCancel(to.CloseRead(ctx)) // a listener says nothing
	var watching sync.WaitGroup
	defer watching.Wait()
	defer stop()
	watching.Go(func() {
		if lost := auth.Watch(ctx, s.cfg.Pulse, func() error { return s.mayHear(r, p, c.ID) }); lost != nil {
			_ = to.Close(websocket.StatusPolicyViolation, clipReason(lost.Error()))
		}
	})
	passOn(ctx, from, to, sound)
	return nil
}

// mayHear fails when who listens to a call may not any more, or it is deleted.
func (s *Server) mayHear(r *http.Request, p *auth.Principal, call string) error {
	if err := s.cfg.Auth.Still(r, p, auth.ScopeRead); err != nil {
		return err
	}
	err := s.read(r.Context(), func(ctx context.Context, tx store.Tx) error {
		_, err := store.ResolveCall(ctx, tx, p.WorkspaceID, call)
		return err
	})
	if ringside.KindOf(err) == ringside.NotFound {
		return ringside.Errorf(ringside.NotFound, "the call was deleted")
	}
	return err
}

// passOn says what the sound is and writes it to a listener until one of both
// ends.
func passOn(ctx context.Context, from, to *websocket.Conn, sound provider.Audio) {
	write := func(kind websocket.MessageType, b []byte) error {
		within, done := context.WithTimeout(ctx, writeWithin)
		defer done()
		return to.Write(within, kind, b)
	}
	what, err := json.Marshal(map[string]any{"encoding": sound.Encoding, "sampleRate": sound.SampleRate, "channels": sound.Channels})
	if err == nil {
		err = write(websocket.MessageText, what)
	}
	for err == nil {
		var kind websocket.MessageType
		var b []byte
		if kind, b, err = from.Read(ctx); err != nil {
			_ = to.Close(howItEnded(err))
			return
		}
		if kind == websocket.MessageBinary {
			err = write(kind, b)
		}
	}
}

// howItEnded tells a sound that is over from one that broke off.
func howItEnded(err error) (websocket.StatusCode, string) {
	switch websocket.CloseStatus(err) {
	case websocket.StatusNormalClosure, websocket.StatusGoingAway, websocket.StatusNoStatusRcvd:
		return websocket.StatusNormalClosure, "the sound has ended"
	}
	return websocket.StatusBadGateway, "the vendor's sound broke off"
}
