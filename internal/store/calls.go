package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	fast "github.com/goccy/go-json"

	"github.com/ringsidehq/ringside"
)

// CallSort is the order of a list.
type CallSort string

// The orders. Newest first is the default; relevance goes with a search.
const (
	SortNewest    CallSort = "-started_at"
	SortOldest    CallSort = "started_at"
	SortLongest   CallSort = "-duration_ms"
	SortShortest  CallSort = "duration_ms"
	SortDearest   CallSort = "-cost"
	SortCheapest  CallSort = "cost"
	SortBest      CallSort = "-quality"
	SortWorst     CallSort = "quality"
	SortRelevance CallSort = "relevance"
)

// CallQuery asks for one page of a list.
type CallQuery struct {
	CallFilter
	Sort   CallSort
	Limit  int
	Cursor string

	uncounted bool // leave the total alone
}

// CallPage is one page of a list.
type CallPage struct {
	Items             []*CallItem `json:"items"`
	NextCursor        string      `json:"next_cursor" doc:"Give it as cursor to get the next page; empty on the last"`
	Total             int         `json:"total"`
	TotalIsLowerBound bool        `json:"total_is_lower_bound" doc:"There are at least as many as total"`
}

// maxTotal is how far matches are counted.
const maxTotal = 10_000

// maxSorted is how many of the newest matches an order other than by time
// looks at.
const maxSorted = 50_000

// cursor is where a page ended: the value sorted by and the call's ord.
type cursor struct {
	Sort  CallSort `json:"s"`
	Value *float64 `json:"v,omitempty"`
	Ord   int64    `json:"o"`
}

