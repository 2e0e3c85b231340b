package search_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/jobs"
	"github.com/ringsidehq/ringside/internal/ledger"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/flat"
	"github.com/ringsidehq/ringside/internal/search"
	"github.com/ringsidehq/ringside/internal/store"
	"github.com/ringsidehq/ringside/internal/store/storetest"
)

const home = "ws_home"

var quiet = slog.New(slog.DiscardHandler)

// library is a store with calls in it, and a follower that is moved by hand.
type library struct {
	t        *testing.T
	store    *store.Store
	ledger   *ledger.Ledger
	follower *search.Follower
}

func newLibrary(t *testing.T, s *store.Store) *library {
	t.Helper()
	q, err := jobs.New(t.Context(), s, jobs.Config{Hold: true, Log: quiet})
	must(t, err)
	l := ledger.New(ledger.Config{Store: s, Jobs: q, Log: quiet})
	l.Start()
	t.Cleanup(l.Stop)
	return &library{t, s, l, search.New(s, quiet)}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// call takes a flat body in.
func (b *library) call(workspace string, fields map[string]any) ringside.CallID {
	b.t.Helper()
	body, err := json.Marshal(fields)
	must(b.t, err)
	at := time.Now().UTC()
	events, err := flat.Decode(provider.Payload{Body: body, ReceivedAt: at})
	must(b.t, err)
	r, err := b.ledger.Append(b.t.Context(), ledger.Envelope{
		Workspace: workspace, Provider: events[0].Provider, Event: events[0].Name, ReceivedAt: at, Body: body, Events: events, Revive: true,
	})
	must(b.t, err)
	return r.CallID
}

// said takes a call in whose customer said one thing.
func (b *library) said(id, text string) ringside.CallID {
	b.t.Helper()
	return b.call(home, map[string]any{"id": id, "startedAt": "2026-11-01T10:00:00Z", "messages": []any{map[string]any{"role": "user", "content": text}}})
}

// step indexes what can be by now.
func (b *library) step() {
	b.t.Helper()
	for {
		n, err := b.follower.Step(b.t.Context())
		must(b.t, err)
		if n == 0 {
			return
		}
	}
}

// catchUp indexes all there is. On PostgreSQL that takes until the
// transactions have ended that run now, be it in another database.
func (b *library) catchUp() {
	b.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		b.step()
		var lag int64
		must(b.t, b.store.Read(b.t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
			lag, err = store.OutboxLag(ctx, tx, search.Name)
			return err
		}))
		if lag == 0 {
			return
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("the index is %d changes behind", lag)
		}
	}
}

func (b *library) find(q store.CallQuery) *store.CallPage {
	b.t.Helper()
	if q.Workspace == "" {
		q.Workspace = home
	}
	if q.Limit == 0 {
		q.Limit = 50
	}
	var page *store.CallPage
	must(b.t, b.store.Read(b.t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
		page, err = b.store.ListCalls(ctx, tx, q)
		return err
	}))
	return page
}

// want fails unless words find just these calls, newest or best first, with
// a true total.
func (b *library) want(words string, ids ...string) {
	b.t.Helper()
	page := b.find(store.CallQuery{CallFilter: store.CallFilter{Query: words}})
	if got := names(page); !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(ids))) || page.Total != len(ids) || page.TotalIsLowerBound {
		b.t.Errorf("%s finds %v, total %d, want %v", words, got, page.Total, ids)
	}
}

func names(p *store.CallPage) (out []string) {
	for _, it := range p.Items {
		out = append(out, it.ProviderCallID)
	}
	return out
}

func (b *library) drop(id ringside.CallID) {
	b.t.Helper()
	must(b.t, b.store.Write(b.t.Context(), func(ctx context.Context, tx store.Tx) error { return b.store.DeleteCall(ctx, tx, id) }))
}

