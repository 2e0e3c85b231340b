package vapi_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/ringsidehq/ringside/internal/provider/vapi"
)

func TestIdentity(t *testing.T) {
	for _, tc := range []struct {
		name, a, b string
		same       bool
	}{
		{"another link", `{"presignedMonoUrl":"https://a?sig=1","x":1}`, `{"presignedMonoUrl":"https://a?sig=22","x":1}`, true},
		{"spaces around the link", `{"presignedMonoUrl" : "a","x":1}`, `{"presignedMonoUrl" : "b","x":1}`, true},
		{"quotes in the link", `{"presignedMonoUrl":"a\"b\\","x":1}`, `{"presignedMonoUrl":"c","x":1}`, true},
		{"another expiry", `{"presignedUrlsExpiresAt":"2026-01-01T00:00:00Z"}`, `{"presignedUrlsExpiresAt":"2026-01-02T00:00:00Z"}`, true},
		{"several links", `{"presignedLogUrl":"a","presignedMonoUrl":"b"}`, `{"presignedLogUrl":"c","presignedMonoUrl":"d"}`, true},
		{"the rest counts", `{"presignedMonoUrl":"a","x":1}`, `{"presignedMonoUrl":"a","x":2}`, false},
		{"before the link counts", `{"x":1,"presignedMonoUrl":"a"}`, `{"x":2,"presignedMonoUrl":"a"}`, false},
		{"a link or none", `{"presignedMonoUrl":"a"}`, `{"presignedMonoUrl":null}`, false},
		{"a key that only holds the word", `{"urlpresigned":"a"}`, `{"urlpresigned":"b"}`, false},
		{"a value with the word", `{"x":"presignedMonoUrl","y":"a"}`, `{"x":"presignedMonoUrl","y":"b"}`, false},
		{"said in a transcript", `{"x":"\"presignedMonoUrl\":\"a\""}`, `{"x":"\"presignedMonoUrl\":\"b\""}`, false},
		{"other objects", `{"presigned":{"u":"a"}}`, `{"presigned":{"u":"b"}}`, false},
		{"the same", `{}`, `{}`, true},
		{"cut off in the link", `{"presignedMonoUrl":"a`, `{"presignedMonoUrl":"b`, true},
		{"cut off after the key", `{"presignedMonoUrl"`, `{"presignedMonoUrl":`, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if same := bytes.Equal(vapi.Identity([]byte(tc.a)), vapi.Identity([]byte(tc.b))); same != tc.same {
				t.Errorf("same %v, want %v", same, tc.same)
			}
		})
	}
}

// A report that is sent again with fresh links is the same delivery.
func TestIdentityOfReport(t *testing.T) {
	body, err := os.ReadFile(filepath.Join(payloads, "end-of-call-report.json"))
	if err != nil {
		t.Fatal(err)
	}
	again := bytes.ReplaceAll(body, []byte("X-Signature=fixture"), []byte("X-Signature=another"))
	again = bytes.ReplaceAll(again, []byte("2026-09-14T16:05:08.932Z"), []byte("2026-09-14T17:05:08.932Z"))
	if bytes.Equal(body, again) {
		t.Fatal("the payload has no presigned link")
	}
	if !bytes.Equal(vapi.Identity(body), vapi.Identity(again)) {
		t.Error("the same report with other links is another delivery")
	}
	later := bytes.Replace(body, []byte("customer-ended-call"), []byte("assistant-ended-call"), 1)
	if bytes.Equal(vapi.Identity(body), vapi.Identity(later)) {
		t.Error("another report is the same delivery")
	}
}
