package audio_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/audio"
	"github.com/ringsidehq/ringside/internal/audio/audiotest"
)

// hiss is noise at an amplitude, with louder stretches as speech would be:
// seconds from and to.
func hiss(rate int, seconds, floor float64, speech ...[2]float64) []float32 {
	rng := rand.New(rand.NewPCG(5, 5))
	out := make([]float32, int(seconds*float64(rate)))
	for i := range out {
		at, amplitude := float64(i)/float64(rate), floor
		for _, s := range speech {
			if s[0] <= at && at < s[1] {
				amplitude = 0.2
			}
		}
		out[i] = float32(amplitude * (2*rng.Float64() - 1))
	}
	return out
}

func mustAnalyse(t *testing.T, file []byte, o audio.Options) *audio.Report {
	t.Helper()
	r, err := audio.Analyse(t.Context(), bytes.NewReader(file), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// near compares stretches to 30 ms.
func near(got []audio.Span, want ...[2]float64) bool {
	if len(got) != len(want) {
		return false
	}
	for i := range want {
		if math.Abs(got[i][0]-want[i][0]) > 0.03 || math.Abs(got[i][1]-want[i][1]) > 0.03 {
			return false
		}
	}
	return true
}

func TestOneQuestionAndItsAnswer(t *testing.T) {
	t.Parallel()
	for _, rate := range []int{8000, 11025, 22050, 44100, 48000} {
		customer := hiss(rate, 12, 0.001, [2]float64{3, 5})
		agent := hiss(rate, 12, 0.001, [2]float64{0.5, 2.5}, [2]float64{6.5, 9})
		r := mustAnalyse(t, audiotest.WAV(rate, customer, agent), audio.Options{AgentChannel: new(1)})
		if !near(r.Segments.Customer, [2]float64{3, 5}) || !near(r.Segments.Agent, [2]float64{0.5, 2.5}, [2]float64{6.5, 9}) {
			t.Errorf("%d Hz: segments %v", rate, r.Segments)
		}
		if !near(r.Silences, [2]float64{9, 12}) || r.SilenceOf[0] != "customer" {
			t.Errorf("%d Hz: silences %v of %v", rate, r.Silences, r.SilenceOf)
		}
		m := r.Metrics
		if len(r.AgentLatency) != 1 || math.Abs(*m.P50MS-1500) > 50 || math.Abs(*m.FirstAgentS-0.5) > 0.03 {
			t.Errorf("%d Hz: latency %v, median %v, first word %v", rate, r.AgentLatency, m.P50MS, m.FirstAgentS)
		}
		if math.Abs(*m.TalkRatioAgent-4.5/6.5) > 0.01 || *m.OverlapS != 0 {
			t.Errorf("%d Hz: talk ratio %v, overlap %v", rate, *m.TalkRatioAgent, *m.OverlapS)
		}
		// 0.2 and 0.001 are the peaks of evenly spread noise: 46 dB apart.
		if math.Abs(*m.SNRDB.Customer-46) > 3 || math.Abs(*m.LevelDB.Agent+18.8) > 1 {
			t.Errorf("%d Hz: SNR %v, level %v", rate, *m.SNRDB.Customer, *m.LevelDB.Agent)
		}
	}
}

// A muted stretch is no silence: somebody spoke there, and from its end on the
// agent is waited for.
func TestWhatIsMutedWasSaid(t *testing.T) {
	t.Parallel()
	agent := hiss(8000, 12, 0.001, [2]float64{0.5, 2.5}, [2]float64{9.5, 11.5})
	customer := hiss(8000, 12, 0.001, [2]float64{3, 3.5}, [2]float64{7.5, 8})
	clear(customer[3.5*8000 : 7.5*8000])
	file := audiotest.WAV(8000, customer, agent)
	if r := mustAnalyse(t, file, audio.Options{AgentChannel: new(1)}); !near(r.Silences, [2]float64{3.5, 7.5}) {
		t.Fatalf("silences %v when nothing is said of muting", r.Silences)
	}
	for _, channel := range []*int{new(0), nil} {
		muted := []audio.Redaction{{StartMS: 3650, EndMS: 7350, Channel: channel}}
		r := mustAnalyse(t, file, audio.Options{AgentChannel: new(1), Muted: muted})
		if len(r.Silences) > 0 || len(r.AgentLatency) == 0 || math.Abs(r.AgentLatency[len(r.AgentLatency)-1].MS-1500) > 50 {
			t.Errorf("silences %v, latencies %v", r.Silences, r.AgentLatency)
		}
		if channel != nil && !near(r.Segments.Customer, [2]float64{3, 8}) {
			t.Errorf("the customer spoke %v", r.Segments.Customer)
		}
	}
	one := mustAnalyse(t, audiotest.WAV(8000, customer), audio.Options{Muted: []audio.Redaction{{StartMS: 3650, EndMS: 7350}}})
	for _, s := range one.Silences {
		if s[0] < 7.3 && s[1] > 3.7 {
			t.Errorf("on one channel, a silence %v", s)
		}
	}
}

func TestTheAgentsChannelIsAsTold(t *testing.T) {
	t.Parallel()
	left, right := hiss(8000, 8, 0.001, [2]float64{1, 3}), hiss(8000, 8, 0.001, [2]float64{4, 7})
	file := audiotest.WAV(8000, left, right)
	for agent, want := range [][2]float64{{1, 3}, {4, 7}} {
		r := mustAnalyse(t, file, audio.Options{AgentChannel: &agent})
		if !near(r.Segments.Agent, want) || r.AgentChannel.Channel != agent || r.AgentChannel.Method != "told" {
			t.Errorf("agent on channel %d: %v, %+v", agent, r.Segments.Agent, r.AgentChannel)
		}
	}
	turns := []ringside.Turn{
		{Role: ringside.RoleAgent, Text: "Hello there", StartMS: new(int64(1000)), EndMS: new(int64(3000))},
		{Role: ringside.RoleUser, Text: "Hi", StartMS: new(int64(4000)), EndMS: new(int64(7000))},
	}
	if r := mustAnalyse(t, file, audio.Options{Turns: turns}); r.AgentChannel.Channel != 0 || r.AgentChannel.Method != "transcript" {
		t.Errorf("by the transcript: %+v", r.AgentChannel)
	}
	r := mustAnalyse(t, file, audio.Options{})
	if r.AgentChannel.Method != "assumed" || len(r.Notes) == 0 {
		t.Errorf("untold: %+v, notes %q", r.AgentChannel, r.Notes)
	}
	for _, b := range r.Basis {
		if b.Metric == "agent_latency" && b.Confidence != audio.Low {
			t.Errorf("latencies of an assumed agent are of confidence %s", b.Confidence)
		}
	}
	for _, channel := range []int{-1, 2} {
		if _, err := audio.Analyse(t.Context(), bytes.NewReader(file), audio.Options{AgentChannel: &channel}); ringside.KindOf(err) != ringside.Invalid {
			t.Errorf("channel %d: %v", channel, err)
		}
	}
}

// What leaks from the other channel is nobody's speech, however clean the line.
func TestLeaksAreNoSpeech(t *testing.T) {
	t.Parallel()
	customer, agent := hiss(16000, 10, 0, [2]float64{1, 3}), hiss(16000, 10, 0, [2]float64{4, 8})
	leak := make([]float32, len(customer))
	for i := range leak {
		leak[i] = customer[i]
		if i >= 192 {
			leak[i] += agent[i-192] * 0.05 // -26 dB, 12 ms late
		}
	}
	r := mustAnalyse(t, audiotest.WAV(16000, leak, agent), audio.Options{AgentChannel: new(1)})
	if !near(r.Segments.Customer, [2]float64{1, 3}) {
		t.Errorf("customer %v", r.Segments.Customer)
	}
}

func TestNoiseAloneIsNoSpeech(t *testing.T) {
	t.Parallel()
	for name, floor := range map[string]float64{"silence": 0, "a whisper of noise": 0.0003, "noise": 0.02, "loud noise": 0.3} {
		left := hiss(8000, 20, floor)
		right := slices.Clone(left)
		slices.Reverse(right)
		r := mustAnalyse(t, audiotest.WAV(8000, left, right), audio.Options{})
		if len(r.Speech) > 0 || !near(r.Silences, [2]float64{0, 20}) || r.Metrics.TalkRatioAgent != nil || r.Metrics.SNRDB.Agent != nil || r.AgentChannel == nil {
			t.Errorf("%s: speech %v, silences %v, talk ratio %v", name, r.Speech, r.Silences, r.Metrics.TalkRatioAgent)
		}
	}
}

func TestOneChannelTellsNothingOfWhoSpeaks(t *testing.T) {
	t.Parallel()
	file := audiotest.WAV(8000, hiss(8000, 11, 0.001, [2]float64{1, 3}, [2]float64{6, 8}))
	turns := []ringside.Turn{{Role: ringside.RoleAgent, Text: "Hello there"}}
	r := mustAnalyse(t, file, audio.Options{Turns: turns, AgentChannel: new(1)})
	if !near(r.Speech, [2]float64{1, 3}, [2]float64{6, 8}) || !near(r.Silences, [2]float64{3, 6}, [2]float64{8, 11}) || r.SilenceOf[0] != "unknown" {
		t.Errorf("speech %v, silences %v of %v", r.Speech, r.Silences, r.SilenceOf)
	}
	m := r.Metrics
	if r.AgentChannel != nil || m.TalkRatioAgent != nil || m.P50MS != nil || m.FirstAgentS != nil || m.SNRDB != (audio.BySide{}) || *m.WPM != (audio.BySide{}) {
		t.Errorf("figures by side: %+v", m)
	}
	if m.Mono == nil || m.Mono.SNRDB == nil || math.Abs(*m.Mono.SNRDB-46) > 3 {
		t.Errorf("the channel's own: %+v", m.Mono)
	}
	if len(r.Notes) == 0 || !strings.Contains(r.Notes[0], "one channel") {
		t.Errorf("notes %q", r.Notes)
	}
	for _, b := range r.Basis {
		if (b.Metric == "agent_latency" || b.Metric == "interruptions" || b.Metric == "segments") && b.Confidence != audio.None {
			t.Errorf("%s is of confidence %s", b.Metric, b.Confidence)
		}
	}
}

// A mix on both channels is one channel, however many the file has.
func TestTheSameSoundOnBothChannelsIsOne(t *testing.T) {
	t.Parallel()
	mix := hiss(8000, 10, 0.001, [2]float64{1, 3}, [2]float64{6, 8})
	softer := make([]float32, len(mix))
	for i, v := range mix {
		softer[i] = 0.9 * v
	}
	r := mustAnalyse(t, audiotest.WAV(8000, mix, softer), audio.Options{AgentChannel: new(1)})
	if r.AgentChannel != nil || len(r.Segments.Agent)+len(r.Segments.Customer)+len(r.AgentLatency) > 0 || r.Format.Channels != 2 {
		t.Errorf("%+v of %+v, segments %v", r.AgentChannel, r.Format, r.Segments)
	}
	if !near(r.Speech, [2]float64{1, 3}, [2]float64{6, 8}) || len(r.Notes) == 0 || !strings.Contains(r.Notes[0], "same sound") {
		t.Errorf("speech %v, notes %q", r.Speech, r.Notes)
	}
}

// A mix beside a channel without sound is one channel: the transcript tells that
// both spoke. Without its word it may be that one side never did.
func TestAMixBesideASilentChannelIsOne(t *testing.T) {
	t.Parallel()
	mix, none := hiss(8000, 12, 0.001, [2]float64{1, 3}, [2]float64{4, 5}, [2]float64{6, 9}), make([]float32, 12*8000)
	at := func(role ringside.Role, from, to int64) ringside.Turn {
		return ringside.Turn{Role: role, Text: "Well", StartMS: &from, EndMS: &to}
	}
	both := []ringside.Turn{at(ringside.RoleAgent, 1000, 3000), at(ringside.RoleUser, 4000, 5000), at(ringside.RoleAgent, 6000, 9000)}
	for name, channels := range map[string][][]float32{"on the left": {mix, none}, "on the right": {none, mix}} {
		r := mustAnalyse(t, audiotest.WAV(8000, channels...), audio.Options{Turns: both, AgentChannel: new(1)})
		if r.AgentChannel != nil || r.Metrics.TalkRatioAgent != nil || len(r.Segments.Agent) > 0 || !near(r.Speech, [2]float64{1, 3}, [2]float64{4, 5}, [2]float64{6, 9}) {
			t.Errorf("%s: agent %+v, talk ratio %v, speech %v", name, r.AgentChannel, r.Metrics.TalkRatioAgent, r.Speech)
		}
		if p := r.Peaks.Channels[0]; slices.Max(p) == 0 {
			t.Errorf("%s: what is drawn first is the silent channel", name)
		}
		if len(r.Notes) == 0 || !strings.Contains(r.Notes[0], "One channel of the recording is silent") {
			t.Errorf("%s: notes %q", name, r.Notes)
		}
		r = mustAnalyse(t, audiotest.WAV(8000, channels...), audio.Options{Turns: both[1:2], AgentChannel: new(1)})
		if r.AgentChannel == nil || r.Metrics.TalkRatioAgent == nil {
			t.Errorf("%s, with one side's words: agent %+v", name, r.AgentChannel)
		}
		muted := []audio.Redaction{{StartMS: 10_000, EndMS: 11_000}}
		if r = mustAnalyse(t, audiotest.WAV(8000, channels...), audio.Options{Turns: both, Muted: muted}); r.AgentChannel == nil {
			t.Errorf("%s, with one side muted: one channel", name)
		}
	}
}

// No list is null in JSON, whatever the recording.
func TestListsAreNeverNull(t *testing.T) {
	t.Parallel()
	silent := hiss(8000, 1, 0)
	for _, file := range [][]byte{audiotest.WAV(8000, silent), audiotest.WAV(8000, silent, silent)} {
		b, err := json.Marshal(mustAnalyse(t, file, audio.Options{}))
		if err != nil {
			t.Fatal(err)
		}
		var got map[string]any
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatal(err)
		}
		for _, list := range []string{"agent_latency", "interruptions", "backchannels", "silences", "silence_of", "dropouts", "basis", "notes", "speech"} {
			if _, ok := got[list].([]any); !ok {
				t.Errorf("%s is %v", list, got[list])
			}
		}
		for side, list := range got["segments"].(map[string]any) {
			if _, ok := list.([]any); !ok {
				t.Errorf("segments.%s is %v", side, list)
			}
		}
	}
}

func TestClipping(t *testing.T) {
	t.Parallel()
	loud := make([]float32, 8000)
	for i := range loud {
		loud[i] = float32(max(-1, min(1, 1.2*math.Sin(float64(i)/4))))
	}
	r := mustAnalyse(t, audiotest.WAV(8000, loud, hiss(8000, 1, 0.01)), audio.Options{AgentChannel: new(1)})
	// 1.2·|sin| is over 1 for 37 % of the time.
	if got := *r.Metrics.ClippedRatio.Customer; math.Abs(got-0.373) > 0.01 {
		t.Errorf("%v is clipped", got)
	}
	if got := *r.Metrics.ClippedRatio.Agent; got != 0 {
		t.Errorf("%v of the other is clipped", got)
	}
}

// Both rails count in every codec: the greatest value of few bits is under 1.
func TestClippingAtBothRails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		codec, bits int
		top, low    byte
	}{"8 bits": {1, 8, 0xff, 0x00}, "µ-law": {7, 8, 0x80, 0x00}, "A-law": {6, 8, 0xaa, 0x2a}} {
		head := audiotest.WAV(8000, []float32{0})[:44]
		binary.LittleEndian.PutUint16(head[20:], uint16(c.codec))
		binary.LittleEndian.PutUint16(head[32:], 1)
		binary.LittleEndian.PutUint16(head[34:], uint16(c.bits))
		binary.LittleEndian.PutUint32(head[40:], math.MaxUint32)
		for rail, v := range map[string]byte{"upper": c.top, "lower": c.low} {
			r := mustAnalyse(t, append(slices.Clone(head), bytes.Repeat([]byte{v}, 8000)...), audio.Options{})
			if got := r.Metrics.Mono.ClippedRatio; got != 1 {
				t.Errorf("%s: %v of the %s rail is clipped", name, got, rail)
			}
		}
	}
}

