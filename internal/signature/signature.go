// Package signature signs what Ringside sends to users' systems, webhooks and
// orders for calls alike, so that a receiver needs one check for all of it.
package signature

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// secretPrefix begins a secret as Standard Webhooks writes it.
const secretPrefix = "whsec_"

// NewSecret draws a signing secret.
func NewSecret() string {
	var b [32]byte
	// crypto/rand.Read never fails: it crashes the program instead.
	rand.Read(b[:])
	return secretPrefix + base64.StdEncoding.EncodeToString(b[:])
}

// Sign puts both signatures on a request: that of the body alone, with the
// secret as it was typed, and that of Standard Webhooks. Without a secret only
// the names are there.
func Sign(h http.Header, secret, id, event string, at time.Time, body []byte) {
	seconds := strconv.FormatInt(at.Unix(), 10)
	h.Set("X-Event-Type", event)
	h.Set("Webhook-Id", id)
	h.Set("Webhook-Timestamp", seconds)
	if secret == "" {
		return
	}
	h.Set("X-Webhook-Signature", "sha256="+hex.EncodeToString(mac([]byte(secret), body)))
	h.Set("Webhook-Signature", Standard(secret, id, seconds, body))
}

// Standard is the signature of Standard Webhooks: over id, time in Unix
// seconds and body.
func Standard(secret, id, seconds string, body []byte) string {
	return "v1," + base64.StdEncoding.EncodeToString(mac(standardKey(secret), []byte(id+"."+seconds+"."), body))
}

// standardKey is the key in a secret, as the standard's libraries read it: the
// base64 after the prefix. A secret that is no base64 is the key as it stands.
func standardKey(secret string) []byte {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
	if err != nil || len(key) == 0 {
		return []byte(secret)
	}
	return key
}

func mac(key []byte, parts ...[]byte) []byte {
	m := hmac.New(sha256.New, key)
	for _, p := range parts {
		m.Write(p)
	}
	return m.Sum(nil)
}
