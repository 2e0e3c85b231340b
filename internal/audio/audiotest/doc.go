// Package audiotest makes two-party calls of which everything is known: who
// speaks when, who interrupts whom, how long the agent took. Only tests import
// it.
//
//	Script ─ voices (espeak-ng, flite) ─▶ clean stereo WAV + Truth
//	                                         │ sox: crosstalk, noise, rate
//	                                         ▼
//	                     WAV · µ-law · MP3 (lame) · Opus (opusenc) · FLAC (flac)
//
// A call is a function of its Script: the same one gives the same samples. What
// was made is kept in the user's cache folder under a hash of the script and of
// the generator's version, so the second run is quick.
//
// Channel 0 is the customer, channel 1 the agent.
package audiotest
