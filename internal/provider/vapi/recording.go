package vapi

import (
	"net/url"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// recordingAPI answers with a redirect to a link that works.
var recordingAPI = provider.RecordingAPI{Base: base, Authorize: provider.Bearer}

// recordings reads where the recordings are. A presigned link works until it
// expires; the raw link names the file and needs the key of the storage. The
// API hands out a new link at any time.
func (d *decoding) recordings() []ringside.Recording {
	a := d.m.Artifact
	if a == nil {
		a = &artifact{}
	}
	type recording struct {
		Stereo provider.Text `json:"stereoUrl"`
		Video  provider.Text `json:"videoUrl"`
		Mono   struct {
			Combined  provider.Text `json:"combinedUrl"`
			Assistant provider.Text `json:"assistantUrl"`
			Customer  provider.Text `json:"customerUrl"`
		} `json:"mono"`
	}
	r := read[recording](d, "recording", a.Recording)
	var out []ringside.Recording
	for _, k := range []struct {
		kind      ringside.RecordingKind
		channels  int
		path      string
		presigned provider.Text
		raw       string
	}{
		{ringside.RecordingMixed, 1, "mono-recording", a.PresignedMono, first(r.Mono.Combined, a.RecordingURL, d.m.RecordingURL)},
		{ringside.RecordingStereo, 2, "stereo-recording", a.PresignedStereo, first(r.Stereo, a.StereoRecordingURL, d.m.StereoRecordingURL)},
		{ringside.RecordingAgent, 1, "assistant-recording", a.PresignedAssistant, first(r.Mono.Assistant)},
		{ringside.RecordingCustomer, 1, "customer-recording", a.PresignedCustomer, first(r.Mono.Customer)},
		{ringside.RecordingVideo, 0, "video-recording", a.PresignedVideo, first(r.Video, a.VideoRecordingURL)},
	} {
		rec := ringside.Recording{Kind: k.kind, Channels: k.channels, URL: k.raw}
		if k.presigned != "" {
			rec.URL, rec.ExpiresAt = string(k.presigned), instant(a.PresignedExpiresAt.Time)
		}
		if rec.URL == "" {
			continue
		}
		rec.Via = "GET /call/" + url.PathEscape(d.m.Call.ID) + "/" + k.path
		out = append(out, rec)
	}
	return out
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