func TestWords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newLibrary(t, s)
		b.said("a", "I would like to change my reservation for two people, please.")
		b.said("b", "My Café is CLOSED on Mondays; naïve Ångström Straße.")
		b.said("c", "people like to change things. The reservation was for four.")
		b.said("d", "It costs $49.99 (or 50%) & more: AND OR NOT NEAR* \"quoted\" it's")
		b.said("e", "Здравствуйте, я хочу заказать пиццу")
		b.catchUp()
		for words, ids := range map[string][]string{
			"reservation":                  {"a", "c"},
			"RESERVATION change":           {"a", "c"},
			`"change my reservation"`:      {"a"},
			`"reservation for two" people`: {"a"},
			`"my change"`:                  nil,
			"cafe":                         {"b"},
			"CAFÉ closed":                  {"b"},
			"naive angstrom":               {"b"},
			"reserv":                       nil,
			"49.99":                        {"d"},
			"50%":                          {"d"},
			"AND":                          {"d"},
			"NOT reservation":              nil,
			"near*":                        {"d"},
			`it's`:                         {"d"},
			`"unclosed quoted`:             nil,
			"пиццу":                        {"e"},
			"ПИЦЦУ заказать":               {"e"},
			"-reservation":                 {"a", "c"},
			"ws:home":                      nil,
			"text":                         nil,
		} {
			b.want(words, ids...)
		}
		for _, words := range []string{`"`, "***", "  ", "(", "':*", "\\"} {
			if page := b.find(store.CallQuery{CallFilter: store.CallFilter{Query: words}}); page.Items == nil {
				t.Errorf("%q: no list", words)
			}
		}
	})
}

// The index follows a call: other words once it has ended, a move to
// another time, a deletion, a return.
func TestTheIndexFollows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newLibrary(t, s)
		message := func(text string) []any { return []any{map[string]any{"role": "user", "content": text}} }
		id := b.call(home, map[string]any{"id": "a", "messages": message("first words")})
		b.want("first")
		b.catchUp()
		b.want("first", "a")
		b.call(home, map[string]any{"id": "a", "endedReason": "hangup", "messages": message("second words")})
		b.catchUp()
		b.want("first")
		b.want("second", "a")
		b.call(home, map[string]any{"id": "a", "startedAt": "2026-10-01T10:00:00Z"})
		b.catchUp()
		b.want("second", "a")
		october := store.CallFilter{Query: "words", StartedBefore: time.Date(2026, 10, 2, 0, 0, 0, 0, time.UTC)}
		if got := names(b.find(store.CallQuery{CallFilter: october})); !slices.Equal(got, []string{"a"}) {
			t.Errorf("in October: %v", got)
		}
		// It moves, and is deleted before the index has followed.
		b.call(home, map[string]any{"id": "a", "startedAt": "2026-09-01T10:00:00Z", "endedReason": "x"})
		b.drop(id)
		if got := names(b.find(store.CallQuery{CallFilter: store.CallFilter{Query: "second"}})); len(got) != 0 {
			t.Errorf("a deleted call is found: %v", got)
		}
		b.catchUp()
		b.want("second")
		if n := b.rows(); n != 0 {
			t.Errorf("%d rows of the index are left of a deleted call", n)
		}
		b.call(home, map[string]any{"id": "a", "messages": message("third words")})
		b.catchUp()
		b.want("third", "a")
		b.want("second")
		b.drop(id)
		b.catchUp()
		b.want("third")
		if n := b.rows(); n != 0 {
			t.Errorf("%d rows of the index are left", n)
		}
	})
}

// rows counts what is in the index.
func (b *library) rows() (n int) {
	b.t.Helper()
	must(b.t, b.store.Read(b.t.Context(), func(ctx context.Context, tx store.Tx) error {
		return tx.QueryRow(ctx, `SELECT COUNT(*) FROM search`).Scan(&n)
	}))
	return n
}

