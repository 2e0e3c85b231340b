package archtest

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// root is the module's folder, seen from this one.
const root = "../.."

// Lines at which CI stops. What a file and a function aim at is half of it.
const (
	goFile, goFunc     = 600, 80
	testFile, testFunc = 900, 150
	uiFile             = 400
)

func TestSizes(t *testing.T) {
	t.Parallel()
	for _, path := range sources(t) {
		text, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Fatal(err)
		}
		for _, complaint := range weigh(path, text) {
			t.Error(complaint)
		}
	}
}

// sources are the hand-written files below the root, by their path from it.
func sources(t *testing.T) (paths []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(root), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			switch name := d.Name(); {
			case name == "node_modules", name == "dist", name == "testdata", name == "bin", name == "data",
				len(name) > 1 && name[0] == '.':
				return fs.SkipDir
			}
			return nil
		}
		if strings.Contains(d.Name(), ".gen.") {
			return nil
		}
		switch filepath.Ext(path) {
		case ".go", ".ts", ".tsx", ".css", ".mjs":
			paths = append(paths, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// weigh says what in a file is too long.
func weigh(path string, text []byte) (complaints []string) {
	if !strings.HasSuffix(path, ".go") {
		return over(complaints, path, bytes.Count(text, []byte("\n")), uiFile)
	}
	file, function := goFile, goFunc
	if strings.HasSuffix(path, "_test.go") {
		file, function = testFile, testFunc
	}
	complaints = over(complaints, path, bytes.Count(text, []byte("\n")), file)
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, path, text, parser.SkipObjectResolution)
	if err != nil {
		return append(complaints, err.Error())
	}
	for _, d := range parsed.Decls {
		if f, ok := d.(*ast.FuncDecl); ok {
			lines := set.Position(f.End()).Line - set.Position(f.Pos()).Line + 1
			complaints = over(complaints, path+": func "+f.Name.Name, lines, function)
		}
	}
	return complaints
}

func over(complaints []string, what string, lines, limit int) []string {
	if lines <= limit {
		return complaints
	}
	return append(complaints, fmt.Sprintf("%s has %d lines; the limit is %d", what, lines, limit))
}

// TestWeigh passes what is just at a limit and stops what is one line over.
func TestWeigh(t *testing.T) {
	t.Parallel()
	text := func(head string, lines int, tail string) []byte {
		return []byte(head + strings.Repeat("\n", lines) + tail)
	}
	for _, tc := range []struct {
		path string
		text []byte
		want int
	}{
		{"a.go", text("package a", goFile, ""), 0},
		{"a.go", text("package a", goFile+1, ""), 1},
		{"a_test.go", text("package a", testFile, ""), 0},
		{"a_test.go", text("package a", testFile+1, ""), 1},
		{"a.go", text("package a\nfunc f() {", goFunc-1, "}"), 0},
		{"a.go", text("package a\nfunc f() {", goFunc, "}"), 1},
		{"a_test.go", text("package a\nfunc f() {", testFunc-1, "}"), 0},
		{"a_test.go", text("package a\nfunc f() {", testFunc, "}"), 1},
		{"ui/src/a.tsx", text("", uiFile, ""), 0},
		{"ui/src/a.css", text("", uiFile+1, ""), 1},
	} {
		if got := weigh(tc.path, tc.text); len(got) != tc.want {
			t.Errorf("%s of %d bytes: complaints %q, want %d", tc.path, len(tc.text), got, tc.want)
		}
	}
}
