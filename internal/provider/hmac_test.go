package provider_test

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // one of the schemes under test
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

var received = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

const (
	secret    = "a secret of the source"
	body      = `{"message":"{timestamp} stays as it is"}`
	timestamp = "1795165200" // received
)

func mac(h func() hash.Hash, key, msg string) []byte {
	m := hmac.New(h, []byte(key))
	m.Write([]byte(msg))
	return m.Sum(nil)
}

func TestHMACVectors(t *testing.T) {
	// RFC 4231, test case 2.
	want := "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
	if !provider.EqualMAC(sha256.New, []byte("Jefe"), []byte("what do ya want for nothing?"), want, false) {
		t.Error("the published vector does not verify")
	}
	if !provider.EqualMAC(sha256.New, []byte("Jefe"), []byte("what do ya want for nothing?"), strings.ToUpper(want), false) {
		t.Error("capitals do not verify")
	}
	if provider.EqualMAC(sha256.New, []byte("Jefe"), []byte("what do ya want for nothing?"), want[:62], false) {
		t.Error("a part of the signature verifies")
	}
}

func TestHMACSchemes(t *testing.T) {
	hexOf := hex.EncodeToString
	b64 := base64.StdEncoding.EncodeToString
	for _, tc := range []struct {
		name      string
		scheme    provider.HMAC
		secret    string
		signature string
	}{
		{"the default", provider.HMAC{}, secret, hexOf(mac(sha256.New, secret, timestamp+"."+body))},
		{"sha512", provider.HMAC{Algorithm: "sha512"}, secret, hexOf(mac(sha512.New, secret, timestamp+"."+body))},
		{"sha1", provider.HMAC{Algorithm: "sha1"}, secret, hexOf(mac(sha1.New, secret, timestamp+"."+body))},
		{"base64", provider.HMAC{Encoding: "base64"}, secret, b64(mac(sha256.New, secret, timestamp+"."+body))},
		{"a prefix", provider.HMAC{Prefix: "sha256="}, secret, "sha256=" + hexOf(mac(sha256.New, secret, timestamp+"."+body))},
		{"no timestamp", provider.HMAC{NoTimestamp: true}, secret, hexOf(mac(sha256.New, secret, body))},
		{"a format of its own", provider.HMAC{Format: "{method} {url} {svix-id} {timestamp} {body}"}, secret, hexOf(mac(sha256.New, secret, "POST /hook?a=1 msg_1 "+timestamp+" "+body))},
		{"a secret in base64", provider.HMAC{SecretIsBase64: true}, b64([]byte(secret)), hexOf(mac(sha256.New, secret, timestamp+"."+body))},
		{"headers of its own", provider.HMAC{SignatureHeader: "X-Sig", TimestampHeader: "X-Time"}, secret, hexOf(mac(sha256.New, secret, timestamp+"."+body))},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := provider.Delivery{Method: "POST", URL: "/hook?a=1", Header: http.Header{}, Body: []byte(body), ReceivedAt: received}
			d.Header.Set("svix-id", "msg_1")
			set := func(signature, timestamp string) provider.Delivery {
				d.Header.Set(orDefault(tc.scheme.SignatureHeader, "x-signature"), signature)
				d.Header.Set(orDefault(tc.scheme.TimestampHeader, "x-timestamp"), timestamp)
				return d
			}
			if err := tc.scheme.Verify(set(tc.signature, timestamp), tc.secret); err != nil {
				t.Error(err)
			}
			if err := tc.scheme.Verify(set(tc.signature+"0", timestamp), tc.secret); ringside.KindOf(err) != ringside.Unauthorized {
				t.Errorf("a longer signature: %v", err)
			}
			other := set(tc.signature, timestamp)
			other.Body = []byte(body + " ")
			if err := tc.scheme.Verify(other, tc.secret); ringside.KindOf(err) != ringside.Unauthorized {
				t.Errorf("another body: %v", err)
			}
			stale := tc.scheme.Verify(set(tc.signature, "1795164000"), tc.secret)
			if fresh := stale == nil; fresh != tc.scheme.NoTimestamp {
				t.Errorf("a time 20 minutes ago: %v", stale)
			}
		})
	}
}

func orDefault(s, d string) string {
	if s == "" {
		return d
	}
	return s
}

func TestHMACRefuses(t *testing.T) {
	good := hex.EncodeToString(mac(sha256.New, secret, timestamp+"."+body))
	for _, tc := range []struct {
		name, signature, timestamp, secret string
		scheme                             provider.HMAC
	}{
		{"no signature", "", timestamp, secret, provider.HMAC{}},
		{"no timestamp", good, "", secret, provider.HMAC{}},
		{"a timestamp that is none", good, "NaN", secret, provider.HMAC{}},
		{"a timestamp to come", good, "1795166400", secret, provider.HMAC{}},
		{"another secret", good, timestamp, "other", provider.HMAC{}},
		{"no secret, signed with none", hex.EncodeToString(mac(sha256.New, "", timestamp+"."+body)), timestamp, "", provider.HMAC{}},
		{"no prefix", good, timestamp, secret, provider.HMAC{Prefix: "v1="}},
		{"a secret that is not base64", good, timestamp, "!", provider.HMAC{SecretIsBase64: true}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := provider.Delivery{Header: http.Header{}, Body: []byte(body), ReceivedAt: received}
			d.Header.Set("x-signature", tc.signature)
			d.Header.Set("x-timestamp", tc.timestamp)
			err := tc.scheme.Verify(d, tc.secret)
			if ringside.KindOf(err) != ringside.Unauthorized {
				t.Fatalf("got %v", err)
			}
			if strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), good) {
				t.Errorf("the error tells the secret or the signature: %v", err)
			}
		})
	}
}

func TestFresh(t *testing.T) {
	for _, tc := range []struct {
		timestamp string
		unit      time.Duration
		want      bool
	}{
		{"1795165200", time.Second, true},
		{"1795165500", time.Second, true},
		{"1795165501", time.Second, false},
		{"1795164900", time.Second, true},
		{"1795164899", time.Second, false},
		{"1795165200000", time.Millisecond, true},
		{"1795165200000", time.Second, false},
		{"1795165200", time.Millisecond, false},
		{"-1795165200", time.Second, false},
		{"9223372036854775807", time.Second, false},
		{"1795165200.0", time.Second, false},
		{"", time.Second, false},
	} {
		if got := provider.Fresh(tc.timestamp, tc.unit, received, 5*time.Minute); got != tc.want {
			t.Errorf("%q in %s: %t", tc.timestamp, tc.unit, got)
		}
	}
}

func TestEqualSecret(t *testing.T) {
	for _, tc := range []struct {
		got, want string
		equal     bool
	}{{"a", "a", true}, {"a", "b", false}, {"a", "ab", false}, {"", "", false}, {"", "a", false}} {
		if provider.EqualSecret(tc.got, tc.want) != tc.equal {
			t.Errorf("%q and %q", tc.got, tc.want)
		}
	}
}
