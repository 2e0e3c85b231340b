package bland

import (
	"slices"
	"strconv"

	"github.com/ringsidehq/ringside"
)

// look reads what Bland sends about a call that is over, by itself: citations,
// evals, a transcript of what followed a transfer.
func (b *body) look(e *ringside.Event) {
	e.Name, e.Authority = string(b.EventType), ringside.Analysed
	x := &e.Facts
	x.Phase = ringside.PhaseEnded
	x.Turns = segments(list[segment](x, "corrected_transcript", b.CorrectedTranscript), new(int64(0)))
	after := b.afterTransfer(x)
	if len(after) > 0 && len(x.Turns) > 0 {
		x.Turns = append(x.Turns, segments(after, b.handedOver())...)
	} else if len(after) > 0 {
		// As turns they would take the place of the whole transcript.
		said := make([]any, len(after))
		for i, s := range after {
			said[i] = map[string]any{"speaker": string(s.Label), "text": string(s.Text), "start": s.Start.Value, "end": s.End.Value}
		}
		x.Span = &ringside.Span{
			Name: "post_transfer_transcript", Title: strconv.Itoa(len(said)) + " lines said after the transfer",
			StartMS: b.handedOver(), Attributes: map[string]any{"transcript": said},
		}
	}
	x.Interruptions = interruptions(x.Turns)
	b.findings(x)
}

// findings reads Bland's own view of the call. What the team's analysis and
// the citations extracted stands under the same names as they gave it.
func (b *body) findings(x *ringside.Facts) {
	a := ringside.ProviderAnalysis{Summary: string(b.Summary), Tags: b.tags(x), Criteria: b.evals(x)}
	lenient(x, "analysis", b.Analysis, &a.Structured)
	for _, k := range []string{"success", "successful", "call_successful", "is_successful"} {
		if ok, known := a.Structured[k].(bool); known {
			a.Success, x.Success = strconv.FormatBool(ok), &ok
			break
		}
	}
	for _, c := range list[citation](x, "citations", b.Citations) {
		if c.Name == "" {
			continue
		}
		if a.Structured == nil {
			a.Structured = ringside.Values{}
		}
		a.Structured[c.Name] = c.Value
	}
	if a.Summary != "" || len(a.Tags)+len(a.Criteria)+len(a.Structured) > 0 {
		x.Analysis = &a
	}
}

// tags are the call's disposition and the tags of the pathway that it passed.
func (b *body) tags(x *ringside.Facts) []string {
	var out []string
	for _, t := range append([]string{string(b.DispositionTag)}, list[string](x, "pathway_tags", b.PathwayTags)...) {
		if t != "" && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// evals reads how far Bland's own scoring is, and the score once it is there.
func (b *body) evals(x *ringside.Facts) []ringside.Criterion {
	var e struct {
		Status string `json:"status"`
	}
	if !lenient(x, "post_call_evals", b.PostCallEvals, &e) && b.EventType != "evals" {
		return nil
	}
	c := ringside.Criterion{Name: "post_call_evals", Result: e.Status, Score: b.OverallScore.Ptr()}
	if c.Result == "" {
		c.Result = "unknown"
		if b.EventType == "evals" && b.Status != "" {
			c.Result = string(b.Status)
		}
	}
	return []ringside.Criterion{c}
}
