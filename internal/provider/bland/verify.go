package bland

import "github.com/ringsidehq/ringside/internal/provider"

// scheme is Bland's signature: the HMAC-SHA256 of the raw body in hex. No time
// is signed, so a replay can't be told. An account without a webhook secret
// signs nothing.
var scheme = provider.HMAC{SignatureHeader: "X-Webhook-Signature", NoTimestamp: true}

// Verify checks X-Webhook-Signature.
func Verify(d provider.Delivery, c provider.SourceConfig) error {
	return scheme.Verify(d, c.Secret)
}
