package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// Pull reads at the vendor what its webhooks did not bring. The zero one can't.
// Every function asks once, with the source's key; who calls paces them. Errors
// are *ControlError; one of the kind Unavailable may be tried again, no sooner
// than its After.
type Pull struct {
	// Agents lists a page of the agents that the key's account has. An empty
	// cursor is the first page.
	Agents func(ctx context.Context, on Line, cursor string) (AgentPage, error)

	// Calls lists a page of the calls that began in a span, newest first.
	Calls func(ctx context.Context, on Line, span Span) (CallPage, error)

	// Call reads one listed call whole, as a delivery that Decode reads. Nil
	// means that the list has them whole.
	Call func(ctx context.Context, on Line, id string) ([]byte, error)

	// Pace is the pause between two requests.
	Pace time.Duration

	// Hooks says where the vendor sends its webhooks, and changes that.
	Hooks Hooks
}

// Can tells whether calls can be read.
func (p *Pull) Can() bool { return p.Calls != nil }

// Span is which calls to list.
type Span struct {
	From, To time.Time // when they began; To is left out, Cursor goes on from a page
	Cursor   string    // empty: the first page
}

// CallPage is some calls of a vendor, and where the list goes on.
type CallPage struct {
	Calls []Listed
	Next  string // empty: that was the last
}

// Listed is a call as a list shows it.
type Listed struct {
	ID    string
	Began time.Time // zero when the vendor gives none
	Ended bool      // at the vendor
	Over  time.Time // when it ended; zero when that is not in the list
	Body  []byte    // the whole call as a delivery; nil: Call reads it
}

// AgentPage is some agents of a vendor, and where the list goes on.
type AgentPage struct {
	Agents []VendorAgent
	Next   string // empty: that was the last
}

// VendorAgent is an agent as its vendor has it now.
type VendorAgent struct {
	ID         string // as its calls name it
	Name       string
	PromptHash string // as PromptHash makes it; empty when the vendor shows none
	Model      string // of language
	Voice      string
	Version    string // the vendor's own name for it; empty without
}

// Hooks is how a vendor's webhook is set by its API. The zero one can't be.
type Hooks struct {
	// Look says where the webhooks of the account go now, agent by agent.
	Look func(ctx context.Context, on Line) ([]Hook, error)
	// Set has those of one agent go to a URL, signed with the secret where the
	// vendor takes one; an empty secret leaves what it has.
	Set func(ctx context.Context, on Line, agent, url, secret string) error
	// Steps is what is still to be done by hand, a sentence each.
	Steps []string
}

// Hook is where the webhooks of one agent go.
type Hook struct {
	Agent string // its id at the vendor
	Name  string
	URL   string // empty: nowhere, or where the account's go
}

// maxPage is how much of an answer with calls is read.
const maxPage = 64 << 20

// Ask puts a question to a vendor and reads its answer into v, whole.
func (o Order) Ask(ctx context.Context, on Line, v any) error {
	body, err := o.exchange(ctx, on, maxPage)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, v); err != nil {
		return &ControlError{Kind: kindOf(http.StatusBadGateway), Vendor: o.Vendor, Message: "its answer could not be read: it is not the list that was asked for"}
	}
	return nil
}

// Get is a question to a vendor's API, with the source's key as authorize puts
// it.
func (l Line) Get(vendor string, url string, authorize func(http.Header, string)) (Order, error) {
	key, err := l.NeedKey(vendor)
	if err != nil {
		return Order{}, err
	}
	h := http.Header{"Accept": {"application/json"}}
	authorize(h, key)
	return Order{Vendor: vendor, Method: http.MethodGet, URL: url, Header: h}, nil
}

// Milli is a time as lists of vendors write it.
func Milli(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// Unread is the error of a listed call that has no id.
func Unread(vendor string, i int) error {
	return Unset(vendor, "%s", fmt.Sprintf("the call %d of the list has no id", i))
}
