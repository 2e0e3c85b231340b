package ringside

import "time"

// RecordingKind says what a recording holds. A call has at most one of each.
type RecordingKind string

// The kinds of recording, and the two files that vendors hand out beside them.
const (
	RecordingMixed    RecordingKind = "mixed"    // both sides on one channel
	RecordingStereo   RecordingKind = "stereo"   // one side a channel
	RecordingAgent    RecordingKind = "agent"    // the agent alone
	RecordingCustomer RecordingKind = "customer" // the customer alone
	RecordingVideo    RecordingKind = "video"
	// The scrubbed kinds are the vendor's own redacted copies.
	RecordingScrubbed       RecordingKind = "scrubbed"
	RecordingScrubbedStereo RecordingKind = "scrubbed_stereo"
)

// Recording is where a vendor keeps a recording of the call.
type Recording struct {
	Kind      RecordingKind `json:"kind" enum:"mixed,stereo,agent,customer,video,scrubbed,scrubbed_stereo"`
	URL       string        `json:"url" doc:"Where the vendor serves it; empty when it must be asked for through its API"`
	Channels  int           `json:"channels,omitempty" doc:"0 when unknown"`
	ExpiresAt *time.Time    `json:"expires_at,omitempty" doc:"When the link dies, where the vendor says"`
	Via       string        `json:"via,omitempty" doc:"How to get it when there is no lasting link: the vendor's API path"`
}
