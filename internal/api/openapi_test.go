package api_test

import (
	"bytes"
	"flag"
	"log/slog"
	"os"
	"testing"

	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/ingest"
)

var update = flag.Bool("update", false, "write the golden files")

// The API's document is a golden file: a change of the API shows in review,
// and the page's types are generated from it.
func TestOpenAPIGolden(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	got, err := api.New(api.Config{Ingest: ingest.New(ingest.Config{}), Auth: auth.New(nil, log), Version: "1", Log: log}).OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("openapi.json", got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("openapi.json is stale: run make gen and commit what it changes")
	}
}