func TestSearchWithOtherFilters(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newLibrary(t, s)
		for i := range 30 {
			fields := map[string]any{
				"id": fmt.Sprintf("c%02d", i), "startedAt": fmt.Sprintf("2026-11-01T10:%02d:00Z", i), "agent_id": i % 2,
				"metadata": map[string]any{"third": i%3 == 0}, "messages": []any{map[string]any{"role": "user", "content": "pizza"}},
			}
			if i%5 == 0 {
				fields["endedReason"] = "customer-hungup"
			}
			b.call(home, fields)
			b.call("ws_other", fields)
		}
		b.catchUp()
		q := store.CallFilter{Query: "pizza", Statuses: []string{"completed"}, Metadata: map[string]string{"third": "true"}}
		page := b.find(store.CallQuery{CallFilter: q})
		if got := names(page); !slices.Equal(got, []string{"c15", "c00"}) || page.Total != 2 {
			t.Errorf("pizza, completed, a third: %v of %d", got, page.Total)
		}
		q = store.CallFilter{Query: "pizza", StartedAfter: time.Date(2026, 11, 1, 10, 10, 0, 0, time.UTC), StartedBefore: time.Date(2026, 11, 1, 10, 13, 0, 0, time.UTC)}
		page = b.find(store.CallQuery{CallFilter: q, Sort: store.SortOldest})
		if got := names(page); !slices.Equal(got, []string{"c10", "c11", "c12"}) || page.Total != 3 {
			t.Errorf("pizza for three minutes: %v of %d", got, page.Total)
		}
		for _, sort := range []store.CallSort{store.SortNewest, store.SortOldest} {
			for _, f := range []store.CallFilter{{Query: "pizza"}, {Query: "pizza", Statuses: []string{"active"}}} {
				total, seen := b.find(store.CallQuery{CallFilter: f, Sort: sort}).Total, map[string]bool{}
				for cursor := ""; ; {
					page := b.find(store.CallQuery{CallFilter: f, Sort: sort, Limit: 7, Cursor: cursor})
					for _, n := range names(page) {
						if seen[n] {
							t.Errorf("%s comes twice", n)
						}
						seen[n] = true
					}
					if cursor = page.NextCursor; cursor == "" {
						break
					}
				}
				if len(seen) != total || total == 0 {
					t.Errorf("%s: pages hold %d calls, the total is %d", sort, len(seen), total)
				}
			}
		}
		var facets *store.Facets
		must(t, s.Read(t.Context(), func(ctx context.Context, tx store.Tx) (err error) {
			facets, err = s.CountFacets(ctx, tx, store.CallFilter{Workspace: home, Query: "pizza", Metadata: map[string]string{"third": "true"}})
			return err
		}))
		if got := facets.Facets["status"]; len(got) != 2 || got[0].Count+got[1].Count != 10 {
			t.Errorf("facets of a search: %+v", got)
		}
	})
}

// Words of another workspace find nothing, whatever is typed.
func TestWorkspacesAreApart(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newLibrary(t, s)
		for _, ws := range []string{home, "ws_other"} {
			b.call(ws, map[string]any{"id": "in " + ws, "messages": []any{map[string]any{"role": "user", "content": "the secret of " + strings.ReplaceAll(ws, "_", "")}}})
		}
		b.catchUp()
		b.want("secret", "in "+home)
		b.want("wsother")
		b.want("ws_other")
		b.want(`" OR ws:"wsother`)
		b.want(`secret" OR text:"secret`)
	})
}

func TestRelevance(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newLibrary(t, s)
		b.said("once", "refund "+strings.Repeat("and many other words besides ", 40))
		b.said("often", "refund refund refund, I want my refund")
		b.said("never", "thank you")
		b.catchUp()
		page := b.find(store.CallQuery{CallFilter: store.CallFilter{Query: "refund"}, Sort: store.SortRelevance})
		if got := names(page); !slices.Equal(got, []string{"often", "once"}) || page.Total != 2 {
			t.Errorf("by relevance: %v of %d", got, page.Total)
		}
		page = b.find(store.CallQuery{CallFilter: store.CallFilter{Query: "refund", ProviderCallID: "once"}, Sort: store.SortRelevance})
		if got := names(page); !slices.Equal(got, []string{"once"}) || page.Total != 1 {
			t.Errorf("by relevance, narrowed: %v of %d", got, page.Total)
		}
	})
}

// Ranges are in the units of a browser's strings, and point at the words as
// they stand in the text that is shown.
func TestHighlights(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newLibrary(t, s)
		b.said("emoji", "😀👍 Can I get a Café au lait? A cafe, yes.")
		b.said("long", strings.Repeat("word 😀 ", 50)+"needle in it"+strings.Repeat(" and more", 50))
		b.said("phrase", "to be or not to be; not be to")
		b.catchUp()
		for words, want := range map[string][]string{
			"cafe":      {"Café", "cafe"},
			"needle":    {"needle"},
			`"not be"`:  {"not be"},
			"CAFÉ lait": {"Café", "lait", "cafe"},
		} {
			page := b.find(store.CallQuery{CallFilter: store.CallFilter{Query: words}})
			if len(page.Items) != 1 || len(page.Items[0].Matches) != 1 {
				t.Errorf("%s: %d calls", words, len(page.Items))
				continue
			}
			m := page.Items[0].Matches[0]
			units := utf16.Encode([]rune(m.Text))
			var got []string
			for _, r := range m.Ranges {
				got = append(got, string(utf16.Decode(units[r[0]:r[1]])))
			}
			if !slices.Equal(got, want) || len(m.Text) > 1200 {
				t.Errorf("%s: highlights %q of %q, want %q", words, got, m.Text, want)
			}
		}
	})
}

