package ringside

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// AlertRule says when an alert is triggered. The built-in ones are on for every
// agent; their ids are their types.
type AlertRule struct {
	ID        string         `json:"id"`
	Name      string         `json:"name"`
	Condition AlertCondition `json:"condition"`
	Severity  AlertSeverity  `json:"severity" enum:"low,medium,high,critical"`
	Agents    []string       `json:"agents" doc:"Agent ids; empty: every agent"`
	Active    bool           `json:"active"`

	Notifications   map[string]Values `json:"notifications" doc:"Whom to tell, by channel: email, slack, webhook, pagerduty, each with its settings. A secret is not shown: webhook_set says that webhook is set. When it is left out, the one that is kept holds"`
	Throttling      AlertThrottling   `json:"throttling"`
	Grouping        AlertGrouping     `json:"grouping"`
	SilenceSchedule AlertSilence      `json:"silenceSchedule"`

	BuiltIn   bool       `json:"builtIn" doc:"It comes with Ringside: it can be changed and reset, not deleted"`
	Version   int        `json:"version" doc:"0: a built-in rule as it came"`
	CreatedAt *time.Time `json:"createdAt" doc:"null: a built-in rule as it came"`
	UpdatedAt *time.Time `json:"updatedAt"`
}

// AlertConditionType is what a rule looks at.
type AlertConditionType string

// The conditions. The second lot have no figures: they are what the built-in
// rules of the same names look for.
const (
	ScoreThreshold AlertConditionType = "score_threshold"
	SentimentIs    AlertConditionType = "sentiment"
	DurationIs     AlertConditionType = "duration"
	RequiredPhrase AlertConditionType = "required_phrase"
	CustomRule     AlertConditionType = "custom_rule"
	SensitiveData  AlertConditionType = "sensitive_data"
	ToolError      AlertConditionType = "tool_error"
	ResponseTime   AlertConditionType = "response_time"
	ErrorRate      AlertConditionType = "error_rate"

	Compliance  AlertConditionType = "compliance_issue"
	Frustration AlertConditionType = "customer_frustration"
	Stuck       AlertConditionType = "agent_stuck"
	DeadAir     AlertConditionType = "dead_air"
	CallError   AlertConditionType = "call_error"
)

// AlertCondition is what must be so for an alert. Which fields count depends on
// the type; the others are empty.
type AlertCondition struct {
	Type                AlertConditionType `json:"type" enum:"score_threshold,sentiment,duration,required_phrase,custom_rule,sensitive_data,tool_error,response_time,error_rate,compliance_issue,customer_frustration,agent_stuck,dead_air,call_error"`
	Threshold           *float64           `json:"threshold,omitempty" doc:"score_threshold: 0 to 100. duration, response_time, dead_air: seconds. error_rate: 0 to 1"`
	Operator            string             `json:"operator,omitempty" enum:"less_than,less_than_or_equal,greater_than,greater_than_or_equal" doc:"How the figure stands to the threshold"`
	Value               string             `json:"value,omitempty" enum:"negative,mixed,neutral,positive" doc:"sentiment: the one to alert of"`
	Confidence          *float64           `json:"confidence,omitempty" minimum:"0" maximum:"1" doc:"sentiment: how strong it must be, 0 to 1"`
	Phrase              string             `json:"phrase,omitempty" maxLength:"500" doc:"required_phrase: what the agent must say"`
	Location            string             `json:"location,omitempty" doc:"required_phrase: by when: first_30_seconds, with any number of seconds"`
	MustInclude         *bool              `json:"must_include,omitempty" doc:"required_phrase: false turns it round: the phrase must not be said"`
	Prompt              string             `json:"prompt,omitempty" maxLength:"4000" doc:"custom_rule: what the language model is to look for"`
	EveryTurns          *int               `json:"everyTurns,omitempty" minimum:"1" maximum:"100" doc:"custom_rule: how often it is asked; every 6 turns when left out"`
	Detect              []string           `json:"detect,omitempty" doc:"sensitive_data: ssn, credit_card, iban, password; all when empty"`
	Action              string             `json:"action,omitempty" enum:"mentioned_in_clear" doc:"sensitive_data"`
	ToolName            string             `json:"toolName,omitempty" maxLength:"200" doc:"tool_error: which tool; any when empty"`
	ConsecutiveFailures *int               `json:"consecutiveFailures,omitempty" minimum:"1" maximum:"100" doc:"tool_error: how often in a row one tool must fail; 3 when left out"`
	Consecutive         *int               `json:"consecutive,omitempty" minimum:"1" maximum:"100" doc:"response_time: how many answers in a row; 1 when left out"`
	TimeWindow          string             `json:"timeWindow,omitempty" doc:"error_rate: over how long: 15m, 1h, 24h"`
}

// The operators of a condition.
const (
	LessThan       = "less_than"
	LessOrEqual    = "less_than_or_equal"
	GreaterThan    = "greater_than"
	GreaterOrEqual = "greater_than_or_equal"
)

