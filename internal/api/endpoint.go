package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
)

// route is one operation of the API: where it is, who may call it and what the
// document says of it.
type route struct {
	method, path string
	id           string
	tag          string
	summary      string
	scope        auth.Scope // empty: public
	status       int        // of a success; 200 when 0
	maxBody      int64      // 1 MiB when 0
}

// requestTimeout bounds every operation but streams and what waits for others.
const requestTimeout = 30 * time.Second

// add registers an operation: a function from its request to its response.
// Decoding, authorisation, the time limit and the mapping of errors are here
// and nowhere else.
func add[I, O any](s *Server, r route, handle func(context.Context, *I) (*O, error)) {
	addWithin(s, requestTimeout, r, handle)
}

// addWithin registers an operation with a time limit of its own.
func addWithin[I, O any](s *Server, limit time.Duration, r route, handle func(context.Context, *I) (*O, error)) {
	op := huma.Operation{
		OperationID: r.id, Method: r.method, Path: r.path, Summary: r.summary, Tags: []string{r.tag},
		DefaultStatus: r.status, MaxBodyBytes: r.maxBody,
		// checkTexts has read the body, and the end of this time would end the operation.
		BodyReadTimeout: limit + requestTimeout,
		Errors:          []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity},
	}
	s.secure(&op, r.scope)
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		ctx, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		out, err := handle(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, r.id, err)
		}
		return out, nil
	})
}

// secure says in the document who may call an operation, and holds it to that.
func (s *Server) secure(op *huma.Operation, scope auth.Scope) {
	if scope == "" {
		op.Security = []map[string][]string{{}}
		op.Errors = []int{http.StatusBadRequest, http.StatusUnprocessableEntity}
	} else {
		op.Description = strings.TrimSpace(op.Description + "\n\nNeeds the scope `" + string(scope) + "`.")
		op.Security = []map[string][]string{{"bearer": {}}, {"key": {}}, {"session": {}}}
	}
	op.Middlewares = append(op.Middlewares, func(ctx huma.Context, next func(huma.Context)) {
		r, _ := humago.Unwrap(ctx)
		p, err := s.cfg.Auth.Authenticate(r)
		if err == nil && scope != "" {
			err = p.Require(scope)
		}
		if err != nil && scope != "" {
			s.writeProblem(ctx, err)
			return
		}
		if err := checkTexts(r, max(op.MaxBodyBytes, defaultBody)); err != nil {
			s.writeProblem(ctx, err)
			return
		}
		next(huma.WithContext(ctx, auth.WithPrincipal(ctx.Context(), p)))
	})
}

// Problem is an error as the API writes it (RFC 9457).
type Problem struct {
	Type   string         `json:"type" doc:"A URI reference for the kind of problem"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Detail string         `json:"detail" doc:"What happened and what to do"`
	Code   string         `json:"code" doc:"Stable; for programs"`
	Errors []FieldProblem `json:"errors,omitempty" doc:"Which fields are wrong"`
}

// FieldProblem says what is wrong with one field.
type FieldProblem struct {
	Pointer string `json:"pointer" doc:"JSON pointer into the body, or the name of a parameter"`
	Detail  string `json:"detail"`
}

// Error implements error.
func (p *Problem) Error() string { return p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// retryAfter is how long to wait after a refusal for too many tries: a token
// of the sign-in's bucket takes as long.
const retryAfter = "20"

// GetHeaders implements huma.HeadersError.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.Status == http.StatusTooManyRequests || p.Status == http.StatusServiceUnavailable {
		h.Set("Retry-After", retryAfter)
	}
	return h
}

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

var statusOf = map[ringside.Kind]int{
	ringside.Invalid:      http.StatusUnprocessableEntity,
	ringside.Unauthorized: http.StatusUnauthorized,
	ringside.Forbidden:    http.StatusForbidden,
	ringside.NotFound:     http.StatusNotFound,
	ringside.Conflict:     http.StatusConflict,
	ringside.TooLarge:     http.StatusRequestEntityTooLarge,
	ringside.RateLimited:  http.StatusTooManyRequests,
	ringside.Unavailable:  http.StatusServiceUnavailable,
	ringside.Internal:     http.StatusInternalServerError,
}

// problem maps an error to what the caller may know of it. What nobody
// classified is logged and told as our fault.
func (s *Server) problem(ctx context.Context, op string, err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	e, ok := errors.AsType[*ringside.Error](err)
	switch {
	case ok && e.Kind != ringside.Internal:
		p := newProblem(statusOf[e.Kind], e.Code, e.Message)
		if e.Field != "" {
			p.Errors = []FieldProblem{{e.Field, e.Message}}
			p.Detail = e.Field + " " + e.Message
		}
		return p
	case errors.Is(err, context.DeadlineExceeded):
		return newProblem(http.StatusGatewayTimeout, "timeout", "this took longer than "+requestTimeout.String()+"; ask for a shorter time range or fewer filters")
	case errors.Is(err, context.Canceled):
		return newProblem(499, "cancelled", "the caller went away")
	}
	s.cfg.Log.ErrorContext(ctx, "request failed", slog.String("operation", op), slog.Any("error", err))
	return newProblem(http.StatusInternalServerError, "internal", "Ringside failed to do this; its log says why")
}

func newProblem(status int, code, detail string) *Problem {
	title := http.StatusText(status)
	if title == "" {
		title = "Request cancelled"
	}
	return &Problem{Type: "about:blank", Title: title, Status: status, Detail: detail, Code: code}
}

// humaError makes a Problem of what huma itself refuses.
func humaError(status int, msg string, errs ...error) huma.StatusError {
	p := newProblem(status, codes[status], msg)
	for _, err := range errs {
		if d, ok := errors.AsType[*huma.ErrorDetail](err); ok {
			p.Errors = append(p.Errors, FieldProblem{pointer(d.Location), d.Message})
		} else if err != nil {
			p.Errors = append(p.Errors, FieldProblem{"", err.Error()})
		}
	}
	if len(p.Errors) == 1 {
		p.Detail = strings.TrimSpace(p.Errors[0].Pointer + " " + p.Errors[0].Detail)
	}
	return p
}

var codes = map[int]string{
	http.StatusBadRequest: "malformed", http.StatusUnauthorized: "unauthorized", http.StatusForbidden: "forbidden",
	http.StatusNotFound: "not_found", http.StatusUnprocessableEntity: "invalid", http.StatusRequestEntityTooLarge: "too_large",
	http.StatusUnsupportedMediaType: "unsupported_media_type", http.StatusNotAcceptable: "not_acceptable", http.StatusRequestTimeout: "timeout",
}

// pointer turns huma's place of an error (body.a[0].b, query.limit) into a
// JSON pointer, or the parameter's name.
func pointer(location string) string {
	where, rest, _ := strings.Cut(location, ".")
	if where != "body" {
		return rest
	}
	rest = strings.NewReplacer(".", "/", "[", "/", "]", "").Replace(rest)
	if rest == "" {
		return ""
	}
	return "/" + rest
}

func (s *Server) writeProblem(ctx huma.Context, err error) {
	r, w := humago.Unwrap(ctx)
	s.WriteProblem(w, r, ctx.Operation().OperationID, err)
}

// WriteProblem answers a request outside of an operation with an error.
func (s *Server) WriteProblem(w http.ResponseWriter, r *http.Request, op string, err error) {
	p := s.problem(r.Context(), op, err)
	w.Header().Set("Content-Type", p.ContentType(""))
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p)
}
