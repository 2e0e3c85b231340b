package salesforce

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/crm"
)

// maxTokens bounds how many connections' tokens are kept. Past it all are
// forgotten, which costs each a request.
const maxTokens = 1000

// sessions keeps the tokens of connections.
type sessions struct {
	mu     sync.Mutex
	tokens map[connectionKey]token // guarded by mu
}

// connectionKey is the hash of all that a token depends on.
type connectionKey [sha256.Size]byte

// token is the right to ask an instance.
type token struct {
	Access   string `json:"access_token"`
	Instance string `json:"instance_url"`
}

func keyOf(c crm.Connection) connectionKey {
	return sha256.Sum256([]byte(strings.Join([]string{c.BaseURL, c.ClientID, c.ClientSecret}, "\x00")))
}

// token gives the connection's, fetched if need be.
func (s *sessions) token(ctx context.Context, c crm.Connection, hide []string) (token, error) {
	s.mu.Lock()
	t, ok := s.tokens[keyOf(c)]
	s.mu.Unlock()
	if ok {
		return t, nil
	}
	t, err := fetch(ctx, c, hide)
	if err != nil {
		return token{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.tokens) >= maxTokens {
		clear(s.tokens)
	}
	s.tokens[keyOf(c)] = t
	return t, nil
}

// forget drops a connection's token, if it is still the one that was refused;
// any when none is named.
func (s *sessions) forget(c crm.Connection, access string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if k := keyOf(c); access == "" || s.tokens[k].Access == access {
		delete(s.tokens, k)
	}
}

// shared are the hosts that all customers log in at. They give no token to a
// client by itself.
var shared = map[string]bool{"login.salesforce.com": true, "test.salesforce.com": true}

// fetch asks the My Domain host for a token.
func fetch(ctx context.Context, c crm.Connection, hide []string) (token, error) {
	base := strings.TrimSpace(c.BaseURL)
	if !strings.Contains(base, "://") {
		base = "https://" + base
	}
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || shared[strings.ToLower(u.Hostname())] {
		return token{}, &crm.Error{
			Kind: ringside.Invalid, CRM: name,
			Message: "needs the address of your My Domain, such as https://example.my.salesforce.com",
		}
	}
	answer, err := c.Do(ctx, crm.Request{
		CRM: name, Method: http.MethodPost, URL: u.Scheme + "://" + u.Host + "/services/oauth2/token",
		Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
		Body: []byte(url.Values{
			"grant_type": {"client_credentials"}, "client_id": {c.ClientID}, "client_secret": {c.ClientSecret},
		}.Encode()),
		Read: refusedToken, Hide: hide,
	})
	if err != nil {
		return token{}, err
	}
	var t token
	if err := answer.JSON(&t); err != nil {
		return token{}, err
	}
	// The token goes where this says: not from an encrypted host to a plain one.
	if i, err := url.Parse(t.Instance); t.Access == "" || err != nil || i.Host == "" || i.Scheme != u.Scheme {
		return token{}, &crm.Error{Kind: ringside.Unavailable, CRM: name, Message: "answered without a token or an instance to use it at"}
	}
	t.Instance = strings.TrimSuffix(t.Instance, "/")
	return t, nil
}

// do asks the instance and reads its answer into out. A token that has ended
// is replaced once.
func (v *visit) do(ctx context.Context, method, path string, body, out any) (http.Header, error) {
	h, access, err := v.ask(ctx, method, path, body, out)
	if e, ok := errors.AsType[*crm.Error](err); ok && e.Status == http.StatusUnauthorized && e.Code == "INVALID_SESSION_ID" {
		v.sessions.forget(v.Connection, access)
		h, _, err = v.ask(ctx, method, path, body, out)
	}
	return h, err
}

func (v *visit) ask(ctx context.Context, method, path string, body, out any) (h http.Header, access string, err error) {
	hide := crm.Private(v.Connection, v.record)
	t, err := v.sessions.token(ctx, v.Connection, hide)
	if err != nil {
		return nil, "", err
	}
	var raw []byte
	if body != nil {
		if raw, err = json.Marshal(body); err != nil {
			return nil, "", fmt.Errorf("encode what Salesforce is asked: %w", err)
		}
	}
	v.instance = t.Instance
	answer, err := v.Do(ctx, crm.Request{
		CRM: name, Method: method, URL: v.URL(t.Instance, defaultPath, path),
		Header: http.Header{"Authorization": {"Bearer " + t.Access}},
		Body:   raw, Read: refused, Hide: append([]string{t.Access}, hide...),
	})
	if err != nil || out == nil || answer.Status == http.StatusNoContent {
		return answer.Header, t.Access, err
	}
	return answer.Header, t.Access, answer.JSON(out)
}

// usage reads how much of the day's limit is used: api-usage=25/15000.
func usage(h http.Header) (used, limit int, ok bool) {
	for part := range strings.SplitSeq(h.Get("Sforce-Limit-Info"), ",") {
		if v, found := strings.CutPrefix(strings.TrimSpace(part), "api-usage="); found {
			a, b, _ := strings.Cut(v, "/")
			used, err1 := strconv.Atoi(a)
			limit, err2 := strconv.Atoi(b)
			return used, limit, err1 == nil && err2 == nil && limit > 0
		}
	}
	return 0, 0, false
}

// How long a refusal for too many requests holds. The day's limit is over the
// last 24 hours, so it ends bit by bit; any other is of requests at a time.
const (
	limitOfTheDay    = time.Hour
	limitOfTheMoment = time.Minute
)
