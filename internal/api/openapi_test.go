package api_test

import (
	"bytes"
	"encoding/json"
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
	raw, err := api.New(api.Config{Ingest: ingest.New(ingest.Config{}), Auth: auth.New(nil, log), Version: "1", Log: log}).OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	if err := json.Indent(&buf, raw, "", "  "); err != nil {
		t.Fatal(err)
	}
	buf.WriteByte('\n')
	if *update {
		if err := os.WriteFile("openapi.json", buf.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(buf.Bytes(), want) {
		t.Error("openapi.json is stale: run make gen and commit what it changes")
	}
}
