package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/crm/crmtest"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/llm"
	"github.com/ringsidehq/ringside/internal/llm/llmtest"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// asked is a call of an agent whose customer wants to know something that the
// agent does not.
const asked = `{"id":"%ID%","agent_id":"desk","direction":"inbound","from_phone_number":"+14155550143","to_phone_number":"+14155550100",
"startedAt":"2026-10-15T09:22:21.787Z","endedAt":"2026-10-15T09:24:30.229Z","messages":[
{"role":"bot","content":"Good morning, this is Riley at Larkspur Dental. How can I help?","start_time":1792056142852,"end_time":1792056147842},
{"role":"user","content":"Do you take Delta insurance?","start_time":1792056149392,"end_time":1792056153012},
{"role":"bot","content":"I'm afraid I don't have information about that.","start_time":1792056153512,"end_time":1792056156012},
{"role":"user","content":"Fine, thanks, bye.","start_time":1792056157392,"end_time":1792056158012}]}`

func call(id string) string { return strings.Replace(asked, "%ID%", id, 1) }

// desk makes the agent of those calls, with settings.
func (b *bench) desk(s ringside.AgentSettings, secrets ringside.AgentSecrets) {
	b.t.Helper()
	now := time.Now().UTC()
	row := &store.AgentRow{Agent: ringside.Agent{ID: ringside.NewID("agent", now), Name: "Desk", SourceID: "desk", CreatedAt: now, UpdatedAt: now, Settings: s}}
	must(b.t, row.SealSecrets(b.cfg.Secrets, secrets))
	b.write(func(ctx context.Context, tx store.Tx) error {
		return store.InsertAgent(ctx, tx, workspace, &row.Agent, row.Secrets)
	})
}

func (b *bench) write(fn func(context.Context, store.Tx) error) {
	b.t.Helper()
	must(b.t, b.store.Write(b.t.Context(), fn))
}

// model connects a language model.
func (b *bench) model(s *llmtest.Server, change func(*llm.Settings)) {
	b.t.Helper()
	set := llm.Settings{BaseURL: s.URL, DefaultModel: llmtest.Model, Prices: map[string]llm.Price{llmtest.Model: {InputPerMillion: 1, OutputPerMillion: 2}}}
	if change != nil {
		change(&set)
	}
	b.connect(LLM, set, llmtest.Key)
}

func (b *bench) connect(kind string, settings any, secret string) {
	b.t.Helper()
	text, err := json.Marshal(settings)
	must(b.t, err)
	i := &store.Integration{Kind: kind, Settings: text, Secret: b.cfg.Secrets.Seal(IntegrationSecret(workspace, kind), []byte(secret)), UpdatedAt: time.Now()}
	b.write(func(ctx context.Context, tx store.Tx) error { return store.PutIntegration(ctx, tx, workspace, i) })
}

// step gives one step of a call.
func step(c *ringside.Call, name string) (s ringside.Step) {
	for _, s := range c.Pipeline {
		if s.Step == name {
			return s
		}
	}
	return s
}

func is(name string, st ringside.StepStatus) func(*ringside.Call) bool {
	return func(c *ringside.Call) bool { return step(c, name).Status == st }
}

// everything asks a model for all that it can be asked.
var everything = ringside.AgentSettings{
	CallSummaryEnabled: new(true), CallTaggingEnabled: new(true), CallTaggingCategories: []string{"insurance", "appointment"},
	CallScoringEnabled: new(true), ScoringCriteria: []string{"greeting_quality", "Follow Instructions"},
	KnowledgeGapDetectionEnabled: new(true),
	ExtractionFields:             []ringside.ExtractionField{{Name: "insurer", Type: "text"}},
}

// content makes the customer of an answer content.
func content(a map[string]any) { a["sentiment"] = map[string]any{"label": "positive", "score": 0.5} }

