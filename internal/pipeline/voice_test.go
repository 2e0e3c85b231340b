package pipeline

import (
	"bytes"
	"context"
	"io"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/audio"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

func TestTheLocalListenerKeepsWhatCanBeHeldAgainstTheUsual(t *testing.T) {
	t.Parallel()
	r := &audio.Report{AgentChannel: &audio.AgentChannel{Confidence: audio.High}, Prosody: []audio.Prosody{
		{At: 1, End: 2, Confidence: audio.Medium},
		{At: 3, End: 4.5, Turn: new(5), Arousal: new(1.2), RangeZ: new(0.3), Confidence: audio.Medium},
	}}
	got, err := localVoice{}.Listen(t.Context(), r, nil)
	must(t, err)
	want := ringside.VocalTurn{Turn: new(5), AtMS: 3000, EndMS: 4500, Arousal: 1.2, RangeZ: 0.3, Confidence: "medium"}
	if len(got) != 1 || *got[0].Turn != 5 || got[0].AtMS != want.AtMS || got[0].EndMS != want.EndMS || got[0].Arousal != want.Arousal || got[0].Confidence != "medium" {
		t.Errorf("%+v", got)
	}
	r.AgentChannel.Confidence = audio.Low
	if got, _ = (localVoice{}).Listen(t.Context(), r, nil); got[0].Confidence != "low" {
		t.Errorf("whose channel it is was assumed: %+v", got)
	}
}

// service answers as one outside would that is sent the file.
type service struct{ bytes int64 }

func (s *service) Listen(_ context.Context, _ *audio.Report, open func() (io.ReadCloser, error)) ([]ringside.VocalTurn, error) {
	f, err := open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s.bytes, err = io.Copy(io.Discard, f)
	return []ringside.VocalTurn{{AtMS: 10, EndMS: 20, Scores: []ringside.ExpressionScore{{Name: "anger", Score: 0.9, Method: "acme", Confidence: "medium"}}}}, err
}

// What a service says of the voices comes to the call as it is.
func TestAServiceListensToTheKeptFile(t *testing.T) {
	b := newBench(t, storetest.SQLite(t))
	files, heard := keeping(t, b), &service{}
	b.cfg.Listener = heard
	id := b.recorded(time.Minute, "a")
	must(t, files.Keep(t.Context(), id, bytes.NewReader(sound())))
	if _, err := b.tryRecording(id, 0); err != nil {
		t.Fatal(err)
	}
	a := b.call(id).Analysis.Audio
	if a == nil || len(a.Voice) != 1 || len(a.Voice[0].Scores) != 1 || a.Voice[0].Scores[0].Method != "acme" || heard.bytes != int64(len(sound())) {
		t.Errorf("%+v, %d bytes", a, heard.bytes)
	}
}
