package importer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// put writes files below a folder.
func put(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// sheetOf reads a CSV that lies beside the folder of the recordings.
func sheetOf(t *testing.T, text string) ([]*row, string, error) {
	t.Helper()
	dir := t.TempDir()
	put(t, dir, map[string]string{
		"calls/a.wav": "", "calls/sub/b.wav": "", "calls/a.txt": "Agent: Hello", "calls/bad.txt": "Hello", "beside.wav": "", "calls.csv": text,
	})
	if err := os.Symlink(filepath.Join(dir, "beside.wav"), filepath.Join(dir, "calls", "link.wav")); err != nil {
		t.Fatal(err)
	}
	rows, err := readSheet(&Config{Dir: filepath.Join(dir, "calls"), CSV: filepath.Join(dir, "calls.csv"), Zone: time.UTC})
	dir, _ = filepath.EvalSymlinks(dir)
	return rows, dir, err
}

func TestSheet(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"commas": "file,id,Agent,started_at,direction,from,to,Customer,Plan,transcript\n" +
			"a.wav,c-1,front,2026-11-20T09:15:00Z,Inbound,+15550100,+15550199,\"Doe, Jane\",gold,a.txt\n",
		"semicolons, a BOM and CRLF": "\ufeffFile;id;agent;started_at;direction;from;to;customer;Plan;transcript\r\n" +
			" a.wav ;c-1;front;1795166100;inbound;+15550100;+15550199;Doe, Jane;gold;a.txt\r\n;;;;;;;;;\r\n",
	} {
		rows, dir, err := sheetOf(t, text)
		if err != nil || len(rows) != 1 {
			t.Errorf("%s: %d rows, %v", name, len(rows), err)
			continue
		}
		r := rows[0]
		if r.path != filepath.Join(dir, "calls", "a.wav") || r.id != "c-1" || r.agent != "front" || r.direction != "inbound" ||
			r.startedAt.Format(time.RFC3339) != "2026-11-20T09:15:00Z" || r.from != "+15550100" || r.to != "+15550199" ||
			r.transcript != filepath.Join(dir, "calls", "a.txt") || len(r.metadata) != 2 || r.metadata["customer"] != "Doe, Jane" || r.metadata["Plan"] != "gold" {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestSheetFindsFilesBelowTheFolderAndBesideItself(t *testing.T) {
	t.Parallel()
	rows, dir, err := sheetOf(t, "file\nsub/b.wav\nbeside.wav\ncalls/a.wav\n")
	if err != nil || len(rows) != 3 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, want := range []string{"calls/sub/b.wav", "beside.wav", "calls/a.wav"} {
		if rows[i].path != filepath.Join(dir, want) {
			t.Errorf("row %d is about %s, want %s", i+2, rows[i].path, want)
		}
	}
}

// A CSV that somebody sent to a server names nothing of the server's.
func TestSheetOfSomebodyElse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put(t, dir, map[string]string{"calls/a.wav": "", "calls/told/calls.csv": "", "calls/a.txt": "Agent: Hello", "others.wav": "", "others.txt": "Agent: Hello"})
	for text, good := range map[string]bool{
		"file,transcript\na.wav,../a.txt\n":                                 true,
		"file\n../others.wav\n":                                             false,
		"file\n../../others.wav\n":                                          false,
		"file\n" + filepath.Join(dir, "others.wav") + "\n":                  false,
		"file,transcript\na.wav," + filepath.Join(dir, "others.txt") + "\n": false,
		"file,transcript\na.wav,../others.txt\n":                            false,
	} {
		put(t, dir, map[string]string{"calls/told/calls.csv": text})
		_, err := readSheet(&Config{Dir: filepath.Join(dir, "calls"), CSV: filepath.Join(dir, "calls", "told", "calls.csv"), Zone: time.UTC, Below: true})
		if good != (err == nil) || !good && !strings.Contains(err.Error(), "there is no file") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Every error says where it is.
func TestSheetErrors(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                    "is empty",
		"name,id\na.wav,1":                    "row 1: no column is named file",
		"file,id,ID\n":                        "row 1: two columns are named id",
		"file,\xff\n":                         "row 1: column 2 is not UTF-8",
		"file,id\na.wav\n":                    "row 2: has 1 cells, and the header has 2",
		"file,\na.wav,x\n":                    "row 2, column 2: has no name in the header",
		"file,note\na.wav,\xe4\n":             "row 2, column note: is not UTF-8",
		"file,note\na.wav,\"x\n":              "row 2: ",
		"file,note\n,x\n":                     "row 2, column file: is empty",
		"file\nnone.wav\n":                    "row 2, column file: there is no file none.wav",
		"file\nsub\n":                         "row 2, column file: sub is no file",
		"file\nlink.wav\n":                    "row 2, column file: link.wav is a symbolic link",
		"file\na.wav\nsub/../a.wav\n":         "row 3, column file: is the same as in row 2",
		"file,id\na.wav,1\nsub/b.wav,1":       "row 3, column id: is the same as in row 2",
		"file,started_at\na.wav,20.11.2026\n": "row 2, column started_at: \"20.11.2026\" is not the time of a past call",
		"file,started_at\na.wav,2126-11-20T09:15:00Z\n":      "row 2, column started_at: ",
		"file,note\n\n\na.wav,\"x\ny\"\n\nnone.wav,\n":       "row 6, column file: there is no file none.wav",
		"file,direction\na.wav,sideways\n":                   "row 2, column direction: \"sideways\" is neither inbound nor outbound",
		"file,transcript\na.wav,no.txt\n":                    "row 2, column transcript: there is no file no.txt",
		"file,transcript\na.wav,bad.txt\n":                   "row 2, column transcript: the transcript is no JSON, and its line 1",
		"file,id\na.wav," + strings.Repeat("x", maxID+1):     "row 2, column id: is longer than 200 bytes",
		"file,note\na.wav," + strings.Repeat("x", maxCell+1): "row 2, column note: is longer than 8192 bytes",
	} {
		if _, _, err := sheetOf(t, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: %v; want %q", text, err, want)
		}
	}
	_, _, err := sheetOf(t, "file,direction\nx.wav,up\na.wav,\n"+strings.Repeat("y.wav,down\n", 50))
	if err == nil || strings.Count(err.Error(), "row ") < maxProblems || !strings.Contains(err.Error(), "read no further") {
		t.Errorf("of many errors: %v", err)
	}
}

func FuzzSheet(f *testing.F) {
	for _, s := range []string{"file,id\na.wav,1\n", "\ufefffile;x\r\na.wav;\"y\n\"\r\n", "file\n,\n", "\"file\"\n20261120-091500.wav"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		dir := t.TempDir()
		s := &sheet{cfg: &Config{Zone: time.UTC}, dir: dir, own: dir, now: today, paths: map[string]int{}, ids: map[string]int{}}
		if err := s.read(strings.NewReader(text)); err == nil && len(s.rows) > 0 {
			t.Errorf("%d rows about files that are not there", len(s.rows))
		}
		momentOf(text, time.UTC, today)
	})
}
