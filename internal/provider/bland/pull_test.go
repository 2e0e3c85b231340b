package bland_test

import (
	"context"
	"reflect"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/bland"
	"github.com/ringsidehq/ringside/internal/provider/providertest"
)

var span = provider.Span{From: providertest.ReceivedAt.Add(-time.Hour), To: providertest.ReceivedAt}

// TestAnswersToQuestions holds that an error is one however it comes: a page of
// calls that is none would end an import as if there were no more.
func TestAnswersToQuestions(t *testing.T) {
	answers := []providertest.Answer{
		{Status: 200, Body: `{"status":"error","message":"Something went wrong"}`, Kind: ringside.Invalid},
		{Status: 200, Body: `{"data":null,"errors":[{"error":"INTERNAL_SERVER_ERROR","message":"no"}]}`, Kind: ringside.Unavailable},
		{Status: 400, Body: `{"data":null,"errors":[{"error":"NOT_FOUND","message":"no"}]}`, Kind: ringside.NotFound},
		{Status: 401, Body: `{"data":null,"errors":[{"error":"AUTH_FAILURE","message":"no"}]}`, Kind: ringside.Unauthorized},
		{Status: 429, Body: `{"status":"error","message":"Rate limit exceeded"}`, Kind: ringside.Unavailable},
		{Status: 200, Body: `{"call_id":"c","status":"error","calls":[]}`},
	}
	providertest.RunAnswers(t, "key", func(ctx context.Context, on provider.Line) error {
		_, err := bland.Provider.Pull.Calls(ctx, on, span)
		return err
	}, answers)
	providertest.RunAnswers(t, "key", func(ctx context.Context, on provider.Line) error {
		_, err := bland.Provider.Pull.Call(ctx, on, "c")
		return err
	}, answers)
}

// TestListedCallsThatAreOver holds that a call is over in the list when it is by
// its report.
func TestListedCallsThatAreOver(t *testing.T) {
	page, err := bland.Provider.Pull.Calls(t.Context(), providertest.Answering(t, "key", 200, `{"count":4,"calls":[
		{"call_id":"held","completed":true,"queue_status":"complete"},
		{"call_id":"on","completed":false,"queue_status":"started"},
		{"call_id":"refused","completed":false,"queue_status":"pre_queue_error"},
		{"call_id":"untold","queue_status":"started"}]}`), span)
	if err != nil {
		t.Fatal(err)
	}
	over := map[string]bool{}
	for _, c := range page.Calls {
		over[c.ID] = c.Ended
	}
	if want := map[string]bool{"held": true, "on": false, "refused": true, "untold": false}; !reflect.DeepEqual(over, want) {
		t.Errorf("over: %v, want %v", over, want)
	}
}
