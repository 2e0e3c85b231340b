package audio

import (
	"bufio"
	"errors"
	"io"

	"github.com/mewkiz/flac"
	"github.com/mewkiz/flac/frame"
)

// flacSource gives the sound of a FLAC file.
type flacSource struct {
	stream *flac.Stream
	scale  float32
	given  uint64 // samples of each channel
	out    []float32
}

func openFLAC(in *bufio.Reader) (src source, f Format, err error) {
	head, err := in.Peek(8)
	if err != nil || head[4]&0x7f != 0 || head[5] != 0 || head[6] != 0 || head[7] != 34 {
		return nil, f, refuse("the FLAC file does not begin with what its stream holds")
	}
	defer guarded("FLAC file", &err)
	stream, err := flac.New(in)
	if err != nil {
		return nil, f, refuse("the FLAC file's header is damaged: %v", err)
	}
	i := stream.Info
	f = Format{Container: "flac", Codec: "flac", Rate: int(i.SampleRate), Channels: int(i.NChannels)}
	if i.BitsPerSample < 4 || i.BitsPerSample > 32 {
		return nil, f, refuse("the FLAC file has %d bits a sample", i.BitsPerSample)
	}
	return &flacSource{stream: stream, scale: 1 / float32(uint64(1)<<(i.BitsPerSample-1))}, f, nil
}

func (s *flacSource) next() ([]float32, error) {
	if total := s.stream.Info.NSamples; total > 0 && s.given >= total {
		return nil, io.EOF // whatever a tagger wrote behind it
	}
	fr, err := s.frame()
	switch total := s.stream.Info.NSamples; {
	case errors.Is(err, io.EOF) && s.given < total:
		return nil, refuse("the FLAC file is cut off: it states %d samples and has %d", total, s.given)
	case errors.Is(err, io.EOF):
		return nil, io.EOF
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, refuse("the FLAC file is cut off after %d samples", s.given)
	case err != nil:
		return nil, refuse("the FLAC file is damaged after %d samples: %v", s.given, err)
	}
	channels := int(s.stream.Info.NChannels)
	if len(fr.Subframes) != channels {
		return nil, refuse("the FLAC file changes its number of channels after %d samples", s.given)
	}
	n := len(fr.Subframes[0].Samples)
	if cap(s.out) < n*channels {
		s.out = make([]float32, n*channels)
	}
	s.out = s.out[:n*channels]
	for ch, sub := range fr.Subframes {
		for i, v := range sub.Samples[:min(n, len(sub.Samples))] {
			s.out[i*channels+ch] = float32(v) * s.scale
		}
	}
	s.given += uint64(n)
	return s.out, nil
}

func (s *flacSource) frame() (fr *frame.Frame, err error) {
	defer guarded("FLAC file", &err)
	return s.stream.ParseNext()
}
