package simulate

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"time"
)

// sign puts on a delivery what its vendor proves itself with.
func sign(h http.Header, provider, secret string, body []byte, now time.Time) {
	switch provider {
	case vapi:
		h.Set("X-Vapi-Secret", secret)
	case retell:
		ms := strconv.FormatInt(now.UnixMilli(), 10)
		h.Set("X-Retell-Signature", "v="+ms+",d="+mac(secret, body, []byte(ms)))
	case bland:
		h.Set("X-Webhook-Signature", mac(secret, body))
	case elevenlabs:
		s := strconv.FormatInt(now.Unix(), 10)
		h.Set("ElevenLabs-Signature", "t="+s+",v0="+mac(secret, []byte(s+"."), body))
	}
}

// mac is the HMAC-SHA256 of the parts one after the other, in hex.
func mac(secret string, parts ...[]byte) string {
	m := hmac.New(sha256.New, []byte(secret))
	for _, p := range parts {
		m.Write(p)
	}
	return hex.EncodeToString(m.Sum(nil))
}
