package audio

import (
	"context"
	"io"
	"slices"

	"github.com/ringsidehq/ringside"
)

// Options are what is known of a recording beside its bytes.
type Options struct {
	// AgentChannel is the agent's channel, from 0; nil when nobody said. It is
	// looked at only in recordings of two channels.
	AgentChannel *int
	// Teller says in words who said so; empty: whoever asked.
	Teller string
	// Turns are the transcript, its times from where the recording begins. They
	// tell which channel is the agent's, what is a word of listening, and how
	// many words there are. They may be empty, and have no times. Those without
	// a speaker are passed over.
	Turns []ringside.Turn
	// OfChannels says that each side's turns were made from one channel of this
	// recording: they tell nothing of whose it is.
	OfChannels bool
	// Muted is where something was said that is silent now: no silence is there.
	// Where the channel is known, its side spoke.
	Muted []Redaction
}

// muted are the stretches of a channel that were muted; of -1, those of whichever.
func (o *Options) muted(channel, frames int) (out []run) {
	for _, x := range o.Muted {
		if at := x.Channel; at == nil && channel == -1 || at != nil && *at == channel {
			out = append(out, run{from: int(x.StartMS * perSecond / 1000), to: min(frames, int(x.EndMS*perSecond/1000))})
		}
	}
	return slices.DeleteFunc(out, func(r run) bool { return r.long() <= 0 })
}

// Analyse reads a recording once from its start to its end and says what is in
// it. It keeps a few bytes for each 10 ms, whatever the file claims to hold. What
// can't be read is refused as Invalid, in words for people; a cancelled context
// and a failing reader give their own errors.
func Analyse(ctx context.Context, r io.Reader, o Options) (*Report, error) {
	src, f, err := open(r)
	if err != nil {
		return nil, err
	}
	if c := o.AgentChannel; c != nil && f.Channels == 2 && (*c < 0 || *c > 1) {
		return nil, ringside.Invalidf("/agent_channel", "the recording has channels 0 and 1: %d is neither", *c)
	}
	o.Turns = slices.DeleteFunc(slices.Clone(o.Turns), func(t ringside.Turn) bool { return t.Role == ringside.RoleUnknown })
	m := newMeter(f)
	if err := m.read(ctx, src, f); err != nil {
		return nil, err
	}
	f.Seconds = round(float64(m.frames)/float64(f.Rate), 3)
	switch {
	case f.Channels == 1:
		return m.mono(f, o, 0, "The recording has one channel"), nil
	case m.like.same():
		return m.mono(f, o, 0, "Both channels of the recording hold the same sound"), nil
	}
	return m.stereo(f, o), nil
}

// read takes all of a source's sound.
func (m *meter) read(ctx context.Context, src source, f Format) error {
	full := fullScale(f.Codec)
	err := pour(ctx, src, f, func(block []float32) error {
		m.add(block, full)
		return nil
	})
	if err != nil {
		return err
	}
	if m.frames < leastOf(f) {
		return errNoSound
	}
	m.finish()
	return nil
}