// With a model everything that the settings ask for is in one answer, checked,
// paid for and asked once.
func TestAModelReadsTheCall(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		b.desk(everything, ringside.AgentSecrets{})
		server := llmtest.NewFunc(t, func(llmtest.Request) llmtest.Reply {
			return llmtest.Fitting(content, func(a map[string]any) { a["extraction"] = map[string]any{"insurer": "Delta"} })
		})
		b.model(server, nil)
		b.run()
		id := b.receive(0, call("a"))
		c := b.until(id, "judged", is(ringside.StepJudge, ringside.StepDone))
		if c.Summary.Method != ringside.MethodLLM || c.TagsMethod != ringside.MethodLLM || c.Sentiment.Method != ringside.MethodLLM {
			t.Errorf("summary by %s, tags by %s, sentiment by %s", c.Summary.Method, c.TagsMethod, c.Sentiment.Method)
		}
		if len(c.Sentiment.Turns) != 2 {
			t.Errorf("the local sentiment of the turns went: %+v", c.Sentiment)
		}
		if c.Extracted["insurer"] != "Delta" || c.Judge == nil || c.Judge.Model != llmtest.Model || c.Judge.CostUSD == nil {
			t.Errorf("extracted %v, usage %+v", c.Extracted, c.Judge)
		}
		for _, sc := range c.Scores {
			if sc.Method != ringside.MethodLLM || sc.Verdict != ringside.VerdictUnknown && len(sc.Evidence) == 0 {
				t.Errorf("score %+v", sc)
			}
			for _, e := range sc.Evidence {
				if !strings.Contains(c.Turns[e.Turn].Text, e.Quote) {
					t.Errorf("the quote %q does not stand in turn %d", e.Quote, e.Turn)
				}
			}
		}
		spent := b.count(`SELECT CAST(SUM(requests) AS BIGINT) FROM llm_usage`)
		if spent != len(server.Log()) || spent != c.Judge.Requests {
			t.Errorf("%d requests are counted, %d were made, the call says %d", spent, len(server.Log()), c.Judge.Requests)
		}
		b.write(func(ctx context.Context, tx store.Tx) error {
			return b.cfg.Again(ctx, tx, workspace, id, ringside.StepAnalysis)
		})
		b.until(id, "analysed again", func(c *ringside.Call) bool {
			return strings.HasPrefix(step(c, ringside.StepJudge).Reason, "Nothing has changed")
		})
		if n := len(server.Log()); n != spent {
			t.Errorf("an analysis of the same asked the model again: %d requests", n)
		}
	})
}

// A model that refuses, fails for good or costs too much leaves the local
// analysis standing; one that is busy is asked again.
func TestAModelThatDoesNotAnswer(t *testing.T) {
	for name, tc := range map[string]struct {
		replies []llmtest.Reply
		change  func(*llm.Settings)
		want    ringside.StepStatus
		reason  string
	}{
		"busy at first": {[]llmtest.Reply{llmtest.Busy("0"), llmtest.Fitting(content)}, nil, ringside.StepDone, ""},
		"refuses":       {[]llmtest.Reply{llmtest.Refused()}, nil, ringside.StepFailed, "refuses"},
		"no budget":     {nil, func(s *llm.Settings) { s.MonthlyBudgetUSD = new(0.0) }, ringside.StepSkipped, "budget"},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				b := newBench(t, s)
				b.desk(ringside.AgentSettings{CallSummaryEnabled: new(true)}, ringside.AgentSecrets{})
				b.model(llmtest.New(t, tc.replies...), tc.change)
				b.run()
				c := b.until(b.receive(0, call("a")), name, is(ringside.StepJudge, tc.want))
				if st := step(c, ringside.StepJudge); !strings.Contains(strings.ToLower(st.Reason), tc.reason) {
					t.Errorf("the reason is %q", st.Reason)
				}
				if want := tc.want == ringside.StepDone; c.Summary == nil || (c.Summary.Method == ringside.MethodLLM) != want {
					t.Errorf("summary %+v", c.Summary)
				}
			})
		})
	}
}

// hook is somebody's server that takes webhooks.
type hook struct {
	*httptest.Server

	mu    sync.Mutex
	posts []map[string]any
}

func newHook(t *testing.T) *hook {
	h := &hook{}
	h.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var v map[string]any
		body, err := io.ReadAll(r.Body)
		if err != nil || json.Unmarshal(body, &v) != nil {
			t.Errorf("post %q: %v", body, err)
		}
		h.mu.Lock()
		defer h.mu.Unlock()
		h.posts = append(h.posts, v)
	}))
	t.Cleanup(h.Close)
	return h
}

// of gives the posts of a type.
func (h *hook) of(kind string) (out []map[string]any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, p := range h.posts {
		if p["type"] == kind {
			out = append(out, p["data"].(map[string]any))
		}
	}
	return out
}

// wait waits for n posts of a type, and fails when there are more.
func (h *hook) wait(t *testing.T, kind string, n int) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); len(h.of(kind)) < n && time.Now().Before(deadline); {
		time.Sleep(20 * time.Millisecond)
	}
	if got := len(h.of(kind)); got != n {
		t.Fatalf("%d posts of %s, want %d", got, kind, n)
	}
}

// order gives the types of the posts about a call, as they came.
func (h *hook) order(providerCallID string) (out []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, p := range h.posts {
		if p["data"].(map[string]any)["provider_call_id"] == providerCallID {
			out = append(out, p["type"].(string))
		}
	}
	return out
}

