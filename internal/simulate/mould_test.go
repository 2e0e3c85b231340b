package simulate

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/providertest"
)

// TestMouldsAreCalls casts moulds of every vendor and reads what comes out.
func TestMouldsAreCalls(t *testing.T) {
	for _, mixed := range []bool{false, true} {
		all, err := loadMoulds(LoadConfig{Mixed: mixed}, "localhost")
		if err != nil {
			t.Fatal(err)
		}
		if len(all) != moulds {
			t.Fatalf("%d moulds", len(all))
		}
		seen := map[string]bool{}
		var buf []byte
		for i, m := range all {
			buf = m.cast(buf, uint64(1000+i), until)
			c := readMould(t, buf)
			if seen[c.ProviderCallID] {
				t.Errorf("mould %d: the id %s again", i, c.ProviderCallID)
			}
			seen[c.ProviderCallID] = true
			if d := c.Sort().Sub(until); d < 0 || d > time.Minute {
				t.Errorf("mould %d (%s): the call stands %s after its creation", i, c.Provider, d)
			}
			if !c.Ended() || !mixed && len(c.Turns) == 0 {
				t.Errorf("mould %d: status %s, %d turns", i, c.Status, len(c.Turns))
			}
		}
	}
}

func readMould(t *testing.T, request []byte) *ringside.Call {
	t.Helper()
	_, body, _ := bytes.Cut(request, []byte("\r\n\r\n"))
	var envelope struct {
		Provider string          `json:"provider"`
		Payload  json.RawMessage `json:"payload"`
	}
	if err := json.Unmarshal(body, &envelope); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	if envelope.Provider == "" {
		envelope.Provider, envelope.Payload = external, body
	}
	events, err := adapters[envelope.Provider].Decode(provider.Payload{Body: envelope.Payload, ReceivedAt: until})
	if err != nil {
		t.Fatal(err)
	}
	return providertest.Fold(events)
}

func BenchmarkCast(b *testing.B) {
	all, err := loadMoulds(LoadConfig{}, "localhost")
	if err != nil {
		b.Fatal(err)
	}
	var buf []byte
	for i := 0; b.Loop(); i++ {
		buf = all[i%len(all)].cast(buf, uint64(i), until)
	}
}
