package pipeline

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/audio"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/measure"
	"github.com/ringsidehq/ringside/internal/store"
)

// fetchRecording fetches a call's recording before its link dies, keeps it and
// hears what is in it.
type fetchRecording struct {
	river.WorkerDefaults[jobs.FetchRecording]

	cfg   Config
	alone chan struct{} // of the few that hear at a time
	near  chan struct{} // of those and the few that wait for them
}

// bringsAudio is the provider whose deliveries have recordings inside.
const bringsAudio = "elevenlabs"

// hearing is how many recordings are heard at a time: each takes a core.
const hearing = 1

// nearHearing is how many are heard or wait for it at a time. The others leave
// their place to those that are to be fetched: links die.
const nearHearing = 4

// fetchTimeout bounds one attempt: a recording may come slowly. One whose link
// dies within briefly is bounded as every other job.
const (
	fetchTimeout = 20 * time.Minute
	briefly      = time.Hour
)

// Timeout implements river.Worker. On PostgreSQL it is also how long a job that
// ended with its process is left alone.
func (w *fetchRecording) Timeout(job *river.Job[jobs.FetchRecording]) time.Duration {
	if job.Args.Brief {
		return 0
	}
	return fetchTimeout
}

// brief tells whether a link of a call's recordings dies soon.
func brief(c *ringside.Call, now time.Time) bool {
	return slices.ContainsFunc(c.Recordings, func(r ringside.Recording) bool { return r.ExpiresAt != nil && r.ExpiresAt.Before(now.Add(briefly)) })
}

// Work implements river.Worker.
func (w *fetchRecording) Work(ctx context.Context, job *river.Job[jobs.FetchRecording]) error {
	f, err := newDesk(&w.cfg).open(ctx, job.Args.CallRef)
	if err == nil && f == nil && w.cfg.Recordings != nil {
		return w.cfg.Recordings.Files.Remove(job.Args.CallID) // it came while its call was deleted
	}
	if f == nil || err != nil {
		return err
	}
	err = w.fetch(ctx, f, job)
	if _, snoozed := errors.AsType[*rivertype.JobSnoozeError](err); snoozed || err == nil || job.Attempt < job.MaxAttempts || errors.Is(ctx.Err(), context.Canceled) {
		return err
	}
	return errors.Join(err, w.settle(ctx, f, ringside.Facts{}, ringside.StepFailed, "Ringside could not keep it or hear it; its log says why. Retry it when that is mended.", job))
}

// whence is what is known of a recording that is kept before it is heard. Where
// nobody says, it is one that somebody gave, or one that was fetched by a try
// that ended before it said so.
func whence(c *ringside.Call, from string) ringside.Kept {
	if c.Kept != nil && from == "" {
		return *c.Kept
	}
	kept := ringside.Kept{From: cmp.Or(from, "upload"), Kind: ringside.RecordingMixed}
	switch kind := firstWanted(c); {
	case from != "":
	case c.Provider == bringsAudio:
		kept.From = "webhook"
	case kind == ringside.RecordingScrubbed || kind == ringside.RecordingScrubbedStereo:
		kept.From, kept.Kind = "vendor", kind
	case kind != "":
		kept.From = "vendor"
	}
	return kept
}

func (w *fetchRecording) fetch(ctx context.Context, f *file, job *river.Job[jobs.FetchRecording]) error {
	r, kept := w.cfg.Recordings, whence(f.call, job.Args.From)
	if why := ExpiredStep(f.call, ringside.StepRecording); why != "" && job.Args.From == "" {
		return w.settle(ctx, f, ringside.Facts{}, ringside.StepSkipped, why, job)
	}
	if why := r.without(f.call); why != "" {
		return w.settle(ctx, f, ringside.Facts{}, ringside.StepSkipped, why, job)
	}
	if !r.Files.Has(f.call.ID) {
		kind, err := r.fetch(ctx, f.call)
		if m, missed := errors.AsType[*miss](err); missed {
			return w.missed(ctx, f, m, job)
		}
		if err != nil {
			return err
		}
		kept.From, kept.Kind = "vendor", kind
	}
	return w.heard(ctx, f, kept, job)
}

