package api

import (
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// door is a way in: an operation that reads raw bytes.
type door struct {
	path, id, summary string
	keyed             bool // known by a key in a header; else by its URL or signature
}

// problemType is what errors are described by.
var problemType = reflect.TypeFor[Problem]()

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
				"application/problem+json": {Schema: reg.Schema(problemType, true, "")},
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
