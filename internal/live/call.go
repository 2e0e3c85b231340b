package live

import (
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/measure"
	"github.com/ringsidehq/ringside/internal/store"
)

// Call is a call in progress as it is shown. It is replaced, never changed.
type Call struct {
	ID             string               `json:"id"`
	ShortID        string               `json:"shortId"`
	Provider       string               `json:"provider"`
	ProviderCallID string               `json:"providerCallId"`
	From           string               `json:"from"`
	To             string               `json:"to"`
	Direction      string               `json:"direction"`
	Agent          string               `json:"agent" doc:"The agent's name; empty when no event names one"`
	AgentID        string               `json:"agentId"`
	Status         string               `json:"status" enum:"queued,ringing,in_progress"`
	StartedAt      time.Time            `json:"startedAt"`
	Duration       int64                `json:"duration" doc:"Seconds since the start, when this was written"`
	CurrentScore   *float64             `json:"currentScore" doc:"0 to 100, by the same parts as after the call, on what is known so far; null while nothing can be told"`
	ScoreTrend     []Point              `json:"scoreTrend" doc:"The score over the last minute"`
	Alerts         []CallAlert          `json:"alerts" doc:"The open ones, worst first"`
	Proposals      []*ringside.Proposal `json:"proposals" doc:"What rules propose to do: the open ones, and what came of the last; newest first"`
	IsSimulation   bool                 `json:"isSimulation"`
	Scenario       string               `json:"scenario,omitempty"`
	Context        string               `json:"context,omitempty" doc:"What the call is about, where its events say"`
	Speaking       string               `json:"speaking,omitempty" enum:"agent,customer" doc:"Who is"`
	LastLine       *Line                `json:"lastLine" doc:"The newest turn"`
	Turns          int                  `json:"turns"`
	CurrentTool    string               `json:"currentTool,omitempty" doc:"A tool that was called and has not answered"`
	ToolsUsed      int                  `json:"toolsUsed"`
	Sentiment      string               `json:"sentiment,omitempty" enum:"positive,neutral,negative,mixed,unknown"`
	SentimentTrend string               `json:"sentimentTrend,omitempty" enum:"rising,steady,falling" doc:"The customer's last turns against those before"`
	ResponseMS     *float64             `json:"responseMs" doc:"Median time until the agent answers, so far; null when no turn tells"`
	LastResponseMS *float64             `json:"lastResponseMs"`
	SilentSince    *time.Time           `json:"silentSince" doc:"When the newest word came; null before the first"`
	UpdatedAt      time.Time            `json:"updatedAt"`

	call    *ringside.Call
	version store.Version // of the call
	local   *ringside.Local
	partial map[ringside.Role]ringside.Partial
}

// Call is the call as its events tell it. It is to be read only.
func (c *Call) Call() *ringside.Call { return c.call }

// Local is the assessment so far; nil before the first.
func (c *Call) Local() *ringside.Local { return c.local }

// Responses are the waits for the agent's turns.
func (c *Call) Responses() []measure.Response { return measure.Responses(c.call.Turns) }

// Saying is what is being said and may still change.
func (c *Call) Saying() []Line {
	out := []Line{}
	for _, role := range []ringside.Role{ringside.RoleAgent, ringside.RoleUser} {
		if p, is := c.partial[role]; is {
			out = append(out, partialLine(&p, len(c.call.Turns), c.StartedAt))
		}
	}
	return out
}

// At is the call with its duration at a time.
func (c *Call) At(now time.Time) *Call {
	at := *c
	at.Duration = seconds(now.Sub(c.StartedAt))
	return &at
}

// Point is a score at a time.
type Point struct {
	At    int64   `json:"at" doc:"Seconds into the call"`
	Score float64 `json:"score"`
}

// Line is a turn, or what is being said.
type Line struct {
	Turn      int     `json:"turn" doc:"Index in the transcript; of a partial, the one that it will get"`
	Speaker   string  `json:"speaker" enum:"agent,customer"`
	Text      string  `json:"text"`
	Timestamp float64 `json:"timestamp" doc:"Seconds into the call"`
	Partial   bool    `json:"partial,omitempty" doc:"It is being said and may still change"`
}

// CallAlert is an open alert in the list of calls.
type CallAlert struct {
	ID          string                 `json:"id"`
	Type        ringside.AlertType     `json:"type"`
	Severity    ringside.AlertSeverity `json:"severity"`
	Message     string                 `json:"message"`
	TriggeredAt int64                  `json:"triggeredAt" doc:"Seconds into the call"`
	Status      ringside.AlertStatus   `json:"status"`
	Turn        *int                   `json:"turn"`
	Quote       string                 `json:"quote,omitempty"`
	Rule        string                 `json:"rule"`
}

// Shown is an alert as calls show it.
func Shown(a *ringside.Alert) CallAlert {
	return CallAlert{
		ID: a.ID, Type: a.Type, Severity: a.Severity, Message: a.Message, TriggeredAt: a.AtMS / 1000, Status: a.Status,
		Turn: a.Turn, Quote: a.Quote, Rule: a.RuleName,
	}
}

func seconds(d time.Duration) int64 { return max(0, int64(d/time.Second)) }

// Speaker is how the live API calls a side.
func Speaker(r ringside.Role) string {
	if r == ringside.RoleAgent {
		return "agent"
	}
	return "customer"
}

// Lines are a call's turns, with the seconds into the call.
func Lines(turns []ringside.Turn) []Line {
	out := make([]Line, len(turns))
	for i := range turns {
		out[i] = line(&turns[i])
	}
	return out
}

func line(t *ringside.Turn) Line {
	l := Line{Turn: t.Index, Speaker: Speaker(t.Role), Text: t.Text}
	if t.StartMS != nil {
		l.Timestamp = float64(*t.StartMS) / 1000
	}
	return l
}

func partialLine(p *ringside.Partial, turn int, started time.Time) Line {
	l := Line{Turn: turn, Speaker: Speaker(p.Role), Text: p.Text, Partial: true}
	if p.StartMS != nil {
		l.Timestamp = float64(*p.StartMS) / 1000
	} else {
		l.Timestamp = max(0, p.At.Sub(started).Seconds())
	}
	return l
}

var statuses = map[ringside.Status]string{
	ringside.StatusQueued: "queued", ringside.StatusRinging: "ringing", ringside.StatusActive: "in_progress",
}

// On tells whether a call with a status is in progress.
func On(s ringside.Status) bool { return statuses[s] != "" }
