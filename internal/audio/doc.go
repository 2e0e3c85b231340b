// Package audio hears what is in a call's recording: who speaks when, how long
// the agent takes, who interrupts whom, how the line sounds. Samples in, facts
// out: no model, no C, no clock, no file.
//
//	bytes ─ open ─▶ source ─ blocks of samples ─▶ meter ─ a few bytes each 10 ms ─▶ Report
//	       wav mp3 opus flac                      levels, tones, holes, peaks      │
//	                                                                               │
//	                 voice (two Gaussians, gate) ─▶ units ─▶ turns ─▶ a file for each metric
//
// The vocabulary is that of turn-taking research. A unit is a stretch of speech
// of one side, pauses under 200 ms bridged; a turn is units with own pauses under
// 600 ms. The response latency is the floor-transfer offset from the customer's
// turn to the agent's. Frames are 10 ms; everything is worked out from one level
// in each, so that a day of sound takes as much memory as its frames do and a
// recording is read once.
//
// Every figure of a Report has its method and a confidence beside it (Basis). It
// is low for times when speech is under 12 dB above the noise. A recording of one
// channel tells nothing of who speaks, and its report says so.
package audio
