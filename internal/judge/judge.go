package judge

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/llm"
)

// Judge asks language models about calls.
type Judge struct {
	// Chat asks a model: (*llm.Client).Chat.
	Chat func(context.Context, llm.Request) (llm.Response, error)
	// Models say which model is asked for what: (*llm.Settings).Features.
	Models llm.Models
	// Cost is what tokens of a model cost: (*llm.Settings).Cost. When it is nil,
	// costs are not known.
	Cost func(model string, prompt, completion int) *float64
}

// Run asks everything that a task holds, and the other models though one has
// failed. What it gives is never nil: with an error it is partial and holds
// what was answered all the same, for Rest to ask no more than what is missing,
// and the usage of all that was asked, which is spent whether the answer was of
// use or not. Of several errors it is one after which it makes sense to ask
// again, if there is any.
func (j *Judge) Run(ctx context.Context, call *ringside.Call, t Task) (*ringside.Judged, error) {
	if err := t.Validate(); err != nil {
		return &ringside.Judged{}, err
	}
	if len(call.Turns) == 0 {
		return &ringside.Judged{}, ringside.Errorf(ringside.Invalid, "the call has no transcript to judge").WithCode("no_transcript")
	}
	var all *ringside.Judged
	var failed error
	for _, p := range Plan(t, j.Models) {
		if p.Model == "" {
			return cmp.Or(all, &ringside.Judged{}), ringside.Errorf(ringside.Invalid, "no model is set to judge with")
		}
		one, err := j.part(ctx, call, p)
		all = Merge(all, one)
		e, _ := errors.AsType[*llm.Error](err)
		if err != nil && (failed == nil || e != nil && e.Later()) {
			failed = fmt.Errorf("ask %s about the call: %w", p.Model, err)
		}
		if ctx.Err() != nil {
			break
		}
	}
	all.Partial = failed != nil
	return all, failed
}

// Criteria judges a call by criteria alone.
func (j *Judge) Criteria(ctx context.Context, call *ringside.Call, criteria []Criterion, instructions string) ([]ringside.Score, ringside.Usage, error) {
	judged, err := j.Run(ctx, call, Task{Criteria: criteria, Instructions: instructions})
	return judged.Scores, judged.Usage, err
}

// Merge gives what was answered before, which may be nothing, with what was
// asked since: the rest.
func Merge(before, since *ringside.Judged) *ringside.Judged {
	if before == nil {
		return since
	}
	all := *since
	if since.Summary == nil {
		all.Summary = before.Summary
	}
	if since.Sentiment == nil {
		all.Sentiment = before.Sentiment
	}
	if !since.Tagged {
		all.Tags, all.Tagged = before.Tags, before.Tagged
	}
	if since.Extracted == nil {
		all.Extracted = before.Extracted
	}
	all.GapsAsked = before.GapsAsked || since.GapsAsked
	all.Scores = slices.Concat(before.Scores, since.Scores)
	all.Findings = slices.Concat(before.Findings, since.Findings)
	all.Usage = both(before.Usage, since.Usage)
	return &all
}

// both adds two usages up. Of two models both are named, and the hash is that
// of their hashes. The cost is what is known of it: a budget has to count that.
func both(a, b ringside.Usage) ringside.Usage {
	if a.Model != b.Model {
		a.Model += ", " + b.Model
	}
	sum := sha256.Sum256([]byte(a.PromptHash + b.PromptHash))
	a.PromptHash = hex.EncodeToString(sum[:8])
	a.PromptTokens += b.PromptTokens
	a.CompletionTokens += b.CompletionTokens
	a.Requests += b.Requests
	a.DurationMS += b.DurationMS
	switch {
	case a.CostUSD == nil:
		a.CostUSD = b.CostUSD
	case b.CostUSD != nil:
		a.CostUSD = new(*a.CostUSD + *b.CostUSD)
	}
	return a
}

// inquiry is what one model is asked about one call.
type inquiry struct {
	judge *Judge
	part  *Part
	usage ringside.Usage
}

// part asks one model: the question, and a second one about what did not hold.
func (j *Judge) part(ctx context.Context, call *ringside.Call, p Part) (*ringside.Judged, error) {
	began := time.Now()
	q := inquiry{judge: j, part: &p, usage: ringside.Usage{Model: p.Model, PromptHash: PromptHash(&p.Task)}}
	r, err := q.pursue(ctx, call)
	q.usage.DurationMS = time.Since(began).Milliseconds()
	if j.Cost != nil {
		q.usage.CostUSD = j.Cost(p.Model, q.usage.PromptTokens, q.usage.CompletionTokens)
	}
	return r.result(q.usage), err
}

