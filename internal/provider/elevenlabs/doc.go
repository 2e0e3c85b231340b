// Package elevenlabs decodes the webhooks of ElevenLabs Agents. All of them
// come after a call; there is no live feed without an enterprise plan.
//
//	post_call_transcription       the whole conversation with its analysis
//	post_call_transcription_otel  the same conversation as OTLP spans, when the webhook asks for them
//	post_call_audio               that there is a recording; the audio itself is never held here
//	call_initiation_failure       an outbound call that reached nobody
//
// Turns start at whole seconds from the start of the conversation and have no
// ends. Times are Unix seconds, latencies seconds, and the cost is in credits
// unless the payload also gives dollars.
//
// A call that is on is ended and transferred by commands to its monitor, a
// WebSocket of enterprise plans. They are written as the vendor's page on
// real-time monitoring shows them; none is confirmed.
package elevenlabs
