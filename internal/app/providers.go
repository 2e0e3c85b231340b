package app

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/bland"
	"github.com/ringsidehq/ringside/internal/provider/calllog"
	"github.com/ringsidehq/ringside/internal/provider/custom"
	"github.com/ringsidehq/ringside/internal/provider/elevenlabs"
	"github.com/ringsidehq/ringside/internal/provider/flat"
	"github.com/ringsidehq/ringside/internal/provider/openai"
	"github.com/ringsidehq/ringside/internal/provider/retell"
	"github.com/ringsidehq/ringside/internal/provider/stream"
	"github.com/ringsidehq/ringside/internal/provider/twilio"
	"github.com/ringsidehq/ringside/internal/provider/vapi"
)

// providers is the table of vendors: nothing below this package knows which
// there are. To add one, add a row.
var providers = []api.ProviderInfo{
	{Provider: vapi.Provider, SecretLabel: "Server secret or HMAC key", Steps: []string{
		"In the Vapi dashboard, open the assistant, then Advanced, Messaging.",
		"Paste the URL as the Server URL. If the assistant has tools, or your server answers assistant-request, give your own server's address here as Forward to: Vapi then gets its answers as before.",
		"Under Server Messages choose at least status-update and end-of-call-report; transcript, tool-calls and conversation-update show the call while it goes on.",
		"Set the secret as a bearer token, as X-Vapi-Secret or as an HMAC credential, and give the same one here.",
	}},
	{Provider: retell.Provider, SecretLabel: "API key with the webhook badge", Steps: []string{
		"In the Retell dashboard, open Settings, Webhooks; or the agent, for one agent alone.",
		"Paste the URL as the Webhook URL. Retell signs with the API key that has the webhook badge: give that key here.",
		"call_started, call_ended and call_analyzed are sent by default; to see the call while it goes on, give the source an API key here, or switch on transcript_updated.",
	}},
	{Provider: bland.Provider, SecretLabel: "Webhook signing secret", Steps: []string{
		"In the Bland dashboard, open Account Settings, Keys, and make a webhook signing secret; give it here.",
		"Set the URL as webhook in each call that you send, or on the inbound number.",
		"Add webhook_events [queue, call, latency, tool] to see the call while it goes on.",
	}},
	{Provider: elevenlabs.Provider, SecretLabel: "Webhook secret", Steps: []string{
		"In ElevenLabs, open Agents, Settings, Post-call webhook, and create a webhook with this URL.",
		"Copy the secret that is shown once and give it here.",
		"Choose transcript, and audio to let Ringside keep the recordings; switch on retries.",
	}},
	{Provider: twilio.Provider, SecretLabel: "Auth token of the account", Steps: []string{
		"In the Twilio console, copy the account's auth token and give it here: Twilio signs its callbacks with it.",
		"Set the URL as StatusCallback where calls are made or numbers answered, with StatusCallbackEvent initiated ringing answered completed.",
		"Set it as RecordingStatusCallback and AsyncAmdStatusCallback too, to know of recordings and answering machines.",
	}},
	{Provider: openai.Provider, SecretLabel: "Webhook secret", Steps: []string{
		"Have the program that holds the Realtime session POST its server events here, as a list or as lines of {call_id, received_at, event}; collect those of a second, and leave out audio deltas.",
		"Sign each POST by Standard Webhooks (webhook-id, webhook-timestamp, webhook-signature) and give the secret here.",
		"For calls by SIP, register the URL as a webhook for realtime.call.incoming in OpenAI's project settings as a source of its own, with the secret that is shown there.",
	}},
}

// keyed are the adapters that need no webhook: their bodies come by a key.
var keyed = []provider.Provider{steered(calllog.Provider), flat.Provider, stream.Provider}

// steered is an adapter of calls of a team's own agents, with how those take
// orders.
func steered(p provider.Provider) provider.Provider {
	p.Controls = custom.Controls
	return p
}

// providerTable is every adapter by its id.
func providerTable() map[string]provider.Provider {
	out := map[string]provider.Provider{}
	for _, p := range providers {
		out[p.ID] = p.Provider
	}
	for _, p := range keyed {
		out[p.ID] = p
	}
	return out
}

// checkVendorURLs refuses addresses of what is no vendor, and what is no address.
func checkVendorURLs(urls map[string]string) error {
	known := map[string]bool{}
	for _, p := range providers {
		known[p.ID] = true
	}
	for _, id := range slices.Sorted(maps.Keys(urls)) {
		if !known[id] {
			return fmt.Errorf("--vendor-url: %q is no vendor; there are %s", id, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		}
		if u, err := url.Parse(urls[id]); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return fmt.Errorf("--vendor-url: %q is not a web address for %s; it looks like %s=https://api.example.com", urls[id], id, id)
		}
	}
	return nil
}
