package redact

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/ringsidehq/ringside"
)

// factFields are the facts that hold what somebody said or wrote.
type factFields struct {
	CustomerName string                     `json:"customer_name,omitempty"`
	EndedReason  string                     `json:"ended_reason,omitempty"`
	Metadata     ringside.Values            `json:"metadata,omitempty"`
	Variables    ringside.Values            `json:"variables,omitempty"`
	Warnings     []string                   `json:"warnings,omitempty"`
	ToolCalls    []ringside.ToolCall        `json:"tool_calls,omitempty"`
	Spans        []ringside.Span            `json:"spans,omitempty"`
	Span         *ringside.Span             `json:"span,omitempty"`
	Analysis     *ringside.ProviderAnalysis `json:"analysis,omitempty"`
	Local        *ringside.Local            `json:"local,omitempty"`
	Judged       *ringside.Judged           `json:"judged,omitempty"`
}

// Events hides what is personal in the facts of events of one call. Turns that
// came one by one are read in a row.
func (r *Redactor) Events(all []ringside.Event) error {
	var loose []ringside.Turn
	for i := range all {
		x := &all[i].Facts
		x.Turns = r.Turns(x.Turns)
		if x.Transcribed != nil {
			x.Transcribed = &ringside.Transcribed{From: x.Transcribed.From, Turns: r.Turns(x.Transcribed.Turns)}
		}
		if x.Turn != nil {
			loose = append(loose, *x.Turn)
		}
	}
	loose = r.after(r.cfg.Before, loose)
	for i := range all {
		x := &all[i].Facts
		if x.Turn != nil {
			x.Turn, loose = &loose[0], loose[1:]
		}
		if err := r.facts(x); err != nil {
			return err
		}
	}
	return r.err
}

func (r *Redactor) facts(x *ringside.Facts) error {
	f := factFields{
		x.CustomerName, x.EndedReason, x.Metadata, x.Variables, x.Warnings, x.ToolCalls, x.Spans, x.Span, x.Analysis, x.Local, x.Judged,
	}
	before, err := json.Marshal(&f)
	if err != nil {
		return fmt.Errorf("redact: %w", err)
	}
	after, err := r.Body(before)
	if err != nil || bytes.Equal(before, after) {
		return err
	}
	f = factFields{}
	if err := json.Unmarshal(after, &f); err != nil {
		return fmt.Errorf("redact: %w", err)
	}
	x.CustomerName, x.EndedReason, x.Metadata, x.Variables, x.Warnings = f.CustomerName, f.EndedReason, f.Metadata, f.Variables, f.Warnings
	x.ToolCalls, x.Spans, x.Span, x.Analysis, x.Local, x.Judged = f.ToolCalls, f.Spans, f.Span, f.Analysis, f.Local, f.Judged
	return nil
}
