package ringside

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Local is what our own analysis makes of a call: rules and heuristics on its
// words and times, with no model and no network. It is one fact, replaced
// whole by that of a later look.
type Local struct {
	Summary   *Summary   `json:"summary"`
	Tags      []string   `json:"tags"`
	Sentiment *Sentiment `json:"sentiment"`
	Quality   *Quality   `json:"quality"`
	Scores    []Score    `json:"scores"`
	Findings  []Finding  `json:"findings"`

	Expression *ExpressionSummary `json:"expression,omitempty"`
}

// Judged is what a language model makes of a call, in one answer. What it was
// not asked for is nil.
type Judged struct {
	Summary   *Summary   `json:"summary,omitempty"`
	Tags      []string   `json:"tags,omitempty"`
	Tagged    bool       `json:"tagged,omitempty"` // tags were asked for: none is an answer
	Sentiment *Sentiment `json:"sentiment,omitempty"`
	Scores    []Score    `json:"scores,omitempty"`
	Findings  []Finding  `json:"findings,omitempty"`   // knowledge gaps
	GapsAsked bool       `json:"gaps_asked,omitempty"` // gaps were asked for: none is an answer
	Extracted Values     `json:"extracted,omitempty"`
	Usage     Usage      `json:"usage"`
	Input     string     `json:"input,omitempty"` // names what it was made from

	// TranscriptHash is that of the call that was read.
	TranscriptHash string `json:"transcript_hash,omitempty"`
	// Partial is that a model failed before everything was answered that was
	// asked. What was answered holds.
	Partial bool `json:"partial,omitempty"`
}

// JudgedFrom names what the model's reading was made from, another way while
// it is partial; empty without one.
func (c *Call) JudgedFrom() string {
	switch j := c.Reading(); {
	case j == nil:
		return ""
	case j.Partial:
		return j.Input + " in part"
	default:
		return j.Input
	}
}

// Reading is what a model made of the words that the call has now; nil without.
// One of other words is none: its quotes would stand in turns that do not say
// them. It counts again when the words come back.
func (c *Call) Reading() *Judged {
	if j := c.fold.Judged; j != nil && j.TranscriptHash == c.TranscriptHash() {
		return j
	}
	return nil
}

