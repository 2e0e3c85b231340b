package bland_test

import (
	"os"
	"testing"

	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/bland"
	"github.com/ringsidehq/ringside/internal/provider/providertest"
)

func BenchmarkDecode(b *testing.B) {
	for _, name := range []string{"live.agent-speech", "post-call"} {
		b.Run(name, func(b *testing.B) {
			body, err := os.ReadFile(payloads + "/" + name + ".json")
			if err != nil {
				b.Fatal(err)
			}
			p := provider.Payload{Body: body, ReceivedAt: providertest.ReceivedAt}
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := bland.Decode(p); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
