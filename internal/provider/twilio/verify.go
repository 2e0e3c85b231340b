package twilio

import (
	"crypto/sha1" //nolint:gosec // what Twilio signs with; the secret makes it an HMAC
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"

	"github.com/ringsidehq/ringside/internal/provider"
)

const signatureHeader = "X-Twilio-Signature"

// Verify checks X-Twilio-Signature: the HMAC-SHA1, in base64, of the address
// that Twilio was given and, behind it, the name and value of each parameter
// in the order of their names. Instead of parameters, an address can hold the
// hash of the body. No time is signed, so a replay can't be told.
func Verify(d provider.Delivery, c provider.SourceConfig) error {
	if c.Secret == "" {
		return provider.Unverified("the source has no secret; give it the auth token of the Twilio account")
	}
	got := d.Header.Get(signatureHeader)
	if got == "" {
		return provider.Unverified("the delivery has no %s header", signatureHeader)
	}
	signed, err := parameters(d)
	if err != nil {
		return err
	}
	for _, address := range addresses(d) {
		if provider.EqualMAC(sha1.New, []byte(c.Secret), []byte(address+signed), got, true) {
			return nil
		}
	}
	return provider.Unverified("the signature does not match; check that the secret is the auth token of the Twilio account, and that RINGSIDE_PUBLIC_URL is how Twilio reaches this server")
}

// parameters is what is signed behind the address. A body that is no form has
// to be covered by its hash: nothing else would sign it.
func parameters(d provider.Delivery) (string, error) {
	_, query, _ := strings.Cut(d.URL, "?")
	values, _ := url.ParseQuery(query) // what can't be read holds no hash
	if want := values.Get("bodySHA256"); want != "" {
		sum := sha256.Sum256(d.Body)
		if !provider.EqualSecret(hex.EncodeToString(sum[:]), strings.ToLower(want)) {
			return "", provider.Unverified("the body is not the one whose hash the address holds")
		}
		return "", nil
	}
	form, err := url.ParseQuery(string(d.Body))
	if err != nil || strings.HasPrefix(strings.TrimSpace(string(d.Body)), "{") {
		return "", provider.Unverified("the body is no form, and the address holds no bodySHA256 to check it by")
	}
	names := make([]string, 0, len(form))
	for n := range form {
		names = append(names, n)
	}
	slices.Sort(names)
	var b strings.Builder
	for _, n := range names {
		all := form[n]
		slices.Sort(all)
		for _, v := range slices.Compact(all) {
			b.WriteString(n + v)
		}
	}
	return b.String(), nil
}

// addresses are the forms in which Twilio may hold the address of this
// request: with the public URL's path or without, should a proxy have left it
// on, and with the scheme's own port or without.
func addresses(d provider.Delivery) []string {
	u, err := url.Parse(d.PublicURL)
	if err != nil || u.Host == "" {
		return nil
	}
	port := ":443"
	if u.Scheme == "http" {
		port = ":80"
	}
	host := strings.TrimSuffix(u.Host, port)
	path := strings.TrimRight(u.EscapedPath(), "/")
	var out []string
	for _, h := range []string{host, host + port} {
		for _, prefix := range []string{path, ""} {
			out = append(out, u.Scheme+"://"+h+prefix+d.URL)
		}
	}
	return out
}
