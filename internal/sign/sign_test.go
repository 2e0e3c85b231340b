package sign

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

const testSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// Vectors, worked out apart from this code.
func TestSignatureVectors(t *testing.T) {
	t.Parallel()
	body := []byte(`{"type":"call_ended","data":{"id":"call_x"}}`)
	at := time.Unix(1_795_165_200, 0)
	for _, v := range []struct{ secret, plain, standard string }{
		{testSecret, "e93146f4823013b2ea8594190123c1303e521a867fd721e75b1e277b39372536", "92KvBUOeFU3Bgon7OOfGcEMc4cRuZ0GM8mgb5JOBY9E="},
		{"a secret that is no base64!", "f87bb8736f4a0f9b2b6ad96b56610eb8d175c8eae4e87feaf69d9747c6f6c8c9", "YrWWRuacrpsgYzsspokCO8UC9404esTswZVdntud3fk="},
	} {
		h := http.Header{}
		Headers(h, v.secret, "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", "call_ended", at, body)
		if got := h.Get("X-Webhook-Signature"); got != "sha256="+v.plain {
			t.Errorf("%s: X-Webhook-Signature is %s", v.secret, got)
		}
		if got := h.Get("webhook-signature"); got != "v1,"+v.standard {
			t.Errorf("%s: webhook-signature is %s", v.secret, got)
		}
		if h.Get("X-Event-Type") != "call_ended" || h.Get("webhook-id") != "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W" || h.Get("webhook-timestamp") != "1795165200" {
			t.Errorf("%v", h)
		}
	}
	h := http.Header{}
	Headers(h, "", "msg_x", "call_ended", at, body)
	if len(h) != 3 {
		t.Errorf("without a secret: %v", h)
	}
}

// The standard's own library finds the signatures good: with every secret that
// it takes, and with the bytes of every other.
func TestTheStandardsLibraryVerifies(t *testing.T) {
	t.Parallel()
	body := []byte(`{"a":1}`)
	for _, secret := range []string{testSecret, strings.TrimPrefix(testSecret, secretPrefix), NewSecret(), "hushhush", "hush-hush", "whsec_hush-hush", "пароль", " ", "whsec_"} {
		w, err := standard.NewWebhook(secret)
		if err != nil || secret == secretPrefix {
			w, err = standard.NewWebhookRaw([]byte(secret))
		}
		if err != nil {
			t.Fatal(err)
		}
		h := http.Header{}
		Headers(h, secret, "msg_x", "call_ended", time.Now(), body)
		if err := w.Verify(body, h); err != nil {
			t.Errorf("%q: %v", secret, err)
		}
		if w.Verify([]byte(`{"a":2}`), h) == nil {
			t.Errorf("%q: another body is taken", secret)
		}
		h.Set("webhook-id", "msg_y")
		if w.Verify(body, h) == nil {
			t.Errorf("%q: another id is taken", secret)
		}
	}
	one, other := NewSecret(), NewSecret()
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(one, secretPrefix))
	if err != nil || len(key) != 32 || one == other {
		t.Errorf("new secrets %s and %s: %d bytes, %v", one, other, len(key), err)
	}
}