// The first pause between two tries, and the longest.
const (
	soonRecording  = 5 * time.Second
	laterRecording = 30 * time.Minute
)

// How long a recording is tried for whose vendor does not say when its link
// dies, and one that the vendor's server says it does not have: it may not be
// ready yet.
const (
	tryRecording = 24 * time.Hour
	tryAbsent    = time.Hour
)

// until is when a recording is given up: when the last of its links dies, unless
// there is a way to it that does not.
func until(c *ringside.Call, m *miss) time.Time {
	from := c.LastHeard()
	end := from.Add(tryRecording)
	var expires time.Time
	for i := range c.Recordings {
		if t := c.Recordings[i].ExpiresAt; t != nil && t.After(expires) {
			expires = *t
		}
	}
	if !m.lasts && !expires.IsZero() && expires.Before(end) {
		end = expires
	}
	if absent := from.Add(tryAbsent); m.absent && absent.Before(end) {
		end = absent
	}
	return end
}

// missed tries again later, or gives the recording up where that is in vain. It
// is tried ever sooner before it is given up.
func (w *fetchRecording) missed(ctx context.Context, f *file, m *miss, job *river.Job[jobs.FetchRecording]) error {
	pause := max(m.after, min(soonRecording<<min(2*jobs.Snoozes(job.JobRow), 20), laterRecording))
	if left := time.Until(until(f.call, m)); pause > left {
		pause = (left / 2).Truncate(time.Second)
	}
	switch {
	case m.unset:
		return w.settle(ctx, f, ringside.Facts{}, ringside.StepSkipped, m.reason, job)
	case m.final:
		return w.settle(ctx, f, ringside.Facts{}, ringside.StepFailed, m.reason, job)
	case pause < soonRecording:
		return w.settle(ctx, f, ringside.Facts{}, ringside.StepLost, m.reason, job)
	}
	if err := w.settle(ctx, f, ringside.Facts{}, ringside.StepWaiting, m.reason+" It is tried again.", job); err != nil {
		return err
	}
	return river.JobSnooze(pause)
}

// heard says what the kept recording is and what is in it.
func (w *fetchRecording) heard(ctx context.Context, f *file, kept ringside.Kept, job *river.Job[jobs.FetchRecording]) error {
	select {
	case w.near <- struct{}{}:
		defer func() { <-w.near }()
	default:
		return river.JobSnooze(jobs.Soon(job.JobRow))
	}
	select {
	case w.alone <- struct{}{}:
		defer func() { <-w.alone }()
	case <-ctx.Done():
		return ctx.Err()
	}
	h, err := w.cfg.Recordings.hear(ctx, f, kept)
	if ringside.KindOf(err) == ringside.NotFound {
		return river.JobSnooze(soonRecording) // the call was deleted meanwhile, or its store had not answered whether it has it
	}
	if err != nil {
		return fmt.Errorf("hear recording of call %s: %w", f.call.ID, err)
	}
	switch {
	case h.refused != "":
		return w.settle(ctx, f, ringside.Facts{Kept: &ringside.Kept{}}, ringside.StepFailed, h.refused, job)
	case h.report == nil:
		return w.unheard(ctx, f, h, job)
	}
	report := h.report
	err = w.cfg.write(ctx, func(ctx context.Context, tx store.Tx) error {
		return store.SaveSound(ctx, tx, f.call.ID, report, figures(report, f.call.Turns))
	})
	if ringside.KindOf(err) == ringside.NotFound {
		return w.cfg.Recordings.Files.Remove(f.call.ID)
	}
	if err != nil {
		return err
	}
	h.kept.Kind = kindOf(h.kept.Kind, report.AgentChannel != nil)
	next, err := w.cfg.transcription(ctx, f, h.kept.SHA256, h.kept.Original)
	if err != nil {
		return err
	}
	heard := inShort(report, f.call, h.kept.SHA256)
	if heard.Voice, err = w.cfg.listener().Listen(ctx, report, func() (io.ReadCloser, error) {
		file, _, err := w.cfg.Recordings.Files.Open(f.call.ID)
		return file, err
	}); err != nil {
		return fmt.Errorf("listen to the voice in call %s: %w", f.call.ID, err)
	}
	x := ringside.Facts{Kept: &h.kept, Audio: heard, HeardWith: heardWith(f.call.Turns), Steps: next}
	if err := w.settle(ctx, f, x, ringside.StepDone, h.remark, job); err != nil {
		return err
	}
	// What is heard is a part of the score.
	follow := jobs.Analyse([]jobs.CallRef{job.Args.CallRef})
	if len(next) > 0 && next[0].Status == ringside.StepWaiting {
		follow = append(follow, jobs.TranscribeCall{CallRef: job.Args.CallRef})
	}
	return w.cfg.write(ctx, func(ctx context.Context, tx store.Tx) error { return w.cfg.Queue().Enqueue(ctx, tx, follow) })
}

