// Package payloads holds deliveries on the vendors' documented shapes: tests
// read them, fuzzers start from them, and the demo sends them.
package payloads

import "embed"

// Files has a folder for each kind of sender.
//
//go:embed vapi retell bland elevenlabs twilio openai hamming flat custom
var Files embed.FS
