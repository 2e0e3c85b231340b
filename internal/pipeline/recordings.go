package pipeline

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/egress"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/secret"
	"github.com/ringsidehq/ringside/internal/store"
)

// Recordings fetches recordings from where their vendors keep them.
type Recordings struct {
	Files     Files
	Fetch     bool         // false: nothing is fetched, and what is kept otherwise is heard
	HTTP      *http.Client // the guarded one, which follows no redirect
	Providers map[string]provider.Provider
	BaseURLs  map[string]string // by provider: where its API is, when not at its own host
	// Key is the API key of the source that a call came by; empty without one.
	Key     func(context.Context, *ringside.Call) (string, error)
	Store   *store.Store
	Secrets *secret.Box
}

// CredentialPurpose is what the secret is sealed for by which recordings are
// fetched from a host.
func CredentialPurpose(workspace, host string) string {
	return "recording_credential:" + workspace + ":" + host
}

// credential puts into h what the workspace gave for the host of an address, if
// it did. A port that the address has anyhow may be left out of either.
func (r *Recordings) credential(ctx context.Context, workspace string, u *url.URL, h http.Header) error {
	var all []*store.RecordingCredential
	err := r.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		all, err = store.RecordingCredentials(ctx, tx, workspace)
		return err
	})
	if err != nil {
		return err
	}
	for _, c := range all {
		if egress.Host(u.Scheme+"://"+c.Host) != egress.Host(u.String()) {
			continue
		}
		plain, err := r.Secrets.Open(CredentialPurpose(workspace, c.Host), c.Secret)
		if secret.Lost(err) {
			return &miss{reason: "The credential for " + c.Host + " can't be opened any more: set it again, and retry.", final: true, unset: true}
		}
		if err != nil {
			return err
		}
		h.Set(c.Header, string(plain))
	}
	return nil
}

// Files keeps recordings.
type Files interface {
	Has(ringside.CallID) bool
	Keep(context.Context, ringside.CallID, io.Reader) error
	Open(ringside.CallID) (io.ReadSeekCloser, ringside.Kept, error)
	Remove(ringside.CallID) error
}

// The kinds in the order in which they are wanted: with each side on a channel
// of its own, most can be heard. A video and one side alone are not fetched.
var wanted = []ringside.RecordingKind{
	ringside.RecordingStereo, ringside.RecordingMixed, ringside.RecordingScrubbedStereo, ringside.RecordingScrubbed,
}

// madeUp are the names that stand for no host (RFC 2606, RFC 6761).
var madeUp = []string{"example.com", "example.net", "example.org", "example", "test", "invalid"}

func isMadeUp(host string) bool {
	return slices.ContainsFunc(madeUp, func(name string) bool { return host == name || strings.HasSuffix(host, "."+name) })
}

// without says why there is nothing to do about a call's recording; "" when
// there is.
func (r *Recordings) without(c *ringside.Call) string {
	switch {
	case r == nil:
		return "No recordings are kept here."
	case r.Files.Has(c.ID):
		return ""
	case !r.Fetch:
		return "This server was told to fetch no recordings."
	}
	why := "The vendor tells of no recording."
	if slices.Contains(c.Withheld, "recording") {
		why = "The vendor was told to make no recording, or to keep none."
	}
	for _, kind := range wanted {
		i := slices.IndexFunc(c.Recordings, func(r ringside.Recording) bool { return r.Kind == kind })
		if i < 0 {
			continue
		}
		u, err := url.Parse(c.Recordings[i].URL)
		if err != nil || !isMadeUp(u.Hostname()) {
			return ""
		}
		why = u.Hostname() + " is a made-up name: there is nothing to fetch."
	}
	return why
}

// firstWanted is the kind that is fetched first; empty when there is nothing to
// fetch.
func firstWanted(c *ringside.Call) ringside.RecordingKind {
	for _, kind := range wanted {
		if slices.ContainsFunc(c.Recordings, func(r ringside.Recording) bool {
			u, err := url.Parse(r.URL)
			return r.Kind == kind && (err != nil || !isMadeUp(u.Hostname()))
		}) {
			return kind
		}
	}
	return ""
}

// miss is a recording that could not be had.
type miss struct {
	reason string
	final  bool          // it will not be had later either
	unset  bool          // something has to be set first
	absent bool          // the server does not have it, or does not give it
	lasts  bool          // there is a way to it that does not die with a link
	after  time.Duration // the server asked to be left alone for so long
}

// Error implements error.
func (m *miss) Error() string { return m.reason }

// ask is a request by which a recording may be had.
type ask struct {
	url    string
	header http.Header // for the first host alone
	lasts  bool        // it does not die as far as anybody says
}

