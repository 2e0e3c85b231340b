package bland

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

const (
	name = "Bland"
	base = "https://api.bland.ai"
)

var controls = provider.Controls{Transfer: transfer, End: end, Listen: listen, Why: map[string]string{
	"say": "Bland has no way to put words into a call that is on.",
}}

func end(ctx context.Context, on provider.Line) error {
	_, err := order(ctx, on, "/v1/calls/{}/stop", provider.Order{JSON: struct{}{}, Refused: notStopped})
	return err
}

func transfer(ctx context.Context, on provider.Line, to provider.Destination) error {
	number, err := to.Phone(name)
	if err != nil {
		return err
	}
	_, err = order(ctx, on, "/v1/calls/active/transfer", provider.Order{
		JSON: map[string]string{"call_id": on.ProviderCallID, "transfer_number": number},
	})
	return err
}

// listen asks for the sound of a call: both sides mixed, for any number of
// listeners.
func listen(ctx context.Context, on provider.Line) (provider.Audio, error) {
	body, err := order(ctx, on, "/v1/calls/{}/listen", provider.Order{JSON: struct{}{}})
	if err != nil {
		return provider.Audio{}, err
	}
	var answer struct {
		Data struct {
			URL string `json:"url"`
		} `json:"data"`
	}
	if json.Unmarshal(body, &answer) != nil || answer.Data.URL == "" {
		return provider.Audio{}, on.Refusal(name, ringside.Unavailable, http.StatusOK, "the answer holds no address to listen at")
	}
	return provider.Heard(name, provider.Audio{URL: answer.Data.URL, Encoding: "pcm_s16le", SampleRate: 16000, Channels: 1})
}

func order(ctx context.Context, on provider.Line, path string, o provider.Order) ([]byte, error) {
	key, err := on.NeedKey(name)
	if err != nil {
		return nil, err
	}
	if o.URL, err = on.At(name, base, path, on.ProviderCallID); err != nil {
		return nil, err
	}
	o.Vendor, o.Header = name, http.Header{"Authorization": {key}}
	if o.Refused == nil {
		o.Refused = refused
	}
	return o.Send(ctx, on)
}

// kinds are what Bland's error codes mean.
var kinds = map[string]ringside.Kind{
	"NOT_FOUND": ringside.NotFound, "CALL_NOT_FOUND": ringside.NotFound, "INVALID_CALL_STATUS": ringside.NotFound,
	"AUTH_FAILURE": ringside.Unauthorized, "FORBIDDEN": ringside.Unauthorized,
	"VALIDATION_ERROR": ringside.Invalid, "MISSING_CALL_ID": ringside.Invalid, "INVALID_ORG_PREFERENCES": ringside.Invalid,
	"INTERNAL_SERVER_ERROR": ringside.Unavailable,
}

// refused reads both forms of Bland's errors: those with codes, and a status in
// words, which also comes with 200.
func refused(status int, body []byte) (ringside.Kind, string) {
	kind, words := provider.Refused(status, body)
	var answer struct {
		Status string          `json:"status"`
		Errors json.RawMessage `json:"errors"`
	}
	_ = json.Unmarshal(body, &answer) // an answer that is no JSON has its HTTP status
	var coded []struct {
		Code string `json:"error"`
	}
	_ = json.Unmarshal(answer.Errors, &coded) // the older form lists sentences
	switch {
	case len(coded) > 0 && kinds[coded[0].Code] != "":
		return kinds[coded[0].Code], provider.Said(body)
	case kind == "" && (answer.Status == "error" || len(coded) > 0):
		return ringside.Invalid, provider.Said(body)
	}
	return kind, words
}

// notStopped reads why a call was not stopped. The call's id is all that is
// asked with, so an answer that finds fault with it means that the call is not
// on.
func notStopped(status int, body []byte) (ringside.Kind, string) {
	kind, words := refused(status, body)
	if kind == ringside.Invalid {
		kind = ringside.NotFound
	}
	return kind, words
}
