package alert_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/alert"
	"github.com/ringsidehq/ringside/internal/live"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/bland"
	"github.com/ringsidehq/ringside/internal/provider/calllog"
	"github.com/ringsidehq/ringside/internal/provider/elevenlabs"
	"github.com/ringsidehq/ringside/internal/provider/flat"
	"github.com/ringsidehq/ringside/internal/provider/providertest"
	"github.com/ringsidehq/ringside/internal/provider/retell"
	"github.com/ringsidehq/ringside/internal/provider/vapi"
	"github.com/ringsidehq/ringside/internal/simulate"
)

var adapters = map[string]provider.Provider{
	vapi.Provider.ID: vapi.Provider, retell.Provider.ID: retell.Provider, bland.Provider.ID: bland.Provider,
	elevenlabs.Provider.ID: elevenlabs.Provider, "custom": calllog.Provider, "external": flat.Provider,
}

// folded is a demo call as its deliveries tell it.
func folded(t testing.TB, c *simulate.Call) *ringside.Call {
	t.Helper()
	var events []ringside.Event
	for i, d := range c.Deliveries(true) {
		got, err := adapters[d.Provider].Decode(provider.Payload{Body: d.Body, ReceivedAt: begun.Add(time.Duration(i) * time.Second)})
		if err != nil {
			t.Fatal(err)
		}
		for j := range got {
			got[j].ID = fmt.Sprintf("%d/%d", i, j)
		}
		events = append(events, got...)
	}
	return providertest.Fold(events)
}

// expected is the rule that must alert of a demo call; empty for one that is
// normal. What is neither is left out (ok false).
//
// Bad is a call in which something went wrong: a part of the agent's failed; the
// line went silent (a transfer that nobody took, a caller who was kept waiting
// until the vendor ended it); or the customer was unhappy or asked in vain for a
// person: the stories that testdata/labelled of internal/text calls frustrated or
// person however their choices fall out. Normal is a call whose story ends well
// and that nothing happened to.
//
// Left out: calls that nobody took, or a machine; stories in which the customer
// gets no for an answer or is put through; the day on which the model's vendor was
// slow, which is bad for some calls only; and silence at ElevenLabs, which does
// not tell when a turn is over.
func expected(c *simulate.Call, got *ringside.Call) (rule string, ok bool) {
	unhappy := map[string]bool{"concierge/broken-ac": true, "harbour/no-slot": true, "nova/wrong-bill": true, "wren/billing-question": true}
	story, outcome := c.Story()
	switch c.Class() {
	case ringside.FailureModel, ringside.FailureProvider, ringside.FailureVoice, ringside.FailureTranscriber, ringside.FailureTelephony, ringside.FailureUnknown:
		return "call_error", true
	case ringside.FailureSilence, ringside.FailureMaxDuration, ringside.FailureTransfer:
		return "dead_air", got.Provider != elevenlabs.Provider.ID
	case ringside.FailureNone:
		slow := got.StartedAt.Format(time.DateOnly) == begun.AddDate(0, 0, -9).Format(time.DateOnly)
		if unhappy[story] {
			return "customer_frustration", true
		}
		return "", outcome == "success" && !slow
	}
	return "", false
}

// TestTheDemosCalls plays the demo's calls again: on the normal ones nothing
// alerts, on the bad ones what should does.
func TestTheDemosCalls(t *testing.T) {
	t.Parallel()
	const calls = 1500
	g, err := simulate.New(simulate.Config{Seed: 1, Calls: calls, Until: begun, Words: true})
	if err != nil {
		t.Fatal(err)
	}
	normal, bad := 0, map[string]int{}
	for i := range calls {
		c := g.Call(i)
		got := folded(t, c)
		want, ok := expected(c, got)
		if !ok {
			continue
		}
		all := live.NewReplay(alert.Trial(alert.All(nil)), nil).Past(got, "agent_1")
		story, _ := c.Story()
		if want == "" {
			if normal++; len(all) > 0 {
				t.Errorf("call %d (%s): a false alarm: %q", i, story, told(all))
			}
			continue
		}
		if bad[want]++; !slices.ContainsFunc(all, func(a *ringside.Alert) bool { return a.RuleID == want && !a.Open() }) {
			t.Errorf("call %d (%s, %s): no alert of %s, only %q", i, story, c.Class(), want, told(all))
		}
	}
	t.Logf("%d normal calls without an alert, bad ones: %v", normal, bad)
	if normal < calls/3 || len(bad) < 3 {
		t.Errorf("too few: %d normal, bad %v", normal, bad)
	}
}
