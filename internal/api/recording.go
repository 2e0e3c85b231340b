package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/audio"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/text"
)

// errNoRecording is the answer where nothing is kept.
var errNoRecording = ringside.Errorf(ringside.NotFound, "Ringside keeps no recording of this call; recordings[] says where the vendor does").WithCode("no_recording")

// errUnmuted is the answer where nothing personal may be stored, and the recording
// still says it.
var errUnmuted = ringside.Errorf(ringside.Conflict, "what is personal in this recording is not muted yet; the call's step recording says how far it is").WithCode("recording_unmuted")

// unmuted tells whether a kept recording may say what nobody is to hear: of a
// strict agent's, nothing is muted before it was heard.
func (s *Server) unmuted(ctx context.Context, c *ringside.Call) (bool, error) {
	if strict, err := s.strict(ctx, c); !strict || err != nil {
		return false, err
	}
	if c.Kept == nil {
		return true, nil
	}
	sound, now, err := s.cfg.Audio.Open(c.ID)
	if err != nil {
		return false, err
	}
	return now.SHA256 != c.Kept.SHA256, sound.Close() // another was given since
}

// strict tells whether nothing personal of a call may be stored.
func (s *Server) strict(ctx context.Context, c *ringside.Call) (is bool, err error) {
	if c.Agent == nil || c.Agent.ID == "" { // it may be a strict agent's
		return slices.ContainsFunc(c.Turns, func(t ringside.Turn) bool { return len(t.Redacted) > 0 }), nil
	}
	err = s.read(ctx, func(ctx context.Context, tx store.Tx) error {
		a, err := store.Agent(ctx, tx, c.WorkspaceID, c.Agent.ID)
		if err == nil {
			is = a.Settings.RedactionMode == ringside.RedactionStrict
		}
		return err
	})
	if ringside.KindOf(err) == ringside.NotFound {
		err = nil
	}
	return is, err
}

type recordingInput struct {
	CallPath
	Download bool   `query:"download" doc:"Answer with a name to save it by"`
	Format   string `query:"format" enum:"wav" doc:"wav: whatever it is kept as, written anew as 16-bit PCM at its own rate, with a name to save it by. It comes whole: there are no ranges, as no part can be had without decoding all before it. Left out: as it is kept"`
	Range    string `header:"Range"`
}

// recording serves the audio that Ringside keeps, with ranges. Each time that
// somebody begins to hear it is audited.
func (s *Server) recording(ctx context.Context, in *recordingInput) (*huma.StreamResponse, error) {
	c, err := s.loadCall(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if s.cfg.Audio == nil || !s.cfg.Audio.Has(c.ID) {
		return nil, errNoRecording
	}
	switch hold, err := s.unmuted(ctx, c); {
	case err != nil:
		return nil, err
	case hold:
		return nil, errUnmuted
	}
	if err := s.auditHearing(ctx, in, "call "+c.ShortID); err != nil {
		return nil, err
	}
	if in.Format == "wav" {
		return s.recordingAsWAV(ctx, c)
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		r, w := humago.Unwrap(hc)
		if in.Download {
			ending := ""
			if c.Kept != nil {
				ending = endings[c.Kept.Type]
			}
			w.Header().Set("Content-Disposition", attachment(c, ending))
		}
		s.cfg.Audio.Serve(w, r, c.ID)
	}}, nil
}

// goesOn is for how long parts of a recording are of the same hearing.
const goesOn = time.Hour

// auditHearing notes that somebody begins to hear a recording. Another part goes
// on with that when it was noted before: none is heard that nothing is noted of.
func (s *Server) auditHearing(ctx context.Context, in *recordingInput, subject string) error {
	action, begins := "recording.play", in.Range == "" || strings.HasPrefix(in.Range, "bytes=0-")
	if in.Download || in.Format != "" {
		action, begins = "recording.download", begins || in.Format != ""
	}
	if !begins {
		p, noted := auth.From(ctx), false
		err := s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
			noted, err = store.HeardSince(ctx, tx, p.WorkspaceID, p.KeyID+p.UserID, subject, time.Now().Add(-goesOn))
			return err
		})
		if err != nil || noted {
			return err
		}
	}
	return s.write(ctx, func(ctx context.Context, tx store.Tx) error { return audit(ctx, tx, action, subject) })
}

// endings are how files of a type end.
var endings = map[string]string{"audio/wave": ".wav", "audio/mpeg": ".mp3", "application/ogg": ".ogg", "audio/flac": ".flac", "audio/aiff": ".aiff"}

// attachment names a download by its call and when that was.
func attachment(c *ringside.Call, ending string) string {
	at := c.ReceivedAt
	if c.StartedAt != nil {
		at = *c.StartedAt
	}
	return `attachment; filename="call-` + c.ShortID + "-" + at.UTC().Format("20060102-150405") + ending + `"`
}

// CallAudio is what a recording tells, with how the customer sounds.
type CallAudio struct {
	audio.Report
	Expressions []ringside.Expression `json:"expressions" doc:"How the customer sounds in each turn that can be held against their first ones: estimates from sound and words"`
}

