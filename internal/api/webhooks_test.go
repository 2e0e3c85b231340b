package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/ringsidehq/ringside/internal/api"
	"github.com/ringsidehq/ringside/internal/auth"
	"github.com/ringsidehq/ringside/internal/deliver"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

func TestWebhookEndpoints(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		key := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		made := get[api.WebhookEndpointSaved](t, h, key, "POST", "/v1/webhook-endpoints", `{"url":" https://Hooks.example.com/x ","description":" Orders ","events":["call_ended","call_ended","call_analyzed"]}`)
		if !strings.HasPrefix(made.Secret, "whsec_") || !made.SecretSet || made.URL != "https://Hooks.example.com/x" || made.Description != "Orders" || made.MaxRetries != 5 || made.TimeoutMS != 15000 {
			t.Errorf("%+v", made)
		}
		if !slices.Equal(made.Events, []string{"call_ended", "call_analyzed"}) || made.DisabledReason != "" || made.DisabledAt != nil || made.LastDeliveryAt != nil {
			t.Errorf("%+v", made)
		}
		h.webhookSecret(t, made.ID, made.Secret)
		path := "/v1/webhook-endpoints/" + made.ID
		reader := h.key(t, h.workspace.ID, auth.ScopeRead)
		for _, p := range []string{path, "/v1/webhook-endpoints"} {
			a := h.do(t, reader, "GET", p, "")
			if a.Status != 200 || !bytes.Contains(a.Body, []byte(made.ID)) || bytes.Contains(a.Body, []byte("whsec_")) {
				t.Errorf("%s: %d %s", p, a.Status, a.Body)
			}
		}

		own := get[api.WebhookEndpointSaved](t, h, key, "PATCH", path, `{"secret":" my own secret\n","max_retries":0,"timeout_ms":2000,"events":[]}`)
		if own.Secret != "" || !own.SecretSet || own.MaxRetries != 0 || own.TimeoutMS != 2000 || len(own.Events) != 0 || own.Description != "Orders" {
			t.Errorf("%+v", own)
		}
		h.webhookSecret(t, made.ID, "my own secret")
		drawn := get[api.WebhookEndpointSaved](t, h, key, "PATCH", path, `{"new_secret":true}`)
		if !strings.HasPrefix(drawn.Secret, "whsec_") || drawn.Secret == made.Secret {
			t.Errorf("%+v", drawn)
		}
		off := get[api.WebhookEndpointSaved](t, h, key, "PATCH", path, `{"disabled":true}`)
		if !strings.HasPrefix(off.DisabledReason, "switched off by ") || off.DisabledAt == nil || off.Secret != "" {
			t.Errorf("%+v", off)
		}
		if on := get[api.WebhookEndpointSaved](t, h, key, "PATCH", path, `{"disabled":false}`); on.DisabledReason != "" || on.DisabledAt != nil {
			t.Errorf("%+v", on)
		}
		unsigned := get[api.WebhookEndpointSaved](t, h, key, "POST", "/v1/webhook-endpoints", `{"url":"https://example.com","secret":""}`)
		if unsigned.SecretSet || unsigned.Secret != "" || unsigned.Events == nil {
			t.Errorf("%+v", unsigned)
		}
		get[struct{}](t, h, key, "DELETE", path, "")
		refused(t, h, key, "GET", path, "", 404, "not_found", "")
		entries := get[api.AuditPage](t, h, key, "GET", "/v1/audit", "").Items
		for _, action := range []string{"webhook_endpoint.create", "webhook_endpoint.update", "webhook_endpoint.delete"} {
			if !slices.ContainsFunc(entries, func(e *store.AuditEntry) bool {
				return e.Action == action && e.Subject == "hooks.example.com:443 ("+made.ID+")"
			}) {
				t.Errorf("no %s in the audit log", action)
			}
		}
	})
}

// webhookSecret checks that the store holds an endpoint's secret, sealed for
// it; an empty one, that it holds none.
func (h *harness) webhookSecret(t *testing.T, id, want string) {
	t.Helper()
	var e *store.WebhookEndpoint
	must(t, h.store.Read(t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
		e, err = store.WebhookEndpointByID(ctx, tx, h.workspace.ID, id)
		return err
	}))
	if want == "" {
		if len(e.Secret) > 0 {
			t.Error("the secret is still there")
		}
		return
	}
	plain, err := h.secrets.Open(deliver.SecretPurpose(id), e.Secret)
	if err != nil || string(plain) != want || bytes.Contains(e.Secret, []byte(want)) {
		t.Errorf("%q, %v", plain, err)
	}
}

