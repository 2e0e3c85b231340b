package custom_test

import (
	"slices"
	"testing"

	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/custom"
	"github.com/ringsidehq/ringside/internal/provider/providertest"
)

func TestControls(t *testing.T) { providertest.RunControls(t, custom.Controls, providertest.Custom) }

func TestATransferSaysWhatToKnow(t *testing.T) {
	f := providertest.NewFake(t, providertest.Custom)
	to := provider.Destination{SIP: providertest.DeskSIP, Name: "Ada", Reason: "asked for a person", Context: "wants a refund"}
	if err := custom.Controls.Transfer(t.Context(), f.Line(t, providertest.LiveCall), to); err != nil {
		t.Fatal(err)
	}
	if got, want := f.Orders(), []string{"note wants a refund", "transfer " + providertest.DeskSIP}; !slices.Equal(got, want) {
		t.Errorf("orders %q", got)
	}
}
