package audio

import (
	"bufio"
	"context"
	"io"
)

// Mute is a stretch of a recording that is to be silent, in seconds from its
// start, on one channel or, with -1, on all.
type Mute struct {
	From, To float64
	Channel  int
}

// covers tells whether a sample of a channel is to be silent.
func (m *Mute) covers(at float64, channel int) bool {
	return at >= m.From && at < m.To && (m.Channel < 0 || m.Channel == channel)
}

// silence makes the samples of a block silent that are to be. first is how many
// samples of each channel came before it; it tells whether any was not so yet.
func silence(f Format, block []float32, first int64, mutes []Mute) (changed bool) {
	frames := len(block) / f.Channels
	start, end := float64(first)/float64(f.Rate), float64(first+int64(frames))/float64(f.Rate)
	for i := range mutes {
		m := &mutes[i]
		if m.From >= end || m.To <= start {
			continue
		}
		for n := range frames {
			at := float64(first+int64(n)) / float64(f.Rate)
			for c := range f.Channels {
				if m.covers(at, c) && block[n*f.Channels+c] != 0 {
					block[n*f.Channels+c], changed = 0, true
				}
			}
		}
	}
	return changed
}

// Loud reads a recording and tells whether anything is to be heard where it is to
// be silent, and how many samples each channel has.
func Loud(ctx context.Context, r io.Reader, mutes []Mute) (loud bool, frames int64, err error) {
	err = Decode(ctx, r, func(f Format, block []float32) error {
		loud = silence(f, block, frames, mutes) || loud
		frames += int64(len(block) / f.Channels)
		return nil
	})
	return loud, frames, err
}

// Muted writes a recording as a WAV of 16 bits, silent where it is to be: the
// samples there are zero. frames is what Loud told of it.
func Muted(ctx context.Context, r io.Reader, w io.Writer, frames int64, mutes []Mute) error {
	out := bufio.NewWriter(w)
	at := int64(0)
	err := Decode(ctx, r, func(f Format, block []float32) error {
		if at == 0 {
			size := frames * int64(f.Channels) * wavSample
			if size > maxWAV-wavHead {
				return refuse("the recording is too long to be written as a WAV file")
			}
			if _, err := out.Write(wavHeader(f, size)); err != nil {
				return err
			}
		}
		silence(f, block, at, mutes)
		at += int64(len(block) / f.Channels)
		return samples(out, block)
	})
	if err != nil {
		return err
	}
	return out.Flush()
}
