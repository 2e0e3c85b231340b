package twilio

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
)

const base = "https://api.twilio.com"

// controls update the call. Its instructions are replaced whole, so what the
// agent was doing ends: right for a transfer, wrong for a word in between.
var controls = provider.Controls{Transfer: transfer, End: end, Why: map[string]string{
	"say":    "Twilio would take the call from the agent to speak: a call's instructions can only be replaced.",
	"listen": "Twilio sends a call's sound to a server that the call itself names; there is nothing to connect to.",
}}

func end(ctx context.Context, on provider.Line) error {
	return update(ctx, on, url.Values{"Status": {"completed"}})
}

// response is the part of TwiML that dials.
type response struct {
	XMLName xml.Name `xml:"Response"`
	Number  string   `xml:"Dial>Number,omitempty"`
	SIP     string   `xml:"Dial>Sip,omitempty"`
}

func transfer(ctx context.Context, on provider.Line, to provider.Destination) error {
	if _, err := to.Address(name); err != nil {
		return err
	}
	twiml, err := xml.Marshal(response{Number: to.Number, SIP: to.SIP})
	if err != nil {
		return err
	}
	return update(ctx, on, url.Values{"Twiml": {string(twiml)}})
}

func update(ctx context.Context, on provider.Line, form url.Values) error {
	key, err := on.NeedKey(name)
	if err != nil {
		return err
	}
	account, token, ok := strings.Cut(key, ":")
	if !ok || account == "" || token == "" {
		return provider.Unset(name, "the key of a Twilio source is the account SID and the auth token with a colon between: AC…:token")
	}
	address, err := on.At(name, base, "/2010-04-01/Accounts/{}/Calls/{}.json", account, on.ProviderCallID)
	if err != nil {
		return err
	}
	basic := base64.StdEncoding.EncodeToString([]byte(key))
	_, err = provider.Order{
		Vendor: name, URL: address, Form: form, Refused: refused,
		Header: http.Header{"Authorization": {"Basic " + basic}},
	}.Send(ctx, on)
	return err
}

// notInProgress is Twilio's code for a call that is over or not yet answered.
const notInProgress = 21220

func refused(status int, body []byte) (ringside.Kind, string) {
	kind, words := provider.Refused(status, body)
	var answer struct {
		Code int `json:"code"`
	}
	_ = json.Unmarshal(body, &answer) // an answer without a code has its status
	if kind != "" && answer.Code == notInProgress {
		kind = ringside.NotFound
	}
	return kind, words
}
