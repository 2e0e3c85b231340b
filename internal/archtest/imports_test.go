package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/ringsidehq/ringside"

// pkg is what `go list` says of a package, its own ones below the module.
type pkg struct {
	path        string
	imports     []string // ours
	foreign     []string // other modules'
	testImports []string // ours, by test files only
}

func TestImports(t *testing.T) {
	t.Parallel()
	for _, complaint := range judge(table, list(t)) {
		t.Error(complaint)
	}
}

// judge says what is wrong with packages by a table of rows.
func judge(rows []row, packages []pkg) (complaints []string) {
	say := func(s ...string) { complaints = append(complaints, strings.Join(s, "")) }
	place := map[string]row{}
	for _, r := range rows {
		place[r.path] = r
	}
	there := map[string]bool{}
	for _, p := range packages {
		there[p.path] = true
		r, placed := place[p.path]
		if !placed {
			say(name(p.path), " is in no row: place it in internal/archtest/table_test.go")
			continue
		}
		if r.level == domain && len(p.foreign) > 0 {
			say(name(p.path), " imports ", strings.Join(p.foreign, ", "), ": the domain imports the standard library only")
		}
		for _, imp := range p.imports {
			if !r.allows(place[imp]) {
				say(name(p.path), " imports ", name(imp), ", which its level does not allow")
			}
		}
		for _, arrow := range r.arrows {
			if !slices.Contains(p.imports, arrow) {
				say(name(p.path), " does not import ", name(arrow), ": its arrow is stale")
			}
		}
		for _, imp := range p.testImports {
			if place[imp].level == wiring && r.level != wiring && r.level != command {
				say("a test of ", name(p.path), " imports ", name(imp), ": only cmd may")
			}
		}
	}
	for _, r := range rows {
		if !there[r.path] {
			say(name(r.path), " is in the table and is no package: its row is stale")
		}
	}
	return complaints
}

func (r row) allows(to row) bool {
	return slices.Contains(above[r.level], to.level) || slices.Contains(r.arrows, to.path)
}

func name(path string) string {
	if path == "" {
		return "the root"
	}
	return path
}

// list asks the go command for every package of the module.
func list(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-e", "-json=ImportPath,Imports,TestImports,XTestImports", "./...")
	cmd.Dir = root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	var packages []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath                         string
			Imports, TestImports, XTestImports []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatalf("read go list: %v", err)
		}
		one := pkg{path: below(p.ImportPath)}
		one.imports, one.foreign = split(p.Imports)
		one.testImports, _ = split(append(p.TestImports, p.XTestImports...))
		packages = append(packages, one)
	}
}

// split tells our packages from other modules'; the standard library's, which
// have no dot in their first element, are left out.
func split(imports []string) (ours, foreign []string) {
	for _, imp := range imports {
		first, _, _ := strings.Cut(imp, "/")
		switch {
		case imp == module || strings.HasPrefix(imp, module+"/"):
			ours = append(ours, below(imp))
		case strings.Contains(first, "."):
			foreign = append(foreign, imp)
		}
	}
	return ours, foreign
}

func below(path string) string {
	return strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
}

// TestJudge breaks each rule once: a guard that never complains guards nothing.
func TestJudge(t *testing.T) {
	t.Parallel()
	rows := []row{
		{path: "", level: domain},
		{path: "store", level: hold},
		{path: "jobs", level: hold, arrows: []string{"store"}},
		{path: "ledger", level: truth},
		{path: "app", level: wiring},
		{path: "suite", level: kit},
	}
	sound := func() []pkg {
		return []pkg{
			{path: ""},
			{path: "store", imports: []string{""}},
			{path: "jobs", imports: []string{"", "store"}},
			{path: "ledger", imports: []string{"", "jobs", "store"}, testImports: []string{"suite"}},
			{path: "app", imports: []string{"ledger"}},
			{path: "suite", imports: []string{"store"}},
		}
	}
	if got := judge(rows, sound()); len(got) > 0 {
		t.Fatalf("complaints about a sound tree: %q", got)
	}
	for _, tc := range []struct {
		name   string
		breaks func(p []pkg) []pkg
		want   string
	}{
		{"downwards", func(p []pkg) []pkg { p[1].imports = []string{"ledger"}; return p }, "store imports ledger"},
		{"sideways", func(p []pkg) []pkg { p[1].imports = []string{"jobs"}; return p }, "store imports jobs"},
		{"app from within", func(p []pkg) []pkg { p[3].imports = []string{"app"}; return p }, "ledger imports app"},
		{"app from a test", func(p []pkg) []pkg { p[3].testImports = []string{"app"}; return p }, "a test of ledger imports app"},
		{"a test kit in the program", func(p []pkg) []pkg { p[3].imports = []string{"suite"}; return p }, "ledger imports suite"},
		{"a module in the domain", func(p []pkg) []pkg { p[0].foreign = []string{"example.com/x"}; return p }, "the root imports example.com/x"},
		{"a package that nobody placed", func(p []pkg) []pkg { return append(p, pkg{path: "new"}) }, "new is in no row"},
		{"a stale row", func(p []pkg) []pkg { return p[:5] }, "suite is in the table and is no package"},
		{"a stale arrow", func(p []pkg) []pkg { p[2].imports = nil; return p }, "jobs does not import store"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := judge(rows, tc.breaks(sound()))
			if len(got) != 1 || !strings.HasPrefix(got[0], tc.want) {
				t.Errorf("complaints %q, want one that starts with %q", got, tc.want)
			}
		})
	}
}
