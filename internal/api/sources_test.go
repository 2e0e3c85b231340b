package api_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

func TestSources(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		key := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		a := h.do(t, key, "POST", "/v1/sources", `{"provider":"acme","name":"Front desk","secret":" hush-hush\n","hmac":{"enabled":true,"algorithm":"sha512"}}`)
		if a.Status != 201 || strings.Contains(string(a.Body), "hush") {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		list := get[api.SourceList](t, h, key, "GET", "/v1/sources", "")
		v := list.Items[0]
		token, ok := strings.CutPrefix(v.URL, publicURL+"/webhooks/acme/")
		if !ok || len(token) < 26 || !v.SecretSet || v.AllowUnsigned || v.Verify.Algorithm != "sha512" || v.Name != "Front desk" || v.LastDeliveryAt != nil {
			t.Errorf("%+v", v)
		}
		if v := get[api.SourceList](t, h, h.key(t, h.workspace.ID, auth.ScopeRead), "GET", "/v1/sources", "").Items[0]; v.URL != "" {
			t.Errorf("who may only look gets the URL %s", v.URL)
		}
		h.sealed(t, "acme", token, "hush-hush")

		path := "/v1/sources/" + v.ID
		refused(t, h, key, "PATCH", path, `{"secret":""}`, 422, "invalid", "/secret")
		if got := get[api.SourceView](t, h, key, "PATCH", path, `{"secret":"","allow_unsigned":true}`); got.SecretSet || !got.AllowUnsigned || got.Name != "Front desk" || got.Verify.Algorithm != "sha512" {
			t.Errorf("%+v", got)
		}
		get[api.SourceView](t, h, key, "PATCH", path, `{"secret":"another","allow_unsigned":false,"name":"Desk"}`)
		h.sealed(t, "acme", token, "another")

		foreign := h.key(t, h.newWorkspace(t, "Other").ID, auth.ScopeAdmin)
		if got := get[api.SourceList](t, h, foreign, "GET", "/v1/sources", ""); len(got.Items) != 0 {
			t.Errorf("another workspace's key sees %+v", got.Items)
		}
		refused(t, h, foreign, "PATCH", path, `{"name":"X"}`, 404, "not_found", "")
		refused(t, h, foreign, "DELETE", path, "", 404, "not_found", "")
		get[struct{}](t, h, key, "DELETE", path, "")
		refused(t, h, key, "DELETE", path, "", 404, "not_found", "")
	})
}

// sealed checks that the store holds a source's secret, sealed for it.
func (h *harness) sealed(t *testing.T, providerID, token, want string) {
	t.Helper()
	var src *store.Source
	must(t, h.store.Read(t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
		src, err = store.SourceByToken(ctx, tx, providerID, token)
		return err
	}))
	plain, err := h.secrets.Open("source:"+src.ID, src.Secret)
	if err != nil || string(plain) != want || strings.Contains(string(src.Secret), want) || src.Workspace != h.workspace.ID {
		t.Errorf("%q, %v, %+v", plain, err, src)
	}
}

func TestSourcesThatVerifyNothing(t *testing.T) {
	t.Parallel()
	h := newServer(t, storetest.SQLite(t))
	key := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	for body, pointer := range map[string]string{
		`{"provider":"none","secret":"s"}`:                                             "/provider",
		`{"provider":"acme"}`:                                                          "/secret",
		`{"provider":"acme","secret":"  "}`:                                            "/secret",
		`{"provider":"mute"}`:                                                          "/allow_unsigned",
		`{"provider":"mute","secret":"s","allow_unsigned":true}`:                       "/secret",
		`{"provider":"acme","secret":"s","hmac":{"algorithm":"md5"}}`:                  "/hmac/algorithm",
		`{"provider":"acme","secret":"s","hmac":{"encoding":"hexa"}}`:                  "/hmac/encoding",
		`{"provider":"acme","secret":"not base64","hmac":{"secret_is_base64":true}}`:   "/secret",
		`{"provider":"acme","secret":"s","hmac":{"enabled":true},"name":"two\nlines"}`: "/name",
		`{"provider":"acme","secret":"` + strings.Repeat("s", 5000) + `"}`:             "/secret",
		`{"provider":"acme","allow_unsigned":"yes"}`:                                   "/allow_unsigned",
	} {
		refused(t, h, key, "POST", "/v1/sources", body, 422, "invalid", pointer)
	}
	if v := get[api.SourceView](t, h, key, "POST", "/v1/sources", `{"provider":"mute","allow_unsigned":true}`); v.Name != "Mute" || v.SecretSet || !v.AllowUnsigned {
		t.Errorf("%+v", v)
	}
}

