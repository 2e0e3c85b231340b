package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/importer"
)

const (
	importPath = "/v1/calls/import"
	// maxImport bounds the files of one import: of more, the command sends as
	// many as there are.
	maxImport      = 2 << 30
	maxImportFiles = 1000
	// importAtOnce is how many recordings are taken at a time.
	importAtOnce = 2
	// importsAtOnce is how many imports there may be at a time: their files stand
	// on the disk meanwhile.
	importsAtOnce = 2
)

// importRoute registers the way in for a folder of recordings and describes it in
// the document.
func (s *Server) importRoute() {
	s.mux.HandleFunc("POST "+importPath, s.importCalls)
	reg := s.api.OpenAPI().Components.Schemas
	text, file := &huma.Schema{Type: huma.TypeString}, &huma.Schema{Type: huma.TypeString, Format: "binary"}
	query := func(name, what string) *huma.Param {
		return &huma.Param{Name: name, In: "query", Description: what, Schema: text}
	}
	agent := query("agent", "Your id for the agent; one that is not known yet is made")
	agent.Required = true
	s.api.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "import-calls", Method: http.MethodPost, Path: importPath, Tags: []string{"Calls"},
		Summary: "Make calls of recordings, with what a CSV knows of them",
		Description: "What `ringside import` does with a folder, for files that are sent: each recording is one call, however often it comes. " +
			"Up to " + strconv.Itoa(maxImportFiles) + " files and " + strconv.Itoa(maxImport>>30) + " GiB at once.\n\nNeeds a key of the scope `ingest`; one that may read as well saves work with recordings that are there.",
		Parameters: []*huma.Param{
			agent, query("direction", "inbound or outbound, where the CSV does not say"), query("timezone", "Of times that name none, such as Europe/Berlin; UTC without"),
			query("dry_run", "true: say what each file would become, and take none"),
		},
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{
			Type: huma.TypeObject, Properties: map[string]*huma.Schema{"csv": file, "file": {Type: huma.TypeArray, Items: file}},
		}}}},
		Responses: map[string]*huma.Response{
			"200": {Description: "What became of each file", Content: map[string]*huma.MediaType{"application/json": {Schema: reg.Schema(reflect.TypeFor[importer.Result](), true, "")}}},
			"default": {Description: "An RFC 9457 problem", Content: map[string]*huma.MediaType{
				"application/problem+json": {Schema: reg.Schema(problemType, true, "")},
			}},
		},
		Security: []map[string][]string{{"bearer": {}}, {"key": {}}},
	})
}

