package api

import (
	"context"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/ringsidehq/ringside"
)

// door is a way in: an operation that reads raw bytes.
type door struct {
	path, id, summary string
	keyed             bool // known by a key in a header; else by its URL or signature
}

// door registers a handler and describes it in the document.
func (s *Server) door(d door, handle http.HandlerFunc, answer any) {
	s.mux.HandleFunc(http.MethodPost+" "+d.path, handle)
	reg := s.api.OpenAPI().Components.Schemas
	op := &huma.Operation{
		OperationID: d.id, Method: http.MethodPost, Path: d.path, Summary: d.summary, Tags: []string{"Ingest"},
		RequestBody: &huma.RequestBody{
			Required: true,
			Content:  map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}}},
		},
		Responses: map[string]*huma.Response{
			"default": {Description: "An RFC 9457 problem", Content: map[string]*huma.MediaType{
				"application/problem+json": {Schema: reg.Schema(reflect.TypeFor[Problem](), true, "")},
			}},
		},
		Security: []map[string][]string{{}},
	}
	if d.keyed {
		op.Security = []map[string][]string{{"bearer": {}}, {"key": {}}}
	}
	ok := &huma.Response{Description: "Stored", Content: map[string]*huma.MediaType{
		"application/json": {Schema: reg.Schema(reflect.TypeOf(answer), true, "")},
	}}
	for _, status := range []string{"200", "201", "202"} {
		op.Responses[status] = ok
	}
	for part := range strings.SplitSeq(d.path, "/") {
		if name, found := strings.CutPrefix(part, "{"); found {
			op.Parameters = append(op.Parameters, &huma.Param{
				Name: strings.TrimSuffix(name, "}"), In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString},
			})
		}
	}
	s.api.OpenAPI().AddOperation(op)
}

// recording serves the audio that Ringside keeps, with ranges.
func (s *Server) recording(ctx context.Context, in *CallPath) (*huma.StreamResponse, error) {
	c, err := s.loadCall(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if s.cfg.Audio == nil || !s.cfg.Audio.Has(c.ID) {
		return nil, ringside.Errorf(ringside.NotFound, "Ringside keeps no recording of this call; recordings[] says where the vendor does").WithCode("no_recording")
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		r, w := humago.Unwrap(hc)
		s.cfg.Audio.Serve(w, r, c.ID)
	}}, nil
}
