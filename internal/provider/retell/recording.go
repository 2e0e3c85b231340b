package retell

import (
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

// How long the links in a webhook live, by the privacy setting.
const (
	signedLife = 24 * time.Hour
	optOutLife = 10 * time.Minute
)

// The values of data_storage_setting that keep something back.
const (
	exceptPII = "everything_except_pii"
	basicOnly = "basic_attributes_only"
)

// withheld says what Retell was told not to store.
func withheld(c *call) []string {
	switch {
	case c.DataStorageSetting == basicOnly, c.OptOutSensitiveDataStorage == "true":
		return []string{"transcript", "recording", "personal_data"}
	case c.DataStorageSetting == exceptPII:
		return []string{"personal_data"}
	}
	return nil
}

// recordings reads the links, with when they die. A recording that Retell does
// not keep can be had for ten minutes from the webhook; without personal data
// it keeps the scrubbed ones.
func recordings(c *call, received time.Time) []ringside.Recording {
	var keeps, plainLife time.Duration
	if c.OptInSignedURL == "true" {
		keeps, plainLife = signedLife, signedLife
	}
	switch w := withheld(c); len(w) {
	case 0:
	case 1:
		plainLife = optOutLife
	default:
		keeps, plainLife = optOutLife, optOutLife
	}
	var out []ringside.Recording
	for _, r := range []struct {
		url      provider.Text
		kind     ringside.RecordingKind
		channels int
		life     time.Duration
	}{
		{c.RecordingURL, ringside.RecordingMixed, 1, plainLife},
		{c.RecordingMultiChannelURL, ringside.RecordingStereo, 2, plainLife},
		{c.ScrubbedRecordingURL, ringside.RecordingScrubbed, 1, keeps},
		{c.ScrubbedRecordingMultiChannelURL, ringside.RecordingScrubbedStereo, 2, keeps},
	} {
		if r.url == "" {
			continue
		}
		rec := ringside.Recording{Kind: r.kind, URL: string(r.url), Channels: r.channels}
		if r.life > 0 {
			rec.ExpiresAt = new(received.Add(r.life))
		}
		out = append(out, rec)
	}
	return out
}
