package pipeline

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/audio"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/search"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
	"github.com/ringsidehq/ringside/internal/stt"
	"github.com/ringsidehq/ringside/internal/stt/stttest"
)

const secretWord = "quixotrywombat"

// retaining takes in an analysed call of an agent with a retention, that ended
// at a time, and gives its id.
func (b *bench) retaining(r ringside.Retention, end time.Time) ringside.CallID {
	b.t.Helper()
	id := b.receive(time.Since(end), `{"id":"kept","agent_id":"bot","startedAt":"`+end.Add(-time.Minute).Format(time.RFC3339)+`","endedAt":"`+end.Format(time.RFC3339)+`",
"messages":[{"role":"bot","content":"Hello"},{"role":"user","content":"The word is `+secretWord+`, I am angry and want a manager"}]}`)
	settings, err := json.Marshal(ringside.AgentSettings{Retention: &r})
	must(b.t, err)
	must(b.t, b.store.Write(b.t.Context(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE agents SET settings = $1 WHERE source_id = 'bot'`, string(settings))
		return err
	}))
	b.analyse(id)
	return id
}

func (b *bench) retain(now time.Time) {
	b.t.Helper()
	must(b.t, (&retain{cfg: b.cfg, now: func() time.Time { return now }}).Work(b.t.Context(), &river.Job[jobs.Retain]{}))
}

const days = 24 * time.Hour

// The day counts from the end, to the millisecond, and each part has its own.
func TestRetentionRemovesWhatIsPast(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		files := keeping(t, b)
		end := time.Now().UTC().Add(-time.Hour).Truncate(time.Second)
		id := b.retaining(ringside.Retention{RecordingDays: new(7), TranscriptDays: new(30), EverythingDays: new(365)}, end)
		must(t, files.Keep(t.Context(), id, strings.NewReader("RIFF sound")))
		must(t, s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
			return store.SaveSound(ctx, tx, id, &audio.Report{Peaks: &audio.Peaks{}, Silences: []audio.Span{{1, 4}}}, nil)
		}))

		b.retain(end.Add(7*days - time.Millisecond))
		if !files.Has(id) || len(b.call(id).Expired) != 0 {
			t.Fatal("the recording went a millisecond early")
		}
		b.retain(end.Add(7 * days))
		c := b.call(id)
		if e := c.ExpiryOf(ringside.PartRecording); files.Has(id) || e == nil || e.Days != 7 || c.Kept != nil {
			t.Errorf("after 7 days: %+v", c.Expired)
		}
		must(t, s.Read(t.Context(), func(ctx context.Context, tx store.Tx) error {
			var r audio.Report
			err := store.Sound(ctx, tx, id, &r)
			if r.Peaks != nil || len(r.Silences) != 1 {
				t.Errorf("of the sound is left %+v", r)
			}
			return err
		}))
		if _, err := b.tryRecording(id, 0); err != nil || !strings.Contains(b.stepOf(id).Reason, "after 7 days") {
			t.Errorf("asked for again, the recording is %+v, %v", b.stepOf(id), err)
		}

		b.retain(end.Add(30*days - time.Millisecond))
		if c := b.call(id); c.Turns[1].Text == "" {
			t.Fatal("the transcript went a millisecond early")
		}
		before := b.call(id)
		b.retain(end.Add(30 * days))
		c = b.call(id)
		if e := c.ExpiryOf(ringside.PartTranscript); e == nil || e.Days != 30 || len(c.Turns) != 2 || c.Turns[1].Text != "" || c.Turns[1].Role != ringside.RoleUser {
			t.Errorf("after 30 days: %+v, %+v", c.Expired, c.Turns)
		}
		if c.Analysis.Measured == nil || *c.Analysis.Measured != *before.Analysis.Measured || len(c.Findings) != len(before.Findings) || len(c.Findings) == 0 || c.Sentiment.Label != before.Sentiment.Label {
			t.Errorf("the figures changed: %+v, %+v", c.Analysis.Measured, c.Findings)
		}
		text, err := plain(c)
		must(t, err)
		if strings.Contains(text, secretWord) || b.count(`SELECT COUNT(*) FROM inbox`) != 0 {
			t.Errorf("what was said is still there: %s", text)
		}
		if why := ExpiredStep(c, ringside.StepAnalysis); !strings.Contains(why, "after 30 days") || ExpiredStep(c, ringside.StepCRM) != "" {
			t.Errorf("the analysis can be done again: %q", why)
		}
		f := search.New(s, quiet)
		for b.lag() > 0 {
			_, err := f.Step(t.Context())
			must(t, err)
		}
		must(t, s.Read(t.Context(), func(ctx context.Context, tx store.Tx) error {
			page, err := s.ListCalls(ctx, tx, store.CallQuery{CallFilter: store.CallFilter{Workspace: workspace, Query: secretWord}, Sort: store.SortNewest, Limit: 5})
			if err == nil && len(page.Items) != 0 {
				t.Error("the search still finds it")
			}
			return err
		}))

		b.retain(end.Add(365*days - time.Millisecond))
		if !b.has(id) {
			t.Fatal("the call went a millisecond early")
		}
		b.retain(end.Add(365 * days))
		if b.has(id) || b.count(`SELECT COUNT(*) FROM tombstones WHERE erased`) != 1 {
			t.Error("after 365 days the call is still there")
		}
	})
}

// What comes late brings words back until the next run, and no longer; what
// was removed once is not looked at again.
func TestALateReportDoesNotOutliveRetention(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		end := time.Now().UTC().Add(-40 * days).Truncate(time.Second)
		id := b.retaining(ringside.Retention{TranscriptDays: new(30)}, end)
		now := time.Now().UTC()
		b.retain(now)
		events := b.count(`SELECT COUNT(*) FROM outbox`)
		b.retain(now.Add(time.Hour))
		if n := b.count(`SELECT COUNT(*) FROM outbox`); n != events {
			t.Errorf("the second run changed the call %d times", n-events)
		}
		b.receive(-2*time.Hour, `{"id":"kept","agent_id":"bot","endedReason":"x","messages":[{"role":"user","content":"`+secretWord+` again"}]}`)
		if c := b.call(id); !strings.Contains(c.Turns[0].Text, secretWord) {
			t.Fatalf("the late report says %+v", c.Turns)
		}
		b.retain(now.Add(3 * time.Hour))
		if c := b.call(id); c.Turns[0].Text != "" || c.EndedReason != "x" {
			t.Errorf("after the next run: %+v", c.Turns)
		}
	})
}

// A recording that is given after the transcript was removed is not written down
// again: nothing would remove those words.
func TestAnExpiredTranscriptIsNotMadeAnew(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	keeping(t, b)
	server := stttest.NewFunc(t, stt.OpenAI, func(stttest.Request) stttest.Reply {
		return stttest.Verbose(stttest.Said{Start: 0.5, End: 1, Text: "The word is " + secretWord + "."})
	})
	b.speech(server)
	id := b.given("a", sound())
	_, err := b.transcribe(id, 1, false)
	must(t, err)
	now := time.Now().UTC()
	w := &retain{cfg: b.cfg, now: func() time.Time { return now }}
	must(t, w.transcripts(t.Context(), &store.Retainer{Workspace: workspace}, []store.DueCall{{ID: id, Provider: "acme", ProviderCallID: "a"}}, 30))
	asked := len(server.Log())
	must(t, b.cfg.Recordings.Files.Keep(t.Context(), id, bytes.NewReader(append(sound(), 0))))
	_, err = b.tryRecording(id, 0)
	must(t, err)
	if st := b.transcription(id); st == nil || st.Status != ringside.StepSkipped || !strings.Contains(st.Reason, "after 30 days") {
		t.Errorf("the step is %+v", st)
	}
	_, err = b.transcribe(id, 1, true)
	must(t, err)
	if text, err := plain(b.call(id)); err != nil || asked == 0 || len(server.Log()) != asked || strings.Contains(text, secretWord) {
		t.Errorf("asked %d times, and %d before, %v: %s", len(server.Log()), asked, err, text)
	}
}

// An agent without a retention keeps everything, and so does one with zeros.
func TestWithoutRetentionEverythingStays(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	id := b.retaining(ringside.Retention{RecordingDays: new(0), EverythingDays: new(0)}, time.Now().UTC().Add(-time.Hour))
	b.retain(time.Now().Add(10_000 * days))
	if c := b.call(id); c.Turns[1].Text == "" || len(c.Expired) != 0 {
		t.Errorf("%+v", c.Expired)
	}
}
