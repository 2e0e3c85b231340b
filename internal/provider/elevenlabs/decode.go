package elevenlabs

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// ID is the provider's id.
const ID = "elevenlabs"

// Provider is the row of this adapter.
var Provider = provider.Provider{ID: ID, Name: name, Decode: Decode, Verify: Verify, Controls: controls, Recordings: recordingAPI, Pull: pull}

// Decode reads one webhook. The type decides what its data is; a type that is
// not known is kept for what all have in common.
func Decode(p provider.Payload) ([]ringside.Event, error) {
	kind, err := typeOf(p.Body)
	if err != nil {
		return nil, err
	}
	postCall := strings.Contains(kind, "post_call")
	switch {
	case postCall && strings.HasSuffix(kind, "_otel"):
		return decodeTraces(p)
	case postCall && strings.Contains(kind, "audio"):
		return decodeAudio(p)
	case postCall && strings.Contains(kind, "transcript"):
		return decodeConversation(p)
	case kind == "call_initiation_failure":
		return decodeFailure(p)
	}
	return decodeUnknown(p, kind)
}

// typeOf is the type of a webhook. It stands first, so that most bodies need
// not be read through to find it.
func typeOf(body []byte) (string, error) {
	dec := json.NewDecoder(bytes.NewReader(body))
	for _, want := range []json.Token{json.Delim('{'), "type"} {
		if tok, err := dec.Token(); err != nil || tok != want {
			return searchType(body)
		}
	}
	if kind, err := dec.Token(); err == nil {
		if s, ok := kind.(string); ok && s != "" {
			return s, nil
		}
	}
	return searchType(body)
}

func searchType(body []byte) (string, error) {
	var h head
	if err := provider.Unmarshal(body, &h); err != nil {
		return "", err
	}
	if h.Type == "" {
		return "", ringside.Invalidf("/type", "is required: the name of the event, such as post_call_transcription")
	}
	return h.Type, nil
}

// open reads a webhook whose type has the data T.
func open[T any](p provider.Payload) (*T, head, error) {
	var e envelope[T]
	if err := provider.Unmarshal(p.Body, &e); err != nil {
		return nil, head{}, err
	}
	if e.Type == "" {
		return nil, head{}, ringside.Invalidf("/type", "is given twice, and empty")
	}
	if e.Data == nil {
		return nil, head{}, ringside.Invalidf("/data", "is required: an object")
	}
	return e.Data, e.head, nil
}

// event is what a webhook says by its type and its common part.
func event(p provider.Payload, h head, c common) (ringside.Event, error) {
	if strings.TrimSpace(c.ConversationID) == "" {
		return ringside.Event{}, ringside.Invalidf("/data/conversation_id", "is required: the id of the conversation")
	}
	e := ringside.Event{
		Provider: ID, ProviderCallID: c.ConversationID, Name: h.Type,
		Authority: ringside.Report, At: h.At.Time, ReceivedAt: p.ReceivedAt,
	}
	if c.AgentID != "" {
		e.Facts.Agent = &ringside.AgentFact{SourceID: string(c.AgentID)}
	}
	return e, nil
}

// decodeUnknown keeps what an event of a new type says by its common part. It
// says nothing of the call's phase.
func decodeUnknown(p provider.Payload, kind string) ([]ringside.Event, error) {
	c, h, err := open[common](p)
	if err != nil || strings.TrimSpace(c.ConversationID) == "" {
		return nil, &provider.Ignored{Reason: "an event of the type " + kind + " names no conversation"}
	}
	e, err := event(p, h, *c)
	return []ringside.Event{e}, err
}

// decodeAudio notes that there is a recording. The struct has no place for
// full_audio, so the base64 is passed over and never held.
func decodeAudio(p provider.Payload) ([]ringside.Event, error) {
	c, h, err := open[common](p)
	if err != nil {
		return nil, err
	}
	e, err := event(p, h, *c)
	if err != nil {
		return nil, err
	}
	e.Facts.Phase = ringside.PhaseEnded
	e.Facts.Recordings = recording(c.ConversationID)
	return []ringside.Event{e}, nil
}

var recordingAPI = provider.RecordingAPI{Base: base, Authorize: func(h http.Header, key string) { h.Set("xi-api-key", key) }}

// recording is the one that the vendor keeps: it must be asked for with a key.
func recording(conversation string) []ringside.Recording {
	return []ringside.Recording{{
		Kind: ringside.RecordingMixed,
		Via:  "GET /v1/convai/conversations/" + url.PathEscape(conversation) + "/audio",
	}}
}
