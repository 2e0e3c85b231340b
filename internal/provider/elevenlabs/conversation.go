package elevenlabs

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

func decodeConversation(p provider.Payload) ([]ringside.Event, error) {
	c, h, err := open[conversation](p)
	if err != nil {
		return nil, err
	}
	e, err := event(p, h, c.common)
	if err != nil {
		return nil, err
	}
	x := &e.Facts
	x.Phase = ringside.PhaseEnded
	x.AgentVersion = string(c.VersionID)
	x.CustomerID = string(c.UserID)
	x.Metadata = ringside.Values{}
	if c.AgentName != "" {
		x.Agent = &ringside.AgentFact{SourceID: string(c.AgentID), Name: string(c.AgentName)}
	}
	var t transcript
	t.facts = x
	t.read(c.Transcript)
	c.times(x)
	c.billing(x)
	if x.Model.Language == "" {
		x.Model.Language = modelOf(p)
	}
	c.analysis(x)
	c.initiation(x)
	c.line(x)
	c.ending(x)
	c.privacy(x)
	c.notes(x)
	return []ringside.Event{e}, nil
}

// times: the conversation begins when the line is connected, which the vendor
// calls accepted, or up to some seconds later.
func (c *conversation) times(x *ringside.Facts) {
	m := &c.Metadata
	x.StartedAt = m.Start.Time
	if !m.Accepted.After(m.Start.Time) {
		x.CreatedAt = m.Accepted.Time
	}
	if !m.DurationSecs.Known || m.DurationSecs.Value < 0 || m.DurationSecs.Value > maxCallSecs {
		return
	}
	x.DurationMS = new(provider.Millis(m.DurationSecs.Value))
	if !m.Start.IsZero() {
		x.EndedAt = m.Start.Add(time.Duration(*x.DurationMS) * time.Millisecond)
	}
}

func (c *conversation) billing(x *ringside.Facts) {
	charges := part[charging](x, "/data/metadata/charging", c.Metadata.Charging)
	x.Cost = costOf(&c.Metadata, charges)
	if x.Cost != nil && x.Cost.Currency == "USD" && c.Metadata.Credits.Known {
		x.Metadata["cost_credits"] = c.Metadata.Credits.Value
	}
	if charges != nil {
		x.Model.Language = mainModel(charges.Usage.Irreversible)
	}
}

// modelOf is the main model by what the entries say, for payloads whose bill
// does not.
func modelOf(p provider.Payload) string {
	s, _, err := open[spending](p)
	if err != nil {
		return ""
	}
	all := make([]usage, len(s.Transcript))
	for i := range s.Transcript {
		all[i] = s.Transcript[i].Usage
	}
	return mainModel(all...)
}

func (c *conversation) analysis(x *ringside.Facts) {
	a := part[analysis](x, "/data/analysis", c.Analysis)
	if a == nil {
		return
	}
	switch a.Successful {
	case "success":
		x.Success = new(true)
	case "failure":
		x.Success = new(false)
	}
	note(x.Metadata, "title", a.Title)
	if a.Score.Known {
		x.Metadata["success_score"] = a.Score.Value
	}
	x.Analysis = &ringside.ProviderAnalysis{
		Summary: string(a.Summary), Success: string(a.Successful),
		Structured: a.structured(), Criteria: a.criteria(),
	}
}

