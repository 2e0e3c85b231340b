package vapi_test

import (
	"net/http"
	"net/http/httputil"
	"slices"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/providertest"
	"github.com/ringsidehq/ringside/internal/provider/vapi"
)

func TestControls(t *testing.T) {
	providertest.RunControls(t, vapi.Provider.Controls, providertest.Vapi)
}

// What the person should know is in the conversation before they are called.
func TestATransferHandsTheContextOver(t *testing.T) {
	f := providertest.NewFake(t, providertest.Vapi)
	to := provider.Destination{Number: providertest.Desk, Context: "wants a refund"}
	if err := vapi.Provider.Controls.Transfer(t.Context(), f.Line(t, providertest.LiveCall), to); err != nil {
		t.Fatal(err)
	}
	if got, want := f.Orders(), []string{"note wants a refund", "transfer " + providertest.Desk}; !slices.Equal(got, want) {
		t.Errorf("orders %q", got)
	}
}

// A control URL comes from a delivery: whoever sent that must not get the key.
func TestNoKeyGoesToAControlURL(t *testing.T) {
	const key = "private-key"
	f := providertest.NewFake(t, providertest.Vapi)
	var sent strings.Builder
	f.Instead(func(_ http.ResponseWriter, r *http.Request) {
		dump, _ := httputil.DumpRequest(r, true)
		sent.Write(dump)
	})
	line := f.Line(t, providertest.LiveCall)
	line.Key = key
	if err := vapi.Provider.Controls.Say(t.Context(), line, "Hello"); err != nil {
		t.Fatal(err)
	}
	if got := sent.String(); !strings.Contains(got, "Hello") || strings.Contains(got, key) {
		t.Errorf("sent %s", got)
	}
	if a, err := vapi.Provider.Controls.Listen(t.Context(), line); err != nil || len(a.Header) > 0 {
		t.Errorf("listen: %+v, %v", a, err)
	}
}
