package vapi

import (
	"strings"

	"github.com/ringsidehq/ringside/internal/provider"
)

// Verify checks a delivery in the way that its source is set up for: by HMAC
// when that is on, else by the shared secret that Vapi sends along, as a
// bearer token or in X-Vapi-Secret. A source that expects a signature takes
// nothing less.
func Verify(d provider.Delivery, c provider.SourceConfig) error {
	if c.Secret == "" {
		return provider.Unverified("the source has no secret; set the one that Vapi sends in Settings, Sources")
	}
	if c.HMAC.Enabled {
		return c.HMAC.Verify(d, c.Secret)
	}
	authorization, header := d.Header.Get("Authorization"), d.Header.Get("X-Vapi-Secret")
	if authorization == "" && header == "" {
		return provider.Unverified("the delivery has neither an Authorization nor an X-Vapi-Secret header; check the server's credential at Vapi")
	}
	// Both are compared, whichever matches, so that the time tells nothing.
	byToken := provider.EqualSecret(bearer(authorization), c.Secret)
	byHeader := provider.EqualSecret(header, c.Secret)
	if !byToken && !byHeader {
		return provider.Unverified("the secret is not the one that the source expects; check that both are the same")
	}
	return nil
}

// bearer is the token of an Authorization header. Vapi lets its users leave
// the word Bearer out.
func bearer(header string) string {
	scheme, token, ok := strings.Cut(header, " ")
	if ok && strings.EqualFold(scheme, "Bearer") {
		return token
	}
	return header
}