func TestWebhookEndpointsThatAreRefused(t *testing.T) {
	t.Parallel()
	h := newServer(t, storetest.SQLite(t))
	key := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	for body, pointer := range map[string]string{
		`{"url":""}`:                                  "/url",
		`{"url":"hooks.example.com"}`:                 "/url",
		`{"url":"https://10.0.0.1/"}`:                 "/url",
		`{"url":"https://169.254.169.254/"}`:          "/url",
		`{"url":"https://user:pass@example.com/"}`:    "/url",
		`{"url":"http://8.8.8.8/"}`:                   "/url",
		`{"url":"https://example.com:22/"}`:           "/url",
		`{"url":"https://example.com/a\r\nb"}`:        "/url",
		`{"description":"without one"}`:               "/url",
		`{"url":"https://e.com","events":["x"]}`:      "/events/0",
		`{"url":"https://e.com","agent_id":"x"}`:      "/agent_id",
		`{"url":"https://e.com","max_retries":11}`:    "/max_retries",
		`{"url":"https://e.com","timeout_ms":999}`:    "/timeout_ms",
		`{"url":"https://e.com","description":"a\n"}`: "",
	} {
		if pointer == "" { // what stands around it is cut off
			get[api.WebhookEndpointSaved](t, h, key, "POST", "/v1/webhook-endpoints", body)
			continue
		}
		a := h.do(t, key, "POST", "/v1/webhook-endpoints", body)
		if a.Status != 422 || !bytes.Contains(a.Body, []byte(pointer)) && !bytes.Contains(a.Body, []byte("property url")) {
			t.Errorf("%s: %d %s", body, a.Status, a.Body)
		}
	}
	refused(t, h, key, "POST", "/v1/webhook-endpoints", `{"url":"https://e.com","events":["call_ended","call_danced"]}`, 422, "invalid", "/events/1")
	refused(t, h, key, "POST", "/v1/webhook-endpoints", `{"url":"https://e.com","description":"a\u0000b"}`, 422, "nul_character", "/description")
	made := get[api.WebhookEndpointSaved](t, h, key, "POST", "/v1/webhook-endpoints", `{"url":"https://e.com"}`)
	for range 50 - 2 {
		get[struct{}](t, h, key, "POST", "/v1/webhook-endpoints", `{"url":"https://e.com"}`)
	}
	refused(t, h, key, "POST", "/v1/webhook-endpoints", `{"url":"https://e.com"}`, 409, "too_many", "")
	refused(t, h, key, "PATCH", "/v1/webhook-endpoints/"+made.ID, `{"new_secret":true,"secret":"x"}`, 422, "invalid", "/new_secret")
	refused(t, h, key, "PATCH", "/v1/webhook-endpoints/"+made.ID, `{"url":""}`, 422, "invalid", "/url")
}

