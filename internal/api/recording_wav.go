package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/audio"
)

// recordingAsWAV decodes the kept recording while it is sent. It is decoded
// once before that, for the length: a download that is cut off is seen as such.
func (s *Server) recordingAsWAV(ctx context.Context, c *ringside.Call) (*huma.StreamResponse, error) {
	sound, _, err := s.cfg.Audio.Open(c.ID)
	if err != nil {
		return nil, err
	}
	file, err := audio.NewWAV(ctx, sound)
	if err != nil {
		return nil, errors.Join(err, sound.Close())
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		defer sound.Close()
		r, w := humago.Unwrap(hc)
		h := w.Header()
		h.Set("Content-Type", "audio/wav")
		h.Set("Content-Length", strconv.FormatInt(file.Size, 10))
		h.Set("Content-Disposition", attachment(c, ".wav"))
		h.Set("Accept-Ranges", "none")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "private, no-cache")
		if r.Method == http.MethodHead {
			return
		}
		if err := file.Write(r.Context(), w); err != nil && r.Context().Err() == nil {
			s.cfg.Log.Warn("a recording could not be sent as WAV", slog.String("call_id", c.ID.String()), slog.Any("error", err))
		}
	}}, nil
}
