package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/audio"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/stt"
)

// transcribe has the kept recording of a call written down that came without a
// transcript. Then the recording is heard once more, with the words, and the call
// is analysed.
type transcribe struct {
	river.WorkerDefaults[jobs.TranscribeCall]

	cfg Config
}

// transcribeTimeout bounds one attempt: a server of one's own may take as long
// as the call did.
const transcribeTimeout = 2 * time.Hour

// Timeout implements river.Worker.
func (w *transcribe) Timeout(*river.Job[jobs.TranscribeCall]) time.Duration { return transcribeTimeout }

// transcription is what is said of the step once a recording was heard: nothing
// of a call that has a transcript, its own or one made of this recording, by one
// of its sums: before something was muted in it, it had another.
func (c *Config) transcription(ctx context.Context, f *file, sums ...string) ([]ringside.Step, error) {
	if len(f.call.Turns) > 0 && (f.call.TurnsFrom == nil || slices.Contains(sums, f.call.TurnsFrom.SHA256)) {
		return nil, nil
	}
	why, err := unheard(c.Transcribers.Of(ctx, f.workspace))
	if err != nil {
		return nil, err
	}
	if f.call.Imported {
		why = cmp.Or(why, forTheRecords)
	}
	if why = cmp.Or(ExpiredStep(f.call, ringside.StepTranscription), why, withheld(f.call)); why != "" {
		return []ringside.Step{{Step: ringside.StepTranscription, Status: ringside.StepSkipped, Reason: why, At: new(time.Now().UTC().Truncate(time.Millisecond))}}, nil
	}
	return []ringside.Step{{Step: ringside.StepTranscription, Status: ringside.StepWaiting}}, nil
}

// withheld says why no transcript is made though there could be one; "" when one
// is.
func withheld(c *ringside.Call) string {
	if slices.Contains(c.Withheld, "transcript") {
		return "The vendor was told to give no transcript, so none is made here unless somebody asks for it."
	}
	return ""
}

// Work implements river.Worker.
func (w *transcribe) Work(ctx context.Context, job *river.Job[jobs.TranscribeCall]) error {
	f, err := newDesk(&w.cfg).open(ctx, job.Args.CallRef)
	if f == nil || err != nil {
		return err
	}
	err = w.listen(ctx, f, job)
	if _, snoozed := errors.AsType[*rivertype.JobSnoozeError](err); snoozed || err == nil {
		return err
	}
	return w.failed(ctx, f, job, err)
}

// listen transcribes the recording, where there is a reason to and a place at
// the server.
func (w *transcribe) listen(ctx context.Context, f *file, job *river.Job[jobs.TranscribeCall]) error {
	t, err := w.cfg.Transcribers.Of(ctx, f.workspace)
	why, err := unheard(t, err)
	if err != nil {
		return err
	}
	switch c := f.call; {
	case ExpiredStep(c, ringside.StepTranscription) != "":
		why = ExpiredStep(c, ringside.StepTranscription)
	case len(c.Turns) > 0 && c.TurnsFrom == nil:
		why = "The vendor has sent a transcript."
	case why == "" && !job.Args.Again:
		why = withheld(c)
	}
	if why != "" {
		return w.settle(ctx, f, ringside.Facts{}, ringside.StepSkipped, why, job)
	}
	sound, kept, err := w.cfg.Recordings.Files.Open(f.call.ID)
	if ringside.KindOf(err) == ringside.NotFound {
		return w.settle(ctx, f, ringside.Facts{}, ringside.StepSkipped, "The recording is kept no more.", job)
	}
	if err != nil {
		return err
	}
	defer sound.Close()
	from := ringside.TurnsFrom{Method: "stt", Model: t.Client.Settings.Model, SHA256: kept.SHA256}
	if had := f.call.TurnsFrom; had != nil && *had == from && !job.Args.Again {
		return w.follow(ctx, jobs.FetchRecording{CallRef: job.Args.CallRef}) // it was done, and the process ended before it said so
	}
	if a := f.call.Analysis.Audio; a == nil || a.SHA256 != kept.SHA256 {
		return nil // another recording has come: once it is heard, it asks for this
	}
	var report audio.Report
	err = w.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) error { return store.Sound(ctx, tx, f.call.ID, &report) })
	if err != nil {
		return err
	}
	if !t.acquire() {
		return river.JobSnooze(jobs.Soon(job.JobRow))
	}
	defer t.release()
	sides, err := written(ctx, t.Client, sound, report.AgentChannel)
	if err != nil {
		return err
	}
	x := ringside.Facts{Transcribed: &ringside.Transcribed{From: from, Turns: turnsOf(sides)}}
	if err := w.settle(ctx, f, x, ringside.StepDone, remark(sides, report.AgentChannel), job); err != nil {
		return err
	}
	if len(x.Transcribed.Turns) == 0 {
		return w.follow(ctx, jobs.Analyse([]jobs.CallRef{job.Args.CallRef})...)
	}
	return w.follow(ctx, jobs.FetchRecording{CallRef: job.Args.CallRef})
}

