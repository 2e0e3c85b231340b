package pipeline

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/audio"
	"github.com/ringsidehq/ringside/internal/audio/audiotest"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
	"github.com/ringsidehq/ringside/internal/stt"
	"github.com/ringsidehq/ringside/internal/stt/stttest"
)

// speech connects the workspace to a server.
func (b *bench) speech(s *stttest.Server) {
	b.t.Helper()
	settings, err := json.Marshal(s.Settings())
	must(b.t, err)
	row := &store.Integration{Kind: STT, Settings: settings, Secret: b.cfg.Secrets.Seal(IntegrationSecret(workspace, STT), []byte(stttest.Key)), UpdatedAt: time.Now()}
	must(b.t, b.store.Write(b.t.Context(), func(ctx context.Context, tx store.Tx) error { return store.PutIntegration(ctx, tx, workspace, row) }))
}

// given takes in a call without a transcript and keeps a recording of it, which
// is heard.
func (b *bench) given(name string, wav []byte) ringside.CallID {
	b.t.Helper()
	id := b.recorded(time.Minute, name)
	must(b.t, b.cfg.Recordings.Files.Keep(b.t.Context(), id, bytes.NewReader(wav)))
	_, err := b.tryRecording(id, 0)
	must(b.t, err)
	return id
}

// transcribe works on a call's transcription once, and gives for how long it is
// put off.
func (b *bench) transcribe(id ringside.CallID, attempt int, again bool) (time.Duration, error) {
	b.t.Helper()
	err := (&transcribe{cfg: b.cfg}).Work(b.t.Context(), &river.Job[jobs.TranscribeCall]{
		JobRow: &rivertype.JobRow{Attempt: attempt, MaxAttempts: 6},
		Args:   jobs.TranscribeCall{CallRef: jobs.CallRef{WorkspaceID: workspace, CallID: id}, Again: again},
	})
	if s, is := errors.AsType[*rivertype.JobSnoozeError](err); is {
		return s.Duration, nil
	}
	return 0, err
}

// transcription is the step of a call; nil when it has none.
func (b *bench) transcription(id ringside.CallID) *ringside.Step {
	b.t.Helper()
	c := b.call(id)
	i := slices.IndexFunc(c.Pipeline, func(s ringside.Step) bool { return s.Step == ringside.StepTranscription })
	if i < 0 {
		return nil
	}
	return &c.Pipeline[i]
}

// The file that holds a piece of speech has no name: a process that is killed
// leaves nothing of it.
func TestAPieceOfSpeechHasNoName(t *testing.T) {
	given := 0
	c, err := newCutter(mixed(), func(_ float64, s stt.Sound) error {
		given = s.Samples
		return nil
	})
	must(t, err)
	must(t, c.add(audio.Format{Rate: stt.Rate, Channels: 1}, slices.Repeat([]float32{0.5, -0.5}, stt.Rate)))
	if _, err := os.Stat(c.file.Name()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file has a name: %v", err)
	}
	must(t, c.finish())
	must(t, c.close())
	if given != 2*stt.Rate {
		t.Errorf("%d samples were handed over", given)
	}
}

