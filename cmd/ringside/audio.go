package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/audio"
)

// maxTranscript bounds the transcript's file.
const maxTranscript = 32 << 20

type audioCmd struct {
	File         string `arg:"" help:"The recording: WAV, MP3, Ogg Opus or FLAC." type:"existingfile"`
	JSON         bool   `help:"Print JSON."`
	AgentChannel *int   `help:"The agent's channel, from 0; else it is found by the transcript, or taken to be 1."`
	Transcript   string `help:"The call's turns as JSON, a list or an object with one under turns: role, text, start_ms, end_ms from the start of the recording." type:"existingfile"`
	Peaks        bool   `help:"Print the waveform as well, in JSON."`
}

// Run implements the subcommand.
func (c *audioCmd) Run(ctx context.Context) error {
	o := audio.Options{AgentChannel: c.AgentChannel}
	var err error
	if c.Transcript != "" {
		if o.Turns, err = readTurns(c.Transcript); err != nil {
			return err
		}
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	r, err := audio.Analyse(ctx, f, o)
	if err != nil {
		return err
	}
	if !c.Peaks {
		r.Peaks = nil
	}
	if c.JSON {
		return printJSON(os.Stdout, r)
	}
	return printAudio(os.Stdout, r)
}

// readTurns reads a transcript in our own form, or with the names that others
// give the same things.
func readTurns(path string) ([]ringside.Turn, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxTranscript+1))
	if err != nil {
		return nil, fmt.Errorf("read the transcript: %w", err)
	}
	if len(b) > maxTranscript {
		return nil, fmt.Errorf("the transcript is larger than %d MB", maxTranscript>>20)
	}
	list := b
	if bytes.HasPrefix(bytes.TrimSpace(b), []byte("{")) {
		var in struct{ Turns, Transcript, Messages json.RawMessage }
		if err := json.Unmarshal(b, &in); err != nil {
			return nil, fmt.Errorf("read the transcript: %w", err)
		}
		for _, l := range []json.RawMessage{in.Turns, in.Transcript, in.Messages} {
			if l != nil {
				list = l
				break
			}
		}
	}
	var turns []spoken
	if err := json.Unmarshal(list, &turns); err != nil {
		return nil, errors.New("the transcript is not a list of turns, nor an object with one under turns")
	}
	out := make([]ringside.Turn, 0, len(turns))
	for i := range turns {
		if t, ok := turns[i].turn(); ok {
			out = append(out, t)
		}
	}
	return out, nil
}

// spoken is one turn of a transcript; times in ms, or in seconds by the shorter
// names.
type spoken struct {
	Role    string   `json:"role"`
	Speaker string   `json:"speaker"`
	By      string   `json:"by"`
	Text    string   `json:"text"`
	Content string   `json:"content"`
	StartMS *float64 `json:"start_ms"`
	EndMS   *float64 `json:"end_ms"`
	Start   *float64 `json:"start"`
	End     *float64 `json:"end"`
}

// turn is not ok when nobody of the call spoke: tools and the system do not.
func (s *spoken) turn() (t ringside.Turn, ok bool) {
	for _, who := range []string{s.Role, s.Speaker, s.By} {
		switch strings.ToLower(who) {
		case "agent", "assistant", "bot", "ai":
			t.Role = ringside.RoleAgent
		case "user", "customer", "caller", "human":
			t.Role = ringside.RoleUser
		default:
			continue
		}
		break
	}
	if t.Text = s.Text; t.Text == "" {
		t.Text = s.Content
	}
	t.StartMS, t.EndMS = millis(s.StartMS, s.Start), millis(s.EndMS, s.End)
	return t, t.Role != ""
}

func millis(ms, seconds *float64) *int64 {
	switch {
	case ms != nil:
		return new(int64(*ms))
	case seconds != nil:
		return new(int64(1000 * *seconds))
	}
	return nil
}

// printAudio prints what people ask first.
func printAudio(w io.Writer, r *audio.Report) error {
	m := &r.Metrics
	figure := func(v *float64, unit string) string {
		if v == nil {
			return "–"
		}
		return strings.TrimSpace(fmt.Sprintf("%.4g %s", *v, unit))
	}
	fmt.Fprintf(w, "%s, %s, %d Hz, %d channels, %.1f s; somebody speaks for %.1f s\n",
		r.Format.Container, r.Format.Codec, r.Format.Rate, r.Format.Channels, r.Format.Seconds, m.SpeechS)
	if r.AgentChannel != nil {
		fmt.Fprintf(w, "agent            channel %d (%s)\n", r.AgentChannel.Channel, r.AgentChannel.Method)
		fmt.Fprintf(w, "response         median %s, p95 %s, of %d\n", figure(m.P50MS, "ms"), figure(m.P95MS, "ms"), m.Responses)
		fmt.Fprintf(w, "first word       agent %s, customer %s\n", figure(m.FirstAgentS, "s"), figure(m.FirstCustomerS, "s"))
		fmt.Fprintf(w, "talk ratio       %s agent\n", figure(m.TalkRatioAgent, ""))
		fmt.Fprintf(w, "interruptions    %d\nbackchannels     %d\noverlap          %s\n", len(r.Interruptions), len(r.Backchannels), figure(m.OverlapS, "s"))
		fmt.Fprintf(w, "SNR              customer %s, agent %s\n", figure(m.SNRDB.Customer, "dB"), figure(m.SNRDB.Agent, "dB"))
	}
	fmt.Fprintf(w, "silences ≥ 2 s   %d, %.1f s\n", len(r.Silences), m.SilenceS)
	if r.Beep != nil {
		fmt.Fprintf(w, "beep             at %.2f s\n", r.Beep.At)
	}
	for _, n := range r.Notes {
		fmt.Fprintf(w, "note             %s\n", n)
	}
	return nil
}
