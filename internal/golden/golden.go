// Package golden compares what code makes with files that a person has read.
// A package's tests that use it take the flag -update, which writes the files.
package golden

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files")

// Compare fails the test where got is not what stands in the file at path.
func Compare(t testing.TB, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run with -update, then read the file)", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (run with -update and read the diff); got:\n%s", path, got)
	}
}

// JSON compares v as indented JSON, with < > & as they are, with the file of
// that name below testdata/golden.
func JSON(t testing.TB, name string, v any) {
	t.Helper()
	var got bytes.Buffer
	enc := json.NewEncoder(&got)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	name = strings.NewReplacer(" ", "_", "/", ".").Replace(name)
	Compare(t, filepath.Join("testdata", "golden", name+".json"), got.Bytes())
}
