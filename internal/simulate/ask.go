package simulate

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// AskConfig says what to ask a server, to see how long it takes.
type AskConfig struct {
	URL    string
	Key    string // of scope read
	Rounds int    // of each question; 0: 300
	Wait   bool   // for the search index to catch up first

	Each func(AskResult) // called with each result as it is there; nil for nobody
}

// AskResult is how long the answers to one question took, in milliseconds.
type AskResult struct {
	Question string  `json:"question"`
	N        int     `json:"n"`
	P50      float64 `json:"p50_ms"`
	P99      float64 `json:"p99_ms"`
	Max      float64 `json:"max_ms"`
}

// Ask asks what people ask most, one thing at a time over one connection,
// about calls that are really there.
func Ask(ctx context.Context, c AskConfig) ([]AskResult, error) {
	if c.Rounds == 0 {
		c.Rounds = 300
	}
	a := &asking{cfg: c, client: &http.Client{Timeout: time.Minute}}
	if err := a.await(ctx); err != nil {
		return nil, err
	}
	if err := a.sample(ctx); err != nil {
		return nil, fmt.Errorf("look at what is there: %w", err)
	}
	var out []AskResult
	for _, q := range a.questions() {
		r, err := a.measure(ctx, q)
		if err != nil {
			return out, err
		}
		out = append(out, *r)
		if c.Each != nil {
			c.Each(*r)
		}
	}
	return out, nil
}

type asking struct {
	cfg    AskConfig
	client *http.Client
	calls  []askedCall
	agents []string
	newest time.Time
	words  struct{ common, rare, two string }
}

type askedCall struct {
	ID        string    `json:"id"`
	StartedAt time.Time `json:"started_at"`
	From      string    `json:"from"`
	Agent     *struct {
		ID string `json:"id"`
	} `json:"agent"`
}

type askedPage struct {
	Items []askedCall `json:"items"`
}

// question is asked in as many ways as there are rounds.
type question struct {
	name string
	path func(round int) string
}

func (a *asking) get(ctx context.Context, path string, v any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.cfg.URL+path, http.NoBody)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+a.cfg.Key)
	res, err := a.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: %s: %.300s", path, res.Status, body)
	}
	if v == nil {
		return nil
	}
	return json.Unmarshal(body, v)
}