// TranscriptHash names who said what: times and whatever else is known of a
// turn do not change it.
func (c *Call) TranscriptHash() string {
	h := sha256.New()
	for i := range c.Turns {
		fmt.Fprintf(h, "%s %d\n%s\n", c.Turns[i].Role, len(c.Turns[i].Text), c.Turns[i].Text)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// Summary is a call in a few sentences.
type Summary struct {
	Overview    string   `json:"overview"`
	KeyTopics   []string `json:"key_topics"`
	ActionItems []string `json:"action_items"`
	Outcome     string   `json:"outcome" doc:"resolved, unresolved, escalated, transferred, no_conversation or unknown"`
	Method      Method   `json:"method" enum:"local,rule,llm,human"`
}

// Sentiment is how the customer sounded by their words.
type Sentiment struct {
	Label  string          `json:"label" enum:"positive,neutral,negative,mixed,unknown"`
	Score  *float64        `json:"score" doc:"-1 to 1, over the customer's turns; null when unknown"`
	Turns  []TurnSentiment `json:"turns" doc:"Each customer turn's"`
	Method Method          `json:"method" enum:"local,rule,llm,human"`
}

// TurnSentiment is the sentiment of one customer turn.
type TurnSentiment struct {
	Turn        int     `json:"turn"`
	Score       float64 `json:"score" doc:"-1 to 1"`
	Frustration float64 `json:"frustration" doc:"Weight of the signs of frustration in the turn; 0 is none"`
}

// StepStatus is how far a step after the call has got.
type StepStatus string

// The statuses of a step.
const (
	StepWaiting StepStatus = "waiting"
	StepRunning StepStatus = "running"
	StepDone    StepStatus = "done"
	StepSkipped StepStatus = "skipped"
	StepFailed  StepStatus = "failed"
	StepLost    StepStatus = "lost" // of a recording: it can't be had any more
)

// The steps after a call, in order.
const (
	StepAnalysis      = "analysis"
	StepRecording     = "recording"
	StepTranscription = "transcription" // of calls that came without a transcript
	StepRedaction     = "redaction"     // where the agent's settings hide something
	StepJudge         = "judge"
	StepWebhooks      = "webhooks"
	StepCRM           = "crm"
)

// Steps lists the steps in the order in which they run.
var Steps = []string{StepRedaction, StepAnalysis, StepRecording, StepTranscription, StepJudge, StepWebhooks, StepCRM}

// Step is one thing that is done after a call, and how far it has got.
type Step struct {
	Step     string     `json:"step" enum:"redaction,analysis,recording,transcription,judge,webhooks,crm"`
	Status   StepStatus `json:"status" enum:"waiting,running,done,skipped,failed,lost"`
	Reason   string     `json:"reason,omitempty" doc:"Why it was skipped or failed; what it did"`
	Attempts int        `json:"attempts"`
	At       *time.Time `json:"at" doc:"When it got there; null while it waits"`
}

// projectAnalysis puts together what our analysis and a model's say: the
// model's word where it was asked for one. The turns stand by now.
func (c *Call) projectAnalysis() {
	f := &c.fold
	c.Summary, c.Tags, c.TagsMethod, c.Sentiment, c.Quality = nil, []string{}, "", nil, nil
	c.Scores, c.Findings, c.Extracted, c.Judge = []Score{}, []Finding{}, Values{}, nil
	if l := f.Local; l != nil {
		c.Summary, c.Sentiment, c.Quality = l.Summary, l.Sentiment, l.Quality
		c.Analysis.Expression = l.Expression
		c.Tags, c.TagsMethod = append(c.Tags, l.Tags...), MethodLocal
		c.Scores, c.Findings = append(c.Scores, l.Scores...), append(c.Findings, l.Findings...)
	}
	if j := c.Reading(); j != nil {
		c.judged(j)
	}
	c.projectSteps()
}

// gapMarker begins what an agent says that marks its own gaps.
const gapMarker = "[KNOWLEDGE_GAP:"

// judged lays a model's answers over the local ones. Its scores replace those
// of the same criteria, its knowledge gaps those that were found by heuristics;
// what the agent itself marked as one stays.
func (c *Call) judged(j *Judged) {
	c.Judge = &j.Usage
	if j.Summary != nil {
		c.Summary = j.Summary
	}
	if j.Tagged {
		c.Tags, c.TagsMethod = append([]string{}, j.Tags...), MethodLLM
	}
	if j.Sentiment != nil {
		s := *j.Sentiment
		if c.Sentiment != nil && len(s.Turns) == 0 {
			s.Turns = c.Sentiment.Turns
		}
		c.Sentiment = &s
	}
	mine := map[string]bool{}
	for i := range j.Scores {
		mine[j.Scores[i].Criterion] = true
	}
	scores := append([]Score{}, j.Scores...)
	for _, s := range c.Scores {
		if !mine[s.Criterion] {
			scores = append(scores, s)
		}
	}
	c.Scores = scores
	if j.GapsAsked {
		c.Findings = slices.DeleteFunc(c.Findings, func(f Finding) bool {
			return f.Kind == FindingKnowledgeGap && f.Method == MethodLocal && !strings.Contains(strings.ToUpper(f.Quote), gapMarker)
		})
	}
	c.Findings = append(c.Findings, j.Findings...)
	if j.Extracted != nil {
		c.Extracted = j.Extracted
	}
}

// projectSteps lists the steps of an ended call; one that nobody has spoken of
// waits. The transcription is a step of calls alone whose recording was heard and
// whose vendor sent no turns.
func (c *Call) projectSteps() {
	c.Pipeline = []Step{}
	if !c.Ended() {
		return
	}
	for _, name := range Steps {
		s, ok := c.fold.Steps[name]
		if name == StepRedaction && !ok || name == StepTranscription && (!ok || len(c.Turns) > 0 && c.TurnsFrom == nil) {
			continue
		}
		if !ok {
			s = Step{Step: name, Status: StepWaiting}
		}
		c.Pipeline = append(c.Pipeline, s)
	}
}
