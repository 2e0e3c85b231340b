package api

import (
	"context"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
)

// SoundLimit is what one figure of a call's sound is judged by.
type SoundLimit struct {
	Figure string               `json:"figure" doc:"As in a call's analysis.audio; snr_db is both sides'"`
	Unit   string               `json:"unit" doc:"ms, 1 (a share of 1), count, 1/min or dB"`
	Least  float64              `json:"least" doc:"The lowest limit that may be set"`
	Most   float64              `json:"most"`
	Limits ringside.SoundLimits `json:"limits" doc:"That hold"`
	Usual  ringside.SoundLimits `json:"usual" doc:"That hold where nobody set others"`
	Own    bool                 `json:"own" doc:"The agent's settings say other limits than the usual"`
	Why    string               `json:"why" doc:"Where the usual limits are from"`
}

type soundLimitsInput struct {
	Agent string `query:"agent" maxLength:"64" doc:"An agent's id: the limits of its calls; the usual without one"`
}

type soundLimitsOutput struct {
	Body struct {
		Items []SoundLimit `json:"items"`
	}
}

func (s *Server) soundLimits(ctx context.Context, in *soundLimitsInput) (*soundLimitsOutput, error) {
	var settings ringside.AgentSettings
	if in.Agent != "" {
		err := s.read(ctx, func(ctx context.Context, tx store.Tx) error {
			a, err := store.Agent(ctx, tx, auth.From(ctx).WorkspaceID, in.Agent)
			if err == nil {
				settings = a.Settings
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	out := &soundLimitsOutput{}
	for i := range ringside.SoundFigures {
		f := &ringside.SoundFigures[i]
		l := SoundLimit{Figure: f.Name, Unit: f.Unit, Least: f.Least, Most: f.Most, Usual: f.Limits, Why: f.Why}
		l.Limits, l.Own = settings.LimitsOf(f)
		out.Body.Items = append(out.Body.Items, l)
	}
	return out, nil
}
