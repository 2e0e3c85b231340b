// Package pipeline is what happens when a call begins and after it, and what
// happens when nothing did for too long: one file for each kind of job. Results go to the ledger as
// events, so that a job which runs twice changes nothing.
package pipeline

import (
	"context"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/deliver"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/secret"
	"github.com/ringsidehq/ringside/internal/store"
)

// Config is what the jobs work with. The ledger and the queue are made after
// the workers, so they are asked for when they are needed.
type Config struct {
	Store    *store.Store
	Ledger   func() *ledger.Ledger
	Queue    func() *jobs.Queue
	Secrets  *secret.Box
	Models   *Models
	CRMs     *CRMs
	Webhooks *deliver.Sender
	// Transcribers write down what calls without a transcript say.
	Transcribers *Transcribers
	// Recordings fetches recordings; nil: none is fetched.
	Recordings *Recordings
	// Listener hears how customers sound; nil: the local estimate.
	Listener  Listener
	PublicURL func() string // without a trailing slash
	// Evaluate asks for the evaluations that a call is to have by itself, given
	// the settings of its agent.
	Evaluate func(context.Context, store.Tx, *ringside.Call, *ringside.AgentSettings) error
	// Spooled is how many deliveries wait for the database; nil: none ever do.
	Spooled func() int
	// Forget lets go of a call that is gone, where it is kept in memory.
	Forget    func(workspace string, call ringside.CallID)
	Log       *slog.Logger
	KeepInbox time.Duration // how long received bodies are kept
}

// Link is where a person finds a call.
func (c *Config) Link(call *ringside.Call) string { return c.PublicURL() + "/calls/" + call.ShortID }

// Workers gives what works on every kind of job.
func Workers(c Config) *river.Workers {
	w := river.NewWorkers()
	river.AddWorker(w, &start{cfg: c})
	river.AddWorker(w, &analyse{cfg: c})
	river.AddWorker(w, &judgeCall{cfg: c})
	river.AddWorker(w, &fetchRecording{cfg: c, alone: make(chan struct{}, hearing), near: make(chan struct{}, nearHearing)})
	river.AddWorker(w, &transcribe{cfg: c})
	river.AddWorker(w, &syncCRM{cfg: c})
	river.AddWorker(w, &reap{cfg: c})
	river.AddWorker(w, &sweep{cfg: c})
	river.AddWorker(w, &erase{cfg: c})
	river.AddWorker(w, &retain{cfg: c, now: time.Now})
	return w
}

// append hands what was found out about a call to the ledger, and gives the
// call as it is then; nil when it was deleted meanwhile. Results are stamped
// with the newest delivery that they were made from, so that those made from
// more hold, and then those made later.
func (c *Config) append(ctx context.Context, f *file, now time.Time, name string, x ringside.Facts) (*ringside.Call, error) {
	return c.hand(ctx, f.workspace, ringside.Event{
		Provider: f.call.Provider, ProviderCallID: f.call.ProviderCallID, Name: name, Authority: ringside.Guess,
		At: f.call.LastHeard(), ReceivedAt: now, Facts: x,
	})
}

func (c *Config) hand(ctx context.Context, workspace string, e ringside.Event) (*ringside.Call, error) {
	e.Facts.Ours = true
	r, err := c.Ledger().Append(ctx, ledger.Envelope{
		Workspace: workspace, Provider: e.Provider, ReceivedAt: e.ReceivedAt, Events: []ringside.Event{e},
	})
	if err != nil || r.Call == nil {
		return nil, err
	}
	return own(r), nil
}

// own is a result's call, with its agent: the ledger's is shared with others of
// its batch.
func own(r ledger.Result) *ringside.Call {
	call := *r.Call
	if call.Agent != nil {
		call.Agent = &ringside.AgentRef{ID: r.AgentID, Name: call.Agent.Name, SourceID: call.Agent.SourceID}
	}
	return &call
}

// step hands in how far a step has got.
func (c *Config) step(ctx context.Context, f *file, name string, st ringside.StepStatus, why string, attempt int) error {
	now := time.Now().UTC().Truncate(time.Millisecond)
	s := ringside.Step{Step: name, Status: st, Reason: why, Attempts: attempt, At: &now}
	_, err := c.append(context.WithoutCancel(ctx), f, now, "step."+name, ringside.Facts{Steps: []ringside.Step{s}})
	return err
}

// write runs fn in a transaction.
func (c *Config) write(ctx context.Context, fn func(context.Context, store.Tx) error) error {
	return c.Store.Write(ctx, fn)
}

// Again asks for a step of a call to be done once more, in the caller's
// transaction.
func (c *Config) Again(ctx context.Context, tx store.Tx, workspace string, call ringside.CallID, step string) error {
	ref := jobs.CallRef{WorkspaceID: workspace, CallID: call}
	var args river.JobArgs
	switch step {
	case ringside.StepAnalysis, ringside.StepRedaction:
		args = jobs.AnalyseCalls{Calls: []jobs.CallRef{ref}}
	case ringside.StepRecording:
		args = jobs.FetchRecording{CallRef: ref}
	case ringside.StepTranscription:
		args = jobs.TranscribeCall{CallRef: ref, Again: true}
	case ringside.StepJudge:
		args = jobs.JudgeCall{CallRef: ref, Again: true}
	case ringside.StepCRM:
		args = jobs.SyncCRM{CallRef: ref}
	default:
		return c.Webhooks.ResendCall(ctx, tx, workspace, call)
	}
	return c.Queue().Enqueue(ctx, tx, []river.JobArgs{args})
}
