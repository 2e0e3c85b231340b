package bland

import (
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// ID is the provider of Bland's calls.
const ID = "bland"

// Provider is the row of this adapter.
var Provider = provider.Provider{ID: ID, Name: name, Decode: Decode, Verify: Verify, Controls: controls, Pull: pull}

// Decode reads one body. Bodies overlap in shape, so the order of the cases
// matters: it is that of the package's comment.
func Decode(p provider.Payload) ([]ringside.Event, error) {
	var b body
	if err := provider.Unmarshal(p.Body, &b); err != nil {
		return nil, err
	}
	transcribed := given(b.Transcripts) || b.Concatenated != nil
	var read func(*ringside.Event)
	switch {
	case b.EventType != "" && !transcribed:
		read = b.look
	case b.Category != "" && b.Message != "" && !transcribed:
		read = b.live
	case transcribed:
		read = b.report
	case b.BatchID != "" && b.Status != "" && !b.Timestamp.IsZero() && b.id() == "":
		return nil, &provider.Ignored{Reason: "the status of batch " + string(b.BatchID) + " (" + string(b.Status) + "), not of a call"}
	case b.id() != "" && (b.QueueStatus != "" || b.Completed != ""):
		read = b.report // a call without a transcript, as the API lists them
	}
	if b.id() == "" {
		return nil, ringside.Invalidf("/call_id", "is required: Bland's id of the call")
	}
	if read == nil {
		return nil, ringside.Invalidf("", "the body is none that Bland sends: it has no event_type, no category and message, no transcripts and no queue_status")
	}
	if b.IsProxyAgentCall == "true" {
		return nil, &provider.Ignored{Reason: b.proxyReason()}
	}
	e := ringside.Event{Provider: ID, ProviderCallID: b.id(), At: b.Timestamp.Time, ReceivedAt: p.ReceivedAt}
	read(&e)
	return []ringside.Event{e}, nil
}

func (b *body) id() string {
	for _, id := range []*string{b.CallID, b.CID} {
		if id != nil && strings.TrimSpace(*id) != "" {
			return *id
		}
	}
	return ""
}

// proxyReason says why a leg of a warm transfer is no call: the customer is on
// the call that asked for the transfer.
func (b *body) proxyReason() string {
	reason := "a leg of a warm transfer to a person on the team, not a customer's call"
	parent := string(b.ParentCallID)
	var metadata struct {
		ParentCallID provider.Text `json:"parent_call_id"`
	}
	if parent == "" && given(b.Metadata) && provider.Unmarshal(b.Metadata, &metadata) == nil {
		parent = string(metadata.ParentCallID)
	}
	if parent != "" {
		reason += "; it belongs to call " + parent
	}
	return reason
}
