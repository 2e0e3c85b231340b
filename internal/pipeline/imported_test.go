package pipeline

import (
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/crm/crmtest"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/llm/llmtest"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/flat"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// A call that was imported is analysed here, and tells and asks nobody: what it
// leaves out says so, and is done when somebody asks. Another call is told of as
// ever, and so is an imported one once a webhook tells of it.
func TestAnImportedCallIsForTheRecords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		h, hub := newHook(t), crmtest.NewHubSpot(t)
		b.connect("hubspot", CRMServer{BaseURL: hub.Connection().BaseURL}, hub.Connection().Key)
		settings := everything
		settings.WebhookURL, settings.KnowledgeGapWebhookURL = h.URL, h.URL
		settings.CRMAutoSyncEnabled, settings.CRMProvider = new(true), "hubspot"
		b.desk(settings, ringside.AgentSecrets{})
		model := llmtest.NewFunc(t, func(llmtest.Request) llmtest.Reply { return llmtest.Fitting(content) })
		b.model(model, nil)
		b.run()

		body := []byte(call("old"))
		events, err := flat.Decode(provider.Payload{Body: body, ReceivedAt: time.Now()})
		must(t, err)
		events[0].Facts.Imported = true
		r, err := b.ledger.Append(t.Context(), ledger.Envelope{
			Workspace: workspace, Provider: events[0].Provider, Event: "pull", ReceivedAt: time.Now(), Body: body, Events: events,
		})
		must(t, err)
		c := b.until(r.CallID, "analysed", is(ringside.StepAnalysis, ringside.StepDone))
		for _, name := range []string{ringside.StepJudge, ringside.StepCRM} {
			if st := step(c, name); st.Status != ringside.StepSkipped || st.Reason != forTheRecords {
				t.Errorf("%s: %+v", name, st)
			}
		}
		if c.Summary == nil || !c.Imported {
			t.Errorf("%+v", c)
		}
		// What comes after it has been worked on when the queue is through with this.
		news := b.receive(0, call("news"))
		b.until(news, "in the CRM", is(ringside.StepCRM, ringside.StepDone))
		h.wait(t, "call_analyzed", 1)
		if told := h.order("old"); len(told) != 0 {
			t.Errorf("of the imported call, told %q", told)
		}
		if all := hub.Logged(); len(all) != 1 {
			t.Errorf("the CRM has %d calls", len(all))
		}

		b.receive(0, call("old")+" ")
		b.until(r.CallID, "in the CRM", is(ringside.StepCRM, ringside.StepDone))
		h.wait(t, "call_analyzed", 2)
	})
}
