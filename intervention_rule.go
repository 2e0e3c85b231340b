package ringside

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// InterventionRule says what is proposed to be done when an alert is triggered
// in a call that is on.
type InterventionRule struct {
	ID        string           `json:"id"`
	Name      string           `json:"name"`
	When      InterventionWhen `json:"when"`
	Agents    []string         `json:"agents" doc:"Agent ids; empty: every agent. A rule that acts by itself names its agents"`
	Do        InterventionStep `json:"do"`
	Mode      InterventionMode `json:"mode" enum:"suggest,act" doc:"suggest: a person decides. act: it is done when the countdown is over, unless a person cancels it"`
	Countdown int              `json:"countdown" doc:"act: how long a person can cancel it, in seconds, 5 to 300"`
	Active    bool             `json:"active"`
	CreatedAt time.Time        `json:"createdAt"`
	UpdatedAt time.Time        `json:"updatedAt"`
}

// InterventionWhen is which alerts a rule is about.
type InterventionWhen struct {
	Types       []AlertType   `json:"types" doc:"Types of alerts; empty: any"`
	MinSeverity AlertSeverity `json:"minSeverity" enum:"low,medium,high,critical"`
}

// InterventionStep is what is done to a call.
type InterventionStep struct {
	Action     InterventionAction `json:"action" enum:"say,transfer,end"`
	Message    string             `json:"message,omitempty" maxLength:"2000" doc:"say: what the agent says. transfer: what who takes the call over should know"`
	TransferTo string             `json:"transferTo,omitempty" maxLength:"300" doc:"transfer: a queue's id or name, a number like +14155550123, or a SIP address. A queue is kept by its id"`
	Reason     string             `json:"reason,omitempty" maxLength:"500" doc:"transfer, end: why"`
}

// InterventionAction is how somebody steps into a call.
type InterventionAction string

// The actions that a rule can propose.
const (
	StepSay      InterventionAction = "say"
	StepTransfer InterventionAction = "transfer"
	StepEnd      InterventionAction = "end"
)

// InterventionMode is whether a person decides or may only cancel.
type InterventionMode string

// The modes.
const (
	ModeSuggest InterventionMode = "suggest"
	ModeAct     InterventionMode = "act"
)

// The countdown of a rule, in seconds.
const (
	DefaultCountdown = 30
	minCountdown     = 5
	maxCountdown     = 300
)

// Meets tells whether an alert is one that the rule is about.
func (r *InterventionRule) Meets(a *Alert) bool {
	w := &r.When
	return r.Active && (len(w.Types) == 0 || slices.Contains(w.Types, a.Type)) &&
		slices.Index(AlertSeverities, a.Severity) >= slices.Index(AlertSeverities, w.MinSeverity) &&
		(len(r.Agents) == 0 || slices.Contains(r.Agents, a.AgentID))
}

// MayAct tells whether the rule may act by itself in an agent's calls.
func (r *InterventionRule) MayAct(agentID string) bool {
	return r.Active && r.Mode == ModeAct && slices.Contains(r.Agents, agentID)
}

// Validate says what is wrong with a rule, pointing at the field.
func (r *InterventionRule) Validate() error {
	switch {
	case !named(r.Name, maxAlertName):
		return Invalidf("/name", "is a name of 1 to %d characters", maxAlertName)
	case !slices.Contains(AlertSeverities, r.When.MinSeverity):
		return Invalidf("/when/minSeverity", "%q is not low, medium, high or critical", r.When.MinSeverity)
	case len(r.Agents) > maxAlertAgents:
		return Invalidf("/agents", "holds more than %d", maxAlertAgents)
	case r.Mode != ModeSuggest && r.Mode != ModeAct:
		return Invalidf("/mode", "%q is not suggest or act", r.Mode)
	case r.Mode == ModeAct && len(r.Agents) == 0:
		return Invalidf("/agents", "are required: a rule acts by itself only for agents that it names")
	case r.Countdown < minCountdown || r.Countdown > maxCountdown:
		return Invalidf("/countdown", "is a number of seconds from %d to %d", minCountdown, maxCountdown)
	}
	for i, t := range r.When.Types {
		if !slices.Contains(AlertTypes, t) {
			return Invalidf("/when/types/"+strconv.Itoa(i), "%q is not a type of alert", t)
		}
	}
	return r.Do.validate()
}

func (s *InterventionStep) validate() error {
	switch s.Action {
	case StepSay:
		if strings.TrimSpace(s.Message) == "" {
			return Invalidf("/do/message", "is required: what the agent is to say")
		}
	case StepTransfer:
		if strings.TrimSpace(s.TransferTo) == "" {
			return Invalidf("/do/transferTo", "is required: a queue, a number or a SIP address")
		}
	case StepEnd:
	default:
		return Invalidf("/do/action", "%q is not say, transfer or end", s.Action)
	}
	return nil
}

// Proposal is what a rule proposes to be done to a call. There is one open
// proposal for each call and rule.
type Proposal struct {
	ID        string           `json:"id"`
	Call      CallID           `json:"callId"`
	Alert     ProposalAlert    `json:"alert" doc:"Why it is proposed"`
	RuleID    string           `json:"ruleId"`
	RuleName  string           `json:"ruleName"`
	Do        InterventionStep `json:"do" doc:"As the rule said when it was proposed"`
	To        string           `json:"to,omitempty" doc:"transfer: the queue's name, the number or the SIP address"`
	Mode      InterventionMode `json:"mode" enum:"suggest,act"`
	Status    ProposalStatus   `json:"status" enum:"proposed,cancelled,done,failed,lapsed"`
	CreatedAt time.Time        `json:"createdAt"`
	DueAt     *time.Time       `json:"dueAt" doc:"act: when it is done unless a person cancels it; else null"`
	OrderedAt *time.Time       `json:"orderedAt" doc:"When the order began to be given: it can't be cancelled any more; null before"`
	DecidedBy string           `json:"decidedBy,omitempty" doc:"Who had it done or cancelled it: a person, or the rule"`
	DecidedAt *time.Time       `json:"decidedAt"`
	Result    string           `json:"result,omitempty" doc:"What came of it, in a sentence"`
}

// ProposalAlert is as much of an alert as a proposal shows.
type ProposalAlert struct {
	ID       string        `json:"id"`
	Type     AlertType     `json:"type"`
	Severity AlertSeverity `json:"severity" enum:"low,medium,high,critical"`
	Message  string        `json:"message"`
}

// ProposalStatus is what became of a proposal.
type ProposalStatus string

// The statuses. A proposal lapses when its call ends, its alert is resolved, or
// its rule may not have it done any more.
const (
	ProposalOpen      ProposalStatus = "proposed"
	ProposalCancelled ProposalStatus = "cancelled"
	ProposalDone      ProposalStatus = "done"
	ProposalFailed    ProposalStatus = "failed"
	ProposalLapsed    ProposalStatus = "lapsed"
)

// Open tells whether it can still be decided.
func (p *Proposal) Open() bool { return p.Status == ProposalOpen && p.OrderedAt == nil }
