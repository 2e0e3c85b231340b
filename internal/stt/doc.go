// Package stt has speech written down by other servers: by any that has
// OpenAI's transcription endpoint (OpenAI, whisper.cpp, speaches, vLLM, LocalAI)
// and by Deepgram. It is written by hand: one endpoint of each, and OpenAI's own
// library does not read what the others answer.
//
// What is sent is one channel, as WAV of 16 bits at 16,000 samples a second: all
// of them take it, and whisper.cpp takes nothing else. Of OpenAI's answers there
// are three, and the client goes down them when one is refused:
//
//	verbose_json with times of words ──▶ verbose_json ──▶ json
//	words and segments                   segments         text alone
//
// Words stand at the top of an answer (OpenAI), inside its segments (whisper.cpp)
// or nowhere (many others): the best that is there is taken.
//
// What each failure does:
//
//	RateLimited   429; RetryAfter where the server says         later
//	Unavailable   5xx, network, timeout, cancelled              later
//	Unauthorized  401, 402, 403: the key, or what it may cost   final until they change
//	BadRequest    the rest of 4xx: model, address, language     final until the settings change
//	Malformed     2xx, and no transcript                        final
//
// No error holds the key, nor what was said.
package stt
