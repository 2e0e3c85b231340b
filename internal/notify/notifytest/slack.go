package notifytest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/notify"
)

const slackPath = "/services/T0FIXTURE/B0FIXTURE/fixtureOfAWebhooksToken5b"

// Slack is a fake of an incoming webhook: a secret address, blocks with their
// bounds, markup in which nothing but our own mentions and links may stand, and
// one message a second.
type Slack struct {
	server
	client *http.Client
	strict bool      // one message a second
	last   time.Time // guarded by mu
}

// NewSlack starts a webhook. Its limit sleeps until Limit is called.
func NewSlack(t testing.TB) *Slack {
	t.Helper()
	s := &Slack{client: gate(t).Client(egress.Limits{})}
	s.serve = s.handle
	s.start(t)
	return s
}

// Limit has the webhook refuse what comes within a second of the last.
func (s *Slack) Limit() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.strict = true
}

// Settings are ones that post here, with others beside them.
func (s *Slack) Settings(more string) json.RawMessage {
	return json.RawMessage(fmt.Sprintf(`{"webhook":%q%s}`, s.url+slackPath, more))
}

// Connection is one that the webhook takes.
func (s *Slack) Connection() notify.Connection {
	return notify.Connection{Client: s.client, Settings: s.Settings(`,"mentionOnCritical":true`)}
}

// Wrong is a connection by an address that is no webhook's.
func (s *Slack) Wrong() (notify.Connection, string) {
	const another = "/services/T0FIXTURE/B0FIXTURE/anotherTokenOfTheirs"
	return notify.Connection{Client: s.client, Settings: json.RawMessage(fmt.Sprintf(`{"webhook":%q}`, s.url+another))}, another
}

// Secrets are what nobody may repeat.
func (*Slack) Secrets() []string {
	return []string{slackPath, "fixtureOfAWebhooksToken5b"}
}

// Complaint is how Slack refuses, with words of its own.
func (*Slack) Complaint(message string) (string, http.Header) {
	return message, http.Header{"Content-Type": {"text/plain"}}
}

func (s *Slack) handle(w http.ResponseWriter, r *http.Request, body []byte) {
	say := func(status int, word string) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(status)
		io.WriteString(w, word)
	}
	if r.URL.Path != slackPath {
		say(http.StatusForbidden, "invalid_token")
		return
	}
	if s.hurried() {
		w.Header().Set("Retry-After", "1")
		say(http.StatusTooManyRequests, "rate_limited")
		return
	}
	var p slackPost
	var tree any
	switch {
	case r.Method != http.MethodPost, r.Header.Get("Content-Type") != "application/json",
		json.Unmarshal(body, &p) != nil, json.Unmarshal(body, &tree) != nil:
		say(http.StatusBadRequest, "invalid_payload")
		return
	case p.Text == "":
		say(http.StatusBadRequest, "no_text")
		return
	}
	if err := CheckSlack(body); err != nil {
		say(http.StatusBadRequest, "invalid_blocks: "+err.Error())
		return
	}
	g := Got{Event: notify.Triggered, Text: shown(strings.Join(p.marked(), "\n")), Sent: json.RawMessage(body)}
	for _, e := range []notify.Event{notify.Acknowledged, notify.Resolved} {
		if strings.Contains(p.Text, e.Prefix()) {
			g.Event = e
		}
	}
	s.keep(g)
	say(http.StatusOK, "ok")
}

// hurried tells whether less than a second has passed.
func (s *Slack) hurried() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	soon := s.strict && time.Since(s.last) < time.Second
	s.last = time.Now()
	return soon
}

type slackPost struct {
	Text   string       `json:"text"`
	Blocks []slackBlock `json:"blocks"`
}

type slackBlock struct {
	Type     string            `json:"type"`
	Text     *slackText        `json:"text"`
	Fields   []slackText       `json:"fields"`
	Elements []json.RawMessage `json:"elements"`
}

type slackText struct {
	Type     string `json:"type"`
	Text     string `json:"text"`
	Verbatim bool   `json:"verbatim"`
}

type slackButton struct {
	Type     string    `json:"type"`
	Text     slackText `json:"text"`
	URL      string    `json:"url"`
	ActionID string    `json:"action_id"`
}

