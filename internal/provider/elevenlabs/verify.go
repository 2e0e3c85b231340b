package elevenlabs

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"net/http"
	"strings"
	"time"

	"github.com/ringsidehq/ringside/internal/provider"
)

const signatureHeader = "ElevenLabs-Signature"

// signatureWindow is how old a signature may be, as the vendor asks.
const signatureWindow = 30 * time.Minute

// Verify checks the header "t=<unix seconds>,v0=<hex>": the HMAC-SHA256 of the
// time, a dot and the raw body, with the webhook's secret as the text it is.
func Verify(d provider.Delivery, c provider.SourceConfig) error {
	s, err := NewSignature(d.Header, c, d.ReceivedAt)
	if err != nil {
		return err
	}
	_, _ = s.Write(d.Body) // a hash takes everything
	return s.Verify()
}

// Signature checks a body that is written to it piece by piece: that of
// post_call_audio is too large to be held.
type Signature struct {
	mac  hash.Hash
	want []byte // what the header says
}

// NewSignature begins the check of a delivery by its header and its time of
// receipt.
func NewSignature(h http.Header, c provider.SourceConfig, received time.Time) (*Signature, error) {
	if c.Secret == "" {
		return nil, provider.Unverified("the source has no secret; add the one that ElevenLabs showed when the webhook was made")
	}
	header := h.Get(signatureHeader)
	if header == "" {
		return nil, provider.Unverified("the delivery has no %s header; choose HMAC as the webhook's authentication", signatureHeader)
	}
	at, signature, ok := parseSignature(header)
	want, err := hex.DecodeString(signature)
	if !ok || err != nil {
		return nil, provider.Unverified("the %s header is not t=<unix seconds>,v0=<hex>", signatureHeader)
	}
	if !provider.Fresh(at, time.Second, received, signatureWindow) {
		return nil, provider.Unverified("the signature's time %q is not within %s of now; check the clock", at, signatureWindow)
	}
	s := &Signature{mac: hmac.New(sha256.New, []byte(c.Secret)), want: want}
	s.mac.Write([]byte(at + "."))
	return s, nil
}

// Write takes the next piece of the raw body; it never fails.
func (s *Signature) Write(b []byte) (int, error) { return s.mac.Write(b) }

// Verify tells whether what was written is what the vendor signed.
func (s *Signature) Verify() error {
	if !hmac.Equal(s.mac.Sum(nil), s.want) {
		return provider.Unverified("the signature does not match; check that the secret is this webhook's")
	}
	return nil
}

// parseSignature takes the header apart. Each of the two parts must be there
// once; parts of other schemes are left alone.
func parseSignature(header string) (at, signature string, ok bool) {
	for part := range strings.SplitSeq(header, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		dst := &at
		switch name {
		case "t":
		case "v0":
			dst = &signature
		default:
			continue
		}
		if *dst != "" {
			return "", "", false
		}
		*dst = value
	}
	return at, signature, at != "" && signature != ""
}
