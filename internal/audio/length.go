package audio

import (
	"errors"
	"io"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/audio/mp3"
)

// Length says how a recording is written and how long it is. It reads once from
// the start, keeps nothing, and decodes only what does not say how long it is: a
// FLAC file that was streamed. Of a recording that is cut off it gives how long
// what is there is, of a FLAC file what its header states. What is no recording
// is refused as Analyse does.
func Length(r io.Reader) (Format, error) {
	src, f, err := open(r)
	if err != nil {
		return f, err
	}
	n, err := src.length()
	switch {
	case err != nil:
		return f, err
	case n < leastOf(f):
		return f, errNoSound
	case n > mostOf(f):
		return f, tooLong()
	}
	f.Seconds = round(float64(n)/float64(f.Rate), 3)
	return f, nil
}

// leastOf and mostOf are the least and the most samples of a recording.
func leastOf(f Format) int64 { return int64(minLong.Seconds() * float64(f.Rate)) }
func mostOf(f Format) int64  { return int64(maxLong.Seconds()) * int64(f.Rate) }

var errNoSound = refuse("the recording has no sound in it")

func tooLong() error {
	return ringside.Errorf(ringside.TooLarge, "the recording is longer than %.0f hours", maxLong.Hours())
}

func (w *wav) length() (int64, error) {
	var in io.Reader = w.in
	if w.left >= 0 {
		in = io.LimitReader(w.in, w.left)
	}
	n, err := io.Copy(io.Discard, in)
	return n / int64(w.frame), err
}

func (m *mp3Source) length() (int64, error) {
	n, err := m.d.Length()
	if errors.Is(err, mp3.ErrTruncated) {
		err = nil
	}
	return n, err
}

func (s *flacSource) length() (n int64, err error) {
	if total := s.stream.Info.NSamples; total > 0 {
		return int64(min(total, uint64(1)<<36)), nil //nolint:gosec // the header's field has 36 bits
	}
	for {
		block, err := s.next()
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		n += int64(len(block) / int(s.stream.Info.NChannels))
	}
}

// length adds up what the pages' packets say of themselves, and the silence
// between them.
func (s *opusSource) length() (int64, error) {
	first := int64(-1)
	for s.until == 0 {
		before := s.at
		err := s.page()
		if errors.Is(err, io.EOF) || first >= 0 && ringside.KindOf(err) == ringside.Invalid {
			break
		}
		if err != nil {
			return 0, err
		}
		if first < 0 {
			first, before = s.at, s.at
		}
		s.at += s.gap
		s.gap = 0
		for _, packet := range s.packets {
			s.at += opusLength(packet)
		}
		if s.until > 0 { // which cuts off of the last page alone
			s.at = max(before, min(s.at, s.until))
		}
	}
	return max(0, s.at-first-s.skip) / (opusClock / opusRate), nil
}
