package slack

import (
	"fmt"
	"strings"

	"github.com/ringsidehq/ringside/internal/notify"
)

// What each part may have, in bytes after escaping. Slack takes 3,000 characters
// in a section, and some 13,000 in all blocks together.
const (
	maxTitle  = 300
	maxText   = 2_000
	maxQuote  = 1_500
	maxField  = 200
	maxFields = 10
	maxLine   = 400 // of one of several alerts
	maxLines  = 2_500
	maxAlso   = 10
	maxLink   = 2_500
)

// post is what a webhook takes. Text is what a notification shows, and what is
// read where blocks are not known.
type post struct {
	Channel string  `json:"channel,omitempty"`
	Text    string  `json:"text"`
	Blocks  []block `json:"blocks"`
}

// block is a part of a message.
type block struct {
	Type     string    `json:"type"`
	Text     *text     `json:"text,omitempty"`
	Fields   []text    `json:"fields,omitempty"`
	Elements []element `json:"elements,omitempty"`
}

// text is marked up with Slack's own markup. Verbatim keeps Slack from making
// links and mentions of words that look like them.
type text struct {
	Type     string `json:"type"`
	Text     string `json:"text"`
	Verbatim bool   `json:"verbatim,omitempty"`
}

// element is a text of a context, or a button.
type element struct {
	Type     string `json:"type"`
	Text     any    `json:"text"`
	Verbatim bool   `json:"verbatim,omitempty"`
	URL      string `json:"url,omitempty"`
	ActionID string `json:"action_id,omitempty"`
}

func section(s string) block {
	return block{Type: "section", Text: &text{Type: "mrkdwn", Text: s, Verbatim: true}}
}

// compose writes a message.
func compose(s settings, m notify.Message) post {
	mention := ""
	if m.Event == notify.Triggered && m.Severity == notify.Critical && s.MentionOnCritical {
		mention = mentionOf(s.Mention) + " "
	}
	p := post{
		Channel: s.Channel,
		Text:    mention + escape(m.Title(), maxTitle) + suffix(": ", escape(notify.Oneline(m.Text, maxLine), maxLine)),
		Blocks:  []block{section(mention + "*" + escape(m.Title(), maxTitle) + "*" + suffix("\n", escape(m.Text, maxText)))},
	}
	if m.Quote != "" {
		p.Blocks = append(p.Blocks, section(">"+escape(m.Quote, maxQuote)))
	}
	if f := fields(m); len(f) > 0 {
		p.Blocks = append(p.Blocks, block{Type: "section", Fields: f})
	}
	if also := alerts(m); also != "" {
		p.Blocks = append(p.Blocks, section(also))
	}
	if l := linked(m.Link, m.LinkText()); l != "" {
		p.Blocks = append(p.Blocks, way(s, m, l))
	}
	return p
}

// way leads to the call: by a button, or by a link.
func way(s settings, m notify.Message, link string) block {
	if s.IncludeActions {
		return block{Type: "actions", Elements: []element{
			{Type: "button", Text: text{Type: "plain_text", Text: m.LinkText()}, URL: m.Link, ActionID: "view"},
		}}
	}
	return block{Type: "context", Elements: []element{{Type: "mrkdwn", Text: link, Verbatim: true}}}
}

func fields(m notify.Message) (all []text) {
	for _, f := range m.Facts() {
		if len(all) < maxFields {
			all = append(all, text{Type: "mrkdwn", Text: "*" + f.Name + "*\n" + escape(f.Text, maxField), Verbatim: true})
		}
	}
	return all
}

// alerts are the others of a group, a line each.
func alerts(m notify.Message) string {
	var b strings.Builder
	rest := m.Rest()
	for i, a := range m.Also {
		line := "• " + escape(a.Line(), maxLine)
		if l := linked(a.Link, "view"); l != "" {
			line += " " + l
		}
		if i == maxAlso || b.Len()+len(line) > maxLines {
			rest += len(m.Also) - i
			break
		}
		b.WriteString(line + "\n")
	}
	if rest > 0 {
		fmt.Fprintf(&b, "…and %d more", rest)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// mentionOf is Slack's way to call somebody.
func mentionOf(who string) string {
	switch {
	case who == "" || who == "here":
		return "<!here>"
	case who == "channel":
		return "<!channel>"
	case who[0] == 'S':
		return "<!subteam^" + who + ">"
	}
	return "<@" + who + ">"
}

// linked is a link in markup; nothing when there is none that Slack takes. One
// of a message has nothing in it that could end it there.
func linked(link, words string) string {
	link = strings.ReplaceAll(link, "&", "&amp;")
	if link == "" || len(link) > maxLink {
		return ""
	}
	return "<" + link + "|" + words + ">"
}

func suffix(before, s string) string {
	if s == "" {
		return ""
	}
	return before + s
}

// escape takes from text what begins an entity, a mention or a link in Slack's
// markup, in at most n characters, without breaking an entity.
func escape(s string, n int) string {
	var b strings.Builder
	used := 0
	for _, c := range s {
		piece := string(c)
		switch c {
		case '&':
			piece = "&amp;"
		case '<':
			piece = "&lt;"
		case '>':
			piece = "&gt;"
		}
		if used += len(piece); used > n {
			return b.String() + "…"
		}
		b.WriteString(piece)
	}
	return b.String()
}