// A secret was given for a host. With another host it goes, unless a new one
// comes along; with another path it stays.
func TestSecretsAreBoundToTheirHost(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		key := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		made := get[api.WebhookEndpointSaved](t, h, key, "POST", "/v1/webhook-endpoints", `{"url":"https://a.example.com/x","secret":"one"}`)
		path := "/v1/webhook-endpoints/" + made.ID
		for _, step := range []struct{ body, secret string }{
			{`{"url":"https://A.example.com:443/y"}`, "one"},
			{`{"url":"https://a.example.com:8443/y"}`, ""},
			{`{"url":"https://b.example.com/","secret":"two"}`, "two"},
			{`{"url":"https://c.example.com/"}`, ""},
		} {
			v := get[api.WebhookEndpointSaved](t, h, key, "PATCH", path, step.body)
			if v.SecretSet != (step.secret != "") {
				t.Errorf("%s: %+v", step.body, v)
			}
			h.webhookSecret(t, made.ID, step.secret)
		}
		if v := get[api.WebhookEndpointSaved](t, h, key, "PATCH", path, `{"url":"https://d.example.com/","new_secret":true}`); v.Secret == "" || !v.SecretSet {
			t.Errorf("%+v", v)
		}

		agent := get[api.AgentView](t, h, key, "POST", "/v1/agents", `{"name":"A","webhookUrl":"https://a.example.com/","webhookSecret":"w","crmProvider":"hubspot","crmApiKey":"c"}`)
		for _, step := range []struct {
			body         string
			webhook, crm bool
		}{
			{`{"webhookUrl":"https://a.example.com/other"}`, true, true},
			{`{"crmUrl":"https://evil.example.com/"}`, true, false},
			{`{"crmApiKey":"c2","crmProvider":"custom"}`, true, true},
			{`{"crmUrl":"https://evil.example.com/deeper"}`, true, true},
			{`{"crmProvider":"hubspot"}`, true, false},
			{`{"webhookUrl":"https://evil.example.com/"}`, false, false},
			{`{"webhookUrl":"https://b.example.com/","webhookSecret":"w2","crmUrl":"https://c.example.com","crmApiKey":"c3"}`, true, true},
			{`{"webhookUrl":""}`, false, true},
		} {
			v := get[api.AgentView](t, h, key, "PATCH", "/v1/agents/"+agent.ID, step.body)
			if v.WebhookSecretSet != step.webhook || v.CRMAPIKeySet != step.crm {
				t.Errorf("%s: webhook secret %t, CRM key %t", step.body, v.WebhookSecretSet, v.CRMAPIKeySet)
			}
		}
	})
}

func TestAgentsAddressesAreChecked(t *testing.T) {
	t.Parallel()
	h := newServer(t, storetest.SQLite(t))
	key := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	agent := get[api.AgentView](t, h, key, "POST", "/v1/agents", `{"name":"A"}`)
	for _, field := range []string{"webhookUrl", "speedToLeadWebhookUrl", "knowledgeGapWebhookUrl", "crmUrl"} {
		body := fmt.Sprintf(`{"name":"B",%q:"https://169.254.169.254/"}`, field)
		refused(t, h, key, "POST", "/v1/agents", body, 422, "invalid", "/"+field)
		refused(t, h, key, "PATCH", "/v1/agents/"+agent.ID, body, 422, "invalid", "/"+field)
		get[api.AgentView](t, h, key, "PATCH", "/v1/agents/"+agent.ID, fmt.Sprintf(`{%q:"https://example.com/x"}`, field))
	}
}

// The test button gives the real answer, keeps nothing and signs as deliveries
// are signed.
func TestWebhookTests(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		key := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		code, verified := 200, error(nil)
		verifier, err := standard.NewWebhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
		must(t, err)
		r := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			var b bytes.Buffer
			_, _ = b.ReadFrom(r.Body)
			verified = verifier.Verify(b.Bytes(), r.Header)
			w.WriteHeader(code)
			fmt.Fprint(w, r.Header.Get("X-Event-Type"), " ", strings.Repeat("x", 3000))
		}))
		t.Cleanup(r.Close)
		endpoint := get[api.WebhookEndpointSaved](t, h, key, "POST", "/v1/webhook-endpoints", `{"url":"`+r.URL+`/hook?token=hush","secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}`)
		agent := get[api.AgentView](t, h, key, "POST", "/v1/agents", `{"name":"A","webhookUrl":"`+r.URL+`","webhookSecret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}`)
		paths := []string{"/v1/webhook-endpoints/" + endpoint.ID + "/test", "/v1/agents/" + agent.ID + "/webhook-test"}
		for _, path := range paths {
			code = 201
			if a := get[api.WebhookTestAnswer](t, h, key, "POST", path, ""); !a.Delivered || a.Status != 201 || a.Error != "" || !strings.HasPrefix(a.Response, "webhook.test xxx") || len(a.Response) != 1024 || verified != nil {
				t.Errorf("%s: %+v, %v", path, a, verified)
			}
			code = 500
			if a := get[api.WebhookTestAnswer](t, h, key, "POST", path, ""); a.Delivered || a.Status != 500 || a.Error != "answered 500" {
				t.Errorf("%s: %+v", path, a)
			}
		}
		r.Close()
		for _, path := range paths {
			if a := get[api.WebhookTestAnswer](t, h, key, "POST", path, ""); a.Delivered || a.Status != 0 || a.Error != "the connection was refused" {
				t.Errorf("%s: %+v", path, a)
			}
		}
		refused(t, h, key, "POST", paths[1]+"?which=speed_to_lead", "", 409, "no_webhook", "")
		if n := h.count(t, "webhook_deliveries"); n != 0 {
			t.Errorf("%d deliveries are kept of tests", n)
		}
	})
}