// follow asks for what comes after: the recording is heard with the words, which
// then has the call analysed; without words it is analysed alone.
func (w *transcribe) follow(ctx context.Context, args ...river.JobArgs) error {
	return w.cfg.write(ctx, func(ctx context.Context, tx store.Tx) error { return w.cfg.Queue().Enqueue(ctx, tx, args) })
}

// settle hands in what became of the step.
func (w *transcribe) settle(ctx context.Context, f *file, x ringside.Facts, st ringside.StepStatus, why string, job *river.Job[jobs.TranscribeCall]) error {
	now := time.Now().UTC().Truncate(time.Millisecond)
	x.Steps = []ringside.Step{{Step: ringside.StepTranscription, Status: st, Reason: why, Attempts: job.Attempt, At: &now}}
	_, err := w.cfg.append(context.WithoutCancel(ctx), f, now, "transcription", x)
	return err
}

// A server that names a time is asked again then, this often at most.
const maxPutOff = 20

// failed says in the step what went wrong, and whether the job comes again: not
// for what would only happen again.
func (w *transcribe) failed(ctx context.Context, f *file, job *river.Job[jobs.TranscribeCall], err error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return err // the process ends, and River does not count the attempt
	}
	e, theirs := errors.AsType[*stt.Error](err)
	final, reason := theirs && !e.Later() || ringside.KindOf(err) == ringside.Invalid, reasonOf(err)
	switch {
	case ctx.Err() != nil:
		reason = fmt.Sprintf("Speech to text took longer than %.0f hours.", transcribeTimeout.Hours())
	case !theirs && !final:
		reason = "Ringside could not do it; its log says why."
	}
	if !final && theirs && e.RetryAfter > 0 && jobs.Snoozes(job.JobRow) < maxPutOff {
		err := w.settle(ctx, f, ringside.Facts{}, ringside.StepWaiting, reason+" It is asked again.", job)
		return cmp.Or(err, river.JobSnooze(e.RetryAfter))
	}
	if !final && job.Attempt < job.MaxAttempts {
		return errors.Join(err, w.settle(ctx, f, ringside.Facts{}, ringside.StepWaiting, reason+" It is tried again.", job))
	}
	settled := w.settle(ctx, f, ringside.Facts{}, ringside.StepFailed, reason, job)
	if theirs || final {
		return settled
	}
	return errors.Join(err, settled)
}

// side is what is heard on one channel.
type side struct {
	role     ringside.Role
	segments []stt.Segment // times from the start of the recording
	untimed  bool          // some of them have only those of their piece
}

