// Package calllog decodes the payload of a call log from an agent that no
// vendor runs: what stands in "payload" when the provider is custom. The
// envelope around it (provider, metadata, externalAgentId) is the door's.
//
// Only call_id is required. The transcript is absent, or text with a speaker
// before each line, or a list of messages as OpenAI's chat API has them, each
// with an optional start. Fields that are not known are kept as metadata.
// Wrong types are refused with a pointer into the payload: the sender is a
// program of the user's own, and its author wants to know.
package calllog
