package vapi

import (
	"slices"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// steps reads what happened in a call beside speech and tools: nodes of a
// workflow, assistants of a squad, transfers, consent, a voicemail check.
func (d *decoding) steps(s *script) []ringside.Span {
	out := s.filters
	if a := d.m.Artifact; a != nil {
		out = append(out, d.nodes(a)...)
		out = append(out, d.activations(a)...)
		out = append(out, d.transfers(a)...)
	}
	if to := read[party](d, "destination", d.m.Destination); to != (party{}) && !slices.ContainsFunc(out, isTransfer) {
		// Reports without a list of transfers say where the call went on; for Vapi
		// it was over then.
		p := transferSpan(to, "", "")
		p.StartMS = provider.Offset(s.start, d.x.EndedAt)
		out = append(out, *p)
	}
	type consent struct {
		Recording struct {
			Type      provider.Text   `json:"type"`
			GrantedAt provider.Moment `json:"grantedAt"`
		} `json:"recordingConsent"`
	}
	if c := read[consent](d, "compliance", d.m.Compliance).Recording; c.Type != "" {
		// A name of its own: a list that has an "event" hides what live ones told.
		p := ringside.Span{Name: "consent", Title: "Consent to recording: " + string(c.Type)}
		if !c.GrantedAt.IsZero() {
			p.StartMS = provider.Offset(s.start, c.GrantedAt.Time)
		}
		out = append(out, p)
	}
	return append(out, d.voicemailCheck()...)
}

func (d *decoding) nodes(a *artifact) []ringside.Span {
	type node struct {
		Name     provider.Text `json:"nodeName"`
		Messages []item        `json:"messages"`
	}
	var out []ringside.Span
	for _, n := range read[[]node](d, "nodes", a.Nodes) {
		out = append(out, ringside.Span{Name: "node", Title: string(n.Name), StartMS: began(n.Messages)})
	}
	return out
}

// activations are the assistants of a squad, each from its first word on. A
// call with one assistant has nothing to tell here.
func (d *decoding) activations(a *artifact) []ringside.Span {
	type activation struct {
		Name    provider.Text `json:"assistantName"`
		ID      provider.Text `json:"assistantId"`
		Version provider.Text `json:"assistantVersion"`
	}
	list := read[[]activation](d, "assistantActivations", a.AssistantActivations)
	if len(list) > 0 && d.x.AgentVersion == "" && list[0].ID == d.m.Call.AssistantID {
		d.x.AgentVersion = string(list[0].Version)
	}
	if len(list) < 2 {
		return nil
	}
	last := map[provider.Text]int{} // message of each name, so that none is looked for in vain
	for i := range a.Messages {
		last[a.Messages[i].AssistantName] = i
	}
	var out []ringside.Span
	from := 0
	for _, act := range list {
		p := ringside.Span{Name: "assistant", Title: first(act.Name, act.ID), Attributes: map[string]any{}}
		if to, named := last[act.Name]; named && to >= from {
			for a.Messages[from].AssistantName != act.Name {
				from++
			}
			p.StartMS = began(a.Messages[from : from+1])
			from++
		}
		if id := first(act.ID); id != "" {
			p.Attributes["assistant_id"] = id
		}
		out = append(out, p)
	}
	return out
}

// transfers are the attempts to hand the call to somebody else.
func (d *decoding) transfers(a *artifact) []ringside.Span {
	type transfer struct {
		Destination party         `json:"destination"`
		Mode        provider.Text `json:"mode"`
		Status      provider.Text `json:"status"`
		Transcript  provider.Text `json:"transcript"`
		Messages    []item        `json:"messages"`
	}
	list := read[[]transfer](d, "transfers", a.Transfers)
	var out []ringside.Span
	for i, t := range list {
		p := transferSpan(t.Destination, "", "")
		p.StartMS = began(t.Messages)
		for k, v := range map[string]provider.Text{"mode": t.Mode, "status": t.Status, "transcript": t.Transcript} {
			if v != "" {
				p.Attributes[k] = string(v)
			}
		}
		if notReached[t.Status] {
			p.Error = "the transfer ended with " + string(t.Status)
			d.transferFailed(i == len(list)-1)
		}
		out = append(out, *p)
	}
	return out
}

var notReached = map[provider.Text]bool{"no-answer": true, "busy": true, "voicemail": true, "failed": true}

// transferFailed corrects an end that reads as a transfer: the last attempt
// says that nobody was reached.
func (d *decoding) transferFailed(last bool) {
	if e := d.x.End; last && e != nil && e.Failure == ringside.FailureNone && d.x.EndedReason == "assistant-forwarded-call" {
		e.Failure = ringside.FailureTransfer
	}
}

func isTransfer(s ringside.Span) bool { return s.Name == "transfer" }

// transferSpan is a hand-over to a number, a SIP address or an assistant.
func transferSpan(to party, fromName, toName string) *ringside.Span {
	target := first(to.Number, to.SIPURI, to.AssistantName, provider.Text(toName), to.Name)
	p := &ringside.Span{Name: "transfer", Title: strings.TrimSpace("Transfer to " + target), Attributes: map[string]any{}}
	if target == "" {
		p.Title = "Transfer"
	}
	if to.Type != "" {
		p.Attributes["destination_type"] = string(to.Type)
	}
	if fromName != "" {
		p.Attributes["from_assistant"] = fromName
	}
	return p
}

// voicemailCheck is the listening for a voicemail box, which leaves a trace in
// the bill alone.
func (d *decoding) voicemailCheck() []ringside.Span {
	for _, c := range d.costs {
		if c.Type != "voicemail-detection" {
			continue
		}
		return []ringside.Span{{Name: "voicemail", Title: "Check for a voicemail box", Attributes: map[string]any{
			"model": c.Model.String(), "voicemail": d.x.End != nil && d.x.End.Failure == ringside.FailureVoicemail,
		}}}
	}
	return nil
}

// began is the offset of the first entry that has one.
func began(items []item) *int64 {
	for i := range items {
		if at := items[i].SecondsFromStart; at.Known {
			return items[i].offset(items[i].Time.Time())
		}
	}
	return nil
}
