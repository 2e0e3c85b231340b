package bland_test

import (
	"context"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/bland"
	"github.com/ringsidehq/ringside/internal/provider/providertest"
)

func TestControls(t *testing.T) {
	providertest.RunControls(t, bland.Provider.Controls, providertest.Bland)
}

func TestAnswersToStop(t *testing.T) {
	providertest.RunAnswers(t, "key", bland.Provider.Controls.End, []providertest.Answer{
		{Status: 200, Body: `{"status":"success","message":"ended"}`},
		{Status: 200, Body: `{"status":"error","message":"SID not found"}`, Kind: ringside.NotFound},
		{Status: 400, Body: `{"status":"error","message":"no","errors":["no"]}`, Kind: ringside.NotFound},
		{Status: 403, Body: `{"data":null,"errors":[{"error":"FORBIDDEN","message":"no"}]}`, Kind: ringside.Unauthorized},
		{Status: 429, Body: `{"status":"error","message":"slow down"}`, Kind: ringside.Unavailable},
	})
}

func TestAnswersToListen(t *testing.T) {
	listen := func(ctx context.Context, on provider.Line) error {
		_, err := bland.Provider.Controls.Listen(ctx, on)
		return err
	}
	coded := func(code string) string {
		return `{"status":"error","data":null,"errors":[{"error":"` + code + `","message":"no"}]}`
	}
	providertest.RunAnswers(t, "key", listen, []providertest.Answer{
		{Status: 403, Body: coded("INVALID_ORG_PREFERENCES"), Kind: ringside.Invalid},
		{Status: 400, Body: coded("CALL_NOT_FOUND"), Kind: ringside.NotFound},
		{Status: 400, Body: coded("INVALID_CALL_STATUS"), Kind: ringside.NotFound},
		{Status: 400, Body: coded("MISSING_CALL_ID"), Kind: ringside.Invalid},
		{Status: 200, Body: coded("INTERNAL_SERVER_ERROR"), Kind: ringside.Unavailable},
		{Status: 200, Body: coded("SOMETHING_NEW"), Kind: ringside.Invalid},
		{Status: 200, Body: `{"status":"success","data":{"url":""}}`, Kind: ringside.Unavailable},
		{Status: 200, Body: `{"status":"success","data":{"url":"wss://sound.example.com/x"}}`},
	})
}
