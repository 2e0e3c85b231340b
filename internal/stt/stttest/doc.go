// Package stttest is a server for tests that writes speech down: OpenAI's
// endpoint and Deepgram's, each as strict as the real one. A request without the
// right key, with a field that is missing or unknown, or with a file that is not
// WAV of one channel, 16 bits and 16,000 samples a second is refused; what answers
// the others is a script or a function.
//
//	s := stttest.New(t, stt.OpenAI, stttest.RejectsVerbose(), stttest.Text("Hello."))
//	said, err := s.Client().Transcribe(ctx, sound)
//	first := s.Log()[0]
//
// A script is played once, a reply for each request. A request after its end
// fails the test, and so does an end that was never reached.
package stttest
