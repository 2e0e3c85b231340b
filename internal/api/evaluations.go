package api

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/evaluate"
	"github.com/ringsidehq/ringside/internal/store"
)

type evaluationsInput struct {
	Evaluator []string `query:"evaluator,explode" doc:"Evaluator ids"`
	Scorecard []string `query:"scorecard,explode" doc:"Scorecard ids, of any version"`
	Call      string   `query:"call" maxLength:"64" doc:"A call: call_…, its UUID, or its short id"`
	Agent     []string `query:"agent,explode" doc:"Agent ids; none for calls without an agent"`
	Status    []string `query:"status,explode" doc:"queued, running, done, failed"`
	Verdict   []string `query:"verdict,explode" doc:"pass, fail, unknown"`
	Trigger   []string `query:"trigger,explode" doc:"manual, filter, automatic, api"`
	Run       string   `query:"run" maxLength:"64" doc:"A run_id: those that one request asked for together"`
	Limit     int      `query:"limit" minimum:"1" maximum:"500" default:"50"`
	Cursor    string   `query:"cursor" maxLength:"100" doc:"next_cursor of the page before"`
}

type evaluationsOutput struct {
	Body *store.EvaluationPage
}

func (s *Server) listEvaluations(ctx context.Context, in *evaluationsInput) (*evaluationsOutput, error) {
	f := store.EvaluationFilter{
		Workspace: auth.From(ctx).WorkspaceID, Evaluators: split(in.Evaluator), Scorecards: split(in.Scorecard), Agents: split(in.Agent),
		Statuses: split(in.Status), Verdicts: split(in.Verdict), Triggers: split(in.Trigger), Run: in.Run,
	}
	out := &evaluationsOutput{}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if in.Call != "" {
			if f.Call, err = store.ResolveCall(ctx, tx, f.Workspace, in.Call); err != nil {
				return err
			}
		}
		out.Body, err = store.Evaluations(ctx, tx, f, in.Cursor, in.Limit)
		return err
	})
	return out, err
}

// EvaluationPath names an evaluation.
type EvaluationPath struct {
	ID string `path:"id" maxLength:"64" doc:"eval_…, or its UUID"`
}

func (p *EvaluationPath) id() string { return ringside.IDFromUUID("eval", p.ID) }

type evaluationOutput struct {
	Body *store.EvaluationRow
}

func (s *Server) getEvaluation(ctx context.Context, in *EvaluationPath) (*evaluationOutput, error) {
	out := &evaluationOutput{}
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		out.Body, err = store.Evaluation(ctx, tx, auth.From(ctx).WorkspaceID, in.id())
		return err
	})
	return out, err
}

// rerunEvaluation gives the evaluation that waits: the failed one, or a new
// one beside the one that is done.
func (s *Server) rerunEvaluation(ctx context.Context, in *EvaluationPath) (*evaluationOutput, error) {
	ws, out := auth.From(ctx).WorkspaceID, &evaluationOutput{}
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		e, err := s.cfg.Examiner.Again(ctx, tx, ws, in.id())
		if err != nil {
			return err
		}
		if out.Body, err = store.Evaluation(ctx, tx, ws, e.ID); err != nil {
			return err
		}
		return audit(ctx, tx, "evaluation.rerun", named(e.EvaluatorName, e.ID))
	})
	return out, err
}

// EvaluationRequest asks for evaluations: of one call, or of those that a
// filter means.
type EvaluationRequest struct {
	EvaluatorID string          `json:"evaluator_id" maxLength:"64"`
	CallID      string          `json:"call_id,omitempty" maxLength:"64" doc:"call_…, its UUID, or its short id"`
	Filter      *CallFilterBody `json:"filter,omitempty" doc:"In its place: the filters of the list of calls"`
	Limit       int             `json:"limit,omitempty" minimum:"1" maximum:"10000" doc:"With a filter: how many calls at most, the newest; 100 when left out"`
}

// CallFilterBody are the filters of the list of calls, as JSON.
type CallFilterBody struct {
	ProviderCallID string            `json:"provider_call_id,omitempty"`
	Agent          []string          `json:"agent,omitempty"`
	Provider       []string          `json:"provider,omitempty"`
	Status         []string          `json:"status,omitempty"`
	LastEvent      []string          `json:"last_event,omitempty"`
	Direction      []string          `json:"direction,omitempty"`
	EndedReason    []string          `json:"ended_reason,omitempty"`
	FailureClass   []string          `json:"failure_class,omitempty"`
	Campaign       []string          `json:"campaign,omitempty"`
	StartedAfter   string            `json:"started_after,omitempty"`
	StartedBefore  string            `json:"started_before,omitempty"`
	MinDurationMS  *int64            `json:"min_duration_ms,omitempty" minimum:"0"`
	MaxDurationMS  *int64            `json:"max_duration_ms,omitempty" minimum:"0"`
	HasRecording   *bool             `json:"has_recording,omitempty"`
	Simulation     *bool             `json:"simulation,omitempty"`
	Success        string            `json:"success,omitempty" enum:"true,false,unknown"`
	Sentiment      []string          `json:"sentiment,omitempty"`
	MinQuality     *float64          `json:"min_quality,omitempty" minimum:"0" maximum:"100"`
	MaxQuality     *float64          `json:"max_quality,omitempty" minimum:"0" maximum:"100"`
	Tag            []string          `json:"tag,omitempty"`
	Finding        []string          `json:"finding,omitempty"`
	Q              string            `json:"q,omitempty" maxLength:"500"`
	Metadata       map[string]string `json:"metadata,omitempty" maxProperties:"10" doc:"In place of metadata.…"`
}

