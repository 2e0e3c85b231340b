package slack

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/ringsidehq/ringside/internal/notify/notifytest"
)

// FuzzCompose tells any words. Slack takes what is made of them, and nothing in
// it is markup but what we put there.
func FuzzCompose(f *testing.F) {
	f.Add("<!channel> & <https://evil.example.com|x>", "https://r.example.com/?a=<b>|c&d", 3)
	f.Add(strings.Repeat("&<>🙂", 2000), "http://x"+strings.Repeat("&", 1990), 40)
	f.Add("", "", 0)
	f.Fuzz(func(t *testing.T, said, link string, also int) {
		m := notifytest.Messages()["triggered"]
		call := *m.Call
		call.Agent, call.From, call.To, call.ShortID = said, said, said, said
		m.Rule, m.Text, m.Quote, m.Link, m.Call = said, said, said, link, &call
		for range min(also, 50) {
			m.Also = append(m.Also, m.Alert)
		}
		for _, s := range []settings{{}, {MentionOnCritical: true, IncludeActions: true}} {
			body, err := json.Marshal(compose(s, m.Clean()))
			if err != nil {
				t.Fatal(err)
			}
			if err := notifytest.CheckSlack(body); err != nil {
				t.Errorf("%v: %s", err, body)
			}
		}
	})
}