func TestWebhookDeliveries(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		key := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		endpoint := get[api.WebhookEndpointSaved](t, h, key, "POST", "/v1/webhook-endpoints", `{"url":"https://hooks.example.com/","secret":"hush-hush"}`)
		var ids, calls []string
		for i := range 3 {
			c := get[struct {
				ID string `json:"id"`
			}](t, h, key, "POST", "/api/v1/observability/calls", fmt.Sprintf(`{"id":"c%d","endedReason":"x"}`, i))
			calls, ids = append(calls, c.ID), append(ids, h.told(t, h.workspace.ID, c.ID))
		}
		list := func(query string) (got []string) {
			for _, d := range get[api.WebhookDeliveryPage](t, h, key, "GET", "/v1/webhook-deliveries?"+query, "").Items {
				got = append(got, d.ID)
			}
			return got
		}
		for query, want := range map[string][]string{
			"": {ids[2], ids[1], ids[0]}, "call=" + calls[1]: {ids[1]}, "status=waiting&endpoint=" + endpoint.ID: {ids[2], ids[1], ids[0]},
			"status=dead": nil, "endpoint=none": nil, "event=call_started": nil, "event=call_ended&limit=1": {ids[2]}, "agent=none": nil,
		} {
			if got := list(query); !slices.Equal(got, want) {
				t.Errorf("%s: %q, want %q", query, got, want)
			}
		}
		var paged []string
		for cursor, more := "", true; more; more = cursor != "" {
			page := get[api.WebhookDeliveryPage](t, h, key, "GET", "/v1/webhook-deliveries?limit=2&cursor="+cursor, "")
			for _, d := range page.Items {
				paged = append(paged, d.ID)
			}
			cursor = page.NextCursor
		}
		if !slices.Equal(paged, []string{ids[2], ids[1], ids[0]}) {
			t.Errorf("page by page: %q", paged)
		}
		refused(t, h, key, "GET", "/v1/webhook-deliveries?call=call_nothing", "", 404, "not_found", "")

		d := get[struct {
			api.WebhookDeliveryView
			Body struct {
				Type string
				ID   string
				Data map[string]any
			} `json:"body"`
		}](t, h, key, "GET", "/v1/webhook-deliveries/"+ids[0], "")
		if d.Body.Type != "call_ended" || d.Body.ID != ids[0] || d.Body.Data["id"] == "" || d.Body.Data["link"] == "" || d.Tries == nil || len(d.Tries) != 0 || d.NextAttemptAt == nil || d.Last != nil {
			t.Errorf("%+v", d)
		}
		again := get[api.WebhookDeliveryView](t, h, key, "POST", "/v1/webhook-deliveries/"+ids[0]+"/resend", "")
		if again.Status != store.WebhookWaiting {
			t.Errorf("%+v", again)
		}
		get[struct{}](t, h, key, "PATCH", "/v1/webhook-endpoints/"+endpoint.ID, `{"disabled":true}`)
		refused(t, h, key, "POST", "/v1/webhook-deliveries/"+ids[0]+"/resend", "", 409, "target_off", "")
		get[struct{}](t, h, key, "DELETE", "/v1/webhook-endpoints/"+endpoint.ID, "")
		refused(t, h, key, "POST", "/v1/webhook-deliveries/"+ids[0]+"/resend", "", 409, "target_gone", "")
	})
}