// pursue gives what was read, which is nothing when the first question failed.
func (q *inquiry) pursue(ctx context.Context, call *ringside.Call) (*reading, error) {
	t := &q.part.Task
	r := newReading(call, t)
	system, user := Prompt(call, t)
	messages := []llm.Message{{Role: "system", Content: system}, {Role: "user", Content: user}}
	answer, err := q.answer(ctx, messages)
	if err != nil {
		return r, err
	}
	r.take(answer, t)
	if len(r.complaints) == 0 {
		return r, nil
	}
	again := r.wrong
	messages = remark(messages, shorten(string(answer), maxShown), secondQuestion(r.complaints))
	resp, err := q.ask(ctx, messages, &again, again.maxTokens())
	switch llm.KindOf(err) {
	case llm.RateLimited, llm.Unavailable, llm.Unauthorized:
		r.forget(&r.wrong) // it says nothing about the answer: this is asked later
		return r, err
	}
	if answer, ok := llm.JSON(resp.Text); ok && err == nil {
		r.take(answer, &again)
	}
	return r, nil
}

// What is shown to a model of its own answer and of what was wrong with it.
const (
	maxShown      = 20_000
	maxComplaints = 6_000
)

func secondQuestion(complaints []string) string {
	return "Parts of your answer do not hold:\n- " + shorten(strings.Join(complaints, "\n- "), maxComplaints) + "\n" +
		"Answer again for these parts and no others, by the schema of the system message. Copy each quote letter by letter from the turn whose number you give. " +
		"Where no words of the call support a verdict, the verdict is unknown; where no value was said, the value is null."
}

// answer asks the question until the answer is JSON, twice at most.
func (q *inquiry) answer(ctx context.Context, messages []llm.Message) ([]byte, error) {
	t := &q.part.Task
	resp, err := q.ask(ctx, messages, t, t.maxTokens())
	if err == nil {
		if found, ok := llm.JSON(resp.Text); ok {
			return found, nil
		}
	}
	tokens := t.maxTokens()
	switch kind := llm.KindOf(err); {
	case kind == llm.Truncated:
		tokens = min(3*tokens, longestAnswer)
		messages = remark(messages, "", "Your answer was cut off because it was too long. Answer again, with shorter reasons and the shortest quotes.")
	case err == nil || kind == llm.Malformed:
		messages = remark(messages, shorten(resp.Text, maxItem), "Your answer holds no JSON object that can be read. Answer again, with the JSON object of the schema and nothing else.")
	default:
		return nil, err
	}
	if resp, err = q.ask(ctx, messages, t, tokens); err != nil {
		return nil, err
	}
	found, ok := llm.JSON(resp.Text)
	if !ok {
		return nil, &llm.Error{Kind: llm.Malformed, Message: "the model's answer is no JSON, twice"}
	}
	return found, nil
}

// remark goes on after an answer. Many models want user and assistant to take
// turns, so without an answer to show it is added to the question.
func remark(messages []llm.Message, answer, words string) []llm.Message {
	if strings.TrimSpace(answer) != "" {
		return slices.Concat(messages, []llm.Message{{Role: "assistant", Content: answer}, {Role: "user", Content: words}})
	}
	out := slices.Clone(messages)
	out[len(out)-1].Content += "\n\n" + words
	return out
}

// seed is the same for every question: with temperature 0 it is as much of
// sameness as servers offer.
const seed = 1

// ask sends one question, by the schema of what is asked in it, and adds up
// what it took.
func (q *inquiry) ask(ctx context.Context, messages []llm.Message, t *Task, tokens int) (llm.Response, error) {
	resp, err := q.judge.Chat(ctx, llm.Request{
		Model: q.part.Model, Messages: messages, MaxTokens: tokens, Seed: new(seed),
		Schema: &llm.Schema{Name: "judgement", JSON: t.schema()},
	})
	q.usage.Requests += resp.Requests
	q.usage.PromptTokens += resp.PromptTokens
	q.usage.CompletionTokens += resp.CompletionTokens
	if resp.Model != "" {
		q.usage.Model = resp.Model
	}
	return resp, err
}

// result puts together what was read.
func (r *reading) result(u ringside.Usage) *ringside.Judged {
	out := r.judged
	out.Usage = u
	for i := range r.task.Criteria {
		s, ok := r.scores[r.task.Criteria[i].Key]
		if !ok {
			continue // not answered: the question failed
		}
		s.Model, s.PromptHash = u.Model, u.PromptHash
		out.Scores = append(out.Scores, s)
	}
	return &out
}
