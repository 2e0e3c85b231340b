package retell

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

const (
	name = "Retell"
	base = "https://api.retellai.com"
)

var controls = provider.Controls{Say: say, End: end, Why: map[string]string{
	"transfer": "Retell transfers a call only when the agent decides to; to speak with the customer yourself, take the call over at https://dashboard.retellai.com.",
	"listen":   "Retell's live sound is a WebRTC room that can't be passed on; listen at https://dashboard.retellai.com.",
}}

// say has the agent speak now. Retell takes no text to be read out, only a
// word to the agent, so the agent may put it differently.
func say(ctx context.Context, on provider.Line, message string) error {
	type control struct {
		Context string `json:"additional_context"`
		Respond bool   `json:"trigger_response"`
	}
	return order(ctx, on, "/v2/update-live-call/{}", provider.Order{Method: http.MethodPatch, Refused: notSaid, JSON: map[string]control{
		"call_control": {"Say this to the customer now, in these words: " + message, true},
	}})
}

// notSaid reads why a word did not reach the agent, which also comes with a good
// status.
func notSaid(status int, body []byte) (ringside.Kind, string) {
	kind, words := provider.Refused(status, body)
	var answer struct {
		Success *bool `json:"success"`
	}
	_ = json.Unmarshal(body, &answer) // an answer in another form has its status
	if kind == "" && answer.Success != nil && !*answer.Success {
		return ringside.Invalid, provider.Said(body)
	}
	return kind, words
}

func end(ctx context.Context, on provider.Line) error {
	return order(ctx, on, "/v2/stop-call/{}", provider.Order{Refused: notStopped})
}

func order(ctx context.Context, on provider.Line, path string, o provider.Order) error {
	key, err := on.NeedKey(name)
	if err != nil {
		return err
	}
	o.Vendor, o.Header = name, http.Header{"Authorization": {"Bearer " + key}}
	if o.URL, err = on.At(name, base, path, on.ProviderCallID); err != nil {
		return err
	}
	_, err = o.Send(ctx, on)
	return err
}

// notStopped reads why a call was not stopped. The call's id is all that is
// asked with, so an answer that finds fault with it means that the call is not
// on.
func notStopped(status int, body []byte) (ringside.Kind, string) {
	kind, words := provider.Refused(status, body)
	if kind == ringside.Invalid && status != http.StatusPaymentRequired {
		kind = ringside.NotFound
	}
	return kind, words
}
