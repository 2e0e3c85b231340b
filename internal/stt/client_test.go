package stt_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside/internal/stt"
	"github.com/ringsidehq/ringside/internal/stt/stttest"
)

var (
	hello = stttest.Said{Start: 0.5, End: 1.5, Text: "Hello, this is Ava."}
	help  = stttest.Said{Start: 2, End: 3.2, Text: "How can I help?"}
)

// quiet is some seconds of silence.
func quiet(seconds int) stt.Sound {
	return stt.Sound{PCM: bytes.NewReader(make([]byte, 2*seconds*stt.Rate)), Samples: seconds * stt.Rate}
}

// Words are taken from where a server puts them, else the times of segments,
// else the text alone.
func TestTheBestThatIsThereIsTaken(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		kind   stt.Protocol
		script []stttest.Reply
		timed  bool
		words  int
		format string // of the last request
	}{
		"words at the top":      {stt.OpenAI, []stttest.Reply{stttest.Verbose(hello, help)}, true, 4, "verbose_json"},
		"tokens in segments":    {stt.OpenAI, []stttest.Reply{stttest.Tokens(hello, help)}, true, 4, "verbose_json"},
		"segments alone":        {stt.OpenAI, []stttest.Reply{stttest.Segments(hello, help)}, true, 0, "verbose_json"},
		"no times of words":     {stt.OpenAI, []stttest.Reply{stttest.RejectsGranularities(), stttest.Verbose(hello, help)}, true, 0, "verbose_json"},
		"no verbose_json":       {stt.OpenAI, []stttest.Reply{stttest.RejectsVerbose(), stttest.Text(" Hello, this is Ava. How can I help? ")}, false, 0, "json"},
		"Deepgram's utterances": {stt.Deepgram, []stttest.Reply{stttest.Listen(hello, help)}, true, 4, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stttest.New(t, tc.kind, tc.script...)
			got, err := s.Client().Transcribe(t.Context(), quiet(4))
			if err != nil {
				t.Fatal(err)
			}
			if got.Text() != "Hello, this is Ava. How can I help?" || got.Timed != tc.timed {
				t.Errorf("said %q, timed %v", got.Text(), got.Timed)
			}
			log := s.Log()
			if q := log[len(log)-1]; len(log) != len(tc.script) || q.Format != tc.format || q.Model != stttest.Model || q.Seconds() != 4 {
				t.Errorf("asked %d times, at last %q for %v s with %q", len(log), q.Format, q.Seconds(), q.Model)
			}
			if !tc.timed {
				if s := got.Segments[0]; s.Start != 0 || s.End != 4 || len(got.Segments) != 1 {
					t.Errorf("segments %+v", got.Segments)
				}
				return
			}
			first, last := got.Segments[0], got.Segments[len(got.Segments)-1]
			if first.Start != 0.5 || last.End != 3.2 || len(first.Words) != tc.words || len(last.Words) != tc.words {
				t.Fatalf("segments %+v", got.Segments)
			}
			if tc.words > 0 && (first.Words[1].Text != "this" || math.Abs(first.Words[1].Start-0.75) > 1e-9 || math.Abs(last.Words[3].End-3.2) > 1e-9) {
				t.Errorf("words %+v", first.Words)
			}
		})
	}
}

// What a server does not take is not asked of it again.
func TestTheFormIsRemembered(t *testing.T) {
	t.Parallel()
	s := stttest.New(t, stt.OpenAI, stttest.RejectsVerbose(), stttest.Text("One."), stttest.Text("Two."))
	c := s.Client()
	for _, want := range []string{"One.", "Two."} {
		if got, err := c.Transcribe(t.Context(), quiet(1)); err != nil || got.Text() != want {
			t.Errorf("%+v, %v", got, err)
		}
	}
}

// The language goes along, and the samples as they are.
func TestWhatIsSent(t *testing.T) {
	t.Parallel()
	for _, kind := range []stt.Protocol{stt.OpenAI, stt.Deepgram} {
		s := stttest.NewFunc(t, kind, func(stttest.Request) stttest.Reply {
			if kind == stt.Deepgram {
				return stttest.Listen()
			}
			return stttest.Verbose()
		})
		c := s.Client()
		c.Settings.Language = "pt-BR"
		got, err := c.Transcribe(t.Context(), stt.Tone(500*time.Millisecond))
		if err != nil || got.Text() != "" || len(got.Segments) != 0 {
			t.Fatalf("%s: %+v, %v", kind, got, err)
		}
		if q := s.Log()[0]; q.Language != "pt-BR" || len(q.Samples) != 8000 || q.Loudest() < 7900 || q.Loudest() > 8000 {
			t.Errorf("%s: language %q, %d samples up to %d", kind, q.Language, len(q.Samples), q.Loudest())
		}
	}
}

