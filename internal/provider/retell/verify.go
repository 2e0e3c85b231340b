package retell

import (
	"crypto/sha256"
	"regexp"
	"slices"
	"time"

	"github.com/ringsidehq/ringside/internal/provider"
)

// signature is the form of the header: the time in Unix milliseconds and the
// HMAC-SHA256 of the body followed by that time, keyed with the API key that
// has the webhook badge.
var signature = regexp.MustCompile(`^v=([0-9]+),d=([0-9a-f]{64})$`)

const (
	signatureHeader = "X-Retell-Signature"
	replayWindow    = 5 * time.Minute
)

// Verify checks x-retell-signature.
func Verify(d provider.Delivery, c provider.SourceConfig) error {
	if c.Secret == "" {
		return provider.Unverified("the source has no secret; give it the Retell API key that has the webhook badge")
	}
	m := signature.FindStringSubmatch(d.Header.Get(signatureHeader))
	if m == nil {
		return provider.Unverified("the delivery has no %s header of the form v=<time>,d=<signature>", signatureHeader)
	}
	// The window is counted in whole milliseconds, as the timestamp is.
	if !provider.Fresh(m[1], time.Millisecond, d.ReceivedAt.Truncate(time.Millisecond), replayWindow) {
		return provider.Unverified("the signed time %s is not within %s of now; check the clocks", m[1], replayWindow)
	}
	msg := append(slices.Clip(d.Body), m[1]...)
	if !provider.EqualMAC(sha256.New, []byte(c.Secret), msg, m[2], false) {
		return provider.Unverified("the signature does not match; check that the secret is the Retell API key that has the webhook badge")
	}
	return nil
}
