package audio

import (
	"bufio"
	"errors"
	"io"

	"github.com/ringsidehq/ringside/internal/audio/mp3"
)

// mp3Source gives the sound of an MP3 file.
type mp3Source struct{ d *mp3.Decoder }

func openMP3(in *bufio.Reader) (source, Format, error) {
	d, err := mp3.NewDecoder(in)
	if err != nil {
		return nil, Format{}, mp3Words(err)
	}
	return &mp3Source{d}, Format{Container: "mp3", Codec: "mp3", Rate: d.Rate, Channels: d.Channels}, nil
}

func (m *mp3Source) next() ([]float32, error) {
	b, err := m.d.Next()
	return b, mp3Words(err)
}

func mp3Words(err error) error {
	switch {
	case err == nil, errors.Is(err, io.EOF):
		return err
	case errors.Is(err, mp3.ErrTruncated):
		return refuse("the MP3 is cut off: %v", err)
	case errors.Is(err, mp3.ErrFormat):
		return refuse("the file is none of WAV, MP3, Ogg Opus and FLAC: it has no MP3 frames")
	}
	return err
}
