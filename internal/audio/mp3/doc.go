// Package mp3 decodes MPEG audio Layer III: MPEG 1, 2 and the unofficial 2.5,
// whose 8 kHz telephone systems write and other decoders in Go do not read.
//
//	frame ─ header ─ side info ─ scale factors ─ Huffman codes
//	                                   └──────┬──────┘
//	                               amplitudes (spectrum.go)
//	                               left and right (stereo.go)
//	                               subbands in time (hybrid.go)
//	                               samples (synthesis.go)
//
// A frame whose data are damaged or missing gives silence of its length, so that
// times hold. The decoder's own lag is cut off, and so is the silence that the
// encoder put in front and behind: as much as its tag tells, else what is usual.
// No input makes it panic, and it keeps one frame in memory.
package mp3
