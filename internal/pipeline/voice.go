package pipeline

import (
	"context"
	"io"
	"math"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/audio"
)

// Listener hears how the customer sounds in each of their turns. It is called
// each time that a recording is heard, by one goroutine at a time, and may
// take as long as the context lets it. open gives the kept file, which the caller
// closes; who asks an external service reads it there and fills in the turns'
// Scores. An error has the recording heard again later.
type Listener interface {
	Listen(ctx context.Context, r *audio.Report, open func() (io.ReadCloser, error)) ([]ringside.VocalTurn, error)
}

func (c *Config) listener() Listener {
	if c.Listener == nil {
		return localVoice{}
	}
	return c.Listener
}

// maxVoices bounds the turns that are kept with a call.
const maxVoices = 500

// localVoice takes the report's own estimate and asks nobody.
type localVoice struct{}

// Listen implements Listener.
func (localVoice) Listen(_ context.Context, r *audio.Report, _ func() (io.ReadCloser, error)) ([]ringside.VocalTurn, error) {
	var out []ringside.VocalTurn
	for i := range r.Prosody {
		p := &r.Prosody[i]
		if p.Arousal == nil || p.RangeZ == nil || len(out) == maxVoices {
			continue
		}
		v := ringside.VocalTurn{
			Turn: p.Turn, AtMS: int64(math.Round(1000 * p.At)), EndMS: int64(math.Round(1000 * p.End)),
			Arousal: *p.Arousal, RangeZ: *p.RangeZ, Confidence: string(p.Confidence),
		}
		if r.AgentChannel != nil && r.AgentChannel.Confidence == audio.Low {
			v.Confidence = string(audio.Low) // it may be the agent's voice
		}
		out = append(out, v)
	}
	return out, nil
}
