package twilio

import (
	"strings"

	"github.com/ringsidehq/ringside"
)

// ends are what the last statuses mean. Twilio does not say who hung up.
var ends = map[string]ringside.End{
	"completed": {By: ringside.EndedByUnknown},
	"busy":      {By: ringside.EndedByCustomer, Failure: ringside.FailureBusy},
	"no-answer": {By: ringside.EndedBySystem, Failure: ringside.FailureNoAnswer},
	"canceled":  {By: ringside.EndedByOperator, Failure: ringside.FailureNoAnswer}, // hung up on our side before an answer
	"failed":    {By: ringside.EndedByProvider, Failure: ringside.FailureTelephony},
}

// sipEnds are what the far end's answer adds to a call that failed.
var sipEnds = map[string]ringside.End{
	"404": {By: ringside.EndedByProvider, Failure: ringside.FailureTelephony, Component: "destination"},
	"480": {By: ringside.EndedBySystem, Failure: ringside.FailureNoAnswer},
	"484": {By: ringside.EndedByProvider, Failure: ringside.FailureTelephony, Component: "destination"},
	"486": {By: ringside.EndedByCustomer, Failure: ringside.FailureBusy},
	"600": {By: ringside.EndedByCustomer, Failure: ringside.FailureBusy},
	"603": {By: ringside.EndedByCustomer, Failure: ringside.FailureDeclined},
	"604": {By: ringside.EndedByProvider, Failure: ringside.FailureTelephony, Component: "destination"},
	"607": {By: ringside.EndedByProvider, Failure: ringside.FailureTelephony, Component: "carrier"},
	"608": {By: ringside.EndedByProvider, Failure: ringside.FailureTelephony, Component: "carrier"},
}

func (c callback) end(status string) ringside.End {
	end := ends[status]
	by := c.either("AnsweredBy")
	switch {
	case status == "completed" && (strings.HasPrefix(by, "machine") || by == "fax"):
		return ringside.End{By: ringside.EndedByUnknown, Failure: ringside.FailureVoicemail}
	case status == "completed" || status == "canceled":
		return end
	}
	if exact, ok := sipEnds[c.either("SipResponseCode")]; ok {
		return exact
	}
	return end
}