func (a *analysis) structured() ringside.Values {
	out := ringside.Values{}
	for _, d := range a.DataList {
		out[string(d.ID)] = d.Value
	}
	for id, d := range a.Data {
		out[id] = d.Value
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// criteria are in the order of their names: a JSON object has none of its own.
func (a *analysis) criteria() []ringside.Criterion {
	byName := map[string]criterion{}
	for _, k := range a.CriteriaList {
		byName[string(k.ID)] = k
	}
	maps.Copy(byName, a.Criteria)
	var out []ringside.Criterion
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		k := byName[name]
		out = append(out, ringside.Criterion{
			Name: name, Result: string(k.Result), Score: k.Score.Ptr(), Reason: string(k.Rationale),
		})
	}
	return out
}

func (c *conversation) initiation(x *ringside.Facts) {
	i := part[initiation](x, "/data/conversation_initiation_client_data", c.Initiation)
	if i == nil {
		return
	}
	x.Variables = i.variables()
	x.CustomerName = variable(x, "customer_name")
	x.Model.PromptHash = provider.PromptHash(string(i.Override.Agent.Prompt.Prompt))
	if voice := string(i.Override.TTS.VoiceID); voice != "" {
		x.Model.Voice = strings.TrimSpace(x.Model.Voice + " " + voice)
	}
}

// line is who called whom. A conversation without a phone call came over the
// web, unless a messenger carried it.
func (c *conversation) line(x *ringside.Facts) {
	m := &c.Metadata
	if b := part[batchCall](x, "/data/metadata/batch_call", m.BatchCall); b != nil {
		x.Campaign = string(b.ID)
	}
	phone := part[phoneCall](x, "/data/metadata/phone_call", m.PhoneCall)
	if phone == nil {
		if absent(m.PhoneCall) && absent(m.WhatsApp) && absent(m.SMS) {
			x.Direction = ringside.Web
		}
		return
	}
	agent, external := string(phone.AgentNumber), string(phone.ExternalNumber)
	switch strings.ToLower(string(phone.Direction)) {
	case "inbound":
		x.Direction, x.From, x.To = ringside.Inbound, external, agent
	case "outbound":
		x.Direction, x.From, x.To = ringside.Outbound, agent, external
	}
	x.From = cmp.Or(x.From, variable(x, "system__caller_id"))
	x.To = cmp.Or(x.To, variable(x, "system__called_number"))
	note(x.Metadata, "phone_provider", phone.Type)
	note(x.Metadata, "phone_number_id", phone.PhoneNumberID)
	note(x.Metadata, "call_sid", phone.CallSID)
	note(x.Metadata, "sip_call_id", phone.CallID)
}

// variables are those that are no secrets: the ones that ElevenLabs keeps from
// the language model, by this prefix, are keys for headers of tools.
func (i *initiation) variables() ringside.Values {
	maps.DeleteFunc(i.Variables, func(name string, _ any) bool { return strings.HasPrefix(name, "secret__") })
	return i.Variables
}

func variable(x *ringside.Facts, name string) string {
	s, _ := x.Variables[name].(string)
	return s
}

// ending is why the conversation ended. A transfer that failed and a voicemail
// box show in the tools and features where the reason does not tell.
func (c *conversation) ending(x *ringside.Facts) {
	m := &c.Metadata
	failed := part[callError](x, "/data/metadata/error", m.Error)
	x.EndedReason = string(m.Reason)
	if failed != nil {
		x.EndedReason = cmp.Or(x.EndedReason, string(failed.Reason), "error "+string(failed.Code))
		note(x.Metadata, "error_code", failed.Code)
		note(x.Metadata, "error_reason", failed.Reason)
	}
	end := endOf(string(m.Reason), failed, string(c.Status))
	if end.Failure == ringside.FailureNone {
		end = c.quietEnd(x, end)
	}
	x.End = &end
}

// quietEnd is an end whose reason tells of no failure.
func (c *conversation) quietEnd(x *ringside.Facts, end ringside.End) ringside.End {
	f := part[features](x, "/data/metadata/features_usage", c.Metadata.Features)
	if f != nil && f.Voicemail.Used {
		end.Failure = ringside.FailureVoicemail
		return end
	}
	for i := range x.ToolCalls {
		t := &x.ToolCalls[i]
		switch {
		case t.Name == "voicemail_detection" && t.Error == "":
			end.Failure = ringside.FailureVoicemail
		case strings.HasPrefix(t.Name, "transfer_to_") && t.Error != "":
			end.Failure = cmp.Or(end.Failure, ringside.FailureTransfer)
		case strings.HasPrefix(t.Name, "transfer_to_") && end.Failure == ringside.FailureTransfer:
			end.Failure = ringside.FailureNone // a second try succeeded
		}
	}
	return end
}

// privacy is what the vendor was told not to keep. The settings may also ask
// for a deletion years ahead, which keeps nothing back today.
func (c *conversation) privacy(x *ringside.Facts) {
	if c.HasAudio == "true" {
		x.Recordings = recording(c.ConversationID)
	}
	d := part[deletion](x, "/data/metadata/deletion_settings", c.Metadata.Deletion)
	if d == nil {
		return
	}
	if !d.TranscriptDeletedAt.IsZero() || d.DeleteTranscript && len(c.Transcript) == 0 {
		x.Withheld = append(x.Withheld, "transcript", "personal_data")
	}
	if !d.AudioDeletedAt.IsZero() || d.DeleteAudio && c.HasAudio == "false" {
		x.Withheld, x.Recordings = append(x.Withheld, "recording"), nil
	}
}

// notes keeps what has no place of its own in a call.
func (c *conversation) notes(x *ringside.Facts) {
	m := &c.Metadata
	for name, v := range map[string]any{
		"environment": c.Environment, "branch_id": c.BranchID, "tag_ids": value(c.TagIDs),
		"visited_agents": value(c.VisitedAgents), "timezone": m.Timezone, "language": m.Language,
		"initiation_source": m.InitiationSource, "authorization": m.Authorization,
		"vendor_warnings": value(m.Warnings),
	} {
		note(x.Metadata, name, v)
	}
	var f struct {
		Score   any `json:"overall_score"`
		Rating  any `json:"rating"`
		Comment any `json:"comment"`
	}
	if readPart(m.Feedback, &f) == nil {
		note(x.Metadata, "feedback_score", f.Score)
		note(x.Metadata, "feedback_rating", f.Rating)
		note(x.Metadata, "feedback_comment", f.Comment)
	}
}
