package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	fast "github.com/goccy/go-json"

	"github.com/ringsidehq/ringside"
)

// callHeader is what a list item shows beside the columns of its row.
type callHeader struct {
	AgentName    string     `json:"an,omitempty"`
	AgentSource  string     `json:"as,omitempty"`
	AgentVersion string     `json:"av,omitempty"`
	CustomerName string     `json:"cn,omitempty"`
	Scenario     string     `json:"sc,omitempty"`
	Component    string     `json:"co,omitempty"`
	Explanation  string     `json:"ex,omitempty"`
	CreatedAt    *time.Time `json:"ca,omitempty"`
	StartedAt    *time.Time `json:"sa,omitempty"`
	AnsweredAt   *time.Time `json:"aa,omitempty"`
	Turns        int        `json:"t,omitempty"`
	ToolCalls    int        `json:"tc,omitempty"`
	Tags         []string   `json:"tg,omitempty"`
	Findings     []string   `json:"fk,omitempty"` // kinds, worst first
}

const callColumns = `ord, id, workspace_id, short_id, agent_id, provider, provider_call_id, status, direction,
 last_event, ended_reason, failure_class, ended_by, success, from_number, to_number, customer_key, campaign, simulation,
 has_recording, ended_ms, duration_ms, response_ms, cost, currency, received_ms, heard_ms, header, seq, quality, sentiment`

const insertCallSQL = `INSERT INTO calls (` + callColumns + `)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31)`

const updateCallSQL = `UPDATE calls SET ord = $1, workspace_id = $3, short_id = $4, agent_id = $5, provider = $6,
 provider_call_id = $7, status = $8, direction = $9, last_event = $10, ended_reason = $11, failure_class = $12, ended_by = $13,
 success = $14, from_number = $15, to_number = $16, customer_key = $17, campaign = $18, simulation = $19, has_recording = $20,
 ended_ms = $21, duration_ms = $22, response_ms = $23, cost = $24, currency = $25, received_ms = $26, heard_ms = $27, header = $28, seq = $29,
 quality = $30, sentiment = $31
WHERE id = $2`

// maxIndexed bounds the texts of vendors that stand in an index, in bytes:
// PostgreSQL's hold no longer ones.
const maxIndexed = 500

func clip(s string) string {
	if len(s) <= maxIndexed {
		return s
	}
	return strings.ToValidUTF8(s[:maxIndexed], "")
}

// callRow gives the values of callColumns.
func callRow(ch *Change) ([]any, error) {
	c := ch.Call
	h := callHeader{
		AgentVersion: c.AgentVersion, CustomerName: c.CustomerName, Scenario: c.Scenario,
		Component: c.Outcome.Component, Explanation: c.Outcome.Explanation,
		CreatedAt: c.CreatedAt, StartedAt: c.StartedAt, AnsweredAt: c.AnsweredAt,
		Turns: len(c.Turns), ToolCalls: len(c.ToolCalls), Tags: c.Tags, Findings: findingKinds(c.Findings),
	}
	h.AgentSource, h.AgentName = c.AgentSource()
	header, err := fast.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("encode call header: %w", err)
	}
	var ended int64
	if c.EndedAt != nil {
		ended = c.EndedAt.UnixMilli()
	}
	var cost *float64
	currency := ""
	if c.Cost != nil {
		cost, currency = &c.Cost.Total, c.Cost.Currency
	}
	var quality *float64
	if c.Quality != nil {
		quality = c.Quality.Score
	}
	sentiment := ""
	if c.Sentiment != nil {
		sentiment = c.Sentiment.Label
	}
	return []any{
		ch.Ord, c.ID[:], c.WorkspaceID, c.ShortID, ch.AgentID, c.Provider, c.ProviderCallID, string(c.Status), string(c.Direction),
		c.LastEvent, clip(c.EndedReason), string(c.Outcome.FailureClass), string(c.Outcome.EndedBy), c.Outcome.Success,
		c.From, c.To, c.CustomerKey, clip(c.Campaign), c.IsSimulation, c.HasRecording(), ended, c.DurationMS,
		c.ClaimedResponseMS(), cost, currency, c.ReceivedAt.UnixMilli(), c.LastHeard().UnixMilli(), string(header), ch.Seq, quality, sentiment,
	}, nil
}

// findingKinds lists the kinds of some findings once each, worst first.
func findingKinds(findings []ringside.Finding) []string {
	if len(findings) == 0 {
		return nil
	}
	var out []string
	for _, k := range ringside.FindingKinds {
		if slices.ContainsFunc(findings, func(f ringside.Finding) bool { return f.Kind == k }) {
			out = append(out, string(k))
		}
	}
	return out
}

