package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"github.com/ringsidehq/ringside/internal/config"
)

// A setting in the file that no command knows is not passed over: it is misspelt.
func TestTheFileOfSettings(t *testing.T) {
	for content, want := range map[string]string{
		"keep-inbox: 1h\nkeep_inbx: 2h\n": "keep_inbx",
		"keep_inbox: 1h\nscope: read\n":   "", // of another command
		"serve:\n  keep-inbox: 1h\n":      "serve",
	} {
		path := filepath.Join(t.TempDir(), "ringside.yaml")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		t.Setenv(config.EnvFile, path)
		var c cli
		k, err := kong.New(&c, configFile())
		if err != nil {
			t.Fatal(err)
		}
		_, err = k.Parse([]string{"serve"})
		switch {
		case want == "" && (err != nil || c.Serve.KeepInbox != time.Hour):
			t.Errorf("%q: %v, %v", content, c.Serve.KeepInbox, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%q: %v", content, err)
		}
	}
}
