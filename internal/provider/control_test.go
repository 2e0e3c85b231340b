package provider_test

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/provider"
)

func TestControlErrorsSayWhich(t *testing.T) {
	for _, tc := range []struct {
		err        provider.ControlError
		said, code string
	}{
		{
			provider.ControlError{Kind: ringside.NotFound, Vendor: "Bland", Status: 404, Message: "no such call"},
			"the call is no longer active (Bland answered 404: no such call)", "call_not_active",
		},
		{
			provider.ControlError{Kind: ringside.Unauthorized, Vendor: "Bland", Status: 401},
			"the source's API key was refused (Bland answered 401)", "vendor_key_refused",
		},
		{
			provider.ControlError{Kind: ringside.Invalid, Vendor: "Bland", Message: "transfer is not configured for this agent"},
			"transfer is not configured for this agent", "not_configured",
		},
		{
			provider.ControlError{Kind: ringside.Invalid, Vendor: "Bland", Status: 400, Message: "bad number"},
			"Bland answered 400: bad number", "vendor_refused",
		},
		{
			provider.ControlError{Kind: ringside.Unavailable, Vendor: "Bland", Status: 503},
			"Bland answered 503", "vendor_unavailable",
		},
		{
			provider.ControlError{Kind: ringside.Unavailable, Vendor: "Bland", Message: "no answer in time"},
			"Bland can't be reached: no answer in time", "vendor_unavailable",
		},
	} {
		e, ok := errors.AsType[*ringside.Error](&tc.err)
		if got := tc.err.Error(); got != tc.said || !ok || e.Kind != tc.err.Kind || e.Code != tc.code || e.Message != tc.said {
			t.Errorf("%q, %+v; want %q and %s", got, e, tc.said, tc.code)
		}
	}
}

// Where the vendors put their message, and what is made of a body without one.
func TestSaid(t *testing.T) {
	for _, c := range [][2]string{
		{`{"message":"a"}`, "a"},
		{`{"message":["a","b"]}`, "a"},
		{`{"error":{"message":"a"}}`, "a"},
		{`{"error":"a"}`, "a"},
		{`{"detail":{"message":"a"}}`, "a"},
		{`{"detail":[{"message":"a"}]}`, "a"},
		{`{"data":null,"errors":[{"error":"CODE","message":"a"}]}`, "a"},
		{`{"error":{"error":{"error":{"error":"a"}}}}`, ""},
		{`{"message":7}`, ""},
		{`<html>`, ""},
		{``, ""},
	} {
		body, want := c[0], c[1]
		if got := provider.Said([]byte(body)); got != want {
			t.Errorf("%s: %q", body, got)
		}
	}
}

// The addresses of orders come from events: the way out decides where they go.
func TestAnOrderGoesWhereRequestsMayGo(t *testing.T) {
	g := egress.New(egress.Config{})
	t.Cleanup(g.Close)
	for address, want := range map[string]string{
		"http://169.254.169.254/latest": "https",
		"https://localhost/hook":        "private",
		"https://10.0.0.1/hook":         "private",
		"ftp://example.com":             "https",
		":":                             "address",
	} {
		_, err := provider.Order{Vendor: "Vapi", URL: address, JSON: 1}.Send(t.Context(), provider.Line{HTTP: g.Client(egress.Limits{})})
		e, ok := errors.AsType[*provider.ControlError](err)
		if !ok || e.Kind != ringside.Invalid || !strings.Contains(e.Message, want) {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestAnOrderThatIsCalledOff(t *testing.T) {
	g := egress.New(egress.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	t.Cleanup(g.Close)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := provider.Order{Vendor: "Vapi", Method: http.MethodPost, URL: "http://127.0.0.1:9999/"}.Send(ctx, provider.Line{HTTP: g.Client(egress.Limits{})})
	if ringside.KindOf(err) != ringside.Unavailable {
		t.Errorf("got %v", err)
	}
}
