// Package crm says what an adapter to a customer database is: a row of
// functions. Each adapter lives in a folder of its own below this one; only
// app knows which there are.
//
// What is written about a call is a Record: the vendor's own words and numbers
// are left behind at NewRecord, so an adapter knows nothing of calls. A record
// is written once: an adapter finds what an earlier sync of the same call made
// and brings it up to date.
package crm

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
)

// Adapter is one CRM.
type Adapter struct {
	ID   string // lower case, as in an agent's crmProvider
	Name string // as people write it

	// Fields is which property of the CRM each synced field goes to when the
	// mapping names no other. Several fields that share one are written into
	// it one below the other, each with its name.
	Fields map[string]string

	// Sync writes a record. Every error is an *Error. A Result that comes with
	// one says what was done before it: give its ids back as Known and
	// KnownContact next time. Only one sync of a call may run at a time.
	Sync func(context.Context, Connection, Record, Options) (Result, error)

	// FoundAfter is how long it may take until the CRM's search finds what was
	// made: a sync that was cut off is not tried again before. 0: at once, or it
	// knows a call by its id.
	FoundAfter time.Duration

	// Test asks the CRM something that changes nothing and says in words what
	// it answered. Every error is an *Error.
	Test func(context.Context, Connection) (string, error)

	// Preview is what Sync would write, without a look at the CRM. The error
	// is a ringside.Invalid one that points into the agent's settings.
	Preview func(Record, Options) (Preview, error)
}

// Connection is how to reach one customer's CRM, and as whom.
type Connection struct {
	Client *http.Client // the guarded one; redirects are not followed, whatever it says

	// BaseURL is where the CRM answers. HubSpot has a default; Salesforce
	// needs the My Domain host; a custom CRM the address to post to.
	BaseURL string
	// Path is where the API stands below it, in the version to be used:
	// /crm/v3/objects at HubSpot, /services/data/v68.0 at Salesforce by
	// default. A custom CRM has none.
	Path string

	Key          string // HubSpot: service key or private app's token; custom: what posts are signed with
	ClientID     string // Salesforce
	ClientSecret string // Salesforce
}

// URL is the address of what stands at rest, which begins with a slash, below
// base and the connection's path, or the usual one. Whatever the path is, the
// host is that of base: it is where the key goes.
func (c Connection) URL(base, usual, rest string) string {
	at, err := url.JoinPath(base, cmp.Or(c.Path, usual))
	if err != nil {
		return base // which can't be asked: Do says so
	}
	return strings.TrimSuffix(at, "/") + rest
}

// Options are how a record is to be written.
type Options struct {
	CreateContact bool              // make a contact when the number is nobody's
	Mapping       map[string]string // the property for a synced field, or for call_id, where not the usual one
	Template      string            // of a custom CRM: the body as JSON, with {{names}} in its strings
	Known         string            // what an earlier sync made, by the CRM's id
	KnownContact  string            // the contact that an earlier sync found or made
	First         bool              // nothing was ever sent about this call, so nothing needs to be looked for
	Zone          *time.Location    // which day a call was on, and when a day's limit ends; nil is UTC
}

// Result is what a sync did.
type Result struct {
	ID             string   `json:"id" doc:"The CRM's id of what was written about the call"`
	URL            string   `json:"url,omitempty" doc:"Where a person sees it, where the CRM says"`
	ContactID      string   `json:"contact_id,omitempty"`
	ContactCreated bool     `json:"contact_created"`
	Updated        bool     `json:"updated" doc:"It was there from an earlier sync and was brought up to date"`
	Skipped        []string `json:"skipped,omitempty" doc:"What was left out, and why"`
}

// Words are the result in a sentence, without a telephone number in it.
func (r Result) Words() string {
	var parts []string
	switch {
	case r.Updated:
		parts = append(parts, "brought up to date as "+r.ID)
	case r.ID != "":
		parts = append(parts, "written as "+r.ID)
	}
	switch {
	case r.ContactCreated:
		parts = append(parts, "contact "+r.ContactID+" made")
	case r.ContactID != "":
		parts = append(parts, "contact "+r.ContactID)
	}
	return strings.Join(append(parts, r.Skipped...), "; ")
}

// Preview is the request that would write a record. What is only known once
// the CRM has been asked, the contact's id, is not in it.
type Preview struct {
	Method  string `json:"method"`
	Path    string `json:"path" doc:"Below the CRM's address, in the usual version; empty where the address is all of it"`
	Body    any    `json:"body"`
	Contact any    `json:"contact,omitempty" doc:"The contact that would be made if the number is nobody's"`
}

// CallID is the key in a mapping that names a property of the CRM's to keep
// our call id in. A synced call is then found again by it.
const CallID = "call_id"

// CheckMapping says what is wrong with a mapping: a field that there is not, a
// name that no property of the CRM can have, or one that the adapter writes
// itself.
func CheckMapping(mapping map[string]string, valid func(name string) bool, own ...string) error {
	for _, field := range slices.Sorted(maps.Keys(mapping)) {
		if field != CallID && !slices.Contains(ringside.CRMFieldNames, field) {
			return ringside.Invalidf("/crmFieldMapping", "%q is not call_id or one of %q", Clip(field, 100), ringside.CRMFieldNames)
		}
		name, at := mapping[field], "/crmFieldMapping/"+field
		if name == "" {
			continue // the usual one
		}
		if !valid(name) {
			return ringside.Invalidf(at, "%q can't be the name of a property", Clip(name, 100))
		}
		if slices.ContainsFunc(own, func(o string) bool { return strings.EqualFold(o, name) }) {
			return ringside.Invalidf(at, "%s is written with every call anyway; choose another property", name)
		}
	}
	return nil
}
