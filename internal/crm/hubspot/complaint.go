package hubspot

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/ringsidehq/ringside/internal/crm"
)

// refusal is the body of an answer that is no yes.
type refusal struct {
	Message    string `json:"message"`
	Category   string `json:"category"`
	PolicyName string `json:"policyName"` // of a 429: which limit
	Errors     []struct {
		Message string `json:"message"`
		Code    string `json:"code"`
		Context struct {
			PropertyName []string `json:"propertyName"`
		} `json:"context"`
	} `json:"errors"`
}

// wrongValue is one entry of the list that some messages end in.
type wrongValue struct {
	Message string `json:"message"`
	Error   string `json:"error"`
	Name    string `json:"name"`
}

// The limits that a 429 names, and how long each lasts. The day's ends at
// midnight.
const daily = "DAILY"

var policies = map[string]time.Duration{
	"TEN_SECONDLY_ROLLING": 10 * time.Second,
	"SECONDLY":             time.Second,
}

// complaint reads what HubSpot says is wrong. midnight is how long it is until
// a day's limit ends.
func complaint(body []byte, midnight func() time.Duration) crm.Complaint {
	var r refusal
	if json.Unmarshal(body, &r) != nil {
		return crm.Complaint{} // a proxy's page, or one that was cut off
	}
	c := crm.Complaint{Code: r.Category, Message: r.Message, RetryAfter: policies[r.PolicyName]}
	if r.PolicyName == daily {
		c.RetryAfter = midnight()
	}
	if r.PolicyName != "" {
		c.Code = r.PolicyName
	}
	if len(r.Errors) > 0 {
		first := r.Errors[0]
		if len(first.Context.PropertyName) > 0 {
			c.Field = first.Context.PropertyName[0]
		}
		if first.Message != "" && !strings.Contains(c.Message, first.Message) {
			c.Message = strings.TrimSuffix(c.Message, ".") + ": " + first.Message
		}
		return c
	}
	before, list, ok := strings.Cut(r.Message, ": [{")
	var wrong []wrongValue
	if ok && json.Unmarshal([]byte("[{"+list), &wrong) == nil && len(wrong) > 0 {
		c.Message, c.Field = before+": "+wrong[0].Message, wrong[0].Name
	}
	return c
}