// What a call found goes where the agent says, once each, however often the
// call is analysed; and a model that hangs keeps none of it from leaving.
func TestResultsGoWhereTheyBelong(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		h, hub := newHook(t), crmtest.NewHubSpot(t)
		ada := hub.AddContact("Ada Low", "(415) 555-0143")
		b.connect("hubspot", CRMServer{BaseURL: hub.Connection().BaseURL}, hub.Connection().Key)
		b.desk(ringside.AgentSettings{
			WebhookURL: h.URL, SpeedToLeadEnabled: new(true), SpeedToLeadWebhookURL: h.URL + "/speed",
			KnowledgeGapDetectionEnabled: new(true), KnowledgeGapWebhookURL: h.URL + "/gaps",
			CRMAutoSyncEnabled: new(true), CRMProvider: "hubspot",
		}, ringside.AgentSecrets{WebhookSecret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"})
		b.model(llmtest.NewFunc(t, func(llmtest.Request) llmtest.Reply { return llmtest.Refused() }), nil)
		b.run()
		id := b.receive(0, call("a"))
		for range 2 {
			c := b.until(id, "in the CRM", is(ringside.StepCRM, ringside.StepDone))
			if st := step(c, ringside.StepCRM); !strings.Contains(st.Reason, ada) {
				t.Errorf("the CRM step says %q", st.Reason)
			}
			b.write(func(ctx context.Context, tx store.Tx) error {
				return b.cfg.Again(ctx, tx, workspace, id, ringside.StepAnalysis)
			})
			b.until(id, "analysed again", func(again *ringside.Call) bool {
				return step(again, ringside.StepAnalysis).At.After(*step(c, ringside.StepAnalysis).At) && step(again, ringside.StepCRM).Status == ringside.StepDone
			})
		}
		if all := hub.Logged(); len(all) != 1 {
			t.Errorf("the CRM has %d calls", len(all))
		}
		kinds := []string{"call_ended", "call_analyzed", "speed_to_lead", "knowledge_gap"}
		for _, k := range kinds {
			h.wait(t, k, 1)
		}
		if d := h.of("call_ended")[0]; d["summary"] == nil || d["short_id"] == "" || d["link"] != "https://ringside.example/calls/"+d["short_id"].(string) {
			t.Errorf("call_ended tells %v", d)
		}
		if d := h.of("speed_to_lead")[0]; d["speed_to_lead_ms"].(float64) != 1065 {
			t.Errorf("speed_to_lead tells %v", d)
		}
		if d := h.of("knowledge_gap")[0]["gaps"].([]any); len(d) != 1 || d[0].(map[string]any)["topic"] != "Do you take Delta insurance?" {
			t.Errorf("knowledge_gap tells %v", d)
		}
	})
}

// A call that is on is told of once, before its end; one that came whole is told
// of as ended alone, and so is one that is over before its turn comes.
func TestTheStartIsToldFirst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		h := newHook(t)
		b.desk(ringside.AgentSettings{WebhookURL: h.URL}, ringside.AgentSecrets{})
		at := time.Now().UTC().Truncate(time.Millisecond)
		on := func(id, name string) {
			_, err := b.ledger.Append(t.Context(), ledger.Envelope{Workspace: workspace, Provider: "external", Event: name, ReceivedAt: at, Body: []byte(id + name), Events: []ringside.Event{{
				Provider: "external", ProviderCallID: id, Name: name, Authority: ringside.Live, At: at, ReceivedAt: at,
				Facts: ringside.Facts{Phase: ringside.PhaseActive, Agent: &ringside.AgentFact{SourceID: "desk"}},
			}}})
			must(t, err)
		}
		on("missed", "on") // nobody works on the queue yet
		b.receive(0, call("missed"))
		on("a", "on")
		on("a", "still on")
		b.run()
		h.wait(t, "call_started", 1)
		b.receive(0, call("b"))
		b.receive(0, call("a"))
		h.wait(t, "call_analyzed", 3)
		if starts := h.of("call_started"); len(starts) != 1 || starts[0]["provider_call_id"] != "a" || starts[0]["status"] != "active" {
			t.Errorf("told of the starts of %v", starts)
		}
		if order := h.order("a"); !slices.Equal(order, []string{"call_started", "call_ended", "call_analyzed"}) {
			t.Errorf("of a call that was on, told %q", order)
		}
		if order := h.order("b"); !slices.Equal(order, []string{"call_ended", "call_analyzed"}) {
			t.Errorf("of a call that came whole, told %q", order)
		}
	})
}

