// Package openai decodes the server events of OpenAI's Realtime sessions. No
// webhook tells of those: the program that holds the session, or a sideband to
// it, forwards them, one by one, as a list or as lines:
//
//	{"call_id": "rtc_…", "seq": 7, "received_at": "2026-11-17T22:00:00Z", "event": {"type": "response.done", …}}
//
// and signs them by Standard Webhooks, as OpenAI signs its own webhook
// realtime.call.incoming, which is read here too.
//
//	session.created                                    the call is on
//	input_audio_buffer.speech_started … .speech_stopped  the customer speaks
//	conversation.item.input_audio_transcription.completed  what they said
//	response.created … output_audio_buffer.started … response.done  the agent's answer, whole
//	conversation.item.truncated                        the customer cut it off
//
// An event that comes again, alone or with others, is known by its event_id.
//
// What is said is taken once: the agent's turns and tool calls from
// response.done, the customer's from their transcription. Deltas are pieces of
// it and say nothing. No event says that the session is over, apart from the
// newer Live API's session.closed; without one the call ends when the reaper
// says so.
//
// Events carry no time but the forwarder's received_at. A customer's words are
// often transcribed after the answer to them has begun. In a body that holds
// the events before, a turn stands where its item was first named, or its
// sound began; forwarded alone, where it came. So is the wait for an answer:
// from speech_stopped to the first sound of the response, when one body holds
// both. Forwarders that collect a second's events give better calls.
//
// Tokens are counted and money is not named, so there is no cost.
package openai
