package providertest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// act is one function of a vendor's controls with something to do.
type act struct {
	name string
	do   func(context.Context, provider.Line) error
	took string // the order as the fake notes it; empty for none
}

// bench is a vendor's controls beside its fake.
type bench struct {
	*Fake

	controls provider.Controls
	acts     []act
}

// RunControls runs an adapter's functions against the fake of its vendor: what
// works, and each way in which it does not.
func RunControls(t *testing.T, c provider.Controls, v Vendor) {
	b := bench{Fake: NewFake(t, v), controls: c}
	desk := provider.Destination{Number: Desk}
	if c.Say != nil {
		b.add("say", "say One moment.", func(ctx context.Context, on provider.Line) error { return c.Say(ctx, on, "One moment.") })
	}
	if c.Transfer != nil {
		b.add("transfer", "transfer "+Desk, func(ctx context.Context, on provider.Line) error { return c.Transfer(ctx, on, desk) })
	}
	if c.End != nil {
		b.add("end", "end", c.End)
	}
	if c.Listen != nil {
		b.add("listen", "", func(ctx context.Context, on provider.Line) error { _, err := c.Listen(ctx, on); return err })
	}
	t.Run("says what it can't", b.why)
	t.Run("works", b.works)
	t.Run("transfers", b.transfers)
	t.Run("refusals", b.refusals)
	t.Run("trouble", b.trouble)
	t.Run("hostile answers", b.hostile)
	for _, breach := range b.broken() {
		t.Errorf("breach of %s's contract: %s", v.Name, breach)
	}
}

func (b *bench) add(name, took string, do func(context.Context, provider.Line) error) {
	b.acts = append(b.acts, act{name, do, took})
}

// asks tells whether an act goes to the vendor at all: where to listen may be
// known without asking.
func (b *bench) asks(a act) bool { return a.name != "listen" || !b.vendor.ByURL }

func (b *bench) why(t *testing.T) {
	for _, name := range []string{"say", "transfer", "end", "listen"} {
		can := slices.ContainsFunc(b.acts, func(a act) bool { return a.name == name })
		reason := b.controls.Why[name]
		if can == (reason != "") || reason != "" && !strings.HasSuffix(reason, ".") {
			t.Errorf("%s: can %t, why %q", name, can, reason)
		}
	}
}

func (b *bench) works(t *testing.T) {
	for _, a := range b.acts {
		before := len(b.Orders())
		if err := a.do(t.Context(), b.Line(t, LiveCall)); err != nil {
			t.Errorf("%s: %v", a.name, err)
			continue
		}
		if got := b.Orders()[before:]; a.took != "" && !slices.Equal(got, []string{a.took}) {
			t.Errorf("%s: the vendor took %q", a.name, got)
		}
	}
	if b.controls.Listen == nil {
		return
	}
	audio, err := b.controls.Listen(t.Context(), b.Line(t, LiveCall))
	if err != nil || !strings.HasPrefix(audio.URL, "ws") {
		t.Fatalf("listen: %+v, %v", audio, err)
	}
	if want := b.vendor.Audio; audio.Encoding != want.Encoding || audio.SampleRate != want.SampleRate || audio.Channels != want.Channels {
		t.Errorf("listen: %+v, want %+v", audio, want)
	}
	for _, values := range audio.Header {
		if slices.ContainsFunc(values, func(s string) bool { return strings.Contains(s, b.vendor.Key) }) && b.vendor.Key != "" {
			t.Error("listen: the key would go wherever the vendor says")
		}
	}
}

func (b *bench) transfers(t *testing.T) {
	if b.controls.Transfer == nil {
		return
	}
	for _, tc := range []struct {
		name string
		to   provider.Destination
		ok   bool
	}{
		{"a SIP address", provider.Destination{SIP: DeskSIP}, b.vendor.DialsSIP},
		{"nobody", provider.Destination{}, false},
		{"two", provider.Destination{Number: Desk, SIP: DeskSIP}, false},
		{"a number without its country", provider.Destination{Number: "4155550123"}, false},
		{"a number and an order", provider.Destination{Number: Desk + "</Number><Say>"}, false},
		{"no address", provider.Destination{SIP: "desk"}, false},
		{"an address and an order", provider.Destination{SIP: "sip:a@b</Sip>"}, false},
	} {
		before, orders := b.asked(), len(b.Orders())
		err := b.controls.Transfer(t.Context(), b.Line(t, LiveCall), tc.to)
		if tc.ok {
			if got := b.Orders()[orders:]; err != nil || !slices.Equal(got, []string{"transfer " + tc.to.SIP}) {
				t.Errorf("%s: %q, %v", tc.name, got, err)
			}
			continue
		}
		b.expect(t, tc.name, err, ringside.Invalid, 0)
		if b.asked() != before {
			t.Errorf("%s: the vendor was asked", tc.name)
		}
	}
	if b.vendor.Bars {
		err := b.controls.Transfer(t.Context(), b.Line(t, LiveCall), provider.Destination{Number: Barred})
		if e := b.expect(t, "a barred number", err, ringside.Invalid, -1); e != nil && !strings.Contains(e.Error(), "not ") {
			t.Errorf("a barred number: the vendor's words are lost: %v", e)
		}
	}
}