// A call without a transcript is transcribed side by side, heard again with the
// words and analysed; the vendor's own transcript, when it comes, takes their place.
func TestACallIsTranscribed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		keeping(t, b)
		server := stttest.NewFunc(t, stt.OpenAI, func(q stttest.Request) stttest.Reply {
			if slices.Max(q.Samples[stt.Rate*6/10:stt.Rate*9/10]) > 3000 { // channel 0 begins
				return stttest.Verbose(stttest.Said{Start: 0.5, End: 1, Text: "I want to cancel."}, stttest.Said{Start: 2.5, End: 3, Text: "Yes."}, stttest.Said{Start: 3.2, End: 3.4, Text: "Please do."})
			}
			return stttest.Verbose(stttest.Said{Start: 1.5, End: 2, Text: "Cancel it?"})
		})
		b.speech(server)
		b.run()
		id := b.recorded(time.Minute, "a")
		must(t, b.cfg.Recordings.Files.Keep(t.Context(), id, bytes.NewReader(sound())))
		must(t, b.cfg.write(t.Context(), func(ctx context.Context, tx store.Tx) error {
			return b.cfg.Again(ctx, tx, workspace, id, ringside.StepRecording)
		}))
		var r audio.Report
		c := b.until(id, "it is heard with the words and analysed", func(c *ringside.Call) bool {
			must(t, s.Read(t.Context(), func(ctx context.Context, tx store.Tx) error {
				if err := store.Sound(ctx, tx, id, &r); ringside.KindOf(err) != ringside.NotFound {
					return err
				}
				return nil
			}))
			st := b.transcription(id)
			return r.Metrics.WPM != nil && c.Analysis.Measured != nil && c.Analysis.Measured.CustomerWords == 7 && st != nil && st.Status == ringside.StepDone
		})
		want := []struct {
			role     ringside.Role
			text     string
			from, to int64
			words    int
		}{{"user", "I want to cancel.", 500, 1000, 4}, {"agent", "Cancel it?", 1500, 2000, 2}, {"user", "Yes. Please do.", 2500, 3400, 3}}
		if len(c.Turns) != len(want) {
			t.Fatalf("turns %+v", c.Turns)
		}
		for i, w := range want {
			if g := c.Turns[i]; g.Index != i || g.Role != w.role || g.Text != w.text || *g.StartMS != w.from || *g.EndMS != w.to || len(g.Words) != w.words || g.Words[0].StartMS != w.from {
				t.Errorf("turn %d: %+v, want %+v", i, g, w)
			}
		}
		if f := *c.TurnsFrom; f.Method != "stt" || f.Model != stttest.Model || f.SHA256 != c.Kept.SHA256 {
			t.Errorf("turns from %+v", f)
		}
		if r.AgentChannel.Method != "assumed" {
			t.Errorf("the agent's channel is known by %s, and the words were made from it", r.AgentChannel.Method)
		}
		if st := b.transcription(id); st == nil || st.Status != ringside.StepDone || !strings.Contains(st.Reason, "which channel is the agent's") {
			t.Errorf("step %+v", st)
		}
		if log := server.Log(); len(log) != 2 || log[0].Seconds() != 6 || log[1].Seconds() != 6 {
			t.Errorf("asked %d times", len(log))
		}
		_, err := b.ledger.Append(t.Context(), ledger.Envelope{
			Workspace: workspace, Provider: "acme", ReceivedAt: time.Now(), Body: []byte("late"),
			Events: []ringside.Event{{
				Provider: "acme", ProviderCallID: "a", Name: "said", Authority: ringside.Live, ReceivedAt: time.Now(),
				Facts: ringside.Facts{Turn: &ringside.Turn{Role: ringside.RoleAgent, Text: "Hi."}},
			}},
		})
		must(t, err)
		if c := b.call(id); len(c.Turns) != 1 || c.Turns[0].Text != "Hi." || c.TurnsFrom != nil || b.transcription(id) != nil {
			t.Errorf("turns %+v from %+v, step %+v", c.Turns, c.TurnsFrom, b.transcription(id))
		}
	})
}

// Of a recording of one channel nobody knows who speaks, and nothing claims to.
func TestOneChannelTellsNobodyApart(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	keeping(t, b)
	b.speech(stttest.New(t, stt.Deepgram, stttest.Listen(stttest.Said{Start: 0.5, End: 1, Text: "Hello. What is your card number?"}, stttest.Said{Start: 3, End: 4, Text: "It is my own."})))
	both := make([]float32, 5*8000)
	for i := range both {
		both[i] = 0.3 * (2*rand.Float32() - 1)
	}
	id := b.given("a", audiotest.WAV(8000, both))
	_, err := b.transcribe(id, 1, false)
	must(t, err)
	must(t, b.cfg.Analyse(t.Context(), []jobs.CallRef{{WorkspaceID: workspace, CallID: id}}))
	c := b.call(id)
	if len(c.Turns) != 2 || c.Turns[0].Role != ringside.RoleUnknown || c.Turns[1].Role != ringside.RoleUnknown {
		t.Errorf("turns %+v", c.Turns)
	}
	if c.Analysis.Measured != nil || c.Quality.Score != nil || c.Summary.Outcome != "unknown" || strings.Contains(c.Summary.Overview, "no conversation") {
		t.Errorf("measured %+v, quality %+v, summary %+v", c.Analysis.Measured, c.Quality, c.Summary)
	}
	if st := b.transcription(id); st == nil || st.Reason != "Both sides are on one channel, so nobody knows who speaks." {
		t.Errorf("step %+v", st)
	}
}

