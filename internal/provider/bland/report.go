package bland

import (
	"cmp"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// maxSeconds bounds a duration or an offset: beyond a week it is none.
const maxSeconds = 7 * 24 * 3600

// report reads a post-call body, or the API's call object, which may be of a
// call that is not over.
func (b *body) report(e *ringside.Event) {
	x := &e.Facts
	x.Phase = b.phase()
	switch {
	case x.Phase != ringside.PhaseEnded:
		e.Name, e.Authority = "call-details", ringside.Live
	case b.enriched():
		e.Name, e.Authority = cmp.Or(string(b.EventType), "post-call"), ringside.Analysed
	default:
		e.Name, e.Authority = "post-call", ringside.Report
	}
	b.people(x)
	b.times(x)
	b.bags(x)
	b.content(x)
	b.transfer(x)
	b.findings(x)
	if x.Phase == ringside.PhaseEnded {
		reason, end := b.end()
		x.EndedReason, x.End = reason, &end
	}
	if b.RecordingURL != "" {
		r := ringside.Recording{Kind: ringside.RecordingMixed, URL: string(b.RecordingURL), Channels: 1}
		if !b.RecordingExpiration.IsZero() {
			r.ExpiresAt = new(b.RecordingExpiration.Time)
		}
		x.Recordings = []ringside.Recording{r}
	}
	if b.Price.Known {
		x.Cost = &ringside.Cost{Total: b.Price.Value, Currency: "USD", Components: []ringside.CostComponent{}}
	}
}

// enriched tells whether Bland has looked at the recording since the call.
func (b *body) enriched() bool {
	return b.EventType != "" || given(b.CorrectedTranscript) || given(b.Citations) || given(b.PostTransferTranscript)
}

// phase is how far the call has got. Only the API shows calls under way.
func (b *body) phase() ringside.Phase {
	if b.Completed != "false" {
		return ringside.PhaseEnded
	}
	switch q := string(b.QueueStatus); {
	case q == "new" || q == "queued" || q == "allocated":
		return ringside.PhaseQueued
	case q == "started":
		return ringside.PhaseActive
	case strings.HasPrefix(q, "complete") || strings.HasSuffix(q, "_error"):
		return ringside.PhaseEnded
	}
	switch b.Status {
	case "completed", "failed", "busy", "no-answer", "canceled":
		return ringside.PhaseEnded
	}
	if !b.StartedAt.IsZero() {
		return ringside.PhaseActive
	}
	return ringside.PhaseQueued
}

func (b *body) people(x *ringside.Facts) {
	if id := cmp.Or(b.PathwayID, b.PersonaID); id != "" {
		x.Agent = &ringside.AgentFact{SourceID: string(id)}
	}
	x.AgentVersion = string(b.PathwayVersion)
	x.Model.Voice = string(b.VoiceID)
	x.From, x.To = string(b.From), string(b.To)
	switch b.Inbound {
	case "true":
		x.Direction = ringside.Inbound
	case "false":
		x.Direction = ringside.Outbound
	}
}

// times reads when the call happened. A call that was never connected, or whose
// length nobody tells, has no duration, not one of nothing.
func (b *body) times(x *ringside.Facts) {
	x.CreatedAt, x.AnsweredAt = b.CreatedAt.Time, b.StartedAt.Time
	seconds, known := b.seconds()
	if x.Phase != ringside.PhaseEnded || !known || seconds == 0 && x.AnsweredAt.IsZero() {
		return
	}
	x.DurationMS = new(provider.Millis(seconds))
	if !x.AnsweredAt.IsZero() {
		x.EndedAt = x.AnsweredAt.Add(time.Duration(*x.DurationMS) * time.Millisecond)
	}
}

// seconds is how long the call was: the corrected duration, which is in
// seconds, before the length, which is in minutes; known when either is told.
func (b *body) seconds() (seconds float64, known bool) {
	for _, n := range []provider.Number{b.CorrectedDuration, {Value: b.CallLength.Value * 60, Known: b.CallLength.Known}} {
		if !n.Known || n.Value < 0 || n.Value >= maxSeconds {
			continue
		}
		if seconds, known = n.Value, true; seconds > 0 {
			break
		}
	}
	return seconds, known
}

// bags reads what the team attached. The batch is the campaign.
func (b *body) bags(x *ringside.Facts) {
	lenient(x, "metadata", b.Metadata, &x.Metadata)
	if b.BatchID != "" {
		x.Campaign = string(b.BatchID)
		if x.Metadata == nil {
			x.Metadata = ringside.Values{}
		}
		if _, taken := x.Metadata["batch_id"]; !taken {
			x.Metadata["batch_id"] = string(b.BatchID)
		}
	}
	lenient(x, "variables", b.Variables, &x.Variables)
	var request ringside.Values
	lenient(x, "request_data", b.RequestData, &request)
	for k, v := range request {
		if x.Variables == nil {
			x.Variables = ringside.Values{}
		}
		if _, known := x.Variables[k]; !known {
			x.Variables[k] = v
		}
	}
	x.CustomerName, _ = x.Variables["customer_name"].(string)
}

// transfer reads where the call went. That it got there is told by the warm
// transfer's state alone: the disposition TRANSFERRED means only that the
// pathway came to its transfer node.
func (b *body) transfer(x *ringside.Facts) {
	w := b.warm(x)
	if b.TransferredTo == "" && w == nil {
		return
	}
	s := ringside.Span{Name: "transfer", Title: string(b.TransferredTo), StartMS: b.transferredAtMS()}
	if m := b.PostTransferDuration; m.Known && m.Value >= 0 && m.Value < maxSeconds/60 {
		s.DurationMS = new(float64(provider.Millis(m.Value * 60)))
	}
	if w != nil {
		legs := []any{}
		for _, l := range list[leg](x, "proxy_agent_calls", w.Legs) {
			s.Title = cmp.Or(s.Title, string(l.Number))
			legs = append(legs, map[string]any{"state": string(l.State), "call_id": string(l.CallID), "phone_number": string(l.Number)})
		}
		s.Attributes = map[string]any{"state": string(w.State), "legs": legs}
		switch {
		case transferFailed[string(w.State)]:
			s.Error = "the transfer did not succeed: " + string(w.State)
		case w.State == "STARTED": // nobody was on the line yet
			s.Title = strings.TrimSpace("started " + s.Title)
		}
	}
	x.Spans = append(x.Spans, s)
}

// warm reads the warm transfer; nil when the body tells of none.
func (b *body) warm(x *ringside.Facts) *warmTransfer {
	var w warmTransfer
	if !lenient(x, "warm_transfer_call", b.WarmTransferCall, &w) || w.State == "" {
		return nil
	}
	return &w
}

var transferFailed = map[string]bool{"CANCELLED": true, "NO_ANSWER": true, "TIMED_OUT": true}

// transferredAtMS is when the call was handed over, from the answer.
func (b *body) transferredAtMS() *int64 {
	if ms := provider.Offset(b.StartedAt.Time, b.TransferredAt.Time); ms != nil {
		return ms
	}
	if ms := offset(b.TransferOffsetSeconds); ms != nil {
		return ms
	}
	if m := b.PreTransferDuration; m.Known {
		return offset(provider.Number{Value: m.Value * 60, Known: true})
	}
	return nil
}

// offset reads seconds from the answer.
func offset(n provider.Number) *int64 {
	if !n.Known || n.Value < 0 || n.Value > maxSeconds {
		return nil
	}
	return new(provider.Millis(n.Value))
}
