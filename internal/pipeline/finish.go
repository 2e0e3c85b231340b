package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/riverqueue/river"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/deliver"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/measure"
	"github.com/ringsidehq/ringside/internal/store"
)

// ended tells who wants to know it that a call is over, with what the local
// analysis found.
func (c *Config) ended(ctx context.Context, tx store.Tx, f *file) error {
	if old(f.call) || f.call.Imported {
		return nil
	}
	at := f.call.LastHeard()
	if f.call.EndedAt != nil {
		at = *f.call.EndedAt
	}
	if _, err := c.Webhooks.Plan(ctx, tx, deliver.Event{Name: "call_ended", At: at, Call: f.call}); err != nil {
		return err
	}
	s := &f.agent.Settings
	lead := measure.SpeedToLead(f.call)
	if lead == nil || !on(s.SpeedToLeadEnabled) {
		return nil
	}
	_, err := c.Webhooks.PlanTarget(ctx, tx, store.WebhookSpeedToLead, deliver.Event{Name: "speed_to_lead", At: at, Call: f.call}, speedToLead{
		callName: nameOf(c, f.call), SpeedToLeadMS: *lead, ArrivedAt: measure.Arrival(f.call),
	})
	return err
}

// old tells that nothing was heard of a call for as long as deliveries are
// kept: what was told of it is forgotten by now, and is not to be told again
// because somebody looks at the call once more.
func old(c *ringside.Call) bool { return time.Since(c.LastHeard()) > keepWebhooks }

// callName is how the bodies of our own making name a call.
type callName struct {
	CallID         string             `json:"call_id"`
	ProviderCallID string             `json:"provider_call_id"`
	Direction      ringside.Direction `json:"direction"`
	From           string             `json:"from"`
	To             string             `json:"to"`
	Link           string             `json:"link"`
}

func nameOf(cfg *Config, c *ringside.Call) callName {
	return callName{c.ID.String(), c.ProviderCallID, c.Direction, c.From, c.To, cfg.Link(c)}
}

// speedToLead is the data of the post to speedToLeadWebhookUrl.
type speedToLead struct {
	callName
	SpeedToLeadMS int64      `json:"speed_to_lead_ms"`
	ArrivedAt     *time.Time `json:"arrived_at"`
}

// finish asks for what follows once a call has been analysed, in one
// transaction. Run twice on the same analysis it has one effect.
func (c *Config) finish(ctx context.Context, tx store.Tx, f *file) error {
	// An analysis of more than before is news; the same once more is not.
	e := deliver.Event{
		Name: "call_analyzed", At: time.Now(), Call: f.call,
		Key: strconv.FormatInt(f.call.LastHeard().UnixMilli(), 36) + f.call.JudgedFrom() + transcribedFrom(f.call),
	}
	if f.call.Imported {
		return noteGaps(ctx, tx, f)
	}
	if !old(f.call) {
		if _, err := c.Webhooks.Plan(ctx, tx, e); err != nil {
			return err
		}
		if err := c.reportGaps(ctx, tx, f, e); err != nil {
			return err
		}
	}
	if err := c.Evaluate(ctx, tx, f.call, &f.agent.Settings); err != nil {
		return err
	}
	if withoutCRM(f) == "" {
		ref := jobs.CallRef{WorkspaceID: f.workspace, CallID: f.call.ID}
		if err := c.Queue().Enqueue(ctx, tx, []river.JobArgs{jobs.SyncCRM{CallRef: ref}}); err != nil {
			return err
		}
	}
	return noteGaps(ctx, tx, f) // last: others wait for it
}

// reportedGap is one question in the post to knowledgeGapWebhookUrl.
type reportedGap struct {
	Topic  string          `json:"topic"`
	Quote  string          `json:"quote"`
	Turn   *int            `json:"turn"`
	AtMS   *int64          `json:"at_ms"`
	Method ringside.Method `json:"method"`
}

// maxReported bounds the questions of one post.
const maxReported = 20

func (c *Config) reportGaps(ctx context.Context, tx store.Tx, f *file, e deliver.Event) error {
	found := gapsOf(f.call)
	if len(found) == 0 || !on(f.agent.Settings.KnowledgeGapDetectionEnabled) {
		return nil
	}
	var err error
	data := struct {
		callName
		Gaps []reportedGap `json:"gaps"`
	}{nameOf(c, f.call), nil}
	for _, g := range found[:min(len(found), maxReported)] {
		data.Gaps = append(data.Gaps, reportedGap{clip(g.Topic), clip(g.Quote), g.Turn, g.AtMS, g.Method})
	}
	e.Name = "knowledge_gap"
	e.Key, err = gapsKey(data.Gaps) // a later report with the same questions is no news
	if err != nil {
		return err
	}
	_, err = c.Webhooks.PlanTarget(ctx, tx, store.WebhookKnowledgeGap, e, data)
	return err
}

// gapsKey tells one list of questions from another, whenever they were asked.
func gapsKey(gaps []reportedGap) (string, error) {
	asked := make([][2]string, len(gaps))
	for i := range gaps {
		asked[i] = [2]string{gaps[i].Topic, gaps[i].Quote}
	}
	b, err := json.Marshal(asked)
	if err != nil {
		return "", fmt.Errorf("encode knowledge gaps: %w", err)
	}
	sum := sha256.Sum256(b)
	return "gaps " + hex.EncodeToString(sum[:8]), nil
}

// clip bounds what stands in a post.
func clip(s string) string {
	if r := []rune(s); len(r) > 200 {
		return string(r[:200]) + "…"
	}
	return s
}