// Meets tells whether a figure stands to the threshold as the condition asks;
// slack is how far beyond it must be.
func (c *AlertCondition) Meets(v, slack float64) bool {
	if c.Threshold == nil {
		return false
	}
	switch t := *c.Threshold; c.Operator {
	case LessThan:
		return v < t+slack
	case LessOrEqual:
		return v <= t+slack
	case GreaterOrEqual:
		return v >= t-slack
	}
	return v > *c.Threshold-slack
}

// Sensitive data that a condition can name.
const (
	DetectSSN      = "ssn"
	DetectCard     = "credit_card"
	DetectIBAN     = "iban"
	DetectPassword = "password"
)

// AlertDetects lists what sensitive_data can look for.
var AlertDetects = []string{DetectSSN, DetectCard, DetectIBAN, DetectPassword}

// Within is by when a required phrase must be said, in seconds; nil: at any
// time.
func (c *AlertCondition) Within() *int {
	s, is := strings.CutPrefix(c.Location, "first_")
	s, suffixed := strings.CutSuffix(s, "_seconds")
	n, err := strconv.Atoi(s)
	if !is || !suffixed || err != nil || n < 1 || n > 7200 {
		return nil
	}
	return &n
}

// Window is over how long an error rate is taken; 0 when it is none that is
// known.
func (c *AlertCondition) Window() time.Duration {
	d, err := time.ParseDuration(c.TimeWindow)
	if err != nil || d < time.Minute || d > 7*24*time.Hour {
		return 0
	}
	return d
}

// For tells whether the rule is about an agent's calls.
func (r *AlertRule) For(agentID string) bool {
	return len(r.Agents) == 0 || slices.Contains(r.Agents, agentID) || slices.Contains(r.Agents, AllAgents)
}

// What a rule may hold at most.
const (
	maxAlertName   = 200
	maxAlertAgents = 1000
)

// Validate says what is wrong with a rule, pointing at the field.
func (r *AlertRule) Validate() error {
	switch {
	case !named(r.Name, maxAlertName):
		return Invalidf("/name", "is a name of 1 to %d characters", maxAlertName)
	case !slices.Contains(AlertSeverities, r.Severity):
		return Invalidf("/severity", "%q is not low, medium, high or critical", r.Severity)
	case len(r.Agents) > maxAlertAgents:
		return Invalidf("/agents", "holds more than %d", maxAlertAgents)
	}
	if err := r.validateTelling(); err != nil {
		return err
	}
	return r.Condition.validate()
}

// bounds are what the thresholds of the conditions that have one may be.
var bounds = map[AlertConditionType][2]float64{
	ScoreThreshold: {0, 100}, DurationIs: {1, 7 * 24 * 3600}, ResponseTime: {0.1, 600}, ErrorRate: {0, 1}, DeadAir: {1, 3600},
}

func (c *AlertCondition) validate() error {
	if b, has := bounds[c.Type]; has {
		if c.Threshold == nil || !within(*c.Threshold, b[0], b[1]) {
			return Invalidf("/condition/threshold", "is a number from %v to %v", b[0], b[1])
		}
	}
	switch c.Type {
	case ScoreThreshold, DurationIs, ResponseTime, Compliance, Frustration, Stuck, DeadAir, CallError:
		return nil
	case SentimentIs:
		if c.Value == "" {
			return Invalidf("/condition/value", "is required: negative, mixed, neutral or positive")
		}
	case RequiredPhrase:
		return c.validatePhrase()
	case SensitiveData:
		for i, d := range c.Detect {
			if !slices.Contains(AlertDetects, d) {
				return Invalidf("/condition/detect/"+strconv.Itoa(i), "%q is not one of %s", d, strings.Join(AlertDetects, ", "))
			}
		}
	case ToolError:
		if n := c.ConsecutiveFailures; n != nil && *n < 1 {
			return Invalidf("/condition/consecutiveFailures", "is at least 1")
		}
	case ErrorRate:
		if c.Window() == 0 {
			return Invalidf("/condition/timeWindow", "%q is not a time from 1m to 168h", c.TimeWindow)
		}
	case CustomRule:
		if strings.TrimSpace(c.Prompt) == "" {
			return Invalidf("/condition/prompt", "is required: what the language model is to look for")
		}
	default:
		return Invalidf("/condition/type", "%q is not a condition that is known", c.Type)
	}
	return nil
}

func (c *AlertCondition) validatePhrase() error {
	switch {
	case strings.TrimSpace(c.Phrase) == "":
		return Invalidf("/condition/phrase", "is required")
	case c.Location != "" && c.Location != "anywhere" && c.Within() == nil:
		return Invalidf("/condition/location", "%q is not anywhere or first_N_seconds, N from 1 to 7200", c.Location)
	case c.Location == "" || c.Location == "anywhere":
		if c.MustInclude == nil || *c.MustInclude {
			return Invalidf("/condition/location", "is required: a call that goes on may say it at any time yet, so say by when: first_30_seconds")
		}
	}
	return nil
}

// Complete fills in what a condition leaves to be understood.
func (c *AlertCondition) Complete() {
	if _, has := bounds[c.Type]; !has || c.Operator != "" || c.Type == DeadAir {
		return
	}
	if c.Operator = GreaterThan; c.Type == ScoreThreshold {
		c.Operator = LessThan
	}
}
