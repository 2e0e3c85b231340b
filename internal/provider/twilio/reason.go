package twilio

import (
	"strings"

	"github.com/ringsidehq/ringside"
)

// ends are what the last statuses of calls mean that nobody answered.
var ends = map[string]ringside.End{
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

// end is what a last status means; nil when it says nothing but that it is the
// last: Twilio does not say who hung up.
func (c callback) end(status string) *ringside.End {
	if status == "completed" {
		return c.machine()
	}
	end := ends[status]
	if exact, ok := sipEnds[c.either("SipResponseCode")]; ok && status != "canceled" {
		end = exact
	}
	return &end
}

// machine is the end of a call that a machine answered; nil when none did, as
// far as this callback tells.
func (c callback) machine() *ringside.End {
	by := c.either("AnsweredBy")
	if !strings.HasPrefix(by, "machine") && by != "fax" {
		return nil
	}
	return &ringside.End{By: ringside.EndedByUnknown, Failure: ringside.FailureVoicemail}
}