// Questions that ask the same in other words are one gap, and a call that is
// analysed again or deleted is counted once or not at all.
func TestGapsGather(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		first := b.receive(0, call("a"))
		second := b.receive(0, strings.Replace(call("b"), "Do you take Delta insurance?", "Hi, can you tell me if you take insurance from Delta?", 1))
		third := b.receive(0, strings.Replace(call("c"), "Do you take Delta insurance?", "Is there parking at the practice?", 1))
		for _, id := range []ringside.CallID{first, second, third, second} {
			b.analyse(id)
		}
		gaps := func() (out []*store.Gap) {
			must(t, s.Read(t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
				out, err = store.Gaps(ctx, tx, workspace, "open")
				return err
			}))
			return out
		}
		got := gaps()
		if len(got) != 2 || got[0].Calls != 2 || got[0].Question != "Do you take Delta insurance?" || got[1].Calls != 1 {
			for _, g := range got {
				t.Errorf("gap %+v", g)
			}
		}
		must(t, s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { return s.DeleteCall(ctx, tx, first) }))
		if got := gaps(); len(got) != 2 || got[0].Calls != 1 {
			t.Errorf("after a call was deleted: %+v", got)
		}
	})
}

// A call that no longer asks anything is out of the gaps, also when the step
// that found it so failed half-way and ran again.
func TestGapsGoWithWhatAskedThem(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		id := b.receive(2*time.Minute, call("a"))
		b.analyse(id)
		noted := func() int { return b.count(`SELECT COUNT(*) FROM gap_calls`) }
		if noted() != 1 {
			t.Fatalf("%d gaps are noted, want 1", noted())
		}
		b.receive(time.Minute, retold)
		also := b.cfg.Evaluate
		b.cfg.Evaluate = func(context.Context, store.Tx, *ringside.Call, *ringside.AgentSettings) error {
			return errors.New("the disk is full")
		}
		if err := b.cfg.Analyse(t.Context(), []jobs.CallRef{{WorkspaceID: workspace, CallID: id}}); err == nil {
			t.Fatal("nothing failed")
		}
		b.cfg.Evaluate = also
		b.analyse(id)
		if noted() != 0 || len(b.call(id).Findings) != 0 {
			t.Errorf("%d gaps are noted of a call with %d findings", noted(), len(b.call(id).Findings))
		}
	})
}

// Calls that are the first to ask something make one gap of it, also when all
// are analysed at the same time.
func TestGapsGatherAtTheSameTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		now := time.Now()
		b.write(func(ctx context.Context, tx store.Tx) error {
			return store.InsertWorkspace(ctx, tx, &ringside.Workspace{ID: workspace, Name: "Test", CreatedAt: now})
		})
		var calls []jobs.CallRef
		for i := range 24 {
			body := call(fmt.Sprintf("c%d", i))
			if i%2 == 0 { // of different agents
				body = strings.Replace(body, `"desk"`, `"reception"`, 1)
			}
			calls = append(calls, jobs.CallRef{WorkspaceID: workspace, CallID: b.receive(0, body)})
		}
		must(t, b.cfg.Analyse(t.Context(), calls))
		if n := b.count(`SELECT COUNT(*) FROM gaps`); n != 1 {
			t.Errorf("%d gaps of one question", n)
		}
		if n := b.count(`SELECT COUNT(DISTINCT call_id) FROM gap_calls`); n != len(calls) {
			t.Errorf("%d of %d calls ask it", n, len(calls))
		}
	})
}

// A later report of a call is news, and the questions in it that were told before
// are not.
func TestGapsAreToldOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newBench(t, s)
		b.desk(ringside.AgentSettings{
			WebhookURL: "https://hooks.example/call", WebhookEvents: []string{"call_analyzed"},
			KnowledgeGapDetectionEnabled: new(true), KnowledgeGapWebhookURL: "https://hooks.example/gap",
		}, ringside.AgentSecrets{})
		more := strings.Replace(call("a"), "{", `{"metadata":{"sent":"twice"},`, 1)
		other := strings.Replace(call("a"), "Delta", "Acme", 1)
		for i, tc := range []struct {
			body           string
			analysed, gaps int
		}{{call("a"), 1, 1}, {more, 2, 1}, {other, 3, 2}} {
			b.analyse(b.receive(time.Duration(3-i)*time.Minute, tc.body))
			for event, want := range map[string]int{"call_analyzed": tc.analysed, "knowledge_gap": tc.gaps} {
				if n := b.count(`SELECT COUNT(*) FROM webhook_deliveries WHERE event = '` + event + `'`); n != want {
					t.Errorf("after report %d there are %d of %s, want %d", i+1, n, event, want)
				}
			}
		}
	})
}