type audioOutput struct{ Body *CallAudio }

func (s *Server) callAudio(ctx context.Context, in *CallPath) (*audioOutput, error) {
	ws, out := auth.From(ctx).WorkspaceID, &audioOutput{&CallAudio{Expressions: []ringside.Expression{}}}
	return out, s.read(ctx, func(ctx context.Context, tx store.Tx) error {
		id, err := store.ResolveCall(ctx, tx, ws, in.ID)
		if err != nil {
			return err
		}
		if err := store.Sound(ctx, tx, id, &out.Body.Report); err != nil {
			return err
		}
		if out.Body.Prosody == nil { // heard before voices were
			out.Body.Prosody = []audio.Prosody{}
		}
		c, err := store.Call(ctx, tx, ws, id)
		if err != nil {
			return err
		}
		out.Body.Expressions = expressionsOf(c)
		return nil
	})
}

// expressionsOf are the estimates of a call; none where no voice was heard.
func expressionsOf(c *ringside.Call) []ringside.Expression {
	if c.Analysis.Audio == nil {
		return []ringside.Expression{}
	}
	var words []ringside.TurnSentiment
	if c.Sentiment != nil {
		words = c.Sentiment.Turns
	}
	return text.Express(c.Analysis.Audio.Voice, words)
}

const (
	uploadPath = "/v1/calls/{id}/recording"
	// uploadWithin bounds how long a recording that somebody gives may take to
	// come.
	uploadWithin = 30 * time.Minute
)

// uploadRoute registers the way in for recordings and describes it in the
// document.
func (s *Server) uploadRoute() {
	s.mux.HandleFunc("PUT "+uploadPath, s.upload)
	reg := s.api.OpenAPI().Components.Schemas
	s.api.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "put-recording", Method: http.MethodPut, Path: uploadPath, Tags: []string{"Calls"},
		Summary:     "Give a call its recording",
		Description: "The body is the file: WAV, MP3, Ogg Opus or FLAC, up to " + strconv.Itoa(ringside.MaxRecording>>20) + " MiB. It replaces what is kept. The id may be the vendor's.\n\nNeeds the scope `ingest` of a key, or a person who may change things.",
		Parameters:  []*huma.Param{{Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}}},
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}},
		Responses: map[string]*huma.Response{
			"202": {Description: "Kept; it is heard next"},
			"default": {Description: "An RFC 9457 problem", Content: map[string]*huma.MediaType{
				"application/problem+json": {Schema: reg.Schema(problemType, true, "")},
			}},
		},
		Security: []map[string][]string{{"bearer": {}}, {"key": {}}, {"session": {}}},
	})
}

func (s *Server) upload(w http.ResponseWriter, r *http.Request) {
	const op = "put-recording"
	p, err := s.cfg.Auth.Authenticate(r)
	if err == nil {
		need := auth.ScopeAdmin
		if p.KeyID != "" { // what sends calls sends their recordings
			need = auth.ScopeIngest
		}
		err = p.Require(need)
	}
	if err == nil {
		err = s.keepUpload(auth.WithPrincipal(r.Context(), p), w, r)
	}
	if err != nil {
		s.WriteProblem(w, r, op, err)
		return
	}
	w.WriteHeader(http.StatusAccepted)
}

// keepUpload keeps a recording, notes that it was given, and asks for it to be
// heard.
func (s *Server) keepUpload(ctx context.Context, w http.ResponseWriter, r *http.Request) error {
	var c *ringside.Call
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) error {
		ws := auth.From(ctx).WorkspaceID
		id, err := store.FindCall(ctx, tx, ws, r.PathValue("id"))
		if err == nil {
			c, err = store.Call(ctx, tx, ws, id)
		}
		return err
	})
	if err != nil {
		return err
	}
	if s.cfg.Audio == nil {
		return ringside.Errorf(ringside.Unavailable, "this server keeps no recordings")
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(uploadWithin)) // a server without deadlines has no need of one
	body, err := sniffed(http.MaxBytesReader(w, r.Body, ringside.MaxRecording))
	if err == nil {
		err = s.cfg.Audio.Keep(ctx, c.ID, body)
	}
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return ringside.Errorf(ringside.TooLarge, "the recording is larger than %d MiB", ringside.MaxRecording>>20)
	}
	if err != nil {
		return err
	}
	ref := jobs.CallRef{WorkspaceID: c.WorkspaceID, CallID: c.ID}
	return s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		err := s.cfg.Pipeline.Queue().Enqueue(ctx, tx, []river.JobArgs{jobs.FetchRecording{CallRef: ref, From: "upload"}})
		if err != nil {
			return err
		}
		return audit(ctx, tx, "recording.upload", "call "+c.ShortID)
	})
}

// sniffed refuses what is no recording by its first bytes.
func sniffed(body io.Reader) (io.Reader, error) {
	head := make([]byte, 512)
	n, err := io.ReadFull(body, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if err := audio.Sniff(head[:n]); err != nil {
		return nil, err
	}
	return io.MultiReader(strings.NewReader(string(head[:n])), body), nil
}
