package ingest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/store"
)

// WebhookAnswer is the answer to a vendor. Vendors read nothing of it; people
// who test a webhook by hand do.
type WebhookAnswer struct {
	ID      *string `json:"id" doc:"The call; null when the delivery tells of none"`
	Action  string  `json:"action" enum:"created,updated,duplicate,ignored,quarantined"`
	Inbox   string  `json:"inbox_id" doc:"The delivery in the inbox"`
	Reason  string  `json:"reason,omitempty"`
	Pointer string  `json:"pointer,omitempty"`
}

// Webhook serves POST /webhooks/{provider}/{source}.
func (d *Door) Webhook(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	id := r.PathValue("provider")
	src, err := d.sources.get(r.Context(), sourceKey{id, r.PathValue("source")}, started)
	if err != nil {
		if lim := d.refused.take(address(r), started); lim != nil {
			err = lim
		}
		d.refuse(w, r, "webhook", id, started, err)
		return
	}
	d.deliver(w, r, "webhook", started, func(body []byte, at time.Time) (*store.Source, error) {
		if err := d.senders.take(src.ID, at); err != nil {
			return nil, err
		}
		return src, d.verify(r, src, body, at)
	})
}

// verify says whether a delivery comes from the vendor of its source.
func (d *Door) verify(r *http.Request, src *store.Source, body []byte, at time.Time) error {
	row := d.cfg.Providers[src.Provider]
	if len(src.Secret) == 0 || row.Verify == nil {
		if src.AllowUnsigned {
			return nil
		}
		return ringside.Errorf(ringside.Unauthorized, "this source has no secret to verify deliveries with; add the vendor's secret in Settings, Sources, or allow unsigned deliveries there").WithCode("unsigned")
	}
	plain, err := d.cfg.Secrets.Open("source:"+src.ID, src.Secret)
	if err != nil {
		return fmt.Errorf("unseal secret of source %s: %w", src.ID, err)
	}
	var hmac provider.HMAC
	if src.HMAC != "" {
		if err := json.Unmarshal([]byte(src.HMAC), &hmac); err != nil {
			return fmt.Errorf("read signature settings of source %s: %w", src.ID, err)
		}
	}
	return row.Verify(provider.Delivery{
		Method: r.Method, URL: r.URL.RequestURI(), PublicURL: d.publicURL(r), Header: r.Header, Body: body, ReceivedAt: at,
	}, provider.SourceConfig{Secret: string(plain), HMAC: hmac})
}

// publicURL is how vendors reach the server: as configured, for a proxy may
// stand before it.
func (d *Door) publicURL(r *http.Request) string {
	return cmp.Or(d.cfg.PublicURL, "https://"+r.Host)
}

// deliver reads a vendor's body, asks who sent it and takes it.
func (d *Door) deliver(w http.ResponseWriter, r *http.Request, door string, started time.Time, sender func([]byte, time.Time) (*store.Source, error)) {
	id := r.PathValue("provider")
	at := started.UTC()
	raw, body, err := readRaw(r, d.bodyLimit(id))
	if err != nil {
		d.refuse(w, r, door, id, started, err)
		return
	}
	read := time.Now()
	src, err := sender(body, at)
	if err != nil {
		d.refuse(w, r, door, id, started, err)
		return
	}
	in := delivery{workspace: src.Workspace, source: src.ID, provider: d.cfg.Providers[src.Provider], body: body, received: at}
	if src.ForwardURL != "" {
		d.forward(w, r, src, &in, raw, read)
		return
	}
	in.event = eventName(body)
	result, err := d.accept(r.Context(), &in)
	if err != nil {
		d.refuse(w, r, door, src.Provider, started, err)
		return
	}
	a := WebhookAnswer{Action: string(result.Action), Inbox: result.DeliveryID, Reason: result.Reason, Pointer: result.Pointer}
	if !result.CallID.IsZero() {
		a.ID = new(result.CallID.String())
	}
	status := http.StatusOK
	if result.Action == ledger.Quarantined {
		status = http.StatusAccepted
	}
	d.answer(w, door, src.Provider, started, status, a)
}

// eventName is what a body calls itself, for the inbox, where the adapter makes
// no event of it: the name stands in one of a few places with every vendor.
func eventName(body []byte) string {
	if trimmed := bytes.TrimSpace(body); len(trimmed) > 0 && trimmed[0] != '{' && trimmed[0] != '[' {
		form, _ := url.ParseQuery(string(trimmed)) // what can't be read has no name
		return shortName(provider.Text(form.Get("CallStatus")))
	}
	type typed struct {
		Type provider.Text `json:"type"`
	}
	var named struct {
		Type    provider.Text   `json:"type"`
		Event   json.RawMessage `json:"event"`
		Message typed           `json:"message"`
	}
	_ = json.Unmarshal(body, &named)
	var inside typed
	var plain provider.Text
	if json.Unmarshal(named.Event, &inside) != nil {
		_ = json.Unmarshal(named.Event, &plain)
	}
	return shortName(named.Message.Type, named.Type, inside.Type, plain)
}

func shortName(names ...provider.Text) string {
	for _, name := range names {
		if name != "" && len(name) <= 100 {
			return string(name)
		}
	}
	return "unreadable"
}

// maxCandidates is how many Retell sources are tried for a delivery that says
// nothing but its signature.
const maxCandidates = 20

// RetellHook serves POST /api/v1/observability/calls/retell/webhook: without a
// key, for whichever workspace's Retell source the signature verifies.
func (d *Door) RetellHook(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	r.SetPathValue("provider", "retell")
	if err := d.hook.take(address(r), started); err != nil {
		d.refuse(w, r, "retell_hook", "retell", started, err)
		return
	}
	d.deliver(w, r, "retell_hook", started, func(body []byte, at time.Time) (*store.Source, error) {
		var named struct {
			Call struct {
				AgentID provider.Text `json:"agent_id"`
			} `json:"call"`
		}
		_ = json.Unmarshal(body, &named) // only a hint which to try first
		var sources []*store.Source
		err := d.cfg.Store.Read(r.Context(), func(ctx context.Context, tx store.Tx) (err error) {
			sources, err = store.SourcesByProvider(ctx, tx, "retell", string(named.Call.AgentID), maxCandidates)
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, src := range sources {
			if len(src.Secret) > 0 && d.verify(r, src, body, at) == nil {
				return src, nil
			}
		}
		return nil, provider.Unverified("the signature matches no Retell source; add one in Settings, Sources, with the API key that Retell signs with, or use the URL that is shown there")
	})
}
