package pipeline

import (
	"cmp"
	"context"
	"sync"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/store"
)

// file is a call with what is known of its agent.
type file struct {
	workspace string
	call      *ringside.Call
	agent     *store.AgentRow // its settings are empty when the agent is unknown
}

// desk is what the calls of one job share: their agents, and whether their
// workspaces have a model that can be asked.
type desk struct {
	cfg *Config

	mu     sync.Mutex
	agents map[string]*store.AgentRow // guarded by mu
	lacks  map[string]string          // guarded by mu: why a workspace has no model; empty when it has
}

func newDesk(cfg *Config) *desk {
	return &desk{cfg: cfg, agents: map[string]*store.AgentRow{}, lacks: map[string]string{}}
}

// open loads a call and its agent; nil when the call was deleted.
func (d *desk) open(ctx context.Context, ref jobs.CallRef) (*file, error) {
	f := &file{workspace: ref.WorkspaceID}
	err := d.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if f.call, err = store.Call(ctx, tx, ref.WorkspaceID, ref.CallID); err != nil {
			return err
		}
		f.agent, err = d.agent(ctx, tx, f)
		return err
	})
	if ringside.KindOf(err) == ringside.NotFound {
		return nil, nil //nolint:nilnil // deleted meanwhile: there is nothing to do
	}
	return f, err
}

func (d *desk) agent(ctx context.Context, tx store.Tx, f *file) (*store.AgentRow, error) {
	if f.call.Agent == nil || f.call.Agent.ID == "" {
		return &store.AgentRow{}, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if a := d.agents[f.call.Agent.ID]; a != nil {
		return a, nil
	}
	a, err := store.Agent(ctx, tx, f.workspace, f.call.Agent.ID)
	if ringside.KindOf(err) == ringside.NotFound {
		a, err = &store.AgentRow{}, nil
	}
	if err == nil {
		d.agents[f.call.Agent.ID] = a
	}
	return a, err
}

// settled is in place of why a step is not done when there is no need to say.
const settled = "-"

// plan says which of the steps behind the local analysis a call has: each is
// empty when it will be done, else why it is not.
type plan struct {
	recording, judge, crm string
}

func (d *desk) next(ctx context.Context, f *file) (plan, error) {
	judge, err := d.withoutJudge(ctx, f)
	if err != nil {
		return plan{}, err
	}
	recording := d.cfg.Recordings.without(f.call)
	if f.call.Analysis.Audio != nil {
		unmuted, err := d.cfg.Recordings.unmuted(ctx, f)
		if err != nil {
			return plan{}, err
		}
		if !unmuted && !d.cfg.Recordings.heardWithLess(f) {
			recording = settled
		}
	}
	p := plan{recording: recording, judge: judge, crm: withoutCRM(f)}
	if f.call.Imported {
		p.judge, p.crm = cmp.Or(p.judge, forTheRecords), cmp.Or(p.crm, forTheRecords)
	}
	return p, nil
}

// forTheRecords is why a step that costs money, or tells others, is not done by
// itself.
const forTheRecords = "The call was imported from the past: this is done when somebody asks for it."

func (p plan) steps(now time.Time) []ringside.Step {
	out := make([]ringside.Step, 0, 3)
	for _, s := range []struct{ step, skipped string }{{ringside.StepRecording, p.recording}, {ringside.StepJudge, p.judge}, {ringside.StepCRM, p.crm}} {
		if s.skipped == settled {
			continue
		}
		if s.skipped != "" {
			out = append(out, ringside.Step{Step: s.step, Status: ringside.StepSkipped, Reason: s.skipped, At: &now})
			continue
		}
		out = append(out, ringside.Step{Step: s.step, Status: ringside.StepWaiting})
	}
	return out
}
