package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/crm"
	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/llm"
	"github.com/ringsidehq/ringside/internal/pipeline"
	"github.com/ringsidehq/ringside/internal/secret"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/stt"
)

// IntegrationView is what a workspace is connected to beside its vendors.
type IntegrationView struct {
	Kind      string              `json:"kind" enum:"llm,stt,hubspot,salesforce"`
	LLM       *llm.Settings       `json:"llm,omitempty" doc:"Of kind llm"`
	STT       *stt.SpeechSettings `json:"stt,omitempty" doc:"Of kind stt"`
	CRM       *pipeline.CRMServer `json:"crm,omitempty" doc:"Of a CRM"`
	SecretSet bool                `json:"secret_set" doc:"Whether there is a key; it is never shown"`
	UpdatedAt time.Time           `json:"updated_at"`
}

// IntegrationList is every integration of a workspace, and what its language
// models were asked in the last twelve months.
type IntegrationList struct {
	Items []*IntegrationView `json:"items"`
	Usage []store.ModelUsage `json:"usage" doc:"Newest month first"`
}

type integrationsOutput struct {
	Body IntegrationList
}

// usageMonths is how many months of usage are shown.
const usageMonths = 12

func (s *Server) listIntegrations(ctx context.Context, _ *struct{}) (*integrationsOutput, error) {
	out := &integrationsOutput{Body: IntegrationList{Items: []*IntegrationView{}}}
	ws := auth.From(ctx).WorkspaceID
	err := s.read(ctx, func(ctx context.Context, tx store.Tx) error {
		rows, err := store.Integrations(ctx, tx, ws)
		if err != nil {
			return err
		}
		for _, row := range rows {
			v, err := integrationView(row)
			if err != nil {
				return err
			}
			out.Body.Items = append(out.Body.Items, v)
		}
		out.Body.Usage, err = store.UsageByMonth(ctx, tx, ws, usageMonths)
		return err
	})
	return out, err
}

func integrationView(row *store.Integration) (*IntegrationView, error) {
	v := &IntegrationView{Kind: row.Kind, SecretSet: row.Secret != nil, UpdatedAt: row.UpdatedAt}
	var into any
	switch row.Kind {
	case pipeline.LLM:
		v.LLM = &llm.Settings{}
		into = v.LLM
	case pipeline.STT:
		v.STT = &stt.SpeechSettings{}
		into = v.STT
	default:
		v.CRM = &pipeline.CRMServer{}
		into = v.CRM
	}
	if err := json.Unmarshal(row.Settings, into); err != nil {
		return nil, fmt.Errorf("read %s integration: %w", row.Kind, err)
	}
	return v, nil
}

// LLMBody is a language model to connect.
type LLMBody struct {
	llm.Settings
	Key *string `json:"key,omitempty" maxLength:"4096" doc:"The server's API key. Left out, the one that is kept stays, as long as the host is the same; empty removes it. It is never shown again"`
}

type putLLMInput struct {
	Body LLMBody
}

type integrationOutput struct {
	Body *IntegrationView
}

func (s *Server) putLLM(ctx context.Context, in *putLLMInput) (*integrationOutput, error) {
	b := &in.Body
	b.BaseURL = strings.TrimSpace(b.BaseURL)
	if b.BaseURL == "" {
		return nil, ringside.Invalidf("/base_url", "is required: https://api.openai.com/v1, or the address of a server of your own")
	}
	if err := b.Settings.Validate(); err != nil {
		return nil, err
	}
	if err := s.cfg.Egress.CheckURL(b.BaseURL); err != nil {
		return nil, ringside.Invalidf("/base_url", "%v", err)
	}
	return s.putIntegration(ctx, pipeline.LLM, b.BaseURL, b.Settings, b.Key)
}

// STTBody is speech to text to connect.
type STTBody struct {
	stt.SpeechSettings
	Key *string `json:"key,omitempty" maxLength:"4096" doc:"The server's API key. Left out, the one that is kept stays, as long as the host is the same; empty removes it. It is never shown again"`
}

type putSTTInput struct {
	Body STTBody
}

func (s *Server) putSTT(ctx context.Context, in *putSTTInput) (*integrationOutput, error) {
	b := &in.Body
	b.BaseURL = strings.TrimSpace(b.BaseURL)
	if err := b.SpeechSettings.Validate(); err != nil {
		return nil, err
	}
	if err := s.cfg.Egress.CheckURL(b.BaseURL); err != nil {
		return nil, ringside.Invalidf("/base_url", "%v", err)
	}
	return s.putIntegration(ctx, pipeline.STT, b.BaseURL, b.SpeechSettings, b.Key)
}

