package notifytest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"slices"
	"strings"

	"github.com/ringsidehq/ringside/internal/notify"
)

// known are the headers that a mail of ours may have, each once.
var known = []string{
	"From", "To", "Subject", "Date", "Message-Id", "In-Reply-To", "References", "Importance", "Auto-Submitted", "Mime-Version", "Content-Type",
}

// read reads a mail as a program does that shows it, and refuses one that such
// programs read in different ways.
func read(raw []byte) (Got, error) {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return Got{}, err
	}
	for name, values := range m.Header {
		if len(values) != 1 || !slices.Contains(known, name) {
			return Got{}, fmt.Errorf("header %s, %d times", name, len(values))
		}
	}
	for _, c := range raw {
		if c >= 0x7f {
			return Got{}, errors.New("bytes of more than 7 bits")
		}
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return Got{}, err
	}
	for _, name := range []string{"From", "To"} {
		if _, err := m.Header.AddressList(name); err != nil {
			return Got{}, fmt.Errorf("%s: %w", name, err)
		}
	}
	if _, err := m.Header.Date(); err != nil {
		return Got{}, err
	}
	text, err := parts(m)
	if err != nil {
		return Got{}, err
	}
	id, thread := m.Header.Get("Message-Id"), m.Header.Get("References")
	if thread == "" {
		thread = id
	}
	g := Got{Event: notify.Triggered, Name: id, Thread: thread, Text: "Subject: " + subject + "\n" + text, Sent: strings.Split(string(raw), "\r\n")}
	for _, e := range []notify.Event{notify.Acknowledged, notify.Resolved} {
		if strings.HasPrefix(subject, e.Prefix()) {
			g.Event = e
		}
	}
	return g, nil
}

// parts are the text and the page, in this order.
func parts(m *mail.Message) (string, error) {
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		return "", fmt.Errorf("content of type %q: %w", kind, err)
	}
	var all []string
	r := multipart.NewReader(m.Body, params["boundary"])
	for _, want := range []string{"text/plain; charset=utf-8", "text/html; charset=utf-8"} {
		p, err := r.NextRawPart()
		if err != nil {
			return "", err
		}
		if got := p.Header.Get("Content-Type"); got != want || p.Header.Get("Content-Transfer-Encoding") != "quoted-printable" {
			return "", fmt.Errorf("a part %v", p.Header)
		}
		b, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			return "", err
		}
		all = append(all, string(b))
	}
	if _, err := r.NextRawPart(); !errors.Is(err, io.EOF) {
		return "", errors.New("more than two parts")
	}
	if s := strings.ToLower(all[1]); strings.Contains(s, "<script") || strings.Contains(s, "javascript:") {
		return "", errors.New("a script in the page")
	}
	return strings.Join(all, "\n"), nil
}
