package pipeline

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/crm"
	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/secret"
	"github.com/ringsidehq/ringside/internal/store"
)

// CRMServer is where a workspace's CRM is. Its secret is kept apart.
type CRMServer struct {
	BaseURL  string `json:"base_url,omitempty" maxLength:"2000" doc:"Salesforce: the My Domain host, https://acme.my.salesforce.com. HubSpot: only where it is not the usual one"`
	Path     string `json:"path,omitempty" maxLength:"200" doc:"Where its API stands below that, to choose a version: /crm/objects/2026-03"`
	ClientID string `json:"client_id,omitempty" maxLength:"500" doc:"Salesforce: of the External Client App"`
}

// Validate says what is wrong, pointing at the field.
func (s *CRMServer) Validate(kind string) error {
	if !isPath(s.Path) {
		return ringside.Invalidf("/path", "has to begin with one / and have no ?, #, backslash, blank or control character in it: /crm/objects/2026-03")
	}
	if kind != "salesforce" {
		return nil
	}
	if s.BaseURL == "" {
		return ringside.Invalidf("/base_url", "is required: your My Domain, https://acme.my.salesforce.com")
	}
	if s.ClientID == "" {
		return ringside.Invalidf("/client_id", "is required: the consumer key of your External Client App")
	}
	return nil
}

