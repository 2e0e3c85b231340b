package vapi_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/vapi"
)

// vector is one way to sign, from the vectors' file.
type vector struct {
	Headers           map[string]string `json:"headers"`
	Token             string            `json:"token"`
	Secret            string            `json:"secret"`
	Algorithm         string            `json:"algorithm"`
	PayloadFormat     string            `json:"payloadFormat"`
	SignatureEncoding string            `json:"signatureEncoding"`
	SignaturePrefix   string            `json:"signaturePrefix"`
	IncludeTimestamp  *bool             `json:"includeTimestamp"`
	Body              string            `json:"body"`
}

func vectors(t *testing.T) map[string]vector {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(payloads, "auth.vectors.json"))
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(b, &raw); err != nil {
		t.Fatal(err)
	}
	delete(raw, "note")
	out := map[string]vector{}
	for name, r := range raw {
		var v vector
		if err := json.Unmarshal(r, &v); err != nil {
			t.Fatalf("vector %s: %v", name, err)
		}
		out[name] = v
	}
	if len(out) != 4 {
		t.Fatalf("%d vectors, want 4", len(out))
	}
	return out
}

// source is the source that the vector's account would be set up as.
func (v vector) source() provider.SourceConfig {
	if v.Token != "" {
		return provider.SourceConfig{Secret: v.Token}
	}
	c := provider.SourceConfig{Secret: v.Secret, HMAC: provider.HMAC{
		Enabled: true, Algorithm: v.Algorithm, Format: v.PayloadFormat, Encoding: v.SignatureEncoding, Prefix: v.SignaturePrefix,
		NoTimestamp: v.IncludeTimestamp != nil && !*v.IncludeTimestamp,
	}}
	if _, ok := v.Headers["x-hub-signature-256"]; ok {
		c.HMAC.SignatureHeader = "x-hub-signature-256"
	}
	return c
}

var signedAt = time.UnixMilli(1789398271020)

func (v vector) delivery() provider.Delivery {
	d := provider.Delivery{Method: http.MethodPost, URL: "/webhooks/vapi/s", Header: http.Header{}, Body: []byte(v.Body), ReceivedAt: signedAt.Add(2 * time.Second)}
	for k, value := range v.Headers {
		d.Header.Set(k, value)
	}
	return d
}

func TestVerifyVectors(t *testing.T) {
	for name, v := range vectors(t) {
		t.Run(name, func(t *testing.T) {
			if err := vapi.Verify(v.delivery(), v.source()); err != nil {
				t.Fatalf("the vector is refused: %v", err)
			}
			for what, spoil := range spoils(v) {
				d, c := v.delivery(), v.source()
				spoil(&d, &c)
				if err := vapi.Verify(d, c); ringside.KindOf(err) != ringside.Unauthorized {
					t.Errorf("%s: got %v, want it refused", what, err)
				}
			}
		})
	}
}

// spoils are the ways to break a good delivery.
func spoils(v vector) map[string]func(*provider.Delivery, *provider.SourceConfig) {
	out := map[string]func(*provider.Delivery, *provider.SourceConfig){
		"another secret":   func(_ *provider.Delivery, c *provider.SourceConfig) { c.Secret += "x" },
		"a source without": func(_ *provider.Delivery, c *provider.SourceConfig) { c.Secret = "" },
		"no headers":       func(d *provider.Delivery, _ *provider.SourceConfig) { d.Header = http.Header{} },
		"headers cut short": func(d *provider.Delivery, _ *provider.SourceConfig) {
			each(d.Header, func(s string) string { return s[:len(s)-1] })
		},
		"headers with a tail": func(d *provider.Delivery, _ *provider.SourceConfig) {
			each(d.Header, func(s string) string { return s + "0" })
		},
	}
	if v.Token != "" {
		out["the scheme as the secret"] = func(d *provider.Delivery, _ *provider.SourceConfig) {
			d.Header = http.Header{"Authorization": {"Bearer "}}
		}
		out["a signature expected"] = func(_ *provider.Delivery, c *provider.SourceConfig) { c.HMAC.Enabled = true }
		return out
	}
	out["another body"] = func(d *provider.Delivery, _ *provider.SourceConfig) {
		d.Body = bytes.Replace(d.Body, []byte("hang"), []byte("bang"), 1)
	}
	out["another algorithm"] = func(_ *provider.Delivery, c *provider.SourceConfig) { c.HMAC.Algorithm = "sha512" }
	out["the secret instead of the signature"] = func(d *provider.Delivery, _ *provider.SourceConfig) {
		d.Header = http.Header{"X-Vapi-Secret": {v.Secret}, "Authorization": {"Bearer " + v.Secret}}
	}
	if v.IncludeTimestamp == nil {
		out["a replay"] = func(d *provider.Delivery, _ *provider.SourceConfig) { d.ReceivedAt = signedAt.Add(6 * time.Minute) }
		out["another time"] = func(d *provider.Delivery, _ *provider.SourceConfig) { d.Header.Set("x-timestamp", "1789398271021") }
	}
	return out
}

func each(h http.Header, f func(string) string) {
	for k := range h {
		h.Set(k, f(h.Get(k)))
	}
}

// The word Bearer can be switched off at Vapi, and be written in any case.
func TestVerifyBearer(t *testing.T) {
	for header, ok := range map[string]bool{
		"Bearer s3cret": true, "bearer s3cret": true, "s3cret": true,
		"Basic s3cret": false, "Bearer  s3cret": false, "Bearer": false, "": false,
	} {
		err := vapi.Verify(provider.Delivery{Header: http.Header{"Authorization": {header}}}, provider.SourceConfig{Secret: "s3cret"})
		if (err == nil) != ok {
			t.Errorf("%q: got %v", header, err)
		}
	}
}
