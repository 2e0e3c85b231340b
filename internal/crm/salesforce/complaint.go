package salesforce

import (
	"encoding/json"
	"net/http"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/crm"
)

// passing are complaints that the same request may not meet again, whatever
// their status.
var passing = map[string]bool{
	"UNABLE_TO_LOCK_ROW":       true,
	"SERVER_UNAVAILABLE":       true,
	"QUERY_TIMEOUT":            true,
	"REQUEST_RUNNING_TOO_LONG": true,
}

// refused reads what Salesforce says is wrong: a list, of which the first is
// told.
func refused(_ int, h http.Header, body []byte) crm.Complaint {
	var all []struct {
		Message string   `json:"message"`
		Code    string   `json:"errorCode"`
		Fields  []string `json:"fields"`
	}
	if json.Unmarshal(body, &all) != nil || len(all) == 0 {
		return crm.Complaint{} // a proxy's page, or one that was cut off
	}
	c := crm.Complaint{Code: all[0].Code, Message: all[0].Message}
	if len(all[0].Fields) > 0 {
		c.Field = all[0].Fields[0]
	}
	switch {
	case passing[c.Code]:
		c.Kind = ringside.Unavailable
	case c.Code == "REQUEST_LIMIT_EXCEEDED":
		c.Kind, c.RetryAfter = ringside.RateLimited, limitOfTheMoment
		if used, limit, ok := usage(h); !ok || used >= limit {
			c.RetryAfter = limitOfTheDay
		}
	}
	return c
}

// refusedToken reads why there is no token. What is wrong is what the client
// says of itself, though the status is 400.
func refusedToken(status int, _ http.Header, body []byte) crm.Complaint {
	var r struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if json.Unmarshal(body, &r) != nil {
		return crm.Complaint{}
	}
	c := crm.Complaint{Code: r.Error, Message: r.Description}
	if status == http.StatusBadRequest {
		c.Kind = ringside.Unauthorized
	}
	return c
}
