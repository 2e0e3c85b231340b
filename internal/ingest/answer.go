package ingest

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/ringsidehq/ringside"
)

// refusal is an error as the doors write it: an RFC 9457 problem, with the
// names beside it that clients of the call-log API read.
type refusal struct {
	Type             string         `json:"type"`
	Title            string         `json:"title"`
	Status           int            `json:"status"`
	Detail           string         `json:"detail"`
	Code             string         `json:"code"`
	Errors           []fieldProblem `json:"errors,omitempty"`
	Success          bool           `json:"success"`
	Message          string         `json:"message"`
	HTTPStatus       int            `json:"httpStatus"`
	ValidationErrors []fieldMessage `json:"validationErrors,omitempty"`
}

type fieldProblem struct {
	Pointer string `json:"pointer"`
	Detail  string `json:"detail"`
}

type fieldMessage struct {
	Path    string `json:"path"`
	Message string `json:"message"`
}

var statuses = map[ringside.Kind]int{
	ringside.Invalid: http.StatusUnprocessableEntity, ringside.Unauthorized: http.StatusUnauthorized,
	ringside.Forbidden: http.StatusForbidden, ringside.NotFound: http.StatusNotFound, ringside.Conflict: http.StatusConflict,
	ringside.TooLarge: http.StatusRequestEntityTooLarge, ringside.RateLimited: http.StatusTooManyRequests,
	ringside.Unavailable: http.StatusServiceUnavailable,
}

// refuse answers with an error.
func (d *Door) refuse(w http.ResponseWriter, r *http.Request, door, providerID string, started time.Time, err error) {
	out, status := d.refusal(r, door, providerID, err)
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	d.write(w, "application/problem+json", status, out)
	d.cfg.Observe(Observation{door, providerID, out.Code, time.Since(started)})
}

// refusal says what is wrong. What is nobody's input is logged and told as our
// fault, so that the sender tries again.
func (d *Door) refusal(r *http.Request, door, providerID string, err error) (refusal, int) {
	e, ok := errors.AsType[*ringside.Error](err)
	if !ok || e.Kind == ringside.Internal {
		if r.Context().Err() == nil {
			d.cfg.Log.ErrorContext(r.Context(), "delivery failed", slog.String("door", door), slog.String("provider", providerID), slog.Any("error", err))
		}
		e = ringside.Errorf(ringside.Unavailable, "Ringside could not store the delivery; send it again").WithCode("not_stored")
	}
	status, ok := statuses[e.Kind]
	switch {
	case !ok:
		status = http.StatusInternalServerError
	case e.Code == "malformed", e.Kind == ringside.Invalid && e.Field == "" && !jsonProblem(e):
		status = http.StatusBadRequest
	}
	out := refusal{
		Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: e.Message, Code: e.Code,
		Message: e.Message, HTTPStatus: status,
	}
	if e.Field != "" {
		out.Detail = e.Field + " " + e.Message
		out.Errors = []fieldProblem{{e.Field, e.Message}}
		out.ValidationErrors = []fieldMessage{{e.Field, e.Message}}
	}
	return out, status
}

// jsonProblem tells a body that is JSON and holds what no text can from one
// that is not JSON.
func jsonProblem(e *ringside.Error) bool {
	switch e.Code {
	case "nul_character", "lone_surrogate", "too_deep", "id_too_long":
		return true
	}
	return false
}

func (d *Door) answer(w http.ResponseWriter, door, providerID string, started time.Time, status int, v any) {
	d.write(w, "application/json", status, v)
	action := "taken"
	switch a := v.(type) {
	case CallLogAnswer:
		action = a.Action
	case ObservedAnswer:
		action = a.Action
	case WebhookAnswer:
		action = a.Action
	}
	d.cfg.Observe(Observation{door, providerID, action, time.Since(started)})
}

func (d *Door) write(w http.ResponseWriter, contentType string, status int, v any) {
	b, err := json.Marshal(v)
	if err != nil { // the types above have nothing that can't be written
		status, b = http.StatusInternalServerError, []byte(`{}`)
	}
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(b, '\n'))
}
