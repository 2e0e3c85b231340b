package providertest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"sync"
	"testing"

	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/provider"
)

// Vendor is what a fake needs to know of a vendor's API for calls that are on.
type Vendor struct {
	Name  string
	Key   string // the one that it takes as Line.Key; empty where it asks for none
	Serve func(f *Fake) *http.ServeMux
	// Error is how it writes an error.
	Error func(status int, message string) string
	// ByURL: orders go to the call's control URL.
	ByURL bool
	// Bars: it looks at numbers itself, and refuses Barred.
	Bars bool
	// DialsSIP: it transfers to SIP addresses.
	DialsSIP bool
	// Audio is what Listen gives, apart from the address.
	Audio provider.Audio
}

// The calls and numbers that every fake knows. The id of the call that is on
// has characters that a path must not take as they are.
const (
	LiveCall  = "live/1 ü"
	EndedCall = "ended"
	Desk      = "+14155550123"
	Barred    = "+19995550100"
	DeskSIP   = "sip:desk@pbx.example.com"
)

// Fake is a vendor's server. It answers what breaks the vendor's contract with
// an error, as the vendor would, and keeps it for the test.
type Fake struct {
	*httptest.Server

	vendor Vendor

	mu       sync.Mutex // guards all below
	orders   []string   // those that it took
	breaches []string
	instead  http.HandlerFunc // answers everything while it is set
	requests int
}

// NewFake starts the server of a vendor.
func NewFake(t testing.TB, v Vendor) *Fake {
	t.Helper()
	f := &Fake{vendor: v}
	mux := v.Serve(f)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		f.breach(w, "%s %s is nothing that %s serves", r.Method, r.URL.Path, v.Name)
	})
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		f.requests++
		h := f.instead
		f.mu.Unlock()
		if h == nil {
			h = mux.ServeHTTP
		}
		h(w, r)
	}))
	t.Cleanup(f.Close)
	return f
}

// Line is the way to a call at the fake, by a client that keeps to the rules.
func (f *Fake) Line(t testing.TB, call string) provider.Line {
	t.Helper()
	return provider.Line{
		HTTP: client(t), Key: f.vendor.Key, BaseURL: f.URL, ProviderCallID: call,
		ControlURL: f.URL + "/control-token/" + url.PathEscape(call),
		ListenURL:  "ws" + f.URL[len("http"):] + "/listen-token/" + url.PathEscape(call),
	}
}

func client(t testing.TB) *http.Client {
	t.Helper()
	g := egress.New(egress.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	t.Cleanup(g.Close)
	return g.Client(egress.Limits{})
}

// Answering is a line to a server that says one thing to everything.
func Answering(t testing.TB, key string, status int, body string) provider.Line {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}))
	t.Cleanup(s.Close)
	return provider.Line{HTTP: client(t), Key: key, BaseURL: s.URL, ProviderCallID: LiveCall, ControlURL: s.URL}
}

// Instead has a handler answer everything until it is called with nil.
func (f *Fake) Instead(h http.HandlerFunc) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.instead = h
}

// Orders are those that the vendor took, in order.
func (f *Fake) Orders() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.orders...)
}

// asked is how many requests have come.
func (f *Fake) asked() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.requests
}

// broken are the breaches of the contract.
func (f *Fake) broken() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.breaches...)
}

func (f *Fake) took(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.orders = append(f.orders, fmt.Sprintf(format, args...))
}

// breach refuses a request that breaks the contract.
func (f *Fake) breach(w http.ResponseWriter, format string, args ...any) {
	f.mu.Lock()
	f.breaches = append(f.breaches, fmt.Sprintf(format, args...))
	f.mu.Unlock()
	f.fail(w, http.StatusBadRequest, "bad request")
}

func (f *Fake) fail(w http.ResponseWriter, status int, message string) {
	f.answer(w, status, f.vendor.Error(status, message))
}

func (f *Fake) answer(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprint(w, body)
}

// known tells whether a request has the key, and refuses it otherwise.
func (f *Fake) known(w http.ResponseWriter, r *http.Request, header, want string) bool {
	if r.Header.Get(header) == want {
		return true
	}
	f.fail(w, http.StatusUnauthorized, "Unauthorized")
	return false
}

// read reads a body as strictly as can be, and refuses any other.
func (f *Fake) read(w http.ResponseWriter, r *http.Request, v any) bool {
	if got := r.Header.Get("Content-Type"); got != "application/json" {
		f.breach(w, "the content type is %q", got)
		return false
	}
	var body bytes.Buffer
	_, _ = body.ReadFrom(r.Body)
	dec := json.NewDecoder(&body)
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		f.breach(w, "the body of %s: %v", r.URL.Path, err)
		return false
	}
	return true
}

// empty tells whether a request has no body, and refuses it otherwise.
func (f *Fake) empty(w http.ResponseWriter, r *http.Request) bool {
	var body bytes.Buffer
	if n, _ := body.ReadFrom(r.Body); n > 0 {
		f.breach(w, "%s has a body: %s", r.URL.Path, &body)
		return false
	}
	return true
}
