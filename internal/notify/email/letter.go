package email

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html/template"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ringsidehq/ringside/internal/notify"
)

// letter is a mail. It is the same, byte for byte, each time that it is tried.
type letter struct {
	settings settings
	message  notify.Message
	from     *mail.Address
	subject  string
}

// id is the mail's Message-ID.
func (l letter) id() string { return "<" + l.message.MessageID() + "@" + domain(l.from) + ">" }

func (l letter) write() ([]byte, error) {
	var b bytes.Buffer
	for _, h := range l.header() {
		b.WriteString(h[0] + ": " + h[1] + "\r\n")
	}
	plain := l.plain()
	page, err := l.html()
	if err != nil {
		return nil, err
	}
	// Nobody can write a text with its own hash in it, and so end a part.
	sum := sha256.Sum256([]byte(plain + page))
	w := multipart.NewWriter(&b)
	if err := w.SetBoundary(hex.EncodeToString(sum[:])); err != nil {
		return nil, fmt.Errorf("write the mail: %w", err)
	}
	fmt.Fprintf(&b, "MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary=%q\r\n\r\n", w.Boundary())
	for _, part := range []struct{ kind, body string }{{"text/plain", plain}, {"text/html", page}} {
		p, err := w.CreatePart(textproto.MIMEHeader{
			"Content-Type":              {part.kind + "; charset=utf-8"},
			"Content-Transfer-Encoding": {"quoted-printable"},
		})
		if err != nil {
			return nil, fmt.Errorf("write the mail: %w", err)
		}
		q := quotedprintable.NewWriter(p)
		if _, err := q.Write([]byte(part.body)); err != nil {
			return nil, fmt.Errorf("write the mail: %w", err)
		}
		if err := q.Close(); err != nil {
			return nil, fmt.Errorf("write the mail: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("write the mail: %w", err)
	}
	return b.Bytes(), nil
}

// reference is what a Message-ID that we gave looks like: nothing that was kept
// as one can add to a header.
func reference(s string) bool {
	return len(s) < 500 && strings.HasPrefix(s, "<msg_") && strings.HasSuffix(s, ">") && isAddress(s[1:len(s)-1])
}

func (l letter) header() [][2]string {
	m := l.message
	all := [][2]string{
		{"From", sender(l.from)},
		{"To", strings.Join(l.settings.Recipients, ",\r\n ")},
		{"Subject", encode(l.subject)},
		{"Date", m.At.UTC().Format(time.RFC1123Z)},
		{"Message-ID", l.id()},
	}
	if reference(m.Ref) && m.Ref != l.id() {
		all = append(all, [2]string{"In-Reply-To", m.Ref}, [2]string{"References", m.Ref})
	}
	if m.Severity == notify.Critical && m.Event == notify.Triggered {
		all = append(all, [2]string{"Importance", "high"})
	}
	// So that no absence note answers.
	return append(all, [2]string{"Auto-Submitted", "auto-generated"})
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -"

func sender(a *mail.Address) string {
	name := notify.Oneline(a.Name, maxSubject)
	if name == "" {
		return "<" + a.Address + ">"
	}
	if strings.Trim(name, letters) != "" { // anything but words would have to be quoted
		name = encoded(name)
	}
	return name + " <" + a.Address + ">"
}

// encode makes a header of text on one line. What is not plain is encoded, in
// lines of at most 75 characters, and so is what would be read as encoded.
func encode(s string) string {
	plain := !strings.ContainsFunc(s, func(c rune) bool { return c < ' ' || c > '~' })
	if plain && !strings.Contains(s, "=?") {
		return s
	}
	return encoded(s)
}

func encoded(s string) string {
	const piece = 45 // bytes, which are 60 in base64
	var words []string
	for s != "" {
		n := min(piece, len(s))
		for n < len(s) && !utf8.RuneStart(s[n]) {
			n--
		}
		words = append(words, "=?utf-8?b?"+base64.StdEncoding.EncodeToString([]byte(s[:n]))+"?=")
		s = s[n:]
	}
	return strings.Join(words, "\r\n ")
}

// link is the way to the call, where the settings want it told.
func (l letter) link(a notify.Alert) string {
	if l.settings.IncludeCallLink != nil && !*l.settings.IncludeCallLink {
		return ""
	}
	return a.Link
}

// said is the transcript, where the settings want it told.
func (l letter) said() []notify.Said {
	if !l.settings.IncludeTranscript {
		return nil
	}
	return l.message.Transcript
}

func (l letter) plain() string {
	m := l.message
	var b strings.Builder
	para := func(s string) {
		if s != "" {
			b.WriteString(s + "\n\n")
		}
	}
	para(m.Title())
	para(m.Text)
	if m.Quote != "" {
		para("> " + m.Quote)
	}
	var facts []string
	for _, f := range m.Facts() {
		facts = append(facts, f.Name+": "+f.Text)
	}
	para(strings.Join(facts, "\n"))
	if to := l.link(m.Alert); to != "" {
		para(m.LinkText() + ": " + to)
	}
	for _, a := range m.Also {
		b.WriteString(strings.TrimSpace("- "+a.Line()+"\n  "+l.link(a)) + "\n")
	}
	if n := m.Rest(); n > 0 {
		fmt.Fprintf(&b, "…and %d more\n", n)
	}
	for i, s := range l.said() {
		if i == 0 {
			b.WriteString("\nTranscript\n")
		}
		b.WriteString(s.Who() + ": " + s.Text + "\n")
	}
	return b.String()
}

//go:embed letter.html
var pageText string

var page = template.Must(template.New("letter").Parse(pageText))

// colours are what severities are shown in.
var colours = map[notify.Severity]string{
	notify.Critical: "#b42318", notify.High: "#b54708", notify.Medium: "#854a0e", notify.Low: "#175cd3",
}

// row is one of several alerts on the page.
type row struct{ Line, Link string }

func (l letter) html() (string, error) {
	m := l.message
	var also []row
	for _, a := range m.Also {
		also = append(also, row{a.Line(), l.link(a)})
	}
	colour := cmp.Or(colours[m.Severity], "#344054")
	if m.Event == notify.Resolved {
		colour = "#067647"
	}
	var b bytes.Buffer
	err := page.Execute(&b, map[string]any{
		"Colour": template.CSS(colour), "Message": m, "Facts": m.Facts(), "Link": l.link(m.Alert),
		"Also": also, "Rest": m.Rest(), "Said": l.said(),
	})
	if err != nil {
		return "", fmt.Errorf("write the mail's page: %w", err)
	}
	return b.String(), nil
}
