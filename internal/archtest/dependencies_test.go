package archtest

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// reasons is where each direct dependency has its line.
const reasons = "docs/dependencies.md"

func TestEveryDependencyHasItsReason(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, reasons))
	if err != nil {
		t.Fatal(err)
	}
	runtime, tools := goModules(t), []string(nil)
	for _, dir := range []string{"ui", "e2e"} {
		deps, dev := nodePackages(t, filepath.Join(root, dir, "package.json"))
		runtime, tools = append(runtime, deps...), append(tools, dev...)
	}
	for _, complaint := range unreasoned(string(text), runtime, tools) {
		t.Error(complaint)
	}
}

// explained is the first cell of a row in a Markdown table, in backticks.
var explained = regexp.MustCompile("(?m)^\\| `([^`]+)` \\|")

// unreasoned compares the rows of a document with what is depended on. What
// runs needs a row; a tool may have one; a row for neither is stale.
func unreasoned(doc string, runtime, tools []string) (complaints []string) {
	var rows []string
	for _, m := range explained.FindAllStringSubmatch(doc, -1) {
		rows = append(rows, m[1])
	}
	for _, d := range runtime {
		if !slices.Contains(rows, d) {
			complaints = append(complaints, d+" is a direct dependency without a line of reason in "+reasons)
		}
	}
	for _, r := range rows {
		if !slices.Contains(runtime, r) && !slices.Contains(tools, r) {
			complaints = append(complaints, r+" has a line in "+reasons+" and is no dependency any more")
		}
	}
	return complaints
}

func goModules(t *testing.T) (direct []string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "mod", "edit", "-json")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go mod edit: %v", err)
	}
	var mod struct {
		Require []struct {
			Path     string
			Indirect bool
		}
	}
	if err := json.Unmarshal(out, &mod); err != nil {
		t.Fatalf("read go.mod: %v", err)
	}
	for _, r := range mod.Require {
		if !r.Indirect {
			direct = append(direct, r.Path)
		}
	}
	return direct
}

func nodePackages(t *testing.T, path string) (runtime, tools []string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var p struct {
		Dependencies    map[string]string `json:"dependencies"`
		DevDependencies map[string]string `json:"devDependencies"`
	}
	if err := json.Unmarshal(text, &p); err != nil {
		t.Fatalf("read %s: %v", path, err)
	}
	for name := range p.Dependencies {
		runtime = append(runtime, name)
	}
	for name := range p.DevDependencies {
		tools = append(tools, name)
	}
	slices.Sort(runtime)
	return runtime, tools
}

func TestUnreasoned(t *testing.T) {
	t.Parallel()
	doc := "| name | where |\n|---|---|\n| `a` | here |\n| `tool` | there |\n"
	for _, tc := range []struct {
		name    string
		runtime []string
		want    string
	}{
		{"all explained", []string{"a"}, ""},
		{"one not explained", []string{"a", "b"}, "b is a direct dependency without"},
		{"one explained that is gone", nil, "a has a line"},
	} {
		got := strings.Join(unreasoned(doc, tc.runtime, []string{"tool"}), "; ")
		if !strings.HasPrefix(got, tc.want) || (tc.want == "") != (got == "") {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}