func (s *Server) importCalls(w http.ResponseWriter, r *http.Request) {
	p, err := s.cfg.Auth.Authenticate(r)
	if err == nil {
		err = p.Require(auth.ScopeIngest)
	}
	if err == nil && p.KeyID == "" {
		err = ringside.Errorf(ringside.Forbidden, "calls are imported with a key of the scope ingest")
	}
	var out *importer.Result
	if err == nil {
		out, err = s.importFiles(r.Context(), w, r)
	}
	if err != nil {
		s.WriteProblem(w, r, "import-calls", err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(out) // who asked has gone when it fails
}

// importFiles puts what is sent into a folder of its own, and imports that as the
// command would, through the doors of this server.
func (s *Server) importFiles(ctx context.Context, w http.ResponseWriter, r *http.Request) (*importer.Result, error) {
	c, err := importOf(r)
	if err != nil {
		return nil, err
	}
	select {
	case s.imports <- struct{}{}:
		defer func() { <-s.imports }()
	default:
		return nil, ringside.Errorf(ringside.RateLimited, "%d imports are under way; send this one when they are through, or use ringside import", importsAtOnce)
	}
	until := time.Now().Add(uploadWithin)
	_ = http.NewResponseController(w).SetReadDeadline(until) // a server without deadlines has no need of one
	_ = http.NewResponseController(w).SetWriteDeadline(until)
	r.Body = http.MaxBytesReader(w, r.Body, maxImport)
	if c.Dir, err = os.MkdirTemp("", "ringside-import-"); err != nil {
		return nil, fmt.Errorf("make a folder for the import: %w", err)
	}
	defer func() { _ = os.RemoveAll(c.Dir) }()
	if c.CSV, err = receive(r, c.Dir); err != nil {
		return nil, err
	}
	c.URL, c.Key, c.Concurrency, c.Client = "http://ringside.invalid", "as it came", importAtOnce, &http.Client{Transport: inside{s, r}}
	out, err := importer.Run(ctx, *c)
	if err != nil && out == nil {
		return nil, ringside.Invalidf("csv", "%s", err)
	}
	return out, err
}

// importOf reads what is asked of an import.
func importOf(r *http.Request) (*importer.Config, error) {
	q := r.URL.Query()
	c := &importer.Config{Below: true, Agent: strings.TrimSpace(q.Get("agent")), Direction: ringside.Direction(q.Get("direction")), DryRun: q.Get("dry_run") == "true"}
	switch {
	case c.Agent == "":
		return nil, ringside.Invalidf("agent", "say whose calls these are, in the address: ?agent=front-desk")
	case c.Direction != "" && c.Direction != ringside.Inbound && c.Direction != ringside.Outbound:
		return nil, ringside.Invalidf("direction", "%q is neither inbound nor outbound", c.Direction)
	}
	if zone := q.Get("timezone"); zone != "" {
		var err error
		if c.Zone, err = time.LoadLocation(zone); err != nil {
			return nil, ringside.Invalidf("timezone", "%q is not a time zone; it looks like Europe/Berlin", zone)
		}
	}
	return c, nil
}

// receive writes the files of a form into a folder, and gives the path of the
// CSV among them.
func receive(r *http.Request, dir string) (csv string, err error) {
	form, err := r.MultipartReader()
	if err != nil {
		return "", ringside.Invalidf("", "send the files as multipart/form-data: a part file for each recording, and a part csv")
	}
	for n := 0; ; n++ {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return csv, nil
		}
		if err == nil && n == maxImportFiles {
			err = ringside.Errorf(ringside.TooLarge, "there are more than %d files; import them with ringside import, or in parts", maxImportFiles)
		}
		var path string
		if err == nil {
			path, err = keepPart(part, dir)
		}
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			err = ringside.Errorf(ringside.TooLarge, "the files have more than %d GiB together; import them with ringside import, or in parts", maxImport>>30)
		}
		if errors.Is(err, io.ErrUnexpectedEOF) {
			err = ringside.Invalidf("", "the form broke off")
		}
		if err != nil {
			return "", err
		}
		if part.FormName() == "csv" {
			csv = path
		}
	}
}

// usable tells whether a file below a folder may be called so.
func usable(name string) bool {
	long := func(part string) bool { return len(part) > 255 }
	return filepath.IsLocal(name) && len(name) <= 1000 && !strings.ContainsRune(name, 0) &&
		!slices.ContainsFunc(strings.Split(name, string(filepath.Separator)), long)
}

// keepPart writes one file of a form below a folder, under its own name with the
// folders in it.
func keepPart(part *multipart.Part, dir string) (string, error) {
	field := part.FormName()
	if field != "file" && field != "csv" {
		return "", ringside.Invalidf(field, "is no part of an import; those are file and csv")
	}
	_, says, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	name := filepath.FromSlash(says["filename"])
	if err != nil || !usable(name) {
		return "", ringside.Invalidf(field, "%q is no name of a file below a folder", says["filename"])
	}
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", ringside.Invalidf(field, "%q can't be both a file and a folder", says["filename"])
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return "", ringside.Invalidf(field, "%q is there twice", says["filename"])
	}
	if err != nil {
		return "", fmt.Errorf("keep a file to import: %w", err)
	}
	_, err = io.Copy(f, part)
	return path, errors.Join(err, f.Close())
}

// inside answers requests from this server itself, as asked by whoever asked of.
type inside struct {
	server *Server
	of     *http.Request
}

// RoundTrip implements http.RoundTripper.
func (i inside) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Del("Authorization")
	for _, name := range []string{"Authorization", "X-API-Key", "X-EFFICIENTAI-API-KEY", "X-Workspace-Key"} {
		if v := i.of.Header.Get(name); v != "" {
			r.Header.Set(name, v)
		}
	}
	r.RemoteAddr, r.Host, r.RequestURI = i.of.RemoteAddr, i.of.Host, r.URL.RequestURI()
	if r.Body == nil {
		r.Body = http.NoBody
	}
	a := &answered{header: http.Header{}, status: http.StatusOK}
	i.server.ServeHTTP(a, r)
	return &http.Response{
		Status: http.StatusText(a.status), StatusCode: a.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.header, Body: io.NopCloser(&a.body), ContentLength: int64(a.body.Len()), Request: r,
	}, nil
}

// answered keeps an answer.
type answered struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answered) Header() http.Header         { return a.header }
func (a *answered) WriteHeader(status int)      { a.status = status }
func (a *answered) Write(b []byte) (int, error) { return a.body.Write(b) }