// asks lists the ways to a recording, the vendor's link first.
func (r *Recordings) asks(ctx context.Context, c *ringside.Call, rec *ringside.Recording) (out []ask, err error) {
	if u, bad := url.Parse(rec.URL); rec.URL != "" && bad == nil && !isMadeUp(u.Hostname()) {
		a := ask{rec.URL, http.Header{}, rec.ExpiresAt == nil}
		if err := r.credential(ctx, c.WorkspaceID, u, a.header); err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	api := r.Providers[c.Provider].Recordings
	path, is := strings.CutPrefix(rec.Via, "GET /")
	if api.Base == "" || !is {
		return out, nil
	}
	key, err := r.Key(ctx, c)
	switch {
	case err != nil:
		return nil, err
	case key != "":
		a := ask{cmp.Or(strings.TrimRight(r.BaseURLs[c.Provider], "/"), api.Base) + "/" + path, http.Header{}, true}
		api.Authorize(a.header, key)
		out = append(out, a)
	case len(out) == 0:
		return nil, &miss{reason: r.Providers[c.Provider].Name + " gives recordings for an API key only; give the source one in Settings, Sources, and retry.", final: true, unset: true}
	}
	return out, nil
}

// fetch fetches the best of a call's recordings and says which kind it is. The
// error is a *miss where the recording could not be had.
func (r *Recordings) fetch(ctx context.Context, c *ringside.Call) (ringside.RecordingKind, error) {
	var missed *miss
	lasts := false
	for _, kind := range wanted {
		i := slices.IndexFunc(c.Recordings, func(rec ringside.Recording) bool { return rec.Kind == kind })
		if i < 0 {
			continue
		}
		asks, err := r.asks(ctx, c, &c.Recordings[i])
		for _, a := range asks {
			lasts = lasts || a.lasts
			if err = r.get(ctx, c.ID, a); err == nil {
				return kind, nil
			}
			missed = likelier(missed, err)
		}
		if m := (*miss)(nil); err != nil && !errors.As(err, &m) {
			return "", err
		}
		missed = likelier(missed, err)
	}
	if missed == nil {
		missed = &miss{reason: "The vendor tells of no recording that can be fetched.", final: true}
	}
	missed.lasts = lasts
	return "", missed
}

// likelier is, of two misses, the one after which a recording may still be had.
func likelier(a *miss, err error) *miss {
	b, ok := errors.AsType[*miss](err)
	switch {
	case !ok:
		return a
	case a == nil, a.final && !b.final, a.absent && !b.absent && !b.final:
		return b
	}
	return a
}

// maxHops bounds the redirects of a recording: a vendor's API hands out a link
// to its storage, and that may have moved.
const maxHops = 3

// get fetches a file and keeps it.
func (r *Recordings) get(ctx context.Context, id ringside.CallID, a ask) error {
	res, err := r.follow(ctx, a)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body := bufio.NewReaderSize(res.Body, 4096)
	head, err := body.Peek(512)
	switch {
	case len(head) == 0 && (err == nil || errors.Is(err, io.EOF)):
		return &miss{reason: "The server answered with an empty file.", absent: true}
	case len(head) == 0:
		return broken(err)
	case strings.HasPrefix(http.DetectContentType(head), "text/"):
		return &miss{reason: "The server answered with text and not with a recording.", absent: true}
	}
	if err := r.Files.Keep(ctx, id, body); err != nil {
		if tooLarge, is := errors.AsType[*http.MaxBytesError](err); is {
			return &miss{reason: fmt.Sprintf("The recording is larger than %d MiB.", tooLarge.Limit>>20), final: true}
		}
		if failed, is := errors.AsType[*readError](err); is {
			return broken(failed.error)
		}
		return err
	}
	return nil
}

// follow asks for a file, and follows redirects. What authorizes goes to the
// first host and to no other.
func (r *Recordings) follow(ctx context.Context, a ask) (*http.Response, error) {
	at, err := url.Parse(a.url)
	if err != nil {
		return nil, &miss{reason: "The recording's address is none.", final: true}
	}
	first := at
	for range maxHops + 1 {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), http.NoBody)
		if err != nil {
			return nil, &miss{reason: "The recording's address is none.", final: true}
		}
		if at == first || egress.SameHost(first, at) {
			req.Header = a.header.Clone()
		}
		res, err := r.HTTP.Do(req)
		if err != nil {
			return nil, broken(err)
		}
		if res.StatusCode == http.StatusOK {
			res.Body = &reading{res.Body}
			return res, nil
		}
		res.Body.Close()
		next, err := res.Location()
		if res.StatusCode < 300 || res.StatusCode >= 400 || err != nil {
			return nil, answered(res)
		}
		at = next
	}
	return nil, &miss{reason: fmt.Sprintf("The recording was moved more than %d times.", maxHops), final: true}
}

// answered is what an answer without a recording means.
func answered(res *http.Response) *miss {
	m := &miss{reason: fmt.Sprintf("The server answered %d.", res.StatusCode)}
	switch s := res.StatusCode; s {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		m.after = egress.RetryAfter(res.Header, time.Now(), time.Hour)
	case http.StatusUnauthorized, http.StatusForbidden:
		m.reason, m.absent = fmt.Sprintf("The server does not give the recording (%d): the link has expired, or it wants a key.", s), true
	case http.StatusNotFound, http.StatusGone:
		m.reason, m.absent = fmt.Sprintf("The server has no such recording (%d).", s), true
	}
	return m
}

// broken is a request that got no whole answer.
func broken(err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	_, refused := errors.AsType[*egress.Refusal](err)
	return &miss{reason: sentence("the recording could not be fetched: " + egress.Explain(err)), final: refused}
}

// reading tells a failure of the server's from one of the disk's.
type reading struct{ io.ReadCloser }

func (r *reading) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); err != nil && !errors.Is(err, io.EOF) && !tooLarge {
		err = &readError{err}
	}
	return n, err
}

type readError struct{ error }

func (e *readError) Unwrap() error { return e.error }