func (c cursor) String() string {
	b, err := json.Marshal(c)
	if err != nil { // a float that is no number can't come out of the database
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func parseCursor(s string, sort CallSort) (*cursor, error) {
	if s == "" {
		return nil, nil //nolint:nilnil // no cursor is the first page
	}
	var c cursor
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	if err != nil || c.Sort != sort {
		return nil, ringside.Invalidf("cursor", "is not one that this list gave for this order; start again without it")
	}
	return &c, nil
}

// ListCalls gives a page of the calls that a filter means.
func (s *Store) ListCalls(ctx context.Context, tx Tx, q CallQuery) (*CallPage, error) {
	if q.Sort == "" {
		q.Sort = SortNewest
	}
	cur, err := parseCursor(q.Cursor, q.Sort)
	if err != nil {
		return nil, err
	}
	if err := q.resolve(ctx, tx); err != nil {
		return nil, err
	}
	page := &CallPage{Items: []*CallItem{}}
	if q.Query != "" {
		err = s.searchCalls(ctx, tx, q, cur, page)
	} else {
		err = s.listCalls(ctx, tx, q, cur, page)
	}
	if err != nil {
		return nil, err
	}
	return page, nameAgents(ctx, tx, q.Workspace, page.Items)
}

func (s *Store) listCalls(ctx context.Context, tx Tx, q CallQuery, cur *cursor, page *CallPage) error {
	w := q.build()
	if !q.uncounted {
		n, err := countUpTo(ctx, tx, "SELECT 1 FROM calls c WHERE "+w.String(), w.args)
		if err != nil {
			return err
		}
		page.Total, page.TotalIsLowerBound = min(n, maxTotal), n > maxTotal
	}
	if q.Sort == SortNewest || q.Sort == SortOldest {
		return s.listByTime(ctx, tx, q, w, cur, page)
	}
	return listByValue(ctx, tx, q, w, cur, page)
}

// countUpTo counts the rows of a query, as far as one past maxTotal.
func countUpTo(ctx context.Context, tx Tx, query string, args []any) (n int, err error) {
	err = tx.QueryRow(ctx, fmt.Sprintf("SELECT COUNT(*) FROM (%s LIMIT %d) AS counted", query, maxTotal+1), args...).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count calls: %w", err)
	}
	return n, nil
}

// inOrder is the query for the first matches in order of time. Many matches:
// SQLite walks the table, which is in that order, until the page is full. Few:
// it finds their places by an index and sorts those. Left alone it can't tell
// which it is, and guesses by the columns; PostgreSQL knows its values.
func (s *Store) inOrder(where, dir string, limit int, many bool) string {
	page := fmt.Sprintf(" ORDER BY c.ord %s LIMIT %d", dir, limit)
	switch {
	case s.Engine == Postgres:
		return "SELECT " + callColumns + " FROM calls c WHERE " + where + page
	case many:
		return "SELECT " + callColumns + " FROM calls c NOT INDEXED WHERE " + where + page
	}
	places := fmt.Sprintf("SELECT c.ord FROM calls c WHERE %s ORDER BY +c.ord %s LIMIT %d", where, dir, limit)
	return "SELECT " + callColumns + " FROM calls c WHERE c.ord IN (" + places + ")" + page
}

func (s *Store) listByTime(ctx context.Context, tx Tx, q CallQuery, w *where, cur *cursor, page *CallPage) error {
	op, dir := "<", "DESC"
	if q.Sort == SortOldest {
		op, dir = ">", "ASC"
	}
	if cur != nil {
		w.add("c.ord %s %s", op, w.arg(cur.Ord))
	}
	query := s.inOrder(w.String(), dir, q.Limit+1, page.TotalIsLowerBound || q.uncounted)
	if err := scanItems(ctx, tx, query, w.args, page); err != nil {
		return err
	}
	page.cut(q.Limit, func(it *CallItem) cursor { return cursor{Sort: q.Sort, Ord: it.ord} })
	return nil
}

// listByValue sorts the newest matches by a column that may be null: nulls
// come last in both directions, as minus or plus infinity.
func listByValue(ctx context.Context, tx Tx, q CallQuery, w *where, cur *cursor, page *CallPage) error {
	column, op, dir, last := "duration_ms", "<", "DESC", "-1e300"
	switch q.Sort {
	case SortDearest, SortCheapest:
		column = "cost"
	case SortBest, SortWorst:
		column = "quality"
	}
	if !strings.HasPrefix(string(q.Sort), "-") {
		op, dir, last = ">", "ASC", "1e300"
	}
	value := "COALESCE(CAST(" + column + " AS DOUBLE PRECISION), " + last + ")"
	query := "SELECT " + callColumns + " FROM (SELECT * FROM calls c WHERE " + w.String() +
		fmt.Sprintf(" ORDER BY c.ord DESC LIMIT %d) AS newest", maxSorted)
	if cur != nil && cur.Value != nil {
		query += fmt.Sprintf(" WHERE (%s, ord) %s (%s, %s)", value, op, w.arg(*cur.Value), w.arg(cur.Ord))
	}
	query += fmt.Sprintf(" ORDER BY %s %s, ord %s LIMIT %d", value, dir, dir, q.Limit+1)
	if err := scanItems(ctx, tx, query, w.args, page); err != nil {
		return err
	}
	page.cut(q.Limit, func(it *CallItem) cursor {
		v := 1e300
		if op == "<" {
			v = -v
		}
		switch {
		case column == "quality" && it.Quality != nil:
			v = *it.Quality
		case column == "cost" && it.Cost != nil:
			v = it.Cost.Total
		case column == "duration_ms" && it.DurationMS != nil:
			v = float64(*it.DurationMS)
		}
		return cursor{q.Sort, &v, it.ord}
	})
	return nil
}

func scanItems(ctx context.Context, tx Tx, query string, args []any, page *CallPage) error {
	rows, err := tx.Query(ctx, query, args...)
	err = each(rows, err, func(r Rows) error {
		it, err := scanItem(r)
		page.Items = append(page.Items, it)
		return err
	})
	if err != nil {
		return fmt.Errorf("list calls: %w", err)
	}
	return nil
}

// cut drops what was read past the limit and says where to go on.
func (p *CallPage) cut(limit int, at func(*CallItem) cursor) {
	if len(p.Items) > limit {
		p.Items = p.Items[:limit]
		p.NextCursor = at(p.Items[limit-1]).String()
	}
}

// nameAgents gives each item its agent's name of today.
func nameAgents(ctx context.Context, tx Tx, workspace string, items []*CallItem) error {
	names, err := AgentNames(ctx, tx, workspace)
	if err != nil {
		return fmt.Errorf("name agents: %w", err)
	}
	for _, it := range items {
		if it.Agent != nil && names[it.Agent.ID] != "" {
			it.Agent.Name = names[it.Agent.ID]
		}
	}
	return nil
}

// EachCall calls fn with every call that a filter means, newest first, in
// chunks that each are a snapshot of their own.
func (s *Store) EachCall(ctx context.Context, f CallFilter, fn func(*CallItem) error) error {
	q := CallQuery{CallFilter: f, Sort: SortNewest, Limit: 500, uncounted: true}
	for {
		var page *CallPage
		err := s.Read(ctx, func(ctx context.Context, tx Tx) (err error) {
			page, err = s.ListCalls(ctx, tx, q)
			return err
		})
		if err != nil {
			return err
		}
		for _, it := range page.Items {
			if err := fn(it); err != nil {
				return err
			}
		}
		if page.NextCursor == "" {
			return nil
		}
		q.Cursor = page.NextCursor
	}
}

// ResolveCall finds a call by its id, its UUID or its short id.
func ResolveCall(ctx context.Context, tx Tx, workspace, name string) (ringside.CallID, error) {
	var raw []byte
	var err error
	if id, ok := ringside.ParseCallID(name); ok {
		err = tx.QueryRow(ctx, `SELECT id FROM calls WHERE id = $1 AND workspace_id = $2`, id[:], workspace).Scan(&raw)
	} else {
		lo, hi, ok := ringside.ShortRange(name)
		if !ok {
			return ringside.CallID{}, orNotFound(sql.ErrNoRows, "there is no call %q in this workspace", name)
		}
		err = tx.QueryRow(ctx, `SELECT id FROM calls WHERE id >= $1 AND id < $2 AND workspace_id || '' = $3 AND short_id = $4`, lo, hi, workspace, name).Scan(&raw)
	}
	if err != nil {
		return ringside.CallID{}, orNotFound(err, "there is no call %q in this workspace", name)
	}
	return ringside.CallID(raw), nil
}

// OpenCall names a call that is on.
type OpenCall struct {
	Workspace string
	Call      ringside.CallID
}

// OpenCalls lists every call that is on, of all workspaces.
func OpenCalls(ctx context.Context, tx Tx) ([]OpenCall, error) {
	var out []OpenCall
	rows, err := tx.Query(ctx, `SELECT workspace_id, id FROM calls WHERE status IN ('queued', 'ringing', 'active')`)
	err = each(rows, err, func(r Rows) error {
		var o OpenCall
		var raw []byte
		err := r.Scan(&o.Workspace, &raw)
		if err == nil {
			o.Call = ringside.CallID(raw)
		}
		out = append(out, o)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the calls that are on: %w", err)
	}
	return out, nil
}

// CallName gives what a call is called where it was made.
func CallName(ctx context.Context, tx Tx, id ringside.CallID) (provider, providerCallID string, err error) {
	err = tx.QueryRow(ctx, `SELECT provider, provider_call_id FROM calls WHERE id = $1`, id[:]).Scan(&provider, &providerCallID)
	return provider, providerCallID, orNotFound(err, "there is no call %q", id)
}

// WorkspaceOf gives the workspace that a call is in.
func WorkspaceOf(ctx context.Context, tx Tx, id ringside.CallID) (workspace string, err error) {
	err = tx.QueryRow(ctx, `SELECT workspace_id FROM calls WHERE id = $1`, id[:]).Scan(&workspace)
	return workspace, orNotFound(err, "there is no call %q", id)
}

// FindCall finds a call by a name of ours or, where none is called so, by its
// id at its provider; NotFound when there is none.
func FindCall(ctx context.Context, tx Tx, workspace, name string) (ringside.CallID, error) {
	id, err := ResolveCall(ctx, tx, workspace, name)
	if ringside.KindOf(err) != ringside.NotFound {
		return id, err
	}
	providers, listing := providersOf(ctx, tx, workspace)
	if listing != nil {
		return ringside.CallID{}, listing
	}
	for _, p := range providers {
		derived := ringside.NewCallID(workspace, p, name)
		if found, err := ResolveCall(ctx, tx, workspace, derived.String()); ringside.KindOf(err) != ringside.NotFound {
			return found, err
		}
	}
	return ringside.CallID{}, err
}

// Call loads a whole call.
func Call(ctx context.Context, tx Tx, workspace string, id ringside.CallID) (*ringside.Call, error) {
	var provider, providerCallID, short, agent, name string
	var seq int64
	var state []byte
	err := tx.QueryRow(ctx, `
SELECT c.provider, c.provider_call_id, c.short_id, c.agent_id, COALESCE(a.name, ''), c.seq, s.state
FROM calls c LEFT JOIN call_states s ON s.seq = c.seq LEFT JOIN agents a ON a.id = c.agent_id
WHERE c.id = $1 AND c.workspace_id = $2`, id[:], workspace).Scan(&provider, &providerCallID, &short, &agent, &name, &seq, &state)
	if err != nil {
		return nil, orNotFound(err, "there is no call %q in this workspace", id)
	}
	c, err := restoreCall(ctx, tx, workspace, provider, providerCallID, seq, state, func(*ringside.Event) {})
	if err != nil {
		return nil, fmt.Errorf("load call %s: %w", id, err)
	}
	c.ShortID = short
	if agent != "" {
		if c.Agent == nil {
			c.Agent = &ringside.AgentRef{}
		}
		c.Agent.ID, c.Agent.Name = agent, name
	}
	return c, nil
}

// restoreCall makes a call again from its state or, where it has none, from
// its events, which each is shown: a call that is on has no state yet, and one
// that a single delivery tells whole is that delivery's event.
func restoreCall(ctx context.Context, tx Tx, workspace, provider, providerCallID string, seq int64, state []byte, show func(*ringside.Event)) (*ringside.Call, error) {
	if state != nil {
		return ringside.RestoreCall(workspace, provider, providerCallID, func(v any) error {
			raw, err := Unpack(state)
			if err != nil {
				return fmt.Errorf("unpack call state: %w", err)
			}
			return fast.Unmarshal(raw, v)
		})
	}
	var events []ringside.Event
	rows, err := tx.Query(ctx, `SELECT id, name, authority, at_ms, received_us, facts FROM events WHERE call_seq = $1`, seq)
	err = each(rows, err, func(r Rows) error {
		e := ringside.Event{Provider: provider, ProviderCallID: providerCallID}
		if err := scanEvent(r, &e); err != nil {
			return err
		}
		show(&e)
		events = append(events, e)
		return nil
	})
	c := ringside.NewCall(workspace, provider, providerCallID)
	c.Apply(events...)
	return c, err
}

// scanEvent reads id, name, authority, at_ms, received_us and facts.
func scanEvent(r Row, e *ringside.Event) error {
	var at, received int64
	var packed []byte
	if err := r.Scan(&e.ID, &e.Name, &e.Authority, &at, &received, &packed); err != nil {
		return err
	}
	if at != 0 {
		e.At = time.UnixMilli(at).UTC()
	}
	e.ReceivedAt = time.UnixMicro(received).UTC()
	raw, err := Unpack(packed)
	if err != nil {
		return fmt.Errorf("unpack facts of event %s: %w", e.ID, err)
	}
	return fast.Unmarshal(raw, &e.Facts)
}

// Neighbours gives the calls before and after one in a filtered list, newest
// first: previous is the newer.
func Neighbours(ctx context.Context, tx Tx, f CallFilter, id ringside.CallID) (previous, next *ringside.CallID, err error) {
	var ord int64
	if err := tx.QueryRow(ctx, `SELECT ord FROM calls WHERE id = $1`, id[:]).Scan(&ord); err != nil {
		return nil, nil, orNotFound(err, "there is no call %q", id)
	}
	if err := f.resolve(ctx, tx); err != nil {
		return nil, nil, err
	}
	side := func(op, dir string) (*ringside.CallID, error) {
		w := f.build()
		w.add("c.ord %s %s", op, w.arg(ord))
		var raw []byte
		err := tx.QueryRow(ctx, "SELECT c.id FROM calls c WHERE "+w.String()+" ORDER BY c.ord "+dir+" LIMIT 1", w.args...).Scan(&raw)
		if ringside.KindOf(orNotFound(err, "none")) == ringside.NotFound {
			return nil, nil //nolint:nilnil // the first has no neighbour before it
		}
		if err != nil {
			return nil, fmt.Errorf("find neighbour: %w", err)
		}
		return new(ringside.CallID(raw)), nil
	}
	if previous, err = side(">", "ASC"); err != nil {
		return nil, nil, err
	}
	next, err = side("<", "DESC")
	return previous, next, err
}

// StaleCall is a call without an end, and when it was last heard of.
type StaleCall struct {
	Workspace, Provider, ProviderCallID string
	AgentSettings                       string
	LastHeard                           time.Time
}

// StaleCalls lists open calls that nothing has been heard of since a time.
func StaleCalls(ctx context.Context, tx Tx, before time.Time, skip, limit int) ([]StaleCall, error) {
	var out []StaleCall
	rows, err := tx.Query(ctx, `
SELECT c.workspace_id, c.provider, c.provider_call_id, c.heard_ms, COALESCE(a.settings, '{}')
FROM calls c LEFT JOIN agents a ON a.id = c.agent_id
WHERE c.status IN ('queued', 'ringing', 'active') AND c.heard_ms < $1 ORDER BY c.heard_ms, c.id LIMIT $2 OFFSET $3`, before.UnixMilli(), limit, skip)
	err = each(rows, err, func(r Rows) error {
		var c StaleCall
		var heard int64
		err := r.Scan(&c.Workspace, &c.Provider, &c.ProviderCallID, &heard, &c.AgentSettings)
		c.LastHeard = time.UnixMilli(heard).UTC()
		out = append(out, c)
		return err
	})
	return out, err
}

// LastEnded is the newest of an agent's calls that has ended; zero when none
// has.
func LastEnded(ctx context.Context, tx Tx, workspace, agent string) (id ringside.CallID, err error) {
	var raw []byte
	err = tx.QueryRow(ctx, `
SELECT id FROM calls WHERE ord = (SELECT MAX(ord) FROM calls
 WHERE workspace_id = $1 AND agent_id = $2 AND status IN ('completed', 'failed', 'declined', 'missed'))`, workspace, agent).Scan(&raw)
	if errors.Is(err, sql.ErrNoRows) {
		return id, nil
	}
	if err != nil {
		return id, fmt.Errorf("find last call of agent %s: %w", agent, err)
	}
	return ringside.CallID(raw), nil
}

// RecentCalls lists calls newest first by how many to pass over: for clients
// that page in this way.
func RecentCalls(ctx context.Context, tx Tx, workspace string, skip, limit int) ([]*CallItem, error) {
	page := &CallPage{}
	err := scanItems(ctx, tx, "SELECT "+callColumns+fmt.Sprintf(" FROM calls c WHERE c.workspace_id = $1 ORDER BY c.ord DESC LIMIT %d OFFSET %d", limit, skip), []any{workspace}, page)
	return page.Items, err
}
