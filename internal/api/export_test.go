package api_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// observe sends a flat body, made of fields.
func observe(t *testing.T, h *harness, who asker, fields map[string]any) {
	t.Helper()
	body, err := json.Marshal(fields)
	must(t, err)
	if a := h.do(t, who, http.MethodPost, "/api/v1/observability/calls", string(body)); a.Status != http.StatusCreated {
		t.Fatalf("send a call: %d %s", a.Status, a.Body)
	}
}

// No cell of a CSV is run by a spreadsheet, and a reader of CSV gets the very
// text but for that.
func TestExportCSV(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin, reader := h.key(t, h.workspace.ID, auth.ScopeAdmin), h.key(t, h.workspace.ID, auth.ScopeRead)
		evil := []string{`=HYPERLINK("http://example.com")`, "+1+1", "-2+3", "@SUM(A1)", "\t=1", "a, \"quoted\"\nline"}
		for i, text := range evil {
			observe(t, h, admin, map[string]any{
				"id": text, "startedAt": fmt.Sprintf("2026-11-01T10:0%d:00Z", i), "endedReason": text, "from_phone_number": "+15550100", "agent_id": text,
			})
		}
		a := h.do(t, reader, http.MethodGet, "/v1/calls/export?format=csv", "")
		if a.Status != http.StatusOK || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/csv") || !strings.Contains(a.Header.Get("Content-Disposition"), "attachment") {
			t.Fatalf("%d %v", a.Status, a.Header)
		}
		rows, err := csv.NewReader(strings.NewReader(string(a.Body))).ReadAll()
		must(t, err)
		if len(rows) != len(evil)+1 {
			t.Fatalf("%d rows", len(rows))
		}
		column := func(name string) int { return slices.Index(rows[0], name) }
		for i, row := range rows[1:] {
			want := evil[len(evil)-1-i]
			if want[0] != 'a' {
				want = "'" + want
			}
			if row[column("provider_call_id")] != want || row[column("ended_reason")] != want || row[column("agent")] != want || row[column("from")] != "'+15550100" {
				t.Errorf("row %d: %q, want %q", i, row, want)
			}
			for _, cell := range row {
				if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
					t.Errorf("the cell %q is a formula", cell)
				}
			}
		}
	})
}

// An export holds what the list does, in its order, however long; filters
// hold for both.
func TestExportNDJSON(t *testing.T) {
	h := newServer(t, storetest.SQLite(t))
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	for i := range 25 {
		observe(t, h, admin, map[string]any{"id": fmt.Sprint("c", i), "startedAt": fmt.Sprintf("2026-11-01T10:%02d:00Z", i), "metadata": map[string]any{"even": i%2 == 0}})
	}
	list := get[store.CallPage](t, h, admin, http.MethodGet, "/v1/calls?limit=500&metadata.even=true", "")
	a := h.do(t, admin, http.MethodGet, "/v1/calls/export?format=ndjson&metadata.even=true", "")
	lines := strings.Split(strings.TrimSpace(string(a.Body)), "\n")
	if list.Total != 13 || len(lines) != 13 || a.Header.Get("Content-Type") != "application/x-ndjson" {
		t.Fatalf("%d in the list, %d lines: %v", list.Total, len(lines), a.Header)
	}
	for i, line := range lines {
		var it store.CallItem
		must(t, json.Unmarshal([]byte(line), &it))
		if it.ID != list.Items[i].ID {
			t.Errorf("line %d is %s, want %s", i, it.ID, list.Items[i].ID)
		}
	}
}

// Parameters that make no sense are told by name.
func TestListParameters(t *testing.T) {
	h := newServer(t, storetest.SQLite(t))
	reader := h.key(t, h.workspace.ID, auth.ScopeRead)
	for query, pointer := range map[string]string{
		"limit=0": "limit", "limit=501": "limit", "limit=x": "limit", "sort=id": "sort", "sort=relevance": "sort",
		"cursor=nothing": "cursor", "started_after=yesterday": "started_after", "started_before=x": "started_before",
		"min_duration_ms=-1": "min_duration_ms", "max_duration_ms=long": "max_duration_ms", "has_recording=maybe": "has_recording",
		"simulation=2": "simulation", "success=perhaps": "success",
	} {
		refused(t, h, reader, http.MethodGet, "/v1/calls?"+query, "", http.StatusUnprocessableEntity, "invalid", pointer)
	}
	// A body can name more than a database takes at once.
	many := `{"evaluator_id":"x","filter":{"tag":["t"` + strings.Repeat(`,"t"`, 70_000) + `]}}`
	refused(t, h, h.key(t, h.workspace.ID, auth.ScopeAdmin), http.MethodPost, "/v1/evaluations", many, http.StatusUnprocessableEntity, "invalid", "/filter/tag")
	for _, query := range []string{"skip=-1", "limit=0", "limit=501"} {
		name, _, _ := strings.Cut(query, "=")
		refused(t, h, reader, http.MethodGet, "/api/v1/observability/calls?"+query, "", http.StatusUnprocessableEntity, "invalid", name)
	}
}
