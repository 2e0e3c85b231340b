// Package notify says what a notification channel is: a row of functions. Each
// channel lives in a folder of its own below this one; only app knows which
// there are.
//
// What is told is a Message: one alert, or several that belong together, and
// whether they began, were taken on or are over. A channel tells it at least
// once: after an answer that never came, the same message may be told again,
// and it then bears the same names (Key and MessageID), by which PagerDuty, mail
// programs and users' systems know it again. Slack has no such name.
package notify

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"net"
	"net/http"
)

// Channel is one way to tell people.
type Channel struct {
	ID   string // lower case, as in a rule's notifications
	Name string // as people write it

	// Secrets are pointers to the settings that are sealed at rest and never
	// shown. An address to post to is one where it is all that the
	// receiver asks for.
	Secrets []string

	// Validate says what is wrong with settings: a ringside.Invalid error that
	// points to the field in them.
	Validate func(settings json.RawMessage) error

	// Ready says what valid settings leave to the instance that the instance
	// does not have: a ringside.Invalid error. nil: they leave nothing to it.
	Ready func(Connection) error

	// Send tells a message. Every error is an *Error.
	Send func(context.Context, Connection, Message) (Sent, error)
}

// Connection is how to reach the receivers, and which.
type Connection struct {
	Client *http.Client // the guarded one; redirects are not followed, whatever it says

	// Dial connects to a mail server, as egress.Gate.DialMail does.
	Dial    func(ctx context.Context, address string, plain bool) (net.Conn, error)
	RootCAs *x509.CertPool // who vouches for a mail server; nil: the system's
	Mail    *MailServer    // for e-mail settings that name no server of their own

	BaseURL string // of PagerDuty's events, when not its own

	Settings json.RawMessage // the channel's, with its secrets in them
}

// MailServer is where mail is handed in, and as whom.
type MailServer struct {
	Host     string `json:"host"`
	Port     int    `json:"port,omitempty"`     // 587 when 0, or 465 with tls
	Security string `json:"security,omitempty"` // starttls (when empty), tls, or none in the operator's own network
	Username string `json:"username,omitempty"`
	Password string `json:"password,omitempty"`
	From     string `json:"from"` // an address, with or without a name before it
}

// Sent is what became of a message that was taken.
type Sent struct {
	// Ref is what the channel knows the message by: to be kept, and given with
	// the later messages of the same incident (Message.Ref). Some have none.
	Ref string `json:"ref,omitempty"`
	// Skipped is who was not reached, and why.
	Skipped []string `json:"skipped,omitempty"`
}