func TestPeaksAreBoundedAndTrue(t *testing.T) {
	t.Parallel()
	for _, seconds := range []float64{1, 30, 200, 1000} {
		sound := make([]float32, int(seconds*4000))
		sound[len(sound)/4], sound[len(sound)/2] = 0.5, -0.9
		p := mustAnalyse(t, audiotest.WAV(4000, sound), audio.Options{}).Peaks
		pairs := p.Channels[0]
		if len(pairs) > 2*4096 || math.Abs(float64(len(pairs)/2)/p.PerSecond-seconds) > 1/p.PerSecond+0.02 {
			t.Fatalf("%v s: %d values at %v pairs a second", seconds, len(pairs), p.PerSecond)
		}
		top, low := 0, 0
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i+1] > pairs[top+1] {
				top = i
			}
			if pairs[i] < pairs[low] {
				low = i
			}
		}
		if pairs[top+1] != 63 || pairs[low] != -114 {
			t.Errorf("%v s: greatest %d, least %d", seconds, pairs[top+1], pairs[low])
		}
		if at := float64(top) / float64(len(pairs)); math.Abs(at-0.25) > 0.01 {
			t.Errorf("%v s: the greatest stands at %v of the waveform", seconds, at)
		}
	}
}

// endless is a µ-law WAV of so many seconds, made while it is read.
func endless(seconds int) io.Reader {
	head := audiotest.WAV(8000, []float32{0}, []float32{0})[:44]
	binary.LittleEndian.PutUint16(head[20:], 7)
	binary.LittleEndian.PutUint16(head[32:], 2)
	binary.LittleEndian.PutUint16(head[34:], 8)
	binary.LittleEndian.PutUint32(head[40:], math.MaxUint32)
	return io.MultiReader(bytes.NewReader(head), io.LimitReader(silence{}, int64(seconds)*16000))
}

type silence struct{}

func (silence) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 0xff
	}
	return len(b), nil
}

func TestACancelledAnalysisEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := audio.Analyse(ctx, endless(1<<30), audio.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
