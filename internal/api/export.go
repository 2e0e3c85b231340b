package api

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
)

// plainDocument answers with bytes of a type.
func plainDocument(contentType string, b []byte) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", contentType)
		ctx.SetHeader("X-Content-Type-Options", "nosniff")
		ctx.SetHeader("Cache-Control", "no-store")
		_, _ = ctx.BodyWriter().Write(b)
	}}
}

func encode(v any) ([]byte, error) { return json.Marshal(v) }

type exportInput struct {
	CallFilters
	Format string `query:"format" enum:"csv,ndjson" default:"csv"`
}

// exportCalls streams every call that a filter means. It has no time limit:
// it ends when the reader does.
func (s *Server) exportCalls(ctx context.Context, in *exportInput) (*huma.StreamResponse, error) {
	f, err := in.filter(auth.From(ctx).WorkspaceID)
	if err != nil {
		return nil, err
	}
	write, contentType := writeNDJSON, "application/x-ndjson"
	if in.Format == "csv" {
		write, contentType = writeCSV, "text/csv; charset=utf-8"
	}
	name := "calls-" + time.Now().UTC().Format("2006-01-02") + "." + in.Format
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", contentType)
		hc.SetHeader("Content-Disposition", `attachment; filename="`+name+`"`)
		hc.SetHeader("Cache-Control", "no-store")
		w := bufio.NewWriterSize(hc.BodyWriter(), 1<<16)
		err := write(w, func(fn func(*store.CallItem) error) error { return s.cfg.Store.EachCall(hc.Context(), f, fn) })
		if err == nil {
			err = w.Flush()
		}
		if err != nil && hc.Context().Err() == nil {
			s.cfg.Log.ErrorContext(hc.Context(), "export failed", slog.Any("error", err))
			// The status is sent: the connection is cut, so that a short file
			// is not taken for a whole one.
			panic(http.ErrAbortHandler)
		}
	}}, nil
}

func writeNDJSON(w io.Writer, each func(func(*store.CallItem) error) error) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return each(func(it *store.CallItem) error { return enc.Encode(it) })
}

var csvHeader = []string{
	"id", "provider", "provider_call_id", "agent", "agent_id", "direction", "status", "from", "to", "started_at", "ended_at",
	"duration_ms", "ended_reason", "failure_class", "ended_by", "success", "cost", "currency", "response_ms", "campaign",
	"is_simulation", "has_recording", "turns", "tool_calls",
}

func writeCSV(w io.Writer, each func(func(*store.CallItem) error) error) error {
	cw := csv.NewWriter(w)
	if err := cw.Write(csvHeader); err != nil {
		return err
	}
	err := each(func(it *store.CallItem) error { return cw.Write(csvRow(it)) })
	cw.Flush()
	if err != nil {
		return err
	}
	return cw.Error()
}

func csvRow(it *store.CallItem) []string {
	agent, agentID := "", ""
	if it.Agent != nil {
		agent, agentID = it.Agent.Name, it.Agent.ID
	}
	cost, currency := "", ""
	if it.Cost != nil {
		cost, currency = number(it.Cost.Total), it.Cost.Currency
	}
	row := []string{
		it.ID.String(), it.Provider, it.ProviderCallID, agent, agentID, string(it.Direction), string(it.Status), it.From, it.To,
		stamp(it.StartedAt), stamp(it.EndedAt), integer(it.DurationMS), it.EndedReason, string(it.Outcome.FailureClass),
		string(it.Outcome.EndedBy), verdict(it.Outcome.Success), cost, currency, optional(it.ResponseMS), it.Campaign,
		strconv.FormatBool(it.IsSimulation), strconv.FormatBool(it.HasRecording), strconv.Itoa(it.Turns), strconv.Itoa(it.ToolCalls),
	}
	for i, cell := range row {
		row[i] = neutral(cell)
	}
	return row
}

// neutral keeps a spreadsheet from running a cell as a formula: what came from
// a caller is text.
func neutral(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

func stamp(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

func integer(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func optional(f *float64) string {
	if f == nil {
		return ""
	}
	return number(*f)
}

func verdict(b *bool) string {
	if b == nil {
		return ""
	}
	return strconv.FormatBool(*b)
}
