package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/audio"
	"github.com/ringsidehq/ringside/internal/store"
)

// heard is what is heard in a kept recording, once what is hidden is muted.
type heard struct {
	kept    ringside.Kept
	report  *audio.Report // nil: it could not be measured
	remark  string        // what a reader should know
	refused string        // why it is kept no more
}

// hear mutes what is hidden in the recording of a call, and says what else is
// heard. One that can't be muted is removed where nothing personal may be stored.
func (r *Recordings) hear(ctx context.Context, f *file, kept ringside.Kept) (*heard, error) {
	sound, now, err := r.Files.Open(f.call.ID)
	if err != nil {
		return nil, err
	}
	defer sound.Close()
	now.From, now.Kind = kept.From, kept.Kind
	if was := f.call.Kept; was != nil && was.SHA256 == now.SHA256 {
		now.Original = was.Original
	}
	h := &heard{kept: now}
	o := audio.Options{Turns: f.call.Turns, OfChannels: f.call.TurnsFrom != nil}
	r.told(f.call, now, &o)
	h.report, err = audio.Analyse(ctx, sound, o)
	if e := unmeasurable(err); e != nil {
		h.remark = sentence("it is kept, and could not be measured: " + e.Message)
		return h, r.unmutable(f, h, "it can't be decoded")
	}
	if muting, _ := f.protection(); err != nil || !muting {
		return h, err
	}
	where, unsure := mutes(f.call, h.report.AgentChannel)
	if unsure {
		if err := r.unmutable(f, h, "some of it has no time in the transcript"); err != nil || h.refused != "" {
			return h, err
		}
	}
	where = within(where, h.report.Format.Seconds)
	if err := r.muteAndHear(ctx, f, h, sound, where, o); err != nil {
		return h, err
	}
	h.report.Redactions, h.kept.Redacted = where, len(where)
	return h, nil
}

// told says whose channel is whose, where the vendor does of its recordings.
func (r *Recordings) told(c *ringside.Call, kept ringside.Kept, o *audio.Options) {
	v := r.Providers[c.Provider]
	if kept.From != "vendor" || v.Recordings.AgentChannel == nil {
		return
	}
	o.AgentChannel, o.Teller = v.Recordings.AgentChannel, v.Name+" says so of its recordings."
}

// unmeasurable is why a recording can't be heard, however often it is tried; nil
// when that is not so.
func unmeasurable(err error) *ringside.Error {
	e, ok := errors.AsType[*ringside.Error](err)
	if !ok || e.Kind != ringside.Invalid && e.Kind != ringside.TooLarge {
		return nil
	}
	return e
}

// muteAndHear mutes a recording, and hears it as it is then.
func (r *Recordings) muteAndHear(ctx context.Context, f *file, h *heard, sound io.ReadSeeker, where []audio.Redaction, o audio.Options) error {
	if len(where) == 0 {
		return nil
	}
	if _, err := sound.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read recording: %w", err)
	}
	changed, err := r.mute(ctx, f.call.ID, sound, where)
	if e, ok := errors.AsType[*ringside.Error](err); ok && e.Kind == ringside.Invalid {
		return r.unmutable(f, h, e.Message)
	}
	if err != nil {
		return err
	}
	muted, now, err := r.Files.Open(f.call.ID)
	if err != nil {
		return err
	}
	defer muted.Close()
	if changed {
		now.From, now.Kind, now.Original = h.kept.From, h.kept.Kind, cmp.Or(h.kept.Original, h.kept.SHA256)
		h.kept = now
	}
	side := h.report.AgentChannel
	if side != nil {
		o.AgentChannel = &side.Channel
	}
	o.Muted = said(where)
	h.report, err = audio.Analyse(ctx, muted, o)
	if err == nil {
		h.report.AgentChannel = side // as it was found when all could be heard
	}
	return err
}

// unmutable is what becomes of a recording in which something is to be muted and
// can't be.
func (r *Recordings) unmutable(f *file, h *heard, why string) error {
	where, unsure := mutes(f.call, nil)
	muting, strict := f.protection()
	if !muting || len(where) == 0 && !unsure {
		return nil
	}
	if strict {
		h.refused = sentence("it says what is hidden in the transcript and can't be muted (" + why + "), so it is not kept")
		return r.Files.Remove(f.call.ID)
	}
	h.remark = strings.TrimSpace(h.remark + " " + sentence("it says what is hidden in the transcript and can't be muted: "+why))
	return nil
}

// protection says whether what is hidden in a call's transcript is muted in its
// recording, and whether one that can't be muted goes. In a call of nobody's
// something is hidden because it may be a strict agent's: so is its sound.
func (f *file) protection() (muting, strict bool) {
	if f.agent.ID == "" {
		hidden := slices.ContainsFunc(f.call.Turns, func(t ringside.Turn) bool { return len(t.Redacted) > 0 })
		return hidden, hidden
	}
	s := &f.agent.Settings
	return s.Mutes(), s.RedactionMode == ringside.RedactionStrict
}

