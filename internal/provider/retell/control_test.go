package retell_test

import (
	"context"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/providertest"
	"github.com/ringsidehq/ringside/internal/provider/retell"
)

func TestControls(t *testing.T) {
	providertest.RunControls(t, retell.Provider.Controls, providertest.Retell)
}

func TestAnswersToStop(t *testing.T) {
	body := `{"status":"error","message":"no"}`
	providertest.RunAnswers(t, "key", retell.Provider.Controls.End, []providertest.Answer{
		{Status: 204},
		{Status: 400, Body: body, Kind: ringside.NotFound},
		{Status: 401, Body: body, Kind: ringside.Unauthorized},
		{Status: 402, Body: body, Kind: ringside.Invalid},
		{Status: 403, Body: body, Kind: ringside.Unauthorized},
		{Status: 404, Body: body, Kind: ringside.NotFound},
		{Status: 422, Body: body, Kind: ringside.NotFound},
		{Status: 429, Body: body, Kind: ringside.Unavailable},
		{Status: 500, Body: body, Kind: ringside.Unavailable},
	})
}

// A word that Retell does not take is refused, whatever its status, in its words.
func TestAnswersToSay(t *testing.T) {
	say := func(ctx context.Context, on provider.Line) error {
		return retell.Provider.Controls.Say(ctx, on, "Hello.")
	}
	const no = `{"success":false,"message":"The agent is off the line."}`
	providertest.RunAnswers(t, "key", say, []providertest.Answer{
		{Status: 200, Body: `{"success":true}`},
		{Status: 200, Body: `{"call_id":"c"}`},
		{Status: 200, Body: `taken`},
		{Status: 204},
		{Status: 200, Body: no, Kind: ringside.Invalid},
		{Status: 201, Body: `{"success":false}`, Kind: ringside.Invalid},
		{Status: 404, Body: no, Kind: ringside.NotFound},
		{Status: 500, Body: no, Kind: ringside.Unavailable},
	})
	if err := say(t.Context(), providertest.Answering(t, "key", 200, no)); err == nil || !strings.Contains(err.Error(), "The agent is off the line.") {
		t.Errorf("refused as %v", err)
	}
}