// unheard says what the kept recording is, and that it could not be measured.
// What was heard in one before it is not of this one.
func (w *fetchRecording) unheard(ctx context.Context, f *file, h *heard, job *river.Job[jobs.FetchRecording]) error {
	if f.call.Analysis.Audio == nil {
		return w.settle(ctx, f, ringside.Facts{Kept: &h.kept}, ringside.StepDone, h.remark, job)
	}
	if err := w.settle(ctx, f, ringside.Facts{Kept: &h.kept, Audio: &ringside.Acoustics{}}, ringside.StepDone, h.remark, job); err != nil {
		return err
	}
	return w.cfg.write(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := store.DropSound(ctx, tx, f.call.ID); err != nil {
			return err
		}
		return w.cfg.Queue().Enqueue(ctx, tx, jobs.Analyse([]jobs.CallRef{job.Args.CallRef}))
	})
}

// kindOf is a recording's kind once it is heard whether it keeps the sides apart.
func kindOf(k ringside.RecordingKind, apart bool) ringside.RecordingKind {
	switch {
	case apart && k == ringside.RecordingMixed:
		return ringside.RecordingStereo
	case apart && k == ringside.RecordingScrubbed:
		return ringside.RecordingScrubbedStereo
	case !apart && k == ringside.RecordingStereo:
		return ringside.RecordingMixed
	case !apart && k == ringside.RecordingScrubbedStereo:
		return ringside.RecordingScrubbed
	}
	return k
}