// Every failure says what can be done, in the server's words and without the key.
func TestFailures(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		kind  stt.Protocol
		reply stttest.Reply
		want  stt.Kind
		words string
	}{
		"busy":               {stt.OpenAI, stttest.Busy(90 * time.Second), stt.RateLimited, "429 Too Many Requests: Rate limit reached."},
		"down":               {stt.OpenAI, stttest.Problem(503, "", "Overloaded."), stt.Unavailable, "503 Service Unavailable: Overloaded."},
		"no such model":      {stt.OpenAI, stttest.Problem(404, "model", "The model does not exist."), stt.BadRequest, "404 Not Found: The model does not exist. model"},
		"a language":         {stt.OpenAI, stttest.Problem(400, "language", "Language 'xx' is not supported."), stt.BadRequest, "Language 'xx' is not supported."},
		"the key":            {stt.OpenAI, stttest.Problem(401, "", "Bad key "+stttest.Key), stt.Unauthorized, "Bad key [key]"},
		"no JSON":            {stt.OpenAI, stttest.Body(200, "<html>"), stt.Malformed, "is no transcript"},
		"another API's":      {stt.OpenAI, stttest.Body(200, `{"choices":[]}`), stt.Malformed, "is no transcript"},
		"Deepgram, busy":     {stt.Deepgram, stttest.DeepgramProblem(429, "TOO_MANY_REQUESTS", "Too many requests."), stt.RateLimited, "Too many requests."},
		"Deepgram, no money": {stt.Deepgram, stttest.DeepgramProblem(402, "ASR_PAYMENT_REQUIRED", "Project does not have enough credits."), stt.Unauthorized, "Project does not have enough credits."},
		"Deepgram, a model":  {stt.Deepgram, stttest.DeepgramProblem(400, "Bad Request", "Bad Request: No such model."), stt.BadRequest, "No such model."},
		"Deepgram, empty":    {stt.Deepgram, stttest.Body(200, `{"metadata":{}}`), stt.Malformed, "is no transcript"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := stttest.New(t, tc.kind, tc.reply).Client().Transcribe(t.Context(), quiet(1))
			e, ok := errors.AsType[*stt.Error](err)
			if !ok || e.Kind != tc.want || !strings.Contains(e.Message, tc.words) || e.Later() != (tc.want == stt.RateLimited || tc.want == stt.Unavailable) {
				t.Fatalf("got %v, want %s %q", err, tc.want, tc.words)
			}
			if strings.Contains(fmt.Sprintf("%+v", err), stttest.Key) {
				t.Error("it holds the key")
			}
			if name == "busy" && e.RetryAfter != 90*time.Second {
				t.Errorf("again after %s", e.RetryAfter)
			}
		})
	}
}

// A server that is away or slow is asked again later; a wrong key is not.
func TestServersThatDoNotAnswer(t *testing.T) {
	t.Parallel()
	s := stttest.New(t, stt.OpenAI)
	c := s.Client()
	c.Key = "another-key"
	if _, err := c.Transcribe(t.Context(), quiet(1)); stt.KindOf(err) != stt.Unauthorized || strings.Contains(err.Error(), c.Key) {
		t.Errorf("a wrong key: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Transcribe(ctx, quiet(1)); stt.KindOf(err) != stt.Unavailable || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	s.Close()
	if _, err := c.Transcribe(t.Context(), quiet(1)); stt.KindOf(err) != stt.Unavailable || strings.Contains(err.Error(), "/v1") {
		t.Errorf("away: %v", err)
	}
	if _, err := c.Transcribe(t.Context(), stt.Sound{Samples: stt.MaxSamples + 1}); stt.KindOf(err) != stt.BadRequest {
		t.Errorf("too long: %v", err)
	}
}

// The longest piece still fits what OpenAI takes.
func TestTheLongestPieceIsTaken(t *testing.T) {
	t.Parallel()
	s := stttest.New(t, stt.OpenAI, stttest.Verbose())
	if _, err := s.Client().Transcribe(t.Context(), quiet(stt.MaxSamples/stt.Rate)); err != nil {
		t.Error(err)
	}
}
