package api

import (
	"bytes"
	"crypto/rand"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// docsPage lists the operations of the API's document for people. It needs no
// script and nothing from elsewhere.
var docsPage = template.Must(template.New("docs").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}} API</title>
<style nonce="{{.Nonce}}">
:root{color-scheme:light dark;--line:light-dark(#d9dee3,#343b43);--dim:light-dark(#4a5560,#a8b3bd);--accent:light-dark(#0b5c63,#5cc6cf)}
body{font:14px/1.5 Inter,system-ui,sans-serif;max-width:960px;margin:32px auto;padding:0 16px}
code,.method{font-family:"JetBrains Mono",ui-monospace,monospace;font-size:13px}
h2{font-size:15px;margin:32px 0 8px}.op{border-top:1px solid var(--line);padding:8px 0}.method{color:var(--accent);font-weight:600;display:inline-block;width:64px}
.dim{color:var(--dim)}table{border-collapse:collapse;margin:6px 0 6px 64px}td{padding:2px 12px 2px 0;vertical-align:top}summary{cursor:pointer}
</style></head><body>
<h1>{{.Title}} API</h1>
<p>{{.Description}} Send a key as <code>Authorization: Bearer rs_live_…</code>. The whole document: <a href="/openapi.json">openapi.json</a>. Errors are RFC 9457 problems with a stable <code>code</code>.</p>
{{range .Groups}}<h2>{{.Name}}</h2>{{range .Ops}}<div class="op" id="{{.ID}}"><details><summary><span class="method">{{.Method}}</span> <code>{{.Path}}</code> <span class="dim">{{.Summary}}</span></summary>
<p class="dim">{{.Who}}</p>{{if .Params}}<table>{{range .Params}}<tr><td><code>{{.Name}}</code></td><td class="dim">{{.In}}{{if .Required}}, required{{end}}</td><td>{{.Description}}</td></tr>{{end}}</table>{{end}}</details></div>{{end}}{{end}}
</body></html>
`))

type docsGroup struct {
	Name string
	Ops  []docsOp
}

type docsOp struct {
	ID, Method, Path, Summary, Who string
	Params                         []*huma.Param
}

// docs serves the page.
func (s *Server) docs(w http.ResponseWriter, r *http.Request) {
	doc := s.api.OpenAPI()
	groups := []docsGroup{}
	at := map[string]int{}
	for _, path := range sortedPaths(doc) {
		for _, op := range operations(doc.Paths[path]) {
			tag := op.Tags[0]
			if _, ok := at[tag]; !ok {
				at[tag] = len(groups)
				groups = append(groups, docsGroup{Name: tag})
			}
			who := "Anybody may call it, or it knows its caller by the URL or a signature."
			if len(op.Security) > 0 && len(op.Security[0]) > 0 {
				who = strings.TrimSpace("Needs a key. " + strings.ReplaceAll(op.Description, "`", ""))
			}
			g := &groups[at[tag]]
			g.Ops = append(g.Ops, docsOp{op.OperationID, op.Method, path, op.Summary, who, op.Parameters})
		}
	}
	nonce := rand.Text()
	var b bytes.Buffer
	err := docsPage.Execute(&b, map[string]any{"Title": doc.Info.Title, "Description": doc.Info.Description, "Groups": groups, "Nonce": nonce})
	if err != nil {
		s.WriteProblem(w, r, "docs", err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'nonce-"+nonce+"'; base-uri 'none'; frame-ancestors 'none'")
	_, _ = w.Write(b.Bytes())
}

func sortedPaths(doc *huma.OpenAPI) []string {
	paths := make([]string, 0, len(doc.Paths))
	for p := range doc.Paths {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	return paths
}

func operations(item *huma.PathItem) []*huma.Operation {
	var out []*huma.Operation
	for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
		if op != nil {
			out = append(out, op)
		}
	}
	return out
}