// CRMBody is a CRM to connect.
type CRMBody struct {
	pipeline.CRMServer
	Secret *string `json:"secret,omitempty" maxLength:"4096" doc:"HubSpot: a service key or a private app's token. Salesforce: the client secret. Left out, the one that is kept stays, as long as the host is the same; empty removes it"`
}

type putCRMInput struct {
	CRM  string `path:"crm" enum:"hubspot,salesforce"`
	Body CRMBody
}

func (s *Server) putCRM(ctx context.Context, in *putCRMInput) (*integrationOutput, error) {
	b := &in.Body
	if err := b.CRMServer.Validate(in.CRM); err != nil {
		return nil, err
	}
	if b.BaseURL != "" {
		if err := s.cfg.Egress.CheckURL(b.BaseURL); err != nil {
			return nil, ringside.Invalidf("/base_url", "%v", err)
		}
	}
	return s.putIntegration(ctx, in.CRM, b.BaseURL, b.CRMServer, b.Secret)
}

// putIntegration keeps an integration. A secret belongs to the host that it
// was given for: it does not go along to another.
func (s *Server) putIntegration(ctx context.Context, kind, baseURL string, settings any, secret *string) (*integrationOutput, error) {
	text, err := json.Marshal(settings)
	if err != nil {
		return nil, fmt.Errorf("encode %s settings: %w", kind, err)
	}
	ws := auth.From(ctx).WorkspaceID
	row := &store.Integration{Kind: kind, Settings: text, UpdatedAt: time.Now().UTC().Truncate(time.Millisecond)}
	out := &integrationOutput{}
	err = s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		before, err := store.IntegrationOf(ctx, tx, ws, kind)
		switch {
		case err != nil && ringside.KindOf(err) != ringside.NotFound:
			return err
		case secret != nil:
			if plain := strings.TrimSpace(*secret); plain != "" {
				row.Secret = s.cfg.Secrets.Seal(pipeline.IntegrationSecret(ws, kind), []byte(plain))
			}
		case err == nil && egress.Host(baseOf(before)) == egress.Host(baseURL):
			row.Secret = before.Secret
		}
		if err := store.PutIntegration(ctx, tx, ws, row); err != nil {
			return err
		}
		if out.Body, err = integrationView(row); err != nil {
			return err
		}
		return audit(ctx, tx, "integration.update", kind)
	})
	return out, err
}

// baseOf is the address in an integration's settings.
func baseOf(row *store.Integration) string {
	var s struct {
		BaseURL string `json:"base_url"`
	}
	_ = json.Unmarshal(row.Settings, &s) // ours; what can't be read has no host
	return s.BaseURL
}

// KindPath names an integration.
type KindPath struct {
	Kind string `path:"kind" enum:"llm,stt,hubspot,salesforce"`
}

func (s *Server) deleteIntegration(ctx context.Context, in *KindPath) (*struct{}, error) {
	return nil, s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := store.DeleteIntegration(ctx, tx, auth.From(ctx).WorkspaceID, in.Kind); err != nil {
			return err
		}
		return audit(ctx, tx, "integration.delete", in.Kind)
	})
}

// IntegrationTest is what a connected server really answered.
type IntegrationTest struct {
	OK        bool   `json:"ok"`
	Detail    string `json:"detail" doc:"What it answered, or why nothing came of it"`
	LatencyMS int64  `json:"latency_ms"`
}

type integrationTestOutput struct {
	Body IntegrationTest
}

func (s *Server) testIntegration(ctx context.Context, in *KindPath) (*integrationTestOutput, error) {
	ws := auth.From(ctx).WorkspaceID
	started := time.Now()
	var detail string
	var err error
	switch in.Kind {
	case pipeline.LLM:
		detail, err = s.testLLM(ctx, ws)
	case pipeline.STT:
		detail, err = s.testSTT(ctx, ws)
	default:
		detail, err = s.cfg.CRMs.Test(ctx, ws, in.Kind)
	}
	if ringside.KindOf(err) == ringside.NotFound {
		return nil, err
	}
	out := &integrationTestOutput{IntegrationTest{OK: err == nil, Detail: detail, LatencyMS: time.Since(started).Milliseconds()}}
	if err != nil {
		out.Body.Detail = whyNot(err)
	}
	return out, nil
}