// CheckSlack says what Slack would not take in a post, or would show as
// something else than text.
func CheckSlack(body []byte) error {
	var p slackPost
	if err := json.Unmarshal(body, &p); err != nil {
		return err
	}
	return p.check()
}

// check enforces the bounds of blocks, and what may be marked up in them.
func (p slackPost) check() error {
	if len(p.Blocks) > 50 {
		return fmt.Errorf("%d blocks", len(p.Blocks))
	}
	total := 0
	for _, b := range p.Blocks {
		n, err := b.check()
		if err != nil {
			return err
		}
		total += n
	}
	if total > 13_000 {
		return fmt.Errorf("msg_blocks_too_long: %d", total)
	}
	return markup(p.Text, 40_000)
}

func (b slackBlock) check() (total int, err error) {
	all := b.Fields
	switch b.Type {
	case "section":
		if b.Text == nil && len(b.Fields) == 0 || len(b.Fields) > 10 {
			return 0, fmt.Errorf("a section with %d fields", len(b.Fields))
		}
		if b.Text != nil {
			all = append(all, *b.Text)
		}
	case "context", "actions":
		if len(b.Elements) == 0 || len(b.Elements) > 10 {
			return 0, fmt.Errorf("%d elements", len(b.Elements))
		}
		for _, raw := range b.Elements {
			t, err := element(b.Type, raw)
			if err != nil {
				return 0, err
			}
			all = append(all, t)
		}
	default:
		return 0, fmt.Errorf("block %q", b.Type)
	}
	for _, t := range all {
		most := 3_000
		if len(b.Fields) > 0 {
			most = 2_000
		}
		if err := t.check(most); err != nil {
			return 0, err
		}
		total += utf8.RuneCountInString(t.Text)
	}
	return total, nil
}

// element is the text of one.
func element(kind string, raw json.RawMessage) (slackText, error) {
	if kind == "context" {
		var t slackText
		err := json.Unmarshal(raw, &t)
		return t, err
	}
	var b slackButton
	if err := json.Unmarshal(raw, &b); err != nil {
		return slackText{}, err
	}
	if b.Type != "button" || b.Text.Type != "plain_text" || utf8.RuneCountInString(b.Text.Text) > 75 || len(b.URL) > 3_000 || b.ActionID == "" {
		return slackText{}, fmt.Errorf("button %+v", b)
	}
	return b.Text, nil
}

func (t slackText) check(most int) error {
	switch {
	case t.Type == "plain_text":
		return nil
	case t.Type != "mrkdwn" || !t.Verbatim:
		return fmt.Errorf("text of type %q, verbatim %t", t.Type, t.Verbatim)
	}
	return markup(t.Text, most)
}

// ownMarkup is what may stand in angle brackets: our mentions, and links.
var ownMarkup = regexp.MustCompile(`<(?:!here|!channel|@U[A-Z0-9]+|!subteam\^S[A-Z0-9]+|https?://[^<>|\s]+\|(?:View call|View alert|view))>`)

var entity = regexp.MustCompile(`&(?:amp|lt|gt);`)

func markup(s string, most int) error {
	if n := utf8.RuneCountInString(s); n == 0 || n > most {
		return fmt.Errorf("text of %d characters", n)
	}
	bare := ownMarkup.ReplaceAllString(s, "")
	bare = strings.TrimPrefix(bare, ">") // a quote
	if strings.ContainsAny(entity.ReplaceAllString(bare, ""), "<>&") {
		return fmt.Errorf("not escaped: %q", bare)
	}
	return nil
}

// marked are all texts in markup.
func (p slackPost) marked() []string {
	all := []string{p.Text}
	for _, b := range p.Blocks {
		if b.Text != nil {
			all = append(all, b.Text.Text)
		}
		for _, f := range b.Fields {
			all = append(all, f.Text)
		}
		for _, raw := range b.Elements {
			t, err := element(b.Type, raw)
			if err == nil {
				all = append(all, t.Text)
			}
		}
	}
	return all
}

// shown is markup as a person sees it.
func shown(s string) string {
	s = ownMarkup.ReplaceAllStringFunc(s, func(m string) string { return "‹" + m[1:len(m)-1] + "›" })
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}
