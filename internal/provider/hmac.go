package provider

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // a vendor's default for some accounts; the secret makes it an HMAC
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"strconv"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
)

// HMAC is a signature scheme as the vendors let their customers configure it.
// The zero value of each field has the default named beside it.
type HMAC struct {
	Enabled         bool   `json:"enabled,omitempty"`
	Algorithm       string `json:"algorithm,omitempty" doc:"sha256 (default), sha512 or sha1"`
	SignatureHeader string `json:"signature_header,omitempty" doc:"x-signature by default"`
	TimestampHeader string `json:"timestamp_header,omitempty" doc:"x-timestamp by default"`
	Prefix          string `json:"prefix,omitempty" doc:"What stands before the signature, such as sha256="`
	Encoding        string `json:"encoding,omitempty" doc:"hex (default) or base64"`
	Format          string `json:"format,omitempty" doc:"What is signed: {timestamp}.{body} by default; {method}, {url} and {svix-id} may stand in it"`
	SecretIsBase64  bool   `json:"secret_is_base64,omitempty"`
	NoTimestamp     bool   `json:"no_timestamp,omitempty" doc:"Deliveries carry no timestamp, so a replay can't be told"`
}

// ReplayWindow is how far a signed timestamp may be from the time of receipt
// where the vendor's contract names no window.
const ReplayWindow = 5 * time.Minute

// Verify checks a delivery against the scheme.
func (c HMAC) Verify(d Delivery, secret string) error {
	if secret == "" {
		return Unverified("the source has no secret, so no signature can be checked; add the vendor's")
	}
	key, err := c.key(secret)
	if err != nil {
		return err
	}
	got := d.Header.Get(orDefault(c.SignatureHeader, "x-signature"))
	if got == "" {
		return Unverified("the delivery has no %s header; check the signature settings at the vendor", orDefault(c.SignatureHeader, "x-signature"))
	}
	got, ok := strings.CutPrefix(got, c.Prefix)
	if !ok {
		return Unverified("the signature does not begin with %q", c.Prefix)
	}
	timestamp := d.Header.Get(orDefault(c.TimestampHeader, "x-timestamp"))
	if !c.NoTimestamp {
		at := ParseMoment(timestamp)
		if at.IsZero() || d.ReceivedAt.Sub(at).Abs() > ReplayWindow {
			return Unverified("the signed timestamp %q is not within %s of now; check the clocks", timestamp, ReplayWindow)
		}
	}
	msg := strings.NewReplacer(
		"{timestamp}", timestamp, "{body}", string(d.Body), "{method}", d.Method,
		"{url}", d.URL, "{svix-id}", d.Header.Get("svix-id"),
	).Replace(orDefault(c.Format, c.defaultFormat()))
	if !EqualMAC(c.hash(), key, []byte(msg), got, c.Encoding == "base64") {
		return Unverified("the signature does not match; check that the secret is the vendor's")
	}
	return nil
}

func (c HMAC) defaultFormat() string {
	if c.NoTimestamp {
		return "{body}"
	}
	return "{timestamp}.{body}"
}

func (c HMAC) key(secret string) ([]byte, error) {
	if !c.SecretIsBase64 {
		return []byte(secret), nil
	}
	key, err := base64.StdEncoding.DecodeString(secret)
	if err != nil {
		return nil, ringside.Errorf(ringside.Unauthorized, "the source's secret is not base64, as its settings say")
	}
	return key, nil
}

func (c HMAC) hash() func() hash.Hash {
	switch c.Algorithm {
	case "sha512":
		return sha512.New
	case "sha1":
		return sha1.New
	}
	return sha256.New
}

// EqualMAC compares a signature with the one that it should be, in constant
// time. The signature is hex, or base64 when asked.
func EqualMAC(h func() hash.Hash, key, msg []byte, got string, b64 bool) bool {
	mac := hmac.New(h, key)
	mac.Write(msg)
	want := hex.EncodeToString(mac.Sum(nil))
	if b64 {
		want = base64.StdEncoding.EncodeToString(mac.Sum(nil))
	} else {
		got = strings.ToLower(got)
	}
	return subtle.ConstantTimeCompare([]byte(want), []byte(got)) == 1
}

// Fresh tells whether a signed time, in Unix seconds or milliseconds, lies
// within a window of the time of receipt.
func Fresh(timestamp string, unit time.Duration, received time.Time, window time.Duration) bool {
	n, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || n < 0 || n > maxEpochMS {
		return false
	}
	at := time.UnixMilli(n)
	if unit == time.Second {
		at = time.Unix(n, 0)
	}
	return received.Sub(at).Abs() <= window
}

// EqualSecret compares two secrets in constant time; an empty one equals
// nothing.
func EqualSecret(got, want string) bool {
	return want != "" && subtle.ConstantTimeCompare([]byte(got), []byte(want)) == 1
}

func orDefault(s, d string) string {
	if s == "" {
		return d
	}
	return s
}
