package retell_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/providertest"
	"github.com/ringsidehq/ringside/internal/provider/retell"
)

const (
	rowHello = `{"role":"agent","content":"Hello.","time_sec":1,"id":"a"}`
	rowHi    = `{"role":"user","content":"Hi.","time_sec":3,"id":"b"}`
)

// following follows a call, and gives what is told and what became of it.
func following(t *testing.T, on provider.Line) (told <-chan provider.Told, ended <-chan error) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	all, end := make(chan provider.Told, 100), make(chan error, 1)
	go func() {
		end <- retell.Provider.Follow(ctx, on, func(x provider.Told) error {
			all <- x
			return nil
		})
	}()
	return all, end
}

func turns(t *testing.T, x provider.Told) (out []string) {
	t.Helper()
	if x.Body == nil {
		return nil
	}
	e := decode(t, string(x.Body))
	for i := range e.Facts.Turns {
		out = append(out, e.Facts.Turns[i].Text)
	}
	return out
}

func TestFollow(t *testing.T) {
	for name, said := range map[string]bool{"told by a message": true, "told by the close": false} {
		t.Run(name, func(t *testing.T) {
			m := providertest.NewMonitor(t, providertest.LiveCall)
			m.Say(rowHello)
			told, ended := following(t, m.Line(t))
			if got := turns(t, <-told); strings.Join(got, "|") != "Hello." {
				t.Errorf("first told: %q", got)
			}
			m.Say(rowHi)
			if x := <-told; x.Body != nil || len(x.Saying) != 1 || x.Saying[0].Text != "Hi." || *x.Saying[0].StartMS != 3000 {
				t.Errorf("then told: %+v", x)
			}
			m.End("user_hangup", said)
			x := <-told
			e := decode(t, string(x.Body))
			if got := turns(t, x); strings.Join(got, "|") != "Hello.|Hi." || e.Facts.Phase != ringside.PhaseEnded || (e.Facts.EndedReason == "user_hangup") != said {
				t.Errorf("last told: %s", x.Body)
			}
			if err := <-ended; err != nil {
				t.Errorf("a call that is over: %v", err)
			}
		})
	}
}

func TestFollowFails(t *testing.T) {
	for _, tc := range []struct {
		name string
		set  func(m *providertest.Monitor, on *provider.Line)
		kind ringside.Kind
		says string
	}{
		{"no key", func(_ *providertest.Monitor, on *provider.Line) { on.Key = "" }, ringside.Invalid, "API key"},
		{"no id", func(_ *providertest.Monitor, on *provider.Line) { on.ProviderCallID = ".." }, ringside.Invalid, "no id"},
		{"a wrong key", func(_ *providertest.Monitor, on *provider.Line) { on.Key = "wrong" }, ringside.Invalid, "4001: Unauthorized"},
		{"not on yet", func(_ *providertest.Monitor, on *provider.Line) { on.ProviderCallID = "other" }, ringside.NotFound, "4004"},
		{"personal data", func(m *providertest.Monitor, _ *provider.Line) { m.Closes(4003, "PII") }, ringside.Invalid, "4003: PII"},
		{"a restart", func(m *providertest.Monitor, _ *provider.Line) { m.Closes(websocket.StatusGoingAway, "") }, ringside.Unavailable, "1001"},
		{"a normal close that is no end", func(m *providertest.Monitor, _ *provider.Line) { m.Closes(1000, "bye") }, ringside.Unavailable, "bye"},
		{"a server in trouble", func(m *providertest.Monitor, _ *provider.Line) { m.Answers(http.StatusServiceUnavailable) }, ringside.Unavailable, "try later"},
		{"a key that is refused", func(m *providertest.Monitor, _ *provider.Line) { m.Answers(http.StatusUnauthorized) }, ringside.Unauthorized, "401"},
		{"nobody", func(m *providertest.Monitor, _ *provider.Line) { m.Close() }, ringside.Unavailable, "can't be reached"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			m := providertest.NewMonitor(t, providertest.LiveCall)
			on := m.Line(t)
			tc.set(m, &on)
			_, ended := following(t, on)
			err := <-ended
			e, ok := errors.AsType[*provider.ControlError](err)
			if !ok || e.Kind != tc.kind || !strings.Contains(err.Error(), tc.says) || strings.Contains(err.Error(), providertest.MonitorKey) {
				t.Errorf("got %v, want %s and %q", err, tc.kind, tc.says)
			}
		})
	}
}

func TestFollowIsBrokenOff(t *testing.T) {
	m := providertest.NewMonitor(t, providertest.LiveCall)
	m.Say(rowHello)
	told, ended := following(t, m.Line(t))
	<-told
	m.Drop()
	if err := <-ended; ringside.KindOf(err) != ringside.Unavailable {
		t.Errorf("a connection that broke: %v", err)
	}

	stop := errors.New("enough")
	if err := retell.Provider.Follow(t.Context(), m.Line(t), func(provider.Told) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("who is told had enough: %v", err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	err := retell.Provider.Follow(ctx, m.Line(t), func(provider.Told) error { cancel(); return nil })
	if err == nil || ctx.Err() == nil {
		t.Errorf("who follows has gone: %v", err)
	}
}

func TestSixthWatcherIsRefused(t *testing.T) {
	m := providertest.NewMonitor(t, providertest.LiveCall)
	m.Say(rowHello)
	for range 5 {
		told, _ := following(t, m.Line(t))
		<-told
	}
	_, ended := following(t, m.Line(t))
	if err := <-ended; ringside.KindOf(err) != ringside.Invalid || !strings.Contains(err.Error(), "4008") {
		t.Errorf("the sixth: %v", err)
	}
}
