package provider

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// Controls are what can be done to a call that is on. A nil function means
// that the vendor can't; Why says so, by the function's name. Errors are
// *ControlError. Whoever calls bounds the time by ctx.
type Controls struct {
	Say      func(ctx context.Context, on Line, message string) error
	Transfer func(ctx context.Context, on Line, to Destination) error
	End      func(ctx context.Context, on Line) error
	Listen   func(ctx context.Context, on Line) (Audio, error) // where the call can be heard

	// ByURL says that orders go to the address that the call's events gave, so
	// that there are none for a call without.
	ByURL bool

	// Unconfirmed says that the vendor does not tell whether an order was
	// carried out: no error means that it was sent and that nobody objected.
	Unconfirmed bool

	// Why holds one sentence for people for each nil function, under say,
	// transfer, end or listen: why this vendor can't.
	Why map[string]string
}

// Line is a call at its vendor and the way to it. A vendor's key goes to its own
// host, or BaseURL's, and nowhere else: the two other addresses come from the
// call's events, and so from whoever sent them. Of a team's own agent the key is
// what orders are signed with, and goes nowhere at all.
type Line struct {
	HTTP           *http.Client // from egress
	Key            string       // the source's API key, or the agent's webhook secret; empty without
	BaseURL        string       // empty: the vendor's own
	ProviderCallID string
	ControlURL     string // as the call's events said
	ListenURL      string // as the call's events said
}

// Destination is where a call is transferred to: one of Number and SIP.
type Destination struct {
	Number  string // E.164
	SIP     string // sip:… or sips:…
	Name    string // of whom to reach
	Reason  string // why, for the records
	Context string // what they should know
}

// Audio is where a call can be heard: a WebSocket whose binary frames are
// sound.
type Audio struct {
	URL        string
	Header     http.Header // to connect with
	Encoding   string      // pcm_s16le or mulaw: what the page can play
	SampleRate int         // in Hz
	Channels   int         // 1 or 2, their samples taking turns
}

// NeedKey gives the source's API key, or an error that says that there is
// none.
func (l Line) NeedKey(vendor string) (string, error) {
	if l.Key == "" {
		return "", Unset(vendor, "%s takes orders with an API key only; give the source one in Settings, Sources", vendor)
	}
	return l.Key, nil
}

// At is an address at the vendor: its own host's unless the line has another,
// with each {} of the path filled in by an id. An id that would lead to
// another path is refused.
func (l Line) At(vendor, base, path string, ids ...string) (string, error) {
	if l.BaseURL != "" {
		base = strings.TrimRight(l.BaseURL, "/")
	}
	for _, id := range ids {
		if id == "" || id == "." || id == ".." {
			return "", Unset(vendor, "the call has no id at %s by which it could be reached", vendor)
		}
		path = strings.Replace(path, "{}", url.PathEscape(id), 1)
	}
	return base + path, nil
}

// Numbers as E.164 writes them. SIP addresses are let through with every
// character that none of the vendors' formats would take for its own.
var (
	e164 = regexp.MustCompile(`^\+[1-9][0-9]{5,14}$`)
	sip  = regexp.MustCompile(`^sips?:[A-Za-z0-9._~%!$&'()*+,;=:@\[\]?/-]{3,255}$`)
)

// Phone is the number to transfer to, for vendors that know no SIP addresses.
func (d Destination) Phone(vendor string) (string, error) {
	if d.SIP != "" {
		return "", Unset(vendor, "%s transfers to phone numbers only, not to a SIP address", vendor)
	}
	return d.Address(vendor)
}

// Address is where to transfer to: the number, or the SIP address.
func (d Destination) Address(vendor string) (string, error) {
	switch {
	case d.Number == "" && d.SIP == "":
		return "", Unset(vendor, "transfer is not configured for this agent: it has no number to transfer to")
	case d.Number != "" && d.SIP != "":
		return "", Unset(vendor, "give a number or a SIP address to transfer to, not both")
	case d.Number != "" && !e164.MatchString(d.Number):
		return "", Unset(vendor, "the number to transfer to is not in the form +14155550123")
	case d.SIP != "" && !sip.MatchString(d.SIP):
		return "", Unset(vendor, "the address to transfer to is not in the form sip:desk@example.com")
	case d.SIP != "":
		return d.SIP, nil
	}
	return d.Number, nil
}

// Heard checks the address of a call's sound as the vendor gave it.
func Heard(vendor string, a Audio) (Audio, error) {
	u, err := url.Parse(a.URL)
	if err != nil || u.Host == "" || u.Scheme != "wss" && u.Scheme != "ws" {
		return Audio{}, Unset(vendor, "what %s gave as the address of the call's sound is not a WebSocket's", vendor)
	}
	return a, nil
}