// What a server answers decides what becomes of the step.
func TestTranscriptionsThatFail(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	keeping(t, b)
	id := b.given("a", sound())
	if st := b.transcription(id); st == nil || st.Status != ringside.StepSkipped || st.Reason != "No speech to text is set up in Settings → Integrations." {
		t.Errorf("without speech to text: %+v", st)
	}
	if b.count(`SELECT COUNT(*) FROM river_job WHERE kind = 'transcribe_call'`) != 0 {
		t.Error("there is a job")
	}
	for name, tc := range map[string]struct {
		reply   stttest.Reply
		attempt int
		status  ringside.StepStatus
		pause   time.Duration
		failed  bool // the job comes again
		reason  string
	}{
		"busy":          {stttest.Busy(90 * time.Second), 1, ringside.StepWaiting, 90 * time.Second, false, "Rate limit reached. It is asked again."},
		"down":          {stttest.Problem(503, "", "Overloaded"), 1, ringside.StepWaiting, 0, true, "Overloaded. It is tried again."},
		"down for ever": {stttest.Problem(503, "", "Overloaded"), 6, ringside.StepFailed, 0, false, "Overloaded."},
		"no model":      {stttest.Problem(404, "", "No such model"), 1, ringside.StepFailed, 0, false, "The server answers 404 Not Found: No such model."},
		"nothing said":  {stttest.Verbose(), 1, ringside.StepDone, 0, false, "No words were heard."},
	} {
		b.speech(stttest.NewFunc(t, stt.OpenAI, func(stttest.Request) stttest.Reply { return tc.reply }))
		pause, err := b.transcribe(id, tc.attempt, false)
		if st := b.transcription(id); st == nil || st.Status != tc.status || pause != tc.pause || (err != nil) != tc.failed || !strings.HasSuffix(st.Reason, tc.reason) {
			t.Errorf("%s: %+v, again in %s, %v", name, st, pause, err)
		}
	}
}

// Done twice, late or in vain, it has one effect.
func TestATranscriptionIsDoneOnce(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	files := keeping(t, b)
	b.speech(stttest.New(t, stt.OpenAI, stttest.RejectsVerbose(), stttest.Text("One."), stttest.Text("Two."), stttest.Text("Three."), stttest.Text("Four.")))
	id := b.given("a", sound())
	if st := b.transcription(id); st == nil || st.Status != ringside.StepWaiting || b.count(`SELECT COUNT(*) FROM river_job WHERE kind = 'transcribe_call'`) != 1 {
		t.Fatalf("step %+v", st)
	}
	for range 2 {
		_, err := b.transcribe(id, 1, false)
		must(t, err)
	}
	if c := b.call(id); len(c.Turns) != 2 || c.Turns[0].Text != "One." || c.Turns[0].StartMS != nil || c.Turns[0].Role != ringside.RoleAgent {
		t.Errorf("turns %+v", c.Turns)
	}
	if st := b.transcription(id); !strings.Contains(st.Reason, "no times") {
		t.Errorf("step %+v", st)
	}
	_, err := b.transcribe(id, 1, true) // somebody asks
	must(t, err)
	if c := b.call(id); c.Turns[0].Text != "Three." {
		t.Errorf("asked for again: %+v", c.Turns)
	}
	must(t, files.Remove(id))
	_, err = b.transcribe(id, 1, true)
	must(t, err)
	if st := b.transcription(id); st.Status != ringside.StepSkipped || len(b.call(id).Turns) != 2 {
		t.Errorf("without the recording: %+v", st)
	}
	must(t, b.store.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { return b.store.DeleteCall(ctx, tx, id) }))
	if _, err := b.transcribe(id, 1, true); err != nil {
		t.Errorf("of a call that was deleted: %v", err)
	}
}

// A long recording is cut where it is quietest, into pieces that are whole
// together; silence is not sent.
func TestPieces(t *testing.T) {
	const rate, minutes = 8000, 22
	type piece struct {
		from float64
		n    int
		ends float64 // loudness of the last 50 ms
	}
	var got []piece
	c, err := newCutter(channel(0), func(from float64, s stt.Sound) error {
		tail := make([]byte, 1600)
		if _, err := s.PCM.ReadAt(tail, int64(2*s.Samples-len(tail))); err != nil {
			return err
		}
		loud := 0.0
		for i := 0; i < len(tail); i += 2 {
			loud = max(loud, float64(int16(uint16(tail[i])|uint16(tail[i+1])<<8)))
		}
		got = append(got, piece{from, s.Samples, loud})
		return nil
	})
	must(t, err)
	block := make([]float32, rate)
	for second := range 60 * minutes {
		for i := range block {
			block[i] = 0.3 * (2*rand.Float32() - 1)
			if second == 600 || second > 60*21 { // a pause, and a silent end
				block[i] = 0
			}
		}
		must(t, c.add(audio.Format{Rate: rate, Channels: 1}, block))
	}
	must(t, c.finish())
	must(t, c.close())
	if len(got) < 2 || got[0].from != 0 || got[0].n < 600*stt.Rate || got[0].n > 601*stt.Rate || got[0].ends > 0 {
		t.Fatalf("pieces %+v", got)
	}
	next := 0 // samples
	for _, p := range got {
		if p.from != float64(next)/stt.Rate || p.n > stt.MaxSamples {
			t.Errorf("a piece from %v, want sample %d: %+v", p.from, next, p)
		}
		next += p.n
	}
	silent, err := newCutter(mixed(), func(float64, stt.Sound) error { t.Error("silence is sent"); return nil })
	must(t, err)
	must(t, silent.add(audio.Format{Rate: rate, Channels: 2}, make([]float32, 20*rate)))
	must(t, silent.finish())
	must(t, silent.close())
}
