package ingest_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/signature"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

// signTwilio signs a form as Twilio does: the address that it was given, and
// the parameters behind it.
func (h *harness) signTwilio(t *testing.T, token, path string, body []byte) []string {
	t.Helper()
	form, err := url.ParseQuery(string(body))
	must(t, err)
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte("https://" + strings.TrimPrefix(h.URL, "http://") + path))
	names := make([]string, 0, len(form))
	for n := range form {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		mac.Write([]byte(n + form.Get(n)))
	}
	return []string{
		"X-Twilio-Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)),
		"Content-Type", "application/x-www-form-urlencoded; charset=UTF-8",
	}
}

func TestFormsReachTheirDecoderAsTheyAre(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHarness(t, s, anyRate)
		path := h.source(t, h.workspace, "twilio", "token", false, provider.HMAC{})
		id := ringside.NewCallID(h.workspace, "twilio", "CAaaaabbbbccccddddeeeeffff00001111").String()
		for i, f := range []string{"status_0_initiated", "status_3_completed", "status_1_ringing", "recording_completed"} {
			body := payload(t, "twilio/"+f+".form")
			h.send(t, path, body, h.signTwilio(t, "other", path, body)...).want(t, 401, "code", "signature_invalid")
			want := "updated"
			if i == 0 {
				want = "created"
			}
			a := h.send(t, path, body, h.signTwilio(t, "token", path, body)...)
			a.want(t, 200, "action", want, "id", id)
			var kept []byte
			must(t, s.Read(t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
				_, kept, err = store.DeliveryBody(ctx, tx, h.workspace, a.text(t, "inbox_id"))
				return err
			}))
			if !bytes.Equal(kept, body) {
				t.Errorf("%s: %q was kept", f, kept)
			}
		}
		h.wantCount(t, 1, `SELECT COUNT(*) FROM calls WHERE status = 'completed'`)
		leg := []byte("CallSid=CA2&ParentCallSid=CA1&Direction=outbound-dial&CallStatus=busy")
		h.send(t, path, leg, h.signTwilio(t, "token", path, leg)...).want(t, 200, "action", "ignored")
		h.wantCount(t, 1, `SELECT COUNT(*) FROM inbox WHERE state = 'ignored' AND event = 'busy'`)
		lost := []byte("CallStatus=ringing&From=%2B12025550100")
		h.send(t, path, lost, h.signTwilio(t, "token", path, lost)...).want(t, 202, "action", "quarantined", "pointer", "/CallSid")
	})
}

func TestLinesReachTheirDecoder(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	path := h.source(t, h.workspace, "openai", "hush", false, provider.HMAC{})
	send := func(body []byte) answer {
		return h.send(t, path, body, signStandard("hush", body)...)
	}
	body := payload(t, "openai/forwarded.jsonl")
	send(body).want(t, 200, "action", "created")
	send(body).want(t, 200, "action", "duplicate")
	h.wantCount(t, 1, `SELECT COUNT(*) FROM calls WHERE status = 'active'`)
	lost := []byte(`{"call_id":"c","event":{"type":"error"}}` + "\n" + `{"event":{"type":"error"}}`)
	send(lost).want(t, 202, "action", "quarantined", "pointer", "/1/call_id")
	send(bytes.Replace(lost, []byte("\n"), []byte("\n\n"), 1)).want(t, 202, "action", "quarantined", "pointer", "/1/call_id")
	send(lost[:len(lost)-3]).want(t, 400)
	piece := []byte(`{"call_id":"c","event":{"type":"response.output_text.delta"}}`)
	send(piece).want(t, 200, "action", "ignored")
	h.wantCount(t, 1, `SELECT COUNT(*) FROM inbox WHERE state = 'ignored' AND event = 'response.output_text.delta'`)
}

// What is kept with a call of a body about several is what tells of that call.
func TestCallsOfOneBodyAreKeptApart(t *testing.T) {
	h := newHarness(t, storetest.SQLite(t), anyRate)
	path := h.source(t, h.workspace, "openai", "hush", false, provider.HMAC{})
	said := func(call, words string) string {
		return `{"call_id":"` + call + `","event":{"type":"conversation.item.input_audio_transcription.completed","event_id":"e-` + words +
			`","item_id":"i-` + words + `","transcript":"` + words + `"}}`
	}
	body := []byte("[" + said("one", "apples") + ", " + said("two", "pears") + ", " + said("one", "plums") + "]")
	for _, want := range []string{"created", "duplicate"} {
		h.send(t, path, body, signStandard("hush", body)...).want(t, 200, "action", want)
	}
	kept := map[string]string{}
	err := h.store.Read(t.Context(), func(ctx context.Context, tx store.Tx) error {
		for _, name := range []string{"one", "two"} {
			_, bodies, err := store.CallDeliveries(ctx, tx, h.workspace, ringside.NewCallID(h.workspace, "openai", name))
			if err != nil {
				return err
			}
			kept[name] = string(bytes.Join(bodies, nil))
		}
		return nil
	})
	must(t, err)
	want := map[string]string{"one": said("one", "apples") + "\n" + said("one", "plums") + "\n", "two": said("two", "pears") + "\n"}
	if !maps.Equal(kept, want) {
		t.Errorf("kept %q", kept)
	}
}

func signStandard(secret string, body []byte) []string {
	at := strconv.FormatInt(time.Now().Unix(), 10)
	return []string{"webhook-id", "msg_1", "webhook-timestamp", at, "webhook-signature", signature.Standard(secret, "msg_1", at, body)}
}
