package importer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put(t, dir, map[string]string{
		"b.WAV": "", "a/z.mp3": "", "a.ogg": "", "c.opus": "", "d.flac": "", "e.oga": "", "f.wave": "",
		"notes.txt": "", "calls.csv": "", "a/said.json": "", "odd.bin": "", "none": "",
	})
	for from, to := range map[string]string{"b.WAV": "again.wav", "a": "round"} {
		if err := os.Symlink(filepath.Join(dir, from), filepath.Join(dir, to)); err != nil {
			t.Fatal(err)
		}
	}
	f, err := find(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := names(f.files); got != "a.ogg a/z.mp3 b.WAV c.opus d.flac e.oga f.wave" {
		t.Errorf("found %s", got)
	}
	if len(f.skipped) != 7 || len(f.failed) != 0 {
		t.Errorf("skipped %v, failed %v", f.skipped, f.failed)
	}
	root, _ := filepath.EvalSymlinks(dir)
	f.know([]*row{
		{path: filepath.Join(root, "odd.bin"), transcript: filepath.Join(root, "a", "said.json")}, {path: filepath.Join(root, "a.ogg")},
	}, filepath.Join(dir, "calls.csv"))
	if got := names(f.files); got != "a.ogg a/z.mp3 b.WAV c.opus d.flac e.oga f.wave odd.bin" || f.files[0].row == nil || f.files[1].row != nil {
		t.Errorf("with rows, %s", got)
	}
	if len(f.skipped) != 4 {
		t.Errorf("with rows, skipped %v", f.skipped)
	}
}

func names(files []file) string {
	var out []string
	for _, f := range files {
		out = append(out, f.name)
	}
	return strings.Join(out, " ")
}
