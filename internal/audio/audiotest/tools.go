package audiotest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// version is raised when the same script makes other samples.
const version = "2"

// patience is how long one program may take over one file.
const patience = 2 * time.Minute

// Need skips the test without the programs, and fails it under CI=true.
func Need(t testing.TB, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err == nil {
			continue
		}
		how := p + " is not installed: scripts/deps.sh installs it, or says how"
		if os.Getenv("CI") == "true" {
			t.Fatal(how)
		}
		t.Skip(how)
	}
}

// run runs a program to its end.
func run(t testing.TB, name string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out.Bytes())
	}
}

// cached gives the path of a file that is made once. make writes it to the path
// that it is handed, whose ending is that of name; what stands there is moved
// into place, so that a test that is stopped leaves no half of a file.
func cached(t testing.TB, name string, key any, produce func(path string)) string {
	t.Helper()
	dir, err := os.UserCacheDir()
	if err != nil {
		t.Fatalf("find the cache folder: %v", err)
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%+v", version, name, key))
	id := hex.EncodeToString(sum[:10])
	path := filepath.Join(dir, "ringside-audiotest", id+"-"+name)
	if _, err := os.Stat(path); err == nil {
		return path
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatalf("make the cache folder: %v", err)
	}
	work, err := os.MkdirTemp(filepath.Dir(path), "making-") //nolint:usetesting // a rename does not cross file systems
	if err != nil {
		t.Fatalf("make a work folder: %v", err)
	}
	defer os.RemoveAll(work)
	made := filepath.Join(work, name)
	produce(made)
	if err := os.Rename(made, path); err != nil {
		t.Fatalf("keep %s: %v", name, err)
	}
	return path
}