// isPath tells whether a text is a path and nothing else, or empty: no part of
// a host, from which the secret would go elsewhere, and no query.
func isPath(s string) bool {
	if s == "" {
		return true
	}
	return s[0] == '/' && !strings.HasPrefix(s, "//") && !strings.ContainsFunc(s, func(r rune) bool {
		return strings.ContainsRune(`?#\`, r) || unicode.IsSpace(r) || unicode.IsControl(r)
	})
}

// CRMs reaches the CRMs that workspaces and agents name.
type CRMs struct {
	Adapters map[string]crm.Adapter
	Store    *store.Store
	Secrets  *secret.Box
	HTTP     *http.Client // the guarded client

	mu   sync.Mutex
	busy map[string]int // what is held, and how often; guarded by mu
	made map[whom]met   // contacts that were just made; guarded by mu
}

// errNoCRM is that nothing says how to reach a CRM.
func errNoCRM(name, what string) error {
	return ringside.Errorf(ringside.NotFound, "%s is not connected: %s", name, what)
}

// connection says how to reach a CRM. An agent's own key beats the
// workspace's, and goes to HubSpot's own host: the address in the workspace's
// settings is for the workspace's key. Salesforce is connected for the
// workspace only.
func (c *CRMs) connection(ctx context.Context, workspace, kind string, s *ringside.AgentSettings, key string) (crm.Connection, error) {
	out := crm.Connection{Client: c.HTTP, Key: key}
	if kind == "custom" {
		out.BaseURL = s.CRMURL
		if out.BaseURL == "" {
			return out, errNoCRM("The custom CRM", "set crmUrl in the agent's settings")
		}
		return out, nil
	}
	if kind == "hubspot" && key != "" {
		return out, nil
	}
	var row *store.Integration
	err := c.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		row, err = store.IntegrationOf(ctx, tx, workspace, kind)
		return err
	})
	if ringside.KindOf(err) == ringside.NotFound {
		return out, errNoCRM(c.Adapters[kind].Name, "set it up in Settings → Integrations")
	}
	if err != nil {
		return out, err
	}
	var server CRMServer
	if err := json.Unmarshal(row.Settings, &server); err != nil {
		return out, fmt.Errorf("read %s settings: %w", kind, err)
	}
	plain := ""
	if row.Secret != nil {
		b, err := c.Secrets.Open(IntegrationSecret(workspace, kind), row.Secret)
		if err != nil {
			return out, fmt.Errorf("unseal %s secret: %w", kind, err)
		}
		plain = string(b)
	}
	out.BaseURL, out.Path, out.ClientID = server.BaseURL, server.Path, server.ClientID
	if kind == "salesforce" {
		out.Key, out.ClientSecret = "", plain
		return out, nil
	}
	out.Key = plain
	return out, nil
}

// Test asks a workspace's CRM something harmless and says what it answered.
func (c *CRMs) Test(ctx context.Context, workspace, kind string) (string, error) {
	con, err := c.connection(ctx, workspace, kind, &ringside.AgentSettings{}, "")
	if err != nil {
		return "", err
	}
	return c.Adapters[kind].Test(ctx, con)
}

// Preview is what would be written about a call, by an agent's settings.
func (c *CRMs) Preview(call *ringside.Call, s *ringside.AgentSettings, link string) (crm.Preview, error) {
	a, ok := c.Adapters[s.CRMProvider]
	if !ok {
		return crm.Preview{}, ringside.Invalidf("/crmProvider", "is required: hubspot, salesforce or custom")
	}
	return a.Preview(crm.NewRecord(call, crmFields(s), link), crmOptions(s))
}

// Check says what is wrong with how an agent's settings have calls written, by the
// rules that hold when one is. Without a CRM only the names of the fields can be
// told.
func (c *CRMs) Check(s *ringside.AgentSettings) error {
	a, ok := c.Adapters[s.CRMProvider]
	if !ok {
		return crm.CheckMapping(s.CRMFieldMapping, func(string) bool { return true })
	}
	_, err := a.Preview(crm.NewRecord(&ringside.Call{}, crmFields(s), ""), crmOptions(s))
	return err
}

// perCRM is how many calls are written into one CRM at a time, so that one that
// hangs leaves places to the others.
const perCRM = 3

// places are what writing a call holds, and how many may hold it: the call
// itself, a place at its CRM, and its customer where they may become a contact,
// so that no two calls make the same one.
func places(f *file) map[string]int {
	s := &f.agent.Settings
	at := strings.Join([]string{f.workspace, s.CRMProvider, egress.Host(s.CRMURL)}, "\x00")
	out := map[string]int{"call\x00" + f.call.ID.String(): 1, "at\x00" + at: perCRM}
	if number := numberOf(f.call); number != "" && on(s.CRMCreateContact) {
		out["whom\x00"+at+"\x00"+number] = 1
	}
	return out
}

// numberOf is the customer's number in one form; empty when there is none.
func numberOf(c *ringside.Call) string {
	p, ok := crm.NewRecord(c, nil, "").Phone()
	if !ok {
		return ""
	}
	return cmp.Or(p.E164, p.National)
}

// hold takes places, all of them or none.
func (c *CRMs) hold(places map[string]int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key, most := range places {
		if c.busy[key] >= most {
			return false
		}
	}
	if c.busy == nil {
		c.busy = map[string]int{}
	}
	for key := range places {
		c.busy[key]++
	}
	return true
}

func (c *CRMs) release(places map[string]int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key := range places {
		if c.busy[key]--; c.busy[key] == 0 {
			delete(c.busy, key)
		}
	}
}

// whom is the hash of a connection and a customer's number.
type whom [sha256.Size]byte

func whomOf(workspace, kind string, con crm.Connection, number string) whom {
	return sha256.Sum256([]byte(strings.Join([]string{workspace, kind, con.BaseURL, con.Path, con.ClientID, con.Key, number}, "\x00")))
}

// met is a contact that was made.
type met struct {
	id string
	at time.Time
}

const (
	// keepMet is for how long a contact that was made is remembered: until the
	// CRM's own search can be expected to find it.
	keepMet = 2 * time.Minute
	maxMet  = 10_000
)

// meet remembers that a contact was made for somebody.
func (c *CRMs) meet(w whom, contact string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.made) >= maxMet {
		clear(c.made)
	}
	if c.made == nil {
		c.made = map[whom]met{}
	}
	c.made[w] = met{contact, time.Now()}
}

// met is the contact that was just made for somebody; empty when none was.
func (c *CRMs) met(w whom) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m := c.made[w]; time.Since(m.at) < keepMet {
		return m.id
	}
	return ""
}

// defaultCRMFields are what is written when an agent does not say.
var defaultCRMFields = []string{"duration", "summary", "outcome", "next_steps", "sentiment", "link"}

func crmFields(s *ringside.AgentSettings) []string {
	if len(s.CRMSyncFields) == 0 {
		return defaultCRMFields
	}
	return s.CRMSyncFields
}

func crmOptions(s *ringside.AgentSettings) crm.Options {
	return crm.Options{CreateContact: on(s.CRMCreateContact), Mapping: s.CRMFieldMapping, Template: s.CRMTemplate}
}

// withoutCRM says why a call is written into no CRM; "" when it is.
func withoutCRM(f *file) string {
	switch s := &f.agent.Settings; {
	case !on(s.CRMAutoSyncEnabled):
		return "CRM sync is off for this agent."
	case s.CRMProvider == "":
		return "CRM sync is on and the agent names no CRM: choose one in its settings."
	}
	return ""
}

// syncCRM writes a call into its agent's CRM.
type syncCRM struct {
	river.WorkerDefaults[jobs.SyncCRM]

	cfg Config
}

// Timeout implements river.Worker.
func (w *syncCRM) Timeout(*river.Job[jobs.SyncCRM]) time.Duration { return 3 * time.Minute }

// Work implements river.Worker.
func (w *syncCRM) Work(ctx context.Context, job *river.Job[jobs.SyncCRM]) error {
	f, err := newDesk(&w.cfg).open(ctx, job.Args.CallRef)
	if f == nil || err != nil {
		return err
	}
	if why := withoutCRM(f); why != "" {
		return w.cfg.step(ctx, f, ringside.StepCRM, ringside.StepSkipped, why, job.Attempt)
	}
	held := places(f)
	if !w.cfg.CRMs.hold(held) {
		return river.JobSnooze(jobs.Soon(job.JobRow))
	}
	defer w.cfg.CRMs.release(held)
	result, err := w.sync(ctx, f)
	if _, snoozed := errors.AsType[*rivertype.JobSnoozeError](err); snoozed {
		return err
	}
	if err == nil {
		return w.cfg.step(ctx, f, ringside.StepCRM, ringside.StepDone, sentence(result.Words()), job.Attempt)
	}
	return w.failed(ctx, f, job, err)
}

// failed says in the step why the call was not written, and whether the job
// comes again: not for what only a person can mend.
func (w *syncCRM) failed(ctx context.Context, f *file, job *river.Job[jobs.SyncCRM], err error) error {
	note := func(st ringside.StepStatus, why string) error {
		return w.cfg.step(ctx, f, ringside.StepCRM, st, why, job.Attempt)
	}
	last := job.Attempt >= job.MaxAttempts
	e, theirs := errors.AsType[*crm.Error](err)
	switch {
	case theirs && e.Final(), !theirs && forPeople(err):
		return note(ringside.StepFailed, err.Error())
	case errors.Is(ctx.Err(), context.Canceled):
		return err // the process ends, and River does not count the attempt
	case theirs && !last:
		job.ScheduledAt = time.Now().Add(pause(job.Attempt, e.RetryAfter))
		return errors.Join(err, note(ringside.StepWaiting, strings.TrimSuffix(err.Error(), ".")+". It is tried again."))
	case theirs:
		return note(ringside.StepFailed, err.Error())
	case last:
		return errors.Join(err, note(ringside.StepFailed, "Ringside could not do it; its log says why."))
	}
	return err
}

// forPeople tells an error of ours that stays until somebody connects the CRM
// or enters a secret again.
func forPeople(err error) bool {
	return ringside.KindOf(err) == ringside.NotFound || secret.Lost(err)
}

const (
	firstPause = 30 * time.Second
	maxPause   = time.Hour
)

// pause is how long to wait after an attempt: twice as long each time, up to an
// hour, and as long as the CRM asks for, which may be until its day ends.
func pause(attempt int, asked time.Duration) time.Duration {
	return max(min(firstPause<<(attempt-1), maxPause), asked)
}

// NextRetry implements river.Worker: the time that Work put into the job. It
// does not snooze for that, because River does not count a snooze as an
// attempt and would let it go on for ever.
func (w *syncCRM) NextRetry(job *river.Job[jobs.SyncCRM]) time.Time {
	if job.ScheduledAt.After(time.Now()) {
		return job.ScheduledAt
	}
	return time.Time{} // River's own
}

// sync writes the call and keeps what the CRM calls it, also when it failed
// half-way.
func (w *syncCRM) sync(ctx context.Context, f *file) (crm.Result, error) {
	s := &f.agent.Settings
	secrets, err := f.agent.OpenSecrets(w.cfg.Secrets)
	if err != nil {
		return crm.Result{}, err
	}
	con, err := w.cfg.CRMs.connection(ctx, f.workspace, s.CRMProvider, s, secrets.CRMAPIKey)
	if err != nil {
		return crm.Result{}, err
	}
	known, err := w.known(ctx, f)
	if err != nil {
		return crm.Result{}, err
	}
	o, adapter := crmOptions(s), w.cfg.CRMs.Adapters[s.CRMProvider]
	o.First = known == nil
	row := store.CRMSync{CRM: s.CRMProvider}
	if known != nil {
		if rest := adapter.FoundAfter - time.Since(known.SyncedAt); rest > 0 && known.ExternalID == "" && known.Error == "" {
			return crm.Result{}, river.JobSnooze(rest) // cut off in the middle: what it made can't be found yet
		}
		row = *known
		o.Known, o.KnownContact = known.ExternalID, known.ContactID
	}
	customer := whomOf(f.workspace, s.CRMProvider, con, numberOf(f.call))
	o.KnownContact = cmp.Or(o.KnownContact, w.cfg.CRMs.met(customer))
	// Noted before the first word is sent: after a crash the CRM is searched
	// for what it may have made.
	row.Error = ""
	if err := w.keep(ctx, f, &row); err != nil {
		return crm.Result{}, err
	}
	result, failed := adapter.Sync(ctx, con, crm.NewRecord(f.call, crmFields(s), w.cfg.Link(f.call)), o)
	row.ExternalID = cmp.Or(result.ID, row.ExternalID)
	row.ExternalURL = cmp.Or(result.URL, row.ExternalURL)
	row.ContactID = cmp.Or(result.ContactID, row.ContactID)
	if result.ContactCreated {
		w.cfg.CRMs.meet(customer, result.ContactID)
	}
	if failed != nil && !errors.Is(ctx.Err(), context.Canceled) { // cut off, as by a crash: nobody knows what became of it
		row.Error = failed.Error()
	}
	if err := w.keep(context.WithoutCancel(ctx), f, &row); err != nil {
		return result, err
	}
	return result, failed
}

// known is what earlier syncs of the call into its CRM left; nil for none.
func (w *syncCRM) known(ctx context.Context, f *file) (*store.CRMSync, error) {
	var all []*store.CRMSync
	err := w.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		all, err = store.CRMSyncs(ctx, tx, f.call.ID)
		return err
	})
	for _, s := range all {
		if s.CRM == f.agent.Settings.CRMProvider {
			return s, err
		}
	}
	return nil, err
}

func (w *syncCRM) keep(ctx context.Context, f *file, row *store.CRMSync) error {
	row.SyncedAt = time.Now().UTC()
	return w.cfg.write(ctx, func(ctx context.Context, tx store.Tx) error {
		if ord, err := store.OrdOf(ctx, tx, f.call.ID); err != nil || ord == 0 {
			return err // deleted meanwhile
		}
		return store.PutCRMSync(ctx, tx, f.workspace, f.call.ID, row)
	})
}

// sentence makes one of words; of none, that there was nothing to write.
func sentence(words string) string {
	if words == "" {
		return "There was nothing to write."
	}
	first, rest := utf8.DecodeRuneInString(words)
	return string(unicode.ToUpper(first)) + words[rest:] + "."
}
