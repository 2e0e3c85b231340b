package alert_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/judge"
	"github.com/ringsidehq/ringside/internal/llm"
	"github.com/ringsidehq/ringside/internal/llm/llmtest"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// shops is what a language model says of other shops.
func shops(answer, turn, quote string) llmtest.Reply {
	return llmtest.Good(`{"scores":{"alert":{"evidence":[{"turn":` + turn + `,"quote":"` + quote + `"}],"reason":"They speak of another shop.","value":"` + answer + `","verdict":"scored"}}}`)
}

// asks makes a rule that asks a language model every two turns.
func (h *house) asks(chat func(context.Context, llm.Request) (llm.Response, error)) {
	h.t.Helper()
	h.mu.Lock()
	h.model = &judge.Judge{Chat: chat, Models: (&llm.Settings{DefaultModel: llmtest.Model}).Features()}
	h.mu.Unlock()
	h.own(ringside.AlertRule{ID: "rule_1", Name: "Competitors", Severity: ringside.AlertHigh, Active: true, Condition: ringside.AlertCondition{
		Type: ringside.CustomRule, Prompt: "the customer speaks of another shop", EveryTurns: new(2),
	}})
}

// ended ends a call and waits until its owner has let go of it.
func (h *house) ended(call string) {
	id := h.tell(call, "end", ringside.Facts{Phase: ringside.PhaseEnded, EndedAt: time.Now()})
	for until := time.Now().Add(10 * time.Second); h.live.Get(home, id) != nil; time.Sleep(time.Millisecond) {
		if time.Now().After(until) {
			h.t.Error("the call goes on")
			return
		}
	}
}

// talk is two turns, after which the model is asked.
func (h *house) talk(call string) ringside.CallID {
	h.tell(call, "1", ringside.Facts{Turn: &ringside.Turn{Role: ringside.RoleAgent, Text: "Hello!"}})
	return h.tell(call, "2", ringside.Facts{Turn: &ringside.Turn{Role: ringside.RoleUser, Text: "I saw it in the other shop."}})
}

// What a model finds when the call has ended meanwhile is over, as the call is.
func TestTheCallEndsBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	for name, shown := range map[string]bool{"while the model is asked": false, "while the alert is stored": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				h := newHouse(t, s)
				server := llmtest.New(t, shops("yes", "1", "the other shop"))
				h.asks(func(ctx context.Context, r llm.Request) (llm.Response, error) {
					if !shown {
						h.ended("a")
					}
					return server.Client().Chat(ctx, r)
				})
				if shown {
					h.mu.Lock()
					h.meant = func() { h.ended("a") }
					h.mu.Unlock()
				}
				if a := h.await(h.talk("a"), 1, closed)[0]; a.ResolvedBy != ringside.ByCallEnd {
					t.Errorf("resolved by %q", a.ResolvedBy)
				}
			})
		})
	}
}

// Of two answers that find the same, one is an alert, also in the call.
func TestTwoAnswersAreOneAlert(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHouse(t, s)
		server := llmtest.New(t, shops("yes", "1", "the other shop"), shops("yes", "1", "the other shop"))
		var both sync.WaitGroup
		both.Add(2)
		h.asks(func(ctx context.Context, r llm.Request) (llm.Response, error) {
			both.Done()
			both.Wait() // each is asked before either has answered
			return server.Client().Chat(ctx, r)
		})
		call := h.talk("a")
		h.write(func(ctx context.Context, tx store.Tx) error {
			return h.queue.Enqueue(ctx, tx, []river.JobArgs{jobs.AskRule{CallRef: jobs.CallRef{WorkspaceID: home, CallID: call}, RuleID: "rule_1"}})
		})
		h.worked("ask_rule", "rule_1")
		h.await(call, 1, open)
		h.tell("a", "3", ringside.Facts{Turn: &ringside.Turn{Role: ringside.RoleAgent, Text: "Oh."}})
		for until := time.Now().Add(10 * time.Second); h.live.Get(home, call).Turns != 3; time.Sleep(time.Millisecond) {
			if time.Now().After(until) {
				t.Fatal("the third turn is not shown")
			}
		}
		if c := h.live.Get(home, call); len(c.Alerts) != 1 {
			t.Errorf("%d alerts in the call", len(c.Alerts))
		}
	})
}

// A language model is asked every so many turns; what it finds is an alert with
// the words that show it, in the call and in the store. What it can't tell is
// none.
func TestARuleOfOnesOwn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHouse(t, s)
		server := llmtest.New(t, llmtest.Status(500), shops("no", "1", "I will wait"), shops("yes", "5", "the other shop"))
		h.asks(server.Client().Chat)
		var call ringside.CallID
		for i, words := range []string{"Hello!", "I will wait.", "Thank you.", "Is it in stock?", "It is not.", "I saw it in the other shop."} {
			role := ringside.RoleAgent
			if i%2 == 1 {
				role = ringside.RoleUser
			}
			call = h.tell("a", fmt.Sprint(i), ringside.Facts{Turn: &ringside.Turn{Role: role, Text: words}})
			if i%2 == 0 {
				continue
			}
			for until := time.Now().Add(20 * time.Second); len(server.Log()) < (i+1)/2 && time.Now().Before(until); {
				time.Sleep(10 * time.Millisecond)
			}
		}
		a := h.await(call, 1, open)[0]
		if a.RuleID != "rule_1" || a.Type != ringside.AlertCustom || a.Turn == nil || a.Quote == "" || a.Message != "They speak of another shop." {
			t.Errorf("%+v", a)
		}
		for until := time.Now().Add(10 * time.Second); len(h.live.Get(home, call).Alerts) != 1; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(until) {
				t.Fatal("the alert is not in the call")
			}
		}
		h.tell("a", "8", ringside.Facts{Phase: ringside.PhaseEnded, EndedAt: time.Now()})
		h.await(call, 1, closed)
	})
}