// CallItem is a call as lists show it: everything but what was said and done.
type CallItem struct {
	ID             ringside.CallID    `json:"id"`
	ShortID        string             `json:"short_id"`
	Provider       string             `json:"provider"`
	ProviderCallID string             `json:"provider_call_id"`
	Agent          *ringside.AgentRef `json:"agent"`
	AgentVersion   string             `json:"agent_version,omitempty"`
	Direction      ringside.Direction `json:"direction"`
	Status         ringside.Status    `json:"status"`
	LastEvent      string             `json:"last_event"`
	From           string             `json:"from"`
	To             string             `json:"to"`
	CustomerKey    string             `json:"customer_key,omitempty"`
	CustomerName   string             `json:"customer_name,omitempty"`
	Campaign       string             `json:"campaign,omitempty"`
	Scenario       string             `json:"scenario,omitempty"`
	IsSimulation   bool               `json:"is_simulation"`
	CreatedAt      *time.Time         `json:"created_at"`
	StartedAt      *time.Time         `json:"started_at"`
	AnsweredAt     *time.Time         `json:"answered_at"`
	EndedAt        *time.Time         `json:"ended_at"`
	ReceivedAt     time.Time          `json:"received_at"`
	DurationMS     *int64             `json:"duration_ms"`
	EndedReason    string             `json:"ended_reason"`
	Outcome        ringside.Outcome   `json:"outcome"`
	Cost           *ItemCost          `json:"cost"`
	HasRecording   bool               `json:"has_recording"`
	Turns          int                `json:"turns" doc:"How many turns the transcript has"`
	ToolCalls      int                `json:"tool_calls" doc:"How many tools were called"`
	Quality        *float64           `json:"quality" doc:"0 to 100; null when it could not be measured or was not looked at yet"`
	Sentiment      string             `json:"sentiment" doc:"positive, neutral, negative, mixed or unknown; empty when it was not looked at yet"`
	Tags           []string           `json:"tags"`
	Findings       []string           `json:"findings" doc:"The kinds of what was found, worst first"`
	ResponseMS     *float64           `json:"response_ms" doc:"Median of the vendor's own response times; null when it claims none"`
	Matches        []Match            `json:"matches,omitempty" doc:"Where the words that were searched for stand"`

	ord   int64
	heard int64 // ms
}

// HeardAt is when the newest delivery about the call came.
func (it *CallItem) HeardAt() time.Time { return time.UnixMilli(it.heard).UTC() }

// ItemCost is the cost of a call in a list.
type ItemCost struct {
	Total    float64 `json:"total"`
	Currency string  `json:"currency"`
}

// Match is a place in a transcript that a search found.
type Match struct {
	Turn   int           `json:"turn"`
	Role   ringside.Role `json:"role"`
	Text   string        `json:"text" doc:"The turn's text, cut around the first match"`
	Ranges [][2]int      `json:"ranges" doc:"Start and end of each match in text, in UTF-16 units"`
}

// scanItem reads a row of callColumns.
func scanItem(r Row) (*CallItem, error) {
	var it CallItem
	var id []byte
	var workspace, agent, header, currency string
	var ended, received, seq int64
	var cost *float64
	err := r.Scan(&it.ord, &id, &workspace, &it.ShortID, &agent, &it.Provider, &it.ProviderCallID, &it.Status, &it.Direction,
		&it.LastEvent, &it.EndedReason, &it.Outcome.FailureClass, &it.Outcome.EndedBy, &it.Outcome.Success,
		&it.From, &it.To, &it.CustomerKey, &it.Campaign, &it.IsSimulation, &it.HasRecording, &ended, &it.DurationMS,
		&it.ResponseMS, &cost, &currency, &received, &it.heard, &header, &seq, &it.Quality, &it.Sentiment)
	if err != nil {
		return nil, err
	}
	it.ID = ringside.CallID(id)
	var h callHeader
	if err := json.Unmarshal([]byte(header), &h); err != nil {
		return nil, fmt.Errorf("decode header of call %s: %w", it.ID, err)
	}
	it.AgentVersion, it.CustomerName, it.Scenario = h.AgentVersion, h.CustomerName, h.Scenario
	it.Outcome.Component, it.Outcome.Explanation = h.Component, h.Explanation
	it.CreatedAt, it.StartedAt, it.AnsweredAt = h.CreatedAt, h.StartedAt, h.AnsweredAt
	it.Turns, it.ToolCalls = h.Turns, h.ToolCalls
	it.Tags, it.Findings = append([]string{}, h.Tags...), append([]string{}, h.Findings...)
	it.ReceivedAt = time.UnixMilli(received).UTC()
	if ended != 0 {
		it.EndedAt = new(time.UnixMilli(ended).UTC())
	}
	if cost != nil {
		it.Cost = &ItemCost{*cost, currency}
	}
	if agent != "" || h.AgentSource != "" || h.AgentName != "" {
		it.Agent = &ringside.AgentRef{ID: agent, Name: h.AgentName, SourceID: h.AgentSource}
	}
	return &it, nil
}