// stereo reports on a recording with one side a channel.
func (m *meter) stereo(f Format, o Options) *Report {
	var found [2]voice
	var tones [2][]tone
	for ch := range found {
		tones[ch] = beeps(m.tracks[ch].tones)
		found[ch] = detect(m.tracks[ch].levels, m.tracks[1-ch].levels, toneRuns(tones[ch]))
		if muted := o.muted(ch, m.length()); len(muted) > 0 {
			found[ch].units = bridge(merge(found[ch].units, muted), bridged)
		}
	}
	telling := o.Turns
	if o.OfChannels {
		telling = nil
	}
	if ch := alone(telling, found); ch >= 0 && len(o.Muted) == 0 { // what one side said may be muted
		return m.mono(f, o, ch, "One channel of the recording is silent, though the transcript has both sides speak")
	}
	where := agentChannel(o.AgentChannel, telling, found)
	if where.Method == "told" && o.Teller != "" {
		where.Reason = o.Teller
	}
	of := [2]int{customer: 1 - where.Channel, agent: where.Channel} // channel of each side
	s := newSides([2][]run{found[of[customer]].units, found[of[agent]].units}, byWords(o.Turns))

	r := newReport(f, &where)
	beep := append(toneRuns(tones[of[customer]]), o.muted(-1, m.length())...)
	r.Segments = Segments{Customer: spans(s.units[customer]), Agent: spans(s.units[agent])}
	r.AgentLatency, r.Interruptions, r.Backchannels = s.latencies(), s.interruptions(), s.backchannels()
	r.Silences, r.SilenceOf = s.silences(m.length(), beep)
	r.Beep = firstBeep(tones[of[customer]])
	speech := bridge(merge(s.units[0], s.units[1]), 1)
	r.Speech = spans(speech)
	r.Metrics = s.metrics(r, talk(speech), o)
	theirs := of[customer]
	r.Prosody = s.prosody(&m.tracks[theirs], m.tuner, found[theirs].snr, o.Turns)
	for side, ch := range of {
		r.sound(side, &m.tracks[ch], f.Rate, &found[ch])
	}
	r.Peaks = new(m.peaks())
	r.explain(found[of[customer]], found[of[agent]])
	return r
}

// metrics are the figures that follow from who speaks when.
func (s *sides) metrics(r *Report, speech int, o Options) Metrics {
	m := Metrics{
		TalkRatioAgent: s.talkRatio(), Responses: len(r.AgentLatency),
		P50MS: nearestRank(r.AgentLatency, 50), P95MS: nearestRank(r.AgentLatency, 95),
		FirstAgentS: s.firstWord(agent), FirstCustomerS: s.firstWord(customer),
		OverlapS: new(seconds(s.overlap())), SpeechS: seconds(speech), SilenceS: total(r.Silences),
		WPM: s.wordsAMinute(o.Turns),
	}
	if speech > 0 {
		m.OverlapRatio = new(round(*m.OverlapS/m.SpeechS, 4))
	}
	return m
}

// mono reports on a recording in which both sides are one channel, as why says:
// where there is speech, and nothing of who speaks.
func (m *meter) mono(f Format, o Options, channel int, why string) *Report {
	t := &m.tracks[channel]
	tones := beeps(t.tones)
	v := detect(t.levels, nil, toneRuns(tones))
	r := newReport(f, nil)
	r.Speech = spans(v.units)
	for _, q := range quietRuns(m.length(), v.units, toneRuns(tones), o.muted(-1, m.length()), o.muted(channel, m.length())) {
		if q.long() >= longSilence {
			r.Silences, r.SilenceOf = append(r.Silences, q.span()), append(r.SilenceOf, "unknown")
		}
	}
	r.Beep = firstBeep(tones)
	r.Metrics = Metrics{SpeechS: seconds(talk(v.units)), SilenceS: total(r.Silences)}
	if len(o.Turns) > 0 {
		r.Metrics.WPM = &BySide{}
	}
	sound := r.channel("unknown", t, f.Rate, &v)
	r.Metrics.Mono = &sound
	r.Peaks = new(m.peaks())
	r.Peaks.Channels = r.Peaks.Channels[channel:] // not the silent one before it
	r.explainMono(v, why)
	return r
}

func newReport(f Format, where *AgentChannel) *Report {
	return &Report{
		Format: f, AgentChannel: where, Segments: Segments{Customer: []Span{}, Agent: []Span{}}, Speech: []Span{},
		AgentLatency: []Latency{}, Interruptions: []Interruption{}, Backchannels: []Backchannel{},
		Silences: []Span{}, SilenceOf: []string{}, Dropouts: []Dropout{}, Prosody: []Prosody{}, Basis: []Basis{}, Notes: []string{}, Redactions: []Redaction{},
	}
}

// length is how many frames the recording has.
func (m *meter) length() int { return int(m.frames * perSecond / int64(m.rate)) }

func total(spans []Span) (sum float64) {
	for _, s := range spans {
		sum += s[1] - s[0]
	}
	return round(sum, 2)
}
