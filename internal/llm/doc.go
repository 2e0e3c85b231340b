// Package llm asks language models over the chat protocol that OpenAI made and
// vLLM, Ollama, llama.cpp, LM Studio and others speak too. It is written by
// hand: one endpoint and what differs between the servers is less than a
// vendor's library brings along.
//
// A request may ask for JSON by a schema. Servers know three ways, and the
// client goes down them when one is refused:
//
//	json_schema ──400 that names it──▶ json_object ──400 that names it──▶ prompt
//	the server holds the model         any JSON object; the              the schema in the prompt,
//	to the schema                      schema in the prompt              the answer in a fence
//
// The schema stands in the prompt in all three: some servers take json_schema
// and don't keep to it. Whatever the way, the answer is text from a model; who
// asked reads it (see JSON) and checks it.
//
// What a server turns out not to take (a way of structuring, a seed, a
// temperature, the name of the token limit) is remembered for the model once a
// request went through without it. Only 400 and 422, the two statuses with
// which servers refuse a request for its form, teach anything.
//
// What each failure does:
//
//	Refused       the model, or the server's filter, declines   final
//	Truncated     the answer ends at the token limit            ask with a higher limit
//	RateLimited   429; RetryAfter where the server says         later
//	Unavailable   5xx, network, timeout, cancelled              later
//	Unauthorized  401, 403: the key                             final until the key changes
//	BadRequest    the rest of 4xx: model, address, length       final until the settings change
//	Malformed     2xx, and not what the protocol says           once more, then final
//
// No error holds the key, nor words of the messages that were sent.
package llm