// heardWith names what a recording is heard with: who said how much and when, and
// how long the vendor claims that it took. Of the words themselves it holds nothing.
func heardWith(turns []ringside.Turn) string {
	h := sha256.New()
	out := json.NewEncoder(h)
	for i := range turns {
		t := &turns[i]
		_ = out.Encode([]any{t.Role, len(strings.Fields(t.Text)), t.StartMS, t.EndMS, t.Latency}) // a hash takes all
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// heardWithLess tells whether a recording was heard before the call's words came,
// or before their times: they tell whose channel is whose, what the vendor claims
// of each turn, and how fast somebody speaks.
func (r *Recordings) heardWithLess(f *file) bool {
	return len(f.call.Turns) > 0 && f.call.ExpiryOf(ringside.PartTranscript) == nil &&
		f.call.HeardWith() != heardWith(f.call.Turns) && r != nil && f.call.Kept != nil && r.Files.Has(f.call.ID)
}

// settle hands in how far the recording has got. One of a call that was deleted
// meanwhile is removed.
func (w *fetchRecording) settle(ctx context.Context, f *file, x ringside.Facts, st ringside.StepStatus, why string, job *river.Job[jobs.FetchRecording]) error {
	now := time.Now().UTC().Truncate(time.Millisecond)
	x.Steps = append(x.Steps, ringside.Step{Step: ringside.StepRecording, Status: st, Reason: why, Attempts: job.Attempt + jobs.Snoozes(job.JobRow), At: &now})
	after, err := w.cfg.append(context.WithoutCancel(ctx), f, now, "recording", x)
	if err == nil && after == nil {
		return w.cfg.Recordings.Files.Remove(f.call.ID)
	}
	return err
}

// timing is how far a report's times can be trusted: those of the sides' speech, or
// of anybody's where the sides can't be told apart.
func timing(r *audio.Report) audio.Confidence {
	for _, b := range r.Basis {
		if (b.Metric == "segments" || b.Metric == "speech") && b.Confidence != audio.None {
			return b.Confidence
		}
	}
	return audio.Low
}

// figures are what distributions over an agent's calls are made of.
func figures(r *audio.Report, turns []ringside.Turn) measure.Heard {
	h := measure.Heard{Silences: len(r.Silences), OneChannel: r.AgentChannel == nil}
	heard := make([]measure.Wait, len(r.AgentLatency))
	for i, l := range r.AgentLatency {
		h.MS = append(h.MS, l.MS)
		heard[i] = measure.Wait{AtMS: 1000 * l.At, MS: l.MS}
	}
	h.Pairs = measure.Claims(heard, turns)
	for _, x := range r.Interruptions {
		if x.By == "agent" {
			h.ByAgent++
		} else {
			h.ByCustomer++
		}
	}
	return h
}

// worse is the greater of two figures that may be missing.
func worse(v audio.BySide) *float64 {
	if v.Agent == nil || v.Customer != nil && *v.Customer > *v.Agent {
		return v.Customer
	}
	return v.Agent
}

// leastPercentile is how many responses a 95th percentile is said of in short; the
// report says it of fewer, with low confidence.
const leastPercentile = 10

// inShort takes the figures out of a report.
func inShort(r *audio.Report, c *ringside.Call, sum string) *ringside.Acoustics {
	m := &r.Metrics
	h := &ringside.Acoustics{
		Method: "audio", Confidence: string(timing(r)), SHA256: sum, Channels: r.Format.Channels, Seconds: r.Format.Seconds,
		TalkRatio: m.TalkRatioAgent, Responses: m.Responses, ResponseP50MS: m.P50MS, Silences: len(r.Silences),
		OverlapRatio: m.OverlapRatio, SNRAgent: m.SNRDB.Agent, SNRCustomer: m.SNRDB.Customer, Notes: r.Notes,
		TurnTaking: turnTaking(r, c), Clipped: worse(m.ClippedRatio), Dropouts: worse(m.DropoutsAMinute),
	}
	if m.Mono != nil {
		h.Clipped, h.Dropouts = &m.Mono.ClippedRatio, m.Mono.DropoutsAMinute
	}
	if m.Responses >= leastPercentile {
		h.ResponseP95MS = m.P95MS
	}
	if m.FirstAgentS != nil {
		h.FirstAgentMS = new(math.Round(*m.FirstAgentS * 1000))
	}
	if r.AgentChannel != nil {
		h.AgentChannel, h.ByAgent, h.ByCustomer = &r.AgentChannel.Channel, new(0), new(0)
		for _, i := range r.Interruptions {
			if i.By == "agent" {
				*h.ByAgent++
			} else {
				*h.ByCustomer++
			}
		}
	}
	for _, s := range r.Silences {
		if ms := math.Round((s[1] - s[0]) * 1000); h.LongestMS == nil || ms > *h.LongestMS {
			h.LongestMS = &ms
		}
	}
	if m.WPM != nil {
		h.WPMAgent, h.WPMCustomer = m.WPM.Agent, m.WPM.Customer
	}
	if r.Beep != nil {
		h.BeepS = &r.Beep.At
	}
	return h
}