// filters are the same as the parameters of a list.
func (b *CallFilterBody) filters() *CallFilters {
	return &CallFilters{
		ProviderCallID: b.ProviderCallID, Agent: b.Agent, Provider: b.Provider, Status: b.Status, LastEvent: b.LastEvent, Direction: b.Direction,
		EndedReason: b.EndedReason, FailureClass: b.FailureClass, Campaign: b.Campaign, StartedAfter: b.StartedAfter, StartedBefore: b.StartedBefore,
		MinDurationMS: parameter(b.MinDurationMS), MaxDurationMS: parameter(b.MaxDurationMS), HasRecording: parameter(b.HasRecording),
		Simulation: parameter(b.Simulation), Success: b.Success, Sentiment: b.Sentiment, MinQuality: parameter(b.MinQuality),
		MaxQuality: parameter(b.MaxQuality), Tag: b.Tag, Finding: b.Finding, Q: b.Q, metadata: b.Metadata,
	}
}

// parameter writes a value as a parameter; what is left out is empty.
func parameter[T int64 | float64 | bool](v *T) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(*v)
}

type evaluateInput struct {
	Body EvaluationRequest
}

// EvaluationsAsked says what is evaluated.
type EvaluationsAsked struct {
	evaluate.Run
	EvaluationID string `json:"evaluation_id,omitempty" doc:"Of one call: its evaluation"`
}

type evaluateOutput struct {
	Body EvaluationsAsked
}

func (s *Server) evaluate(ctx context.Context, in *evaluateInput) (*evaluateOutput, error) {
	b := &in.Body
	if (b.CallID == "") == (b.Filter == nil) {
		return nil, ringside.Invalidf("/call_id", "or filter: one of the two is needed")
	}
	if b.Filter != nil {
		return s.evaluateMany(ctx, b)
	}
	out := &evaluateOutput{Body: EvaluationsAsked{Run: evaluate.Run{Matched: 1, Queued: 1}}}
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		c, err := s.findCall(ctx, tx, b.CallID)
		if err != nil {
			return err
		}
		e, err := s.evaluateOne(ctx, tx, c, b.EvaluatorID, ringside.TriggerManual)
		if err == nil {
			out.Body.EvaluationID = e.ID
		}
		return err
	})
	return out, err
}

func (s *Server) evaluateOne(ctx context.Context, tx store.Tx, c *ringside.Call, evaluator string, trigger ringside.EvaluationTrigger) (*ringside.Evaluation, error) {
	e, err := s.cfg.Examiner.One(ctx, tx, evaluate.Request{
		Workspace: c.WorkspaceID, EvaluatorID: ringside.IDFromUUID("evaluator", evaluator), Call: c.ID, Trigger: trigger,
	})
	if err != nil {
		return nil, err
	}
	return e, audit(ctx, tx, "evaluation.run", named(e.EvaluatorName, c.ID.String()))
}

// defaultEvaluated is how many calls of a filter are evaluated when nobody
// says.
const defaultEvaluated = 100

func (s *Server) evaluateMany(ctx context.Context, b *EvaluationRequest) (*evaluateOutput, error) {
	f, err := b.Filter.filters().filter(auth.From(ctx).WorkspaceID)
	if err != nil {
		return nil, below("/filter/", err)
	}
	ask := evaluate.Calls{EvaluatorID: ringside.IDFromUUID("evaluator", b.EvaluatorID), Filter: f, Limit: cmp.Or(b.Limit, defaultEvaluated)}
	r, err := s.cfg.Examiner.Many(ctx, ask, func(ctx context.Context, tx store.Tx, r *evaluate.Run) error {
		return audit(ctx, tx, "evaluation.run", strconv.Itoa(r.Queued)+" calls ("+r.ID+")")
	})
	if err != nil {
		return nil, err
	}
	return &evaluateOutput{EvaluationsAsked{Run: *r}}, nil
}

type observedEvaluateInput struct {
	ShortPath
	Body struct {
		EvaluatorID string `json:"evaluator_id" maxLength:"64"`
	}
}

// ObservedEvaluation says that a call is evaluated.
type ObservedEvaluation struct {
	EvaluatorResultID string `json:"evaluator_result_id" doc:"The evaluation, as a UUID"`
	ResultID          string `json:"result_id" doc:"The same as GET /v1/evaluations/{id} writes it; that takes both"`
	Status            string `json:"status" enum:"queued"`
	Message           string `json:"message"`
}

type observedEvaluateOutput struct {
	Body ObservedEvaluation
}

// evaluateObserved refuses in the words of the observability API.
func (s *Server) evaluateObserved(ctx context.Context, in *observedEvaluateInput) (*observedEvaluateOutput, error) {
	var e *ringside.Evaluation
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		c, err := s.findCall(ctx, tx, in.ID)
		if err != nil {
			return callNotFound(err)
		}
		if len(c.Turns) == 0 {
			return newProblem(http.StatusBadRequest, "no_transcript", "Call has no messages to evaluate")
		}
		e, err = s.evaluateOne(ctx, tx, c, in.Body.EvaluatorID, ringside.TriggerAPI)
		if ringside.KindOf(err) == ringside.NotFound {
			return ringside.Errorf(ringside.NotFound, "Evaluator not found")
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &observedEvaluateOutput{ObservedEvaluation{ringside.IDAsUUID(e.ID), e.ID, "queued", "Evaluation queued successfully"}}, nil
}
