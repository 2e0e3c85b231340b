package openai

import (
	"strings"
	"time"

	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/signature"
)

// Verify checks the signature of Standard Webhooks, by which OpenAI signs its
// own webhooks and forwarders sign theirs. The header may hold several, while
// a secret is being changed.
func Verify(d provider.Delivery, c provider.SourceConfig) error {
	if c.Secret == "" {
		return provider.Unverified("the source has no secret; give it the one that the forwarder, or OpenAI's webhook, signs with")
	}
	id, at, header := d.Header.Get("webhook-id"), d.Header.Get("webhook-timestamp"), d.Header.Get("webhook-signature")
	if id == "" || at == "" || header == "" {
		return provider.Unverified("the delivery has no webhook-id, webhook-timestamp and webhook-signature headers")
	}
	if !provider.Fresh(at, time.Second, d.ReceivedAt, provider.ReplayWindow) {
		return provider.Unverified("the signed time %s is not within %s of now; check the clocks", at, provider.ReplayWindow)
	}
	want := signature.Standard(c.Secret, id, at, d.Body)
	for got := range strings.FieldsSeq(header) {
		if provider.EqualSecret(got, want) {
			return nil
		}
	}
	return provider.Unverified("the signature does not match; check that the secret is the same on both sides")
}
