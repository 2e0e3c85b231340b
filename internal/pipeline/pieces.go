package pipeline

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/ringsidehq/ringside/internal/audio"
	"github.com/ringsidehq/ringside/internal/stt"
)

// Speech is looked at in stretches of 100 ms. A piece is cut where two of them
// are the quietest, once it is this long, and before it is longer than that.
const (
	stretch = stt.Rate / 10 // samples
	ripe    = 9*600 + 300   // stretches: 9.5 minutes
	longest = 10*600 + 300
)

// faint is the level of the loudest stretch, of full scale, under which nobody
// speaks in a piece. Models make words of silence.
const faint = 0.0018 // -55 dB

// cutter writes one side's speech to a file, piece by piece, and hands each over
// when it is whole. Of a recording it holds one piece on disk and little in
// memory.
type cutter struct {
	pick func(block []float32, channels int) []float32 // the side's samples of a block
	take func(from float64, s stt.Sound) error         // from is where the piece begins, in seconds

	file    *os.File
	resize  *audio.Resampler
	waiting []float32 // less than a stretch
	levels  []float64 // of each stretch in the file: mean square
	before  int64     // samples in the pieces that were handed over
	pcm     []byte
}

func newCutter(pick func([]float32, int) []float32, take func(float64, stt.Sound) error) (*cutter, error) {
	f, err := os.CreateTemp("", "ringside-speech-*")
	if err != nil {
		return nil, fmt.Errorf("make a file for speech: %w", err)
	}
	// Without a name it is gone with the process, however that ends.
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(fmt.Errorf("take its name from a file for speech: %w", err), f.Close())
	}
	return &cutter{pick: pick, take: take, file: f}, nil
}

// close lets go of the file.
func (c *cutter) close() error { return c.file.Close() }

// add takes a block of the recording.
func (c *cutter) add(f audio.Format, block []float32) error {
	if c.resize == nil {
		c.resize = audio.NewResampler(f.Rate, stt.Rate)
	}
	return c.write(c.resize.Add(c.pick(block, f.Channels)))
}

func (c *cutter) write(samples []float32) error {
	c.waiting = append(c.waiting, samples...)
	for len(c.waiting) >= stretch {
		if err := c.store(c.waiting[:stretch]); err != nil {
			return err
		}
		c.waiting = append(c.waiting[:0], c.waiting[stretch:]...)
		if len(c.levels) < longest {
			continue
		}
		if err := c.cut(); err != nil {
			return err
		}
	}
	return nil
}

// store writes a stretch to the file.
func (c *cutter) store(samples []float32) error {
	c.pcm = c.pcm[:0]
	sum := 0.0
	for _, x := range samples {
		sum += float64(x) * float64(x)
		v := int16(math.Round(32767 * float64(max(-1, min(1, x)))))
		c.pcm = binary.LittleEndian.AppendUint16(c.pcm, uint16(v)) //nolint:gosec // two's complement is what is wanted
	}
	if _, err := c.file.WriteAt(c.pcm, int64(len(c.levels))*2*stretch); err != nil {
		return fmt.Errorf("write speech: %w", err)
	}
	c.levels = append(c.levels, sum/stretch)
	return nil
}

// cut hands over what stands before the quietest place, and keeps the rest.
func (c *cutter) cut() error {
	at := ripe
	for i := ripe; i < len(c.levels); i++ {
		if c.levels[i-1]+c.levels[i] < c.levels[at-1]+c.levels[at] {
			at = i
		}
	}
	if err := c.give(at, at*stretch); err != nil {
		return err
	}
	rest := io.NewSectionReader(c.file, int64(at)*2*stretch, int64(len(c.levels)-at)*2*stretch)
	if _, err := io.Copy(io.NewOffsetWriter(c.file, 0), rest); err != nil {
		return fmt.Errorf("write speech: %w", err)
	}
	c.levels = append(c.levels[:0], c.levels[at:]...)
	return nil
}

// finish hands over what is left. The last stretch is filled up with silence.
func (c *cutter) finish() error {
	if c.resize == nil {
		return nil
	}
	if err := c.write(c.resize.Finish()); err != nil {
		return err
	}
	if n := len(c.waiting); n > 0 {
		if err := c.store(append(c.waiting, make([]float32, stretch-n)...)); err != nil {
			return err
		}
	}
	if len(c.levels) == 0 {
		return nil
	}
	return c.give(len(c.levels), len(c.levels)*stretch)
}

// give hands over the first stretches of the file, unless nobody speaks in them.
func (c *cutter) give(stretches, samples int) error {
	from := float64(c.before) / stt.Rate
	c.before += int64(samples)
	for _, l := range c.levels[:stretches] {
		if l >= faint*faint {
			return c.take(from, stt.Sound{PCM: c.file, Samples: samples})
		}
	}
	return nil
}

// channel picks one of a recording's channels.
func channel(n int) func([]float32, int) []float32 {
	var out []float32
	return func(block []float32, channels int) []float32 {
		out = out[:0]
		for i := n; i < len(block); i += channels {
			out = append(out, block[i])
		}
		return out
	}
}

// mixed puts all channels into one.
func mixed() func([]float32, int) []float32 {
	var out []float32
	return func(block []float32, channels int) []float32 {
		out = out[:0]
		for i := 0; i+channels <= len(block); i += channels {
			sum := float32(0)
			for _, x := range block[i : i+channels] {
				sum += x
			}
			out = append(out, sum/float32(channels))
		}
		return out
	}
}
