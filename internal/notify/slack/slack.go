// Package slack tells alerts to a Slack channel by an incoming webhook. Other
// chats that take Slack's messages at a webhook's address, such as Mattermost,
// are told by it too.
//
// The address is the secret: who has it may post. A webhook knows neither
// threads nor messages of before, so a resolved alert is a message of its own,
// and one that is told twice stands there twice. Slack takes one message a
// second for each channel and says with 429 how long to wait.
package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/notify"
)

const (
	// ID is this channel's name in a rule's notifications.
	ID   = "slack"
	name = "Slack"
)

// New is the row of this channel.
func New() notify.Channel {
	return notify.Channel{ID: ID, Name: name, Secrets: []string{"/webhook"}, Validate: validate, Send: send}
}

// settings are where to post, and how loudly.
type settings struct {
	Webhook string `json:"webhook"`
	// Channel is where old webhooks, of no app, post to instead of their own
	// channel. Those of apps pay no heed to it.
	Channel           string `json:"channel"`
	MentionOnCritical bool   `json:"mentionOnCritical"`
	Mention           string `json:"mention"`        // whom: here, channel, or the id of a person or a group; here when empty
	IncludeActions    bool   `json:"includeActions"` // a button to the call; one that acts would need an app of one's own
}

// mentioned are the ids of people (U, W) and groups (S), and the words that
// call everybody.
var (
	mentioned   = regexp.MustCompile(`^(here|channel|[UWS][A-Z0-9]{2,30})$`)
	channelName = regexp.MustCompile(`^[#@]?[^\s#@<>&|]{1,80}$`)
)

func validate(raw json.RawMessage) error {
	_, err := read(raw)
	return err
}

func read(raw json.RawMessage) (s settings, err error) {
	switch err = notify.Read(raw, &s); {
	case err != nil:
		return s, err
	case egress.Host(s.Webhook) == "":
		return s, ringside.Invalidf("/webhook", "needs the webhook's address, such as https://hooks.slack.com/services/…")
	case s.Channel != "" && !channelName.MatchString(s.Channel):
		return s, ringside.Invalidf("/channel", "is not the name of a channel; it looks like #alerts")
	case s.Mention != "" && !mentioned.MatchString(s.Mention):
		return s, ringside.Invalidf("/mention", "has to be here, channel, or the id of a person or a group, such as U012AB3CD")
	}
	return s, nil
}

func send(ctx context.Context, c notify.Connection, m notify.Message) (notify.Sent, error) {
	s, err := read(c.Settings)
	if err != nil {
		return notify.Sent{}, notify.Refused(name, err)
	}
	m = m.Clean()
	body, err := json.Marshal(compose(s, m))
	if err != nil {
		return notify.Sent{}, fmt.Errorf("encode the message: %w", err)
	}
	answer, err := c.Do(ctx, notify.Request{
		Channel: name, Method: http.MethodPost, URL: s.Webhook, Body: body,
		Read: complaint, Hide: append(m.Private(), notify.InURL(s.Webhook)...),
	})
	if err != nil {
		return notify.Sent{}, err
	}
	if answer.Status != http.StatusOK || strings.TrimSpace(string(answer.Body)) != "ok" {
		return notify.Sent{}, &notify.Error{
			Kind: ringside.Invalid, Channel: name, Status: answer.Status, Field: "/webhook",
			Message: "what answers there is no Slack webhook: it did not say ok",
		}
	}
	return notify.Sent{}, nil
}

// said are Slack's names for what is wrong, and what to do about it.
var said = map[string]string{
	"invalid_token":                     "the webhook is not one of Slack's any more; make a new one",
	"no_service":                        "the webhook was removed or switched off; make a new one",
	"no_service_id":                     "the webhook was removed or switched off; make a new one",
	"no_team":                           "the webhook's workspace is gone",
	"team_disabled":                     "the webhook's workspace is switched off",
	"channel_not_found":                 "the channel is not there",
	"channel_is_archived":               "the channel is archived",
	"action_prohibited":                 "an administrator of the workspace does not allow it",
	"posting_to_general_channel_denied": "an administrator of the workspace does not allow posts to this channel",
}

// complaint reads a refusal: one word in plain text.
func complaint(_ int, h http.Header, body []byte) notify.Complaint {
	code := strings.TrimSpace(string(body))
	if !strings.HasPrefix(h.Get("Content-Type"), "text/plain") && said[code] == "" {
		return notify.Complaint{} // a proxy's page
	}
	c := notify.Complaint{Code: code, Message: said[code]}
	if c.Message == "" {
		c.Message = code
	}
	if strings.HasPrefix(code, "channel_") {
		c.Field = "/channel"
	}
	return c
}