// await waits until the search index holds every call.
func (a *asking) await(ctx context.Context) error {
	for a.cfg.Wait {
		var ready struct {
			Lag int `json:"search_lag_rows"`
		}
		if err := a.get(ctx, "/readyz", &ready); err != nil {
			return fmt.Errorf("wait for the search index: %w", err)
		}
		if ready.Lag == 0 {
			return nil
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// sample finds calls from all over the archive, newest to oldest, and words
// that were said in them.
func (a *asking) sample(ctx context.Context) error {
	var ends [2]askedPage
	for i, sort := range []string{"-started_at", "started_at"} {
		if err := a.get(ctx, "/v1/calls?limit=1&sort="+sort, &ends[i]); err != nil {
			return err
		}
		if len(ends[i].Items) == 0 {
			return fmt.Errorf("there are no calls")
		}
	}
	var oldest time.Time
	a.newest, oldest = ends[0].Items[0].StartedAt, ends[1].Items[0].StartedAt
	for i := range 20 {
		before := a.newest.Add(time.Millisecond - time.Duration(i)*a.newest.Sub(oldest)/20)
		var page askedPage
		if err := a.get(ctx, "/v1/calls?limit=20&started_before="+url.QueryEscape(before.Format(time.RFC3339Nano)), &page); err != nil {
			return err
		}
		a.calls = append(a.calls, page.Items...)
	}
	agents := map[string]bool{}
	for _, c := range a.calls {
		if c.Agent != nil && c.Agent.ID != "" {
			agents[c.Agent.ID] = true
		}
	}
	a.agents = slices.Sorted(maps.Keys(agents))
	if len(a.agents) == 0 {
		return fmt.Errorf("no call has an agent")
	}
	return a.sampleWords(ctx)
}

var wordPattern = regexp.MustCompile(`[a-z]{4,}`)

func (a *asking) sampleWords(ctx context.Context) error {
	said := map[string]int{}
	for i := range min(100, len(a.calls)) {
		var c struct {
			Turns []struct {
				Text string `json:"text"`
			} `json:"turns"`
		}
		if err := a.get(ctx, "/v1/calls/"+a.calls[i*len(a.calls)/min(100, len(a.calls))].ID, &c); err != nil {
			return err
		}
		here := map[string]bool{}
		for _, t := range c.Turns {
			words := wordPattern.FindAllString(strings.ToLower(t.Text), -1)
			for _, w := range words {
				here[w] = true
			}
			if len(words) > 1 && len(a.words.two) < len(words[0])+len(words[1]) {
				a.words.two = words[0] + " " + words[1]
			}
		}
		for w := range here {
			said[w]++
		}
	}
	byCount := slices.SortedFunc(maps.Keys(said), func(x, y string) int { return cmp.Or(cmp.Compare(said[y], said[x]), cmp.Compare(x, y)) })
	if len(byCount) == 0 {
		return fmt.Errorf("the calls have no words")
	}
	a.words.common, a.words.rare = byCount[0], byCount[len(byCount)-1]
	return nil
}

func (a *asking) questions() []question {
	statuses := []string{"completed", "failed", "missed", "declined"}
	directions := []string{"inbound", "outbound", "web"}
	search := func(words string) func(int) string {
		return func(int) string { return "/v1/calls?limit=50&q=" + url.QueryEscape(words) }
	}
	filters := func(i int) string {
		return "agent=" + a.agents[i%len(a.agents)] + "&status=" + statuses[i/len(a.agents)%4] + "&direction=" + directions[i/len(a.agents)/4%3]
	}
	month := "started_after=" + url.QueryEscape(a.newest.AddDate(0, 0, -30).Format(time.RFC3339))
	return []question{
		{"call by id", func(i int) string { return "/v1/calls/" + a.calls[i*7%len(a.calls)].ID }},
		{"list, newest 50", func(int) string { return "/v1/calls?limit=50" }},
		{"list, agent + status + direction", func(i int) string { return "/v1/calls?limit=50&" + filters(i) }},
		{"list, the same within 30 days", func(i int) string { return "/v1/calls?limit=50&" + filters(i) + "&" + month }},
		{"search, common: " + a.words.common, search(a.words.common)},
		{"search, rare: " + a.words.rare, search(a.words.rare)},
		{"search, one number", func(i int) string { return search(strings.TrimPrefix(a.calls[i*7%len(a.calls)].From, "+"))(i) }},
		{"search, two words: " + a.words.two, search(a.words.two)},
		{"search, common + agent + status", func(i int) string {
			return search(a.words.common)(i) + "&agent=" + a.agents[i%len(a.agents)] + "&status=" + statuses[i/len(a.agents)%4]
		}},
		{"facets, 30 days", func(int) string { return "/v1/calls/facets?" + month }},
		{"facets, all", func(int) string { return "/v1/calls/facets" }},
		{"health, 24 h", func(int) string { return "/v1/health" }},
		{"health, 24 h, one agent", func(i int) string { return "/v1/health?agent=" + a.agents[i%len(a.agents)] }},
	}
}

// slow is how long a question may be asked for: what takes seconds is known
// well enough after fewer rounds.
const slow = 30 * time.Second

func (a *asking) measure(ctx context.Context, q question) (*AskResult, error) {
	took := make([]time.Duration, 0, a.cfg.Rounds)
	began := time.Now()
	for i := range a.cfg.Rounds {
		started := time.Now()
		if err := a.get(ctx, q.path(i), nil); err != nil {
			return nil, err
		}
		took = append(took, time.Since(started))
		if time.Since(began) > slow {
			break
		}
	}
	slices.Sort(took)
	return &AskResult{Question: q.name, N: len(took), P50: quantile(took, 0.5), P99: quantile(took, 0.99), Max: quantile(took, 1)}, nil
}
