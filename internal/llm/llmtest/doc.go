// Package llmtest is a language model's server for tests. It speaks the chat
// protocol as strictly as the strictest real one: a request that OpenAI would
// refuse is refused here, and what answers is a script or a function.
//
//	s := llmtest.New(t, llmtest.RejectsJSONSchema(), llmtest.Fenced(`{"a":1}`))
//	answer, err := s.Client().Chat(ctx, request)
//	first := s.Log()[0]
//
// A script is played once, a reply for each request. A request after its end
// fails the test, and so does an end that was never reached.
package llmtest