// A follower that runs is never long behind, and Stop ends it.
func TestFollowerRuns(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newLibrary(t, s)
		b.follower.Stop() // before Start: nothing happens
		b.follower.Start()
		for i := range 150 {
			b.said(fmt.Sprint("c", i), "hello")
			b.follower.Wake()
		}
		for deadline := time.Now().Add(20 * time.Second); b.find(store.CallQuery{CallFilter: store.CallFilter{Query: "hello"}}).Total != 150; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("the index did not follow")
			}
		}
		b.follower.Stop()
		b.follower.Stop()
		must(t, s.Read(t.Context(), func(ctx context.Context, tx store.Tx) error {
			if lag, err := store.OutboxLag(ctx, tx, search.Name); err != nil || lag != 0 {
				t.Errorf("lag %d, %v", lag, err)
			}
			return nil
		}))
	})
}

// A call with more words than are indexed is cut between two letters, wherever
// that is: PostgreSQL takes no half one, and nothing after it would be indexed.
func TestTheLongestCall(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newLibrary(t, s)
		for i := range 3 {
			turns := []any{map[string]any{"role": "user", "content": strings.Repeat("a", i+1)}}
			for range 3 {
				turns = append(turns, map[string]any{"role": "user", "content": "длинный " + strings.Repeat("я ", 60_000)})
			}
			b.call(home, map[string]any{"id": fmt.Sprint("long", i), "startedAt": "2026-11-01T10:00:00Z", "messages": turns})
		}
		b.said("after", "hello")
		b.catchUp()
		b.want("hello", "after")
		b.want("длинный", "long0", "long1", "long2")
	})
}

// A call that can't be read holds up none of the others, before it or behind.
func TestACallThatCannotBeIndexed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newLibrary(t, s)
		b.said("before", "hello")
		broken := b.said("broken", "hello")
		must(t, s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE events SET facts = $1 WHERE call_seq = (SELECT seq FROM calls WHERE id = $2)`, []byte("damaged"), broken[:])
			return err
		}))
		b.said("after", "hello")
		b.catchUp()
		b.want("hello", "before", "after")
	})
}

// Of several processes that index one database, each change is indexed by one, and
// what one has read long ago takes nothing back.
func TestSeveralFollowersShareTheWork(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := newLibrary(t, s)
		const calls, followers = 200, 3
		for i := range calls {
			b.said(fmt.Sprint("c", i), fmt.Sprintf("hello number%d", i))
		}
		var done atomic.Int64
		var all sync.WaitGroup
		for range followers {
			all.Go(func() {
				f := search.New(s, quiet)
				for deadline := time.Now().Add(60 * time.Second); done.Load() < calls && time.Now().Before(deadline); {
					n, err := f.Step(t.Context())
					if err != nil {
						t.Error(err)
						return
					}
					done.Add(int64(n))
				}
			})
		}
		all.Wait()
		if n := done.Load(); n != calls {
			t.Errorf("%d changes were indexed, of %d", n, calls)
		}
		b.want("number199", "c199")
		if n := b.find(store.CallQuery{CallFilter: store.CallFilter{Query: "hello"}}).Total; n != calls {
			t.Errorf("%d calls are found", n)
		}
	})
}

// On PostgreSQL a change may commit after one that began later. The follower
// waits for it and misses nothing.
func TestALateCommitIsNotMissed(t *testing.T) {
	s := storetest.Postgres(t)
	b := newLibrary(t, s)
	late := b.said("late", "late words")
	b.catchUp()
	must(t, s.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM search`)
		return err
	}))
	conn, err := s.Pool().Acquire(t.Context())
	must(t, err)
	defer conn.Release()
	tx, err := conn.Begin(t.Context())
	must(t, err)
	_, err = tx.Exec(t.Context(), `INSERT INTO outbox (workspace_id, call_id, was) VALUES ($1, $2, 0)`, home, late[:])
	must(t, err)
	b.said("early", "early words") // begins later and commits first
	b.step()
	b.want("words")
	must(t, tx.Commit(t.Context()))
	b.catchUp()
	b.want("words", "late", "early")
}