// written has each side of a recording written down. Where both are on one
// channel there is one, and nobody knows who speaks.
func written(ctx context.Context, c *stt.Client, sound io.Reader, agent *audio.AgentChannel) (sides []*side, err error) {
	picks := []func([]float32, int) []float32{mixed()}
	sides = []*side{{role: ringside.RoleUnknown}}
	if agent != nil {
		picks = []func([]float32, int) []float32{channel(agent.Channel), channel(1 - agent.Channel)}
		sides = []*side{{role: ringside.RoleAgent}, {role: ringside.RoleUser}}
	}
	cutters := make([]*cutter, len(sides))
	for i, s := range sides {
		cutters[i], err = newCutter(picks[i], func(from float64, piece stt.Sound) error {
			t, err := c.Transcribe(ctx, piece)
			if err == nil {
				s.add(t, from)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, cutters[i].close()) }()
	}
	err = audio.Decode(ctx, sound, func(f audio.Format, block []float32) error {
		for _, c := range cutters {
			if err := c.add(f, block); err != nil {
				return err
			}
		}
		return nil
	})
	for _, c := range cutters {
		if err == nil {
			err = c.finish()
		}
	}
	return sides, err
}

// add takes what is said in a piece that begins at a time.
func (s *side) add(t *stt.Transcript, from float64) {
	s.untimed = s.untimed || !t.Timed
	for _, g := range t.Segments {
		g.Start, g.End = g.Start+from, g.End+from
		for i := range g.Words {
			g.Words[i].Start, g.Words[i].End = g.Words[i].Start+from, g.Words[i].End+from
		}
		s.segments = append(s.segments, g)
	}
}

// ownPause is how long, in seconds, one side pauses within a turn at most.
const ownPause = 1

// turnsOf makes turns of both sides' segments, in the order in which they begin.
// Where a server gives no times, a turn has none.
func turnsOf(sides []*side) []ringside.Turn {
	type timed struct {
		turn ringside.Turn
		at   float64
	}
	var all []timed
	for _, s := range sides {
		end := math.Inf(-1)
		for _, g := range s.segments {
			if !s.untimed && g.Start-end < ownPause {
				t := &all[len(all)-1].turn
				t.Text, t.Words = t.Text+" "+g.Text, append(t.Words, wordsOf(g.Words)...)
				end = max(end, g.End)
				t.EndMS = new(ms(end))
				continue
			}
			t := ringside.Turn{Role: s.role, Text: g.Text, Words: wordsOf(g.Words)}
			if !s.untimed {
				t.StartMS, t.EndMS = new(ms(g.Start)), new(ms(g.End))
			}
			all, end = append(all, timed{t, g.Start}), g.End
		}
	}
	slices.SortStableFunc(all, func(a, b timed) int { return cmp.Compare(a.at, b.at) })
	out := make([]ringside.Turn, len(all))
	for i := range all {
		out[i] = all[i].turn
		out[i].Index = i
	}
	return out
}

func wordsOf(all []stt.Word) []ringside.Word {
	out := make([]ringside.Word, len(all))
	for i, w := range all {
		out[i] = ringside.Word{Text: w.Text, StartMS: ms(w.Start), EndMS: ms(w.End), Confidence: w.Confidence}
	}
	return out
}

func ms(seconds float64) int64 { return int64(math.Round(1000 * seconds)) }

// remark is what a reader of the transcript should know; "" when there is nothing.
func remark(sides []*side, agent *audio.AgentChannel) string {
	said, untimed := false, false
	for _, s := range sides {
		said, untimed = said || len(s.segments) > 0, untimed || s.untimed
	}
	switch {
	case !said:
		return "No words were heard."
	case agent == nil:
		return "Both sides are on one channel, so nobody knows who speaks."
	case untimed:
		return "The server gives no times, so all that one side says stands together."
	case agent.Method == "assumed":
		return "Nobody said which channel is the agent's; the second was taken, as most vendors do."
	}
	return ""
}

// transcribedFrom names the recording that the turns were made from; "" for
// turns of a vendor's.
func transcribedFrom(c *ringside.Call) string {
	if c.TurnsFrom == nil {
		return ""
	}
	return c.TurnsFrom.SHA256[:min(len(c.TurnsFrom.SHA256), 16)]
}