// How much earlier and later than its times say something that is hidden is
// muted, in milliseconds: transcribers cut words short.
const (
	wordMargin = 150
	turnMargin = 300
)

// margin is how much earlier and later than its times something is muted.
func margin(method string) int64 {
	if method == "turn" {
		return turnMargin
	}
	return wordMargin
}

// said is where something was said that is muted.
func said(where []audio.Redaction) []audio.Redaction {
	out := slices.Clone(where)
	for i := range out {
		x := &out[i]
		x.StartMS, x.EndMS = x.StartMS+margin(x.Method), x.EndMS-margin(x.Method)
	}
	return out
}

// mutes says where personal data is to be heard in a call's recording; unsure is
// that some of it has no time.
func mutes(c *ringside.Call, agent *audio.AgentChannel) (out []audio.Redaction, unsure bool) {
	out = []audio.Redaction{}
	if agent != nil && agent.Method != "transcript" {
		agent = nil // both, then: a vendor that is wrong of one recording must not have it said aloud
	}
	for i := range c.Turns {
		t := &c.Turns[i]
		for _, x := range t.Redacted {
			if x.StartMS == nil {
				unsure = true
				continue
			}
			r := audio.Redaction{StartMS: max(0, *x.StartMS-margin(x.Method)), EndMS: endOf(c.Turns, i, x) + margin(x.Method), Kind: x.Kind, Method: x.Method}
			if agent != nil && t.Role == ringside.RoleAgent {
				r.Channel = new(agent.Channel)
			} else if agent != nil && t.Role == ringside.RoleUser {
				r.Channel = new(1 - agent.Channel)
			}
			out = append(out, r)
		}
	}
	return out, unsure
}

// longestCall bounds a stretch that nobody knows the end of, in milliseconds.
const longestCall = 48 * 60 * 60 * 1000

// endOf is when a stretch of a turn ends: without an end of its own, when the next
// turn of the same side begins.
func endOf(all []ringside.Turn, i int, x ringside.Redacted) int64 {
	if x.EndMS != nil {
		return *x.EndMS
	}
	for j := i + 1; j < len(all); j++ {
		if t := &all[j]; t.Role == all[i].Role && t.StartMS != nil {
			return *t.StartMS
		}
	}
	return longestCall
}

// mute rewrites a call's recording so that what is hidden is silent, and tells
// whether it had to. What can't be decoded is Invalid.
func (r *Recordings) mute(ctx context.Context, id ringside.CallID, sound io.ReadSeeker, where []audio.Redaction) (bool, error) {
	all := make([]audio.Mute, len(where))
	for i, w := range where {
		all[i] = audio.Mute{From: float64(w.StartMS) / 1000, To: float64(w.EndMS) / 1000, Channel: -1}
		if w.Channel != nil {
			all[i].Channel = *w.Channel
		}
	}
	loud, frames, err := audio.Loud(ctx, sound, all)
	if err != nil || !loud {
		return false, err
	}
	if _, err := sound.Seek(0, io.SeekStart); err != nil {
		return false, fmt.Errorf("read recording of call %s: %w", id, err)
	}
	in, out := io.Pipe()
	written := make(chan error, 1)
	go func() {
		err := audio.Muted(ctx, sound, out, frames, all)
		written <- errors.Join(err, out.CloseWithError(err))
	}()
	err = r.Files.Keep(ctx, id, in)
	_ = in.CloseWithError(io.ErrClosedPipe) // the other end stops, if it has not
	if werr := <-written; err == nil {
		err = werr
	}
	return err == nil, err
}

// unmuted tells whether something was hidden in a call that its recording, which
// was heard before, still says: all of it or, where its times are others now, a
// part.
func (r *Recordings) unmuted(ctx context.Context, f *file) (bool, error) {
	if muting, _ := f.protection(); r == nil || f.call.Kept == nil || !muting || !r.Files.Has(f.call.ID) {
		return false, nil
	}
	var report audio.Report
	err := r.Store.Read(ctx, func(ctx context.Context, tx store.Tx) error { return store.Sound(ctx, tx, f.call.ID, &report) })
	if ringside.KindOf(err) == ringside.NotFound {
		err = nil
	}
	where, _ := mutes(f.call, report.AgentChannel)
	return slices.ContainsFunc(within(where, report.Format.Seconds), func(w audio.Redaction) bool {
		return !slices.ContainsFunc(report.Redactions, func(m audio.Redaction) bool {
			return m.StartMS <= w.StartMS && w.EndMS <= m.EndMS && (m.Channel == nil || w.Channel != nil && *m.Channel == *w.Channel)
		})
	}), err
}

// within leaves out what is behind the end of a recording, and cuts what goes on
// behind it.
func within(all []audio.Redaction, seconds float64) []audio.Redaction {
	end := int64(math.Ceil(seconds * 1000))
	for i := range all {
		all[i].StartMS, all[i].EndMS = min(all[i].StartMS, end), min(all[i].EndMS, end)
	}
	return all
}
