// Package config is the one struct of settings: flags over environment over
// file over defaults. It is the only reader of the environment.
package config

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Serve is what `ringside serve` can be told.
type Serve struct {
	Common
	Listen          string            `help:"Address to listen on." default:"localhost:8080" env:"RINGSIDE_LISTEN"`
	MetricsListen   string            `help:"Address for /metrics without a key; empty: /metrics on the main address, with a key." env:"RINGSIDE_METRICS_LISTEN"`
	PublicURL       string            `help:"How vendors and people reach this server, such as https://ringside.example.com." env:"RINGSIDE_PUBLIC_URL"`
	Demo            bool              `help:"Load sample calls into a workspace named Demo." env:"RINGSIDE_DEMO"`
	HoldPipeline    bool              `help:"Enqueue what is to be done after calls, and do none of it." env:"RINGSIDE_HOLD_PIPELINE"`
	KeepInbox       time.Duration     `help:"How long received bodies are kept." default:"2160h" env:"RINGSIDE_KEEP_INBOX"`
	RatePerKey      float64           `help:"Requests a second that a key may send." default:"10000" env:"RINGSIDE_RATE_PER_KEY"`
	BurstPerKey     int               `help:"Requests at once that a key may send." default:"20000" env:"RINGSIDE_BURST_PER_KEY"`
	EgressAllow     []netip.Prefix    `help:"Private networks that webhooks and other outgoing requests may reach, such as 10.20.0.0/16,fd12::/16; by http too." env:"RINGSIDE_EGRESS_ALLOW"`
	SMTPURL         string            `name:"smtp-url" help:"Mail server for alerts whose rule names none: smtp://user:password@smtp.example.com:587, smtps:// for TLS from the first byte." env:"RINGSIDE_SMTP_URL"`
	SMTPFrom        string            `name:"smtp-from" help:"Whom alerts by mail come from, such as Ringside <alerts@example.com>." env:"RINGSIDE_SMTP_FROM"`
	FetchRecordings bool              `help:"Fetch recordings from where their vendors keep them." default:"true" negatable:"" env:"RINGSIDE_FETCH_RECORDINGS"`
	VendorURLs      map[string]string `name:"vendor-url" help:"Where a vendor's API is, when not at its own host, such as elevenlabs=https://api.eu.residency.elevenlabs.io." env:"RINGSIDE_VENDOR_URLS"`
	DevUI           string            `help:"Serve the page from this development server instead." env:"RINGSIDE_DEV_UI" hidden:""`
}

// Validate refuses what can't be, before anything is opened.
func (s *Serve) Validate() error {
	switch {
	case s.KeepInbox < 0:
		return fmt.Errorf("--keep-inbox is %s: bodies can't be kept for less than no time", s.KeepInbox)
	case !(s.RatePerKey > 0): // nor is it no number
		return fmt.Errorf("--rate-per-key is %g: a key must be able to send something; it is more than 0", s.RatePerKey)
	case s.BurstPerKey < 1:
		return fmt.Errorf("--burst-per-key is %d: a key must be able to send something; it is 1 or more", s.BurstPerKey)
	}
	_, err := s.Public("")
	return err
}

// Analyze is what `ringside analyze` can be told of the server that it works
// for.
type Analyze struct {
	Common
	PublicURL string `help:"How people reach the server, for links in what is sent." env:"RINGSIDE_PUBLIC_URL" hidden:""`
}

// Serve is the same as a server's settings.
func (a *Analyze) Serve() Serve {
	return Serve{Common: a.Common, PublicURL: strings.TrimRight(a.PublicURL, "/"), FetchRecordings: true}
}

// Common is what every command that opens the store can be told.
type Common struct {
	Data        string `help:"Data directory." default:"./data" env:"RINGSIDE_DATA" type:"path"`
	DatabaseURL string `help:"PostgreSQL to use instead of SQLite in the data directory: postgres://…" env:"RINGSIDE_DATABASE_URL"`
	SecretKey   string `help:"Key that seals stored secrets, 32 bytes in base64 or hex; without it one is made in the data directory." env:"RINGSIDE_SECRET_KEY" hidden:""`
	Recordings  string `help:"Bucket to keep recordings in instead of the data directory: s3://bucket/prefix?endpoint=https://s3.example.com&region=eu-central-1" env:"RINGSIDE_RECORDINGS"`

	// The key to that bucket; without one it is the machine's role.
	RecordingsKeyID  string `name:"recordings-key-id" help:"Id of the key to the bucket of recordings; without one it is the machine's role." env:"RINGSIDE_RECORDINGS_KEY_ID"`
	RecordingsSecret string `help:"Secret of the key to the bucket of recordings." env:"RINGSIDE_RECORDINGS_SECRET" hidden:""`

	NATS      string `name:"nats" help:"NATS server by which several processes on one PostgreSQL show each other's calls at once: nats://user:password@nats.example.com:4222, tls:// for encryption." env:"RINGSIDE_NATS_URL"`
	NATSCreds string `name:"nats-creds" help:"File with credentials for the NATS server, in place of a user in its address." env:"RINGSIDE_NATS_CREDS"`

	LogFormat string `help:"Log as json or text." enum:"json,text" default:"json" env:"RINGSIDE_LOG_FORMAT"`
	LogLevel  string `help:"Least level to log." enum:"debug,info,warn,error" default:"info" env:"RINGSIDE_LOG_LEVEL"`
}

// EnvFile names the file that settings are read from when the environment
// says so.
const EnvFile = "RINGSIDE_CONFIG"

// Public is the public URL without a slash at its end; without one set it is
// the address listened on.
func (s *Serve) Public(listening string) (string, error) {
	if s.PublicURL == "" {
		return "http://" + listening, nil
	}
	u, err := url.Parse(s.PublicURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", fmt.Errorf("the public URL %q is not a web address; it looks like https://ringside.example.com", s.PublicURL)
	}
	return strings.TrimRight(s.PublicURL, "/"), nil
}