// An agent's webhook that was switched off says so, and is on again when its
// URL is saved again.
func TestAgentsDisabledWebhooks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		key := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		const url = "https://hooks.example.com/"
		agent := get[api.AgentView](t, h, key, "POST", "/v1/agents", `{"name":"A","webhookUrl":"`+url+`"}`)
		path := "/v1/agents/" + agent.ID
		stop := func(url string) {
			h.write(t, func(ctx context.Context, tx store.Tx) error {
				return store.StopWebhook(ctx, tx, h.workspace.ID, store.AgentTarget(agent.ID, "webhook"), store.WebhookStop{URL: url, Reason: "gone"})
			})
		}
		stop("https://another.example.com/")
		if got := get[api.AgentView](t, h, key, "GET", path, ""); len(got.Disabled) != 0 {
			t.Errorf("a stop of a URL that it had before: %+v", got.Disabled)
		}
		stop(url)
		got := get[api.AgentView](t, h, key, "GET", path, "")
		if len(got.Disabled) != 1 || got.Disabled[0].Which != "webhook" || got.Disabled[0].Reason != "gone" {
			t.Errorf("%+v", got.Disabled)
		}
		if got := get[api.AgentView](t, h, key, "PATCH", path, `{"name":"B"}`); len(got.Disabled) != 1 {
			t.Errorf("another change switches it on: %+v", got.Disabled)
		}
		if got := get[api.AgentView](t, h, key, "PATCH", path, `{"webhookUrl":"`+url+`"}`); len(got.Disabled) != 0 {
			t.Errorf("%+v", got.Disabled)
		}
	})
}

// Whom a person switched off stays off under another URL, until a person says
// otherwise. A receiver's own no is about its URL, and takes nothing from that.
func TestOffByHandStaysOff(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newServer(t, s)
		key := h.key(t, h.workspace.ID, auth.ScopeAdmin)
		id := get[api.WebhookEndpointSaved](t, h, key, "POST", "/v1/webhook-endpoints", `{"url":"https://a.example.com/"}`).ID
		gone := func(url string) {
			h.write(t, func(ctx context.Context, tx store.Tx) error {
				return store.StopWebhook(ctx, tx, h.workspace.ID, store.EndpointTarget(id), store.WebhookStop{URL: url, Reason: "gone", At: time.Now()})
			})
		}
		for _, step := range []struct{ gone, body, want string }{
			{"https://a.example.com/", `{"description":"x"}`, "gone"},
			{"", `{"url":"https://b.example.com/"}`, ""},
			{"", `{"disabled":true}`, "switched off by admin"},
			{"", `{"url":"https://c.example.com/"}`, "switched off by admin"},
			{"https://c.example.com/", `{"url":"https://d.example.com/","description":"y"}`, "switched off by admin"},
			{"", `{"url":"https://e.example.com/","disabled":false}`, ""},
			{"https://e.example.com/", `{"disabled":true}`, "switched off by admin"},
			{"", `{"url":"https://f.example.com/"}`, "switched off by admin"},
			{"", `{"disabled":false}`, ""},
		} {
			if step.gone != "" {
				gone(step.gone)
			}
			if got := get[api.WebhookEndpointSaved](t, h, key, "PATCH", "/v1/webhook-endpoints/"+id, step.body).DisabledReason; got != step.want {
				t.Errorf("%s: off because %q, want %q", step.body, got, step.want)
			}
		}
	})
}

// No answer holds a secret that was given, nor one that was drawn, after the
// first.
func TestNoAnswerHoldsASecret(t *testing.T) {
	t.Parallel()
	h := newServer(t, storetest.SQLite(t))
	admin := h.key(t, h.workspace.ID, auth.ScopeAdmin)
	x := furnish(t, h, admin)
	drawn := get[api.WebhookEndpointSaved](t, h, admin, "PATCH", "/v1/webhook-endpoints/"+x.names["/v1/webhook-endpoints/"], `{"new_secret":true}`).Secret
	get[struct{}](t, h, admin, "PATCH", "/v1/agents/"+x.names["/v1/agents/"], `{"webhookUrl":"https://e.com","webhookSecret":"given-webhook","crmApiKey":"given-crm"}`)
	get[struct{}](t, h, admin, "POST", "/v1/webhook-endpoints", `{"url":"https://e.com","secret":"given-endpoint"}`)
	for _, o := range operations(t, h) {
		if o.method != http.MethodGet || o.public() {
			continue
		}
		a := send(t, h, admin, o, x)
		for _, secret := range []string{drawn, "given-webhook", "given-crm", "given-endpoint", "theirhush"} {
			quoted, err := json.Marshal(secret)
			must(t, err)
			if bytes.Contains(a.Body, []byte(secret)) || bytes.Contains(a.Body, quoted) {
				t.Errorf("%s gives %q away", o.ID, secret)
			}
		}
	}
}