func (b *bench) refusals(t *testing.T) {
	for _, a := range b.acts {
		if !b.asks(a) {
			bare := b.Line(t, LiveCall)
			bare.ListenURL = ""
			b.expect(t, a.name+" without an address", a.do(t.Context(), bare), ringside.Invalid, 0)
			continue
		}
		e := b.expect(t, a.name+" on an ended call", a.do(t.Context(), b.Line(t, EndedCall)), ringside.NotFound, -1)
		if e != nil && !strings.Contains(e.Error(), "no longer active") {
			t.Errorf("%s: %v", a.name, e)
		}
		bare := b.Line(t, LiveCall)
		bare.Key, bare.ControlURL = "", ""
		b.expect(t, a.name+" without the way", a.do(t.Context(), bare), ringside.Invalid, 0)
		if b.vendor.Key != "" {
			wrong := b.Line(t, LiveCall)
			wrong.Key = "wrong:" + wrong.Key
			b.expect(t, a.name+" with a wrong key", a.do(t.Context(), wrong), ringside.Unauthorized, http.StatusUnauthorized)
		}
		if b.vendor.ByURL {
			continue
		}
		for _, id := range []string{"", ".", ".."} {
			b.expect(t, a.name+" for call "+id, a.do(t.Context(), b.Line(t, id)), ringside.Invalid, 0)
		}
	}
}

// trouble is what the vendor can't help.
func (b *bench) trouble(t *testing.T) {
	for _, a := range b.acts {
		if !b.asks(a) {
			continue
		}
		for _, status := range []int{429, 500, 502, 503} {
			b.Instead(func(w http.ResponseWriter, _ *http.Request) {
				if status == 502 { // from a proxy in between
					w.WriteHeader(status)
					fmt.Fprint(w, "<html>Bad gateway</html>")
					return
				}
				b.fail(w, status, "try later")
			})
			e := b.expect(t, a.name, a.do(t.Context(), b.Line(t, LiveCall)), ringside.Unavailable, status)
			if e != nil && status == 503 && e.Message != "try later" {
				t.Errorf("%s: the vendor's words are %q", a.name, e.Message)
			}
		}
		b.Instead(silence)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		b.expect(t, a.name+" without an answer", a.do(ctx, b.Line(t, LiveCall)), ringside.Unavailable, 0)
		cancel()
		b.Instead(nil)
		gone := httptest.NewServer(nil)
		gone.Close()
		line := b.Line(t, LiveCall)
		line.BaseURL, line.ControlURL = gone.URL, gone.URL+"/control-token"
		b.expect(t, a.name+" at nobody's", a.do(t.Context(), line), ringside.Unavailable, 0)
	}
}

// silence takes a request and never answers. The body has to be read for the
// server to notice that nobody waits any more.
func silence(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

// hostile is what a server does that means harm.
func (b *bench) hostile(t *testing.T) {
	var reached atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	t.Cleanup(elsewhere.Close)
	defer b.Instead(nil)
	for _, a := range b.acts {
		if !b.asks(a) {
			continue
		}
		line := b.Line(t, LiveCall)
		b.Instead(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
		})
		b.expect(t, a.name+" redirected", a.do(t.Context(), line), ringside.Unavailable, http.StatusTemporaryRedirect)

		b.Instead(func(w http.ResponseWriter, _ *http.Request) {
			b.fail(w, http.StatusUnauthorized, strings.Repeat("no ", 10)+"key "+line.Key+" at "+line.ControlURL+" and "+line.ListenURL+strings.Repeat("\n\x00x", 500))
		})
		b.expect(t, a.name+" with its key told", a.do(t.Context(), line), ringside.Unauthorized, http.StatusUnauthorized)

		for _, status := range []int{http.StatusOK, http.StatusBadRequest} {
			b.Instead(endless(status))
			started := time.Now()
			err := a.do(t.Context(), line)
			if took := time.Since(started); took > 5*time.Second {
				t.Errorf("%s: an answer without end took %s", a.name, took)
			}
			if err != nil {
				b.expect(t, a.name+" with an endless answer", err, "", status)
			}
		}
	}
	if n := reached.Load(); n > 0 {
		t.Errorf("%d requests followed a redirect to another host", n)
	}
}

func endless(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(status)
		piece := []byte(strings.Repeat(`{"message":`, 1000))
		for r.Context().Err() == nil {
			if _, err := w.Write(piece); err != nil {
				return
			}
		}
	}
}

// expect looks at an error: its kind (empty: any), its status (-1: any but 0),
// and that it can be shown to people.
func (b *bench) expect(t *testing.T, what string, err error, kind ringside.Kind, status int) *provider.ControlError {
	t.Helper()
	e, ok := errors.AsType[*provider.ControlError](err)
	if !ok {
		t.Errorf("%s: %v, want a control error", what, err)
		return nil
	}
	if kind != "" && (e.Kind != kind || ringside.KindOf(err) != kind) || status >= 0 && e.Status != status || status < 0 && e.Status == 0 {
		t.Errorf("%s: %s with status %d, want %s and %d: %v", what, e.Kind, e.Status, kind, status, e)
	}
	line, said := b.Line(t, LiveCall), err.Error()
	secrets := append(strings.Split(line.Key, ":"), line.Key, "control-token", "listen-token", b.URL)
	for _, s := range secrets {
		if s != "" && strings.Contains(said, s) {
			t.Errorf("%s: the error tells a secret: %s", what, said)
		}
	}
	if len(said) > 1500 || strings.ContainsAny(said, "\n\x00") {
		t.Errorf("%s: the error is not fit to be shown: %q", what, said)
	}
	return e
}
