package api_test

import (
	"log/slog"
	"testing"

	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/golden"
	"github.com/ringsidehq/ringside/internal/ingest"
)

// The API's document is a golden file: a change of the API shows in review,
// and the page's types are generated from it.
func TestOpenAPIGolden(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	got, err := api.New(api.Config{Ingest: ingest.New(ingest.Config{}), Auth: auth.New(nil, log), Version: "1", Log: log}).OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	// Stale: run make gen and commit what it changes.
	golden.Compare(t, "openapi.json", got)
}
