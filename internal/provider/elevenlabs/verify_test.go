package elevenlabs_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/elevenlabs"
)

const vectorTime = 1794945650 // within 30 minutes of every vector's own

func delivery(signature string, body []byte, at time.Time) provider.Delivery {
	h := http.Header{}
	if signature != "" {
		h.Set("ElevenLabs-Signature", signature)
	}
	return provider.Delivery{Method: "POST", Header: h, Body: body, ReceivedAt: at}
}

func TestVerifyVectors(t *testing.T) {
	var vectors struct {
		Secret string
		Files  map[string]map[string]string
	}
	b, err := os.ReadFile(filepath.Join(suite.Dir, "signatures.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &vectors); err != nil {
		t.Fatal(err)
	}
	c := provider.SourceConfig{Secret: vectors.Secret}
	at := time.Unix(vectorTime, 0)
	bodies := map[string][]byte{}
	for name := range vectors.Files {
		// The body of call_initiation_failure.json was not published with its
		// signature, which must then fit no other body.
		if name != "call_initiation_failure.json" {
			if bodies[name], err = os.ReadFile(filepath.Join(suite.Dir, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(bodies) != 3 {
		t.Fatalf("%d signed bodies, want 3", len(bodies))
	}
	for signed, headers := range vectors.Files {
		for name, body := range bodies {
			err := elevenlabs.Verify(delivery(headers["ElevenLabs-Signature"], body, at), c)
			if want := signed == name; (err == nil) != want {
				t.Errorf("the signature of %s on %s: %v", signed, name, err)
			}
		}
	}
}

func TestVerifyRefuses(t *testing.T) {
	const secret = "wsec_test"
	body := []byte(`{"type":"post_call_audio"}`)
	at := time.Unix(1794945600, 0)
	good := sign(secret, at.Unix(), body)
	stamp := "t=1794945600"
	for _, tc := range []struct {
		name, signature, secret string
		body                    []byte
		at                      time.Time
		ok                      bool
	}{
		{"the signature itself", stamp + ",v0=" + good, secret, body, at, true},
		{"spaces between the parts", stamp + ", v0=" + good, secret, body, at, true},
		{"another scheme beside it", stamp + ",v0=" + good + ",v1=zz", secret, body, at, true},
		{"29 minutes later", stamp + ",v0=" + good, secret, body, at.Add(29 * time.Minute), true},
		{"31 minutes later", stamp + ",v0=" + good, secret, body, at.Add(31 * time.Minute), false},
		{"31 minutes earlier", stamp + ",v0=" + good, secret, body, at.Add(-31 * time.Minute), false},
		{"another time", "t=1794945601,v0=" + good, secret, body, at, false},
		{"another body", stamp + ",v0=" + good, secret, append(body, ' '), at, false},
		{"another secret", stamp + ",v0=" + good, "wsec_other", body, at, false},
		{"no secret", stamp + ",v0=" + sign("", at.Unix(), body), "", body, at, false},
		{"no header", "", secret, body, at, false},
		{"no time", "v0=" + good, secret, body, at, false},
		{"no signature", stamp, secret, body, at, false},
		{"a signature cut short", stamp + ",v0=" + good[:32], secret, body, at, false},
		{"a signature with more after it", stamp + ",v0=" + good + "00", secret, body, at, false},
		{"two times", stamp + ",t=1794945600,v0=" + good, secret, body, at, false},
		{"two signatures", stamp + ",v0=" + good + ",v0=" + good, secret, body, at, false},
		{"a signature that is not hex", stamp + ",v0=zz", secret, body, at, false},
		{"a time that is no number", "t=now,v0=" + good, secret, body, at, false},
		{"milliseconds", "t=1794945600000,v0=" + good, secret, body, at, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := elevenlabs.Verify(delivery(tc.signature, tc.body, tc.at), provider.SourceConfig{Secret: tc.secret})
			if (err == nil) != tc.ok {
				t.Fatalf("got %v, want ok %t", err, tc.ok)
			}
			if err != nil && ringside.KindOf(err) != ringside.Unauthorized {
				t.Errorf("kind %s", ringside.KindOf(err))
			}
		})
	}
}

func TestSignatureInPieces(t *testing.T) {
	body := []byte(`{"type":"post_call_audio","data":{}}`)
	at := time.Unix(1794945600, 0)
	d := delivery("t=1794945600,v0="+sign("s", at.Unix(), body), nil, at)
	s, err := elevenlabs.NewSignature(d.Header, provider.SourceConfig{Secret: "s"}, at)
	if err != nil {
		t.Fatal(err)
	}
	for i := range body {
		if i > 0 && s.Verify() == nil {
			t.Fatal("verified before the whole body was written")
		}
		s.Write(body[i : i+1])
	}
	if err := s.Verify(); err != nil {
		t.Error(err)
	}
}

func sign(secret string, t int64, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(strconv.FormatInt(t, 10) + "."))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}
