package retell_test

import (
	"testing"

	"github.com/ringsidehq/ringside"
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
