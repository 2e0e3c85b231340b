package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/ringsidehq/ringside/internal/audio"
	"github.com/ringsidehq/ringside/internal/transcript"
)

type audioCmd struct {
	File         string `arg:"" help:"The recording: WAV, MP3, Ogg Opus or FLAC." type:"existingfile"`
	JSON         bool   `help:"Print JSON."`
	AgentChannel *int   `help:"The agent's channel, from 0; else it is found by the transcript, or taken to be 1."`
	Transcript   string `help:"The call's turns: JSON, a list or an object with one under turns (role, text, start_ms, end_ms from the start of the recording), or text, each turn behind Agent: or Customer:." type:"existingfile"`
	Peaks        bool   `help:"Print the waveform as well, in JSON."`
}

// Run implements the subcommand.
func (c *audioCmd) Run(ctx context.Context) error {
	o := audio.Options{AgentChannel: c.AgentChannel}
	var err error
	if c.Transcript != "" {
		if o.Turns, err = transcript.Read(c.Transcript); err != nil {
			return err
		}
		for i := range o.Turns {
			o.Turns[i].Index = i
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
	for _, b := range r.Basis {
		if (b.Metric == "segments" || b.Metric == "speech") && b.Confidence == audio.Low {
			fmt.Fprintf(w, "times            of low confidence: %s\n", b.Reason)
		}
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
