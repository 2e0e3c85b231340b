package vapi_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/providertest"
	"github.com/ringsidehq/ringside/internal/provider/vapi"
)

func BenchmarkDecode(b *testing.B) {
	for _, name := range []string{"end-of-call-report.json", "conversation-update.json", "speech-update.user.started.json", "model-output.token.json"} {
		b.Run(name, func(b *testing.B) {
			body := payload(b, name)
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				if _, err := vapi.Decode(provider.Payload{Body: body, ReceivedAt: providertest.ReceivedAt}); err != nil {
					if _, ignored := provider.IsIgnored(err); !ignored {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

func BenchmarkIdentity(b *testing.B) {
	body := payload(b, "end-of-call-report.json")
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		vapi.Identity(body)
	}
}

func payload(b *testing.B, name string) []byte {
	b.Helper()
	body, err := os.ReadFile(filepath.Join(payloads, name))
	if err != nil {
		b.Fatal(err)
	}
	return body
}