func TestSourceTraffic(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		key := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		v := get[api.SourceView](t, h, key, "POST", "/v1/sources", `{"provider":"mute","allow_unsigned":true}`)
		at := time.Now().UTC().Truncate(time.Microsecond)
		h.write(t, func(ctx context.Context, tx store.Tx) error {
			for i, state := range []store.DeliveryState{store.Stored, store.Quarantined, store.Ignored} {
				st, err := store.InsertDelivery(&store.Delivery{
					ID: ringside.NewID("in", at), Workspace: h.workspace.ID, Provider: "mute", SourceID: v.ID, Dedupe: []byte{byte(i)},
					ReceivedAt: at.Add(time.Duration(i) * time.Second), State: state, Packed: store.Pack(nil),
				})
				if err != nil {
					return err
				}
				if _, err := tx.Exec(ctx, st.SQL, st.Args...); err != nil {
					return err
				}
			}
			return nil
		})
		got := get[api.SourceList](t, h, key, "GET", "/v1/sources", "").Items[0]
		if got.Deliveries != 3 || got.Quarantined != 1 || got.LastDeliveryAt == nil || !got.LastDeliveryAt.Equal(at.Add(2*time.Second)) {
			t.Errorf("%+v", got)
		}
	})
}

func TestProviders(t *testing.T) {
	t.Parallel()
	h := newServer(t, storetest.SQLite(t))
	got := get[api.ProviderList](t, h, h.key(t, h.workspace.ID, auth.ScopeRead), "GET", "/v1/providers", "").Items
	if len(got) != 2 || !got[0].Signs || got[0].SecretLabel != "signing key" || len(got[0].Steps) != 1 || got[1].Signs || got[1].Steps == nil {
		t.Errorf("%+v", got)
	}
}

// Candidates for a delivery that says nothing but its signature: those first
// whose workspace knows the agent, and none without a secret.
func TestSourcesByProvider(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		now := time.Now().UTC()
		var ids []string
		for range 4 {
			w := h.newWorkspace(t, "W")
			key := h.key(t, w.ID, auth.ScopeAdmin)
			ids = append(ids, get[api.SourceView](t, h, key, "POST", "/v1/sources", `{"provider":"acme","secret":"s"}`).ID)
			time.Sleep(2 * time.Millisecond) // ids are in order to the millisecond
			if len(ids) == 3 {
				h.write(t, func(ctx context.Context, tx store.Tx) error {
					a := &ringside.Agent{ID: ringside.NewID("agent", now), Name: "A", SourceID: "agent-7", CreatedAt: now, UpdatedAt: now}
					return store.InsertAgent(ctx, tx, w.ID, a, nil)
				})
			}
		}
		get[api.SourceView](t, h, h.key(t, h.workspace.ID, auth.ScopeAdmin), "POST", "/v1/sources", `{"provider":"acme","allow_unsigned":true}`)
		want := []string{ids[2], ids[0], ids[1], ids[3]}
		for limit := 1; limit <= 5; limit++ {
			var rows []*store.Source
			must(t, s.Read(t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
				rows, err = store.SourcesByProvider(ctx, tx, "acme", "agent-7", limit)
				return err
			}))
			if len(rows) != min(limit, 4) {
				t.Fatalf("limit %d: %d rows", limit, len(rows))
			}
			for i, row := range rows {
				if row.ID != want[i] {
					t.Errorf("limit %d: place %d is %s, want %s", limit, i, row.ID, want[i])
				}
			}
		}
	})
}