// whyNot says why a test failed: in the server's words where it answered, and
// never with an address that something resolved to.
func whyNot(err error) string {
	if e, ok := errors.AsType[*crm.Error](err); ok {
		return e.Error()
	}
	if e, ok := errors.AsType[*llm.Error](err); ok && e.Err == nil {
		return e.Message
	}
	if e, ok := errors.AsType[*stt.Error](err); ok && e.Err == nil {
		return e.Message
	}
	if e, ok := errors.AsType[*ringside.Error](err); ok {
		return e.Message
	}
	if secret.Lost(err) {
		return err.Error()
	}
	return egress.Explain(err)
}

// testLLM asks the default model for one word.
func (s *Server) testLLM(ctx context.Context, workspace string) (string, error) {
	m, err := s.cfg.Models.Of(ctx, workspace)
	if err != nil {
		return "", err
	}
	if m == nil {
		return "", ringside.Errorf(ringside.NotFound, "this workspace has no language model")
	}
	answer, err := m.Client.Chat(ctx, llm.Request{
		Model: m.Settings.DefaultModel, MaxTokens: 200,
		Messages: []llm.Message{{Role: "user", Content: "Answer with the single word ready."}},
	})
	if counted := s.countTest(ctx, workspace, m, &answer); err == nil {
		err = counted
	}
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s answered %q with %d tokens.", cmp.Or(answer.Model, m.Settings.DefaultModel), inShort(answer.Text), answer.CompletionTokens), nil
}

// countTest counts what a model was asked to try it: it is paid for as any other
// question.
func (s *Server) countTest(ctx context.Context, workspace string, m *pipeline.Model, a *llm.Response) error {
	used := ringside.Usage{
		Model: a.Model, Requests: a.Requests, PromptTokens: a.PromptTokens, CompletionTokens: a.CompletionTokens,
		CostUSD: m.Settings.Cost(m.Settings.DefaultModel, a.PromptTokens, a.CompletionTokens),
	}
	return s.write(context.WithoutCancel(ctx), func(ctx context.Context, tx store.Tx) error {
		return store.AddUsage(ctx, tx, workspace, time.Now(), &used)
	})
}

// inShort is the beginning of what a server said, on one line.
func inShort(said string) string {
	said = strings.Join(strings.Fields(said), " ")
	if r := []rune(said); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return said
}

// testSTT sends half a second of a tone, in which there are no words.
func (s *Server) testSTT(ctx context.Context, workspace string) (string, error) {
	t, err := s.cfg.Transcribers.Of(ctx, workspace)
	if err != nil {
		return "", err
	}
	if t == nil {
		return "", ringside.Errorf(ringside.NotFound, "this workspace has no speech to text")
	}
	answer, err := t.Client.Transcribe(ctx, stt.Tone(500*time.Millisecond))
	if err != nil {
		return "", err
	}
	if said := inShort(answer.Text()); said != "" {
		return fmt.Sprintf("%s was sent half a second of a tone, and heard %q in it.", t.Client.Settings.Model, said), nil
	}
	return t.Client.Settings.Model + " was sent half a second of a tone, and heard no words in it.", nil
}

// StepPath names a step of a call.
type StepPath struct {
	ID   string `path:"id" maxLength:"64"`
	Step string `path:"step" enum:"redaction,analysis,recording,transcription,judge,webhooks,crm"`
}

// StepQueued says that a step is to be done again.
type StepQueued struct {
	Step   string `json:"step"`
	Status string `json:"status" enum:"queued"`
}

type retryStepOutput struct {
	Body StepQueued
}

func (s *Server) retryStep(ctx context.Context, in *StepPath) (*retryStepOutput, error) {
	ws := auth.From(ctx).WorkspaceID
	err := s.write(ctx, func(ctx context.Context, tx store.Tx) error {
		id, err := store.ResolveCall(ctx, tx, ws, in.ID)
		if err != nil {
			return err
		}
		c, err := store.Call(ctx, tx, ws, id)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(c.Pipeline, func(st ringside.Step) bool { return st.Step == in.Step }) {
			if c.Ended() {
				return ringside.Errorf(ringside.Conflict, "the call has no such step: its vendor sent a transcript, or no recording of it was heard").WithCode("no_step")
			}
			return ringside.Errorf(ringside.Conflict, "the call has not ended; its steps follow then").WithCode("not_ended")
		}
		if why := pipeline.ExpiredStep(c, in.Step); why != "" {
			return ringside.Errorf(ringside.Conflict, "%s", why).WithCode("expired")
		}
		if err := s.cfg.Pipeline.Again(ctx, tx, ws, id, in.Step); err != nil {
			return err
		}
		return audit(ctx, tx, "step.retry", in.Step+" of "+id.String())
	})
	return &retryStepOutput{StepQueued{in.Step, "queued"}}, err
}