// The vendor's API key is kept sealed and never told.
func TestASourcesAPIKey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		const plain = "an-api-key-of-the-vendor"
		made := get[api.SourceView](t, h, admin, "POST", "/v1/sources", `{"provider":"mute","allow_unsigned":true,"api_key":" `+plain+`\n"}`)
		list := h.do(t, admin, "GET", "/v1/sources", "")
		if !made.APIKeySet || !bytes.Contains(list.Body, []byte(`"api_key_set":true`)) || bytes.Contains(list.Body, []byte(plain)) {
			t.Errorf("%+v; %s", made, list.Body)
		}
		if made.Following == nil || !bytes.Contains(list.Body, []byte(`"following":{"calls":0}`)) {
			t.Errorf("calls are not said to be followed: %+v; %s", made, list.Body)
		}
		if kept := get[api.SourceView](t, h, admin, "PATCH", "/v1/sources/"+made.ID, `{"name":"x"}`); !kept.APIKeySet || kept.Following == nil {
			t.Errorf("%+v", kept)
		}
		if gone := get[api.SourceView](t, h, admin, "PATCH", "/v1/sources/"+made.ID, `{"api_key":""}`); gone.APIKeySet || gone.Following != nil {
			t.Errorf("%+v", gone)
		}
		get[api.SourceView](t, h, admin, "PATCH", "/v1/sources/"+made.ID, `{"api_key":"`+plain+`"}`)
		acme := get[api.SourceView](t, h, admin, "POST", "/v1/sources", `{"provider":"acme","secret":"s","api_key":"k"}`)
		if acme.Following != nil {
			t.Errorf("calls of a vendor that can't be asked are followed: %+v", acme)
		}
		get[any](t, h, admin, "DELETE", "/v1/sources/"+acme.ID, "")
		get[any](t, h, admin, "DELETE", "/v1/sources/"+made.ID, "")
		h.write(t, func(ctx context.Context, tx store.Tx) error {
			if keys, err := store.SourceKeys(ctx, tx, h.workspace.ID, ""); len(keys) != 0 || err != nil {
				t.Errorf("after the source: %d keys, %v", len(keys), err)
			}
			return nil
		})
	})
}

func TestForwardURL(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		key := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		for body, pointer := range map[string]string{
			`"forward_url":"ftp://example.com/"`:                                    "/forward_url",
			`"forward_url":"https://10.0.0.1/hook"`:                                 "/forward_url",
			`"forward_url":"http://169.254.169.254/"`:                               "/forward_url",
			`"forward_url":"https://user:pass@example.com/"`:                        "/forward_url",
			`"forward_url":"` + publicURL + `/webhooks/mute/token"`:                 "/forward_url",
			`"forward_url":"https://example.com/` + strings.Repeat("a", 3000) + `"`: "/forward_url",
			`"forward_url":7`: "/forward_url",
		} {
			refused(t, h, key, "POST", "/v1/sources", `{"provider":"mute","allow_unsigned":true,`+body+`}`, 422, "invalid", pointer)
		}
		team := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "theirs") }))
		defer team.Close()
		v := get[api.SourceView](t, h, key, "POST", "/v1/sources", `{"provider":"mute","allow_unsigned":true,"forward_url":" `+team.URL+`/hook "}`)
		if v.ForwardURL != team.URL+"/hook" || v.Forwarding == nil || v.Forwarding.Deliveries != 0 {
			t.Errorf("%+v", v)
		}
		hook := strings.TrimPrefix(v.URL, publicURL)
		send := func() string { return string(h.do(t, nobody, "POST", hook, `{}`).Body) }
		if got := send(); got != "theirs" {
			t.Errorf("forwarded: %s", got)
		}
		forwarding := func(key asker) *api.SourceView {
			return get[api.SourceList](t, h, key, "GET", "/v1/sources", "").Items[0]
		}
		for end := time.Now().Add(5 * time.Second); forwarding(key).Forwarding.Deliveries == 0 && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
		seen := forwarding(h.key(t, h.workspace.ID, auth.ScopeRead))
		if seen.ForwardURL != "" || seen.Forwarding == nil || seen.Forwarding.Deliveries != 1 || seen.Forwarding.Failures != 0 {
			t.Errorf("who may only look sees %+v, %+v", seen, seen.Forwarding)
		}

		path := "/v1/sources/" + v.ID
		refused(t, h, key, "PATCH", path, `{"forward_url":"https://10.0.0.1/"}`, 422, "invalid", "/forward_url")
		if got := get[api.SourceView](t, h, key, "PATCH", path, `{"name":"N"}`); got.ForwardURL != v.ForwardURL {
			t.Errorf("%+v", got)
		}
		if got := get[api.SourceView](t, h, key, "PATCH", path, `{"forward_url":""}`); got.ForwardURL != "" || got.Forwarding != nil {
			t.Errorf("%+v", got)
		}
		if got := send(); got == "theirs" {
			t.Errorf("forwarded after it was switched off")
		}
		get[struct{}](t, h, key, "DELETE", path, "")
		if got := h.do(t, nobody, "POST", hook, `{}`); got.Status != 404 {
			t.Errorf("after it was deleted: %d", got.Status)
		}
	})
}
