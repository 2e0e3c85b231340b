package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/ringsidehq/ringside"
)

// maxCandidates is how many of the newest matches of the words are looked at
// when other filters narrow them further.
const maxCandidates = 20_000

// maxRanked is how many of the newest matches relevance ranks.
const maxRanked = 5_000

// foldText makes text comparable: lower case, without diacritics. The index
// and the search see the same.
func foldText(s string) string {
	plain := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
	return plain
}

// terms splits what a person typed: words, and phrases in quotes.
func terms(q string) []string {
	var out []string
	for i, part := range strings.Split(foldText(q), `"`) {
		words := strings.FieldsFunc(part, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
		if i%2 == 1 && len(words) > 0 { // between quotes
			out = append(out, strings.Join(words, " "))
			continue
		}
		out = append(out, words...)
	}
	if len(out) > 16 {
		out = out[:16]
	}
	return out
}

// wsToken is a workspace's id as one word of the index.
func wsToken(workspace string) string { return strings.ReplaceAll(workspace, "_", "") }

// matching is the engine's search for terms.
type matching struct {
	sql  string // a table of one column, ord, and its condition
	args []any
}

func (s *Store) matching(workspace string, ts []string) matching {
	if s.Engine == Postgres {
		quoted := make([]string, len(ts))
		for i, t := range ts {
			quoted[i] = `"` + t + `"`
		}
		return matching{
			`SELECT ord FROM search WHERE workspace_id = $1 AND words @@ websearch_to_tsquery('simple', $2)`,
			[]any{workspace, strings.Join(quoted, " ")},
		}
	}
	expr := []string{`ws:"` + wsToken(workspace) + `"`}
	for _, t := range ts {
		expr = append(expr, `text:"`+t+`"`)
	}
	return matching{`SELECT rowid AS ord FROM search WHERE search MATCH $1`, []any{strings.Join(expr, " AND ")}}
}

// key is the ord in a matching's own table.
func (s *Store) key() string {
	if s.Engine == Postgres {
		return "ord"
	}
	return "rowid"
}

// searchCalls lists the calls whose transcript has every term.
func (s *Store) searchCalls(ctx context.Context, tx Tx, q CallQuery, cur *cursor, page *CallPage) error {
	ts := terms(q.Query)
	if len(ts) == 0 {
		return nil
	}
	m := s.matching(q.Workspace, ts)
	var err error
	if q.Sort == SortRelevance {
		err = s.searchByRank(ctx, tx, q, m, ts, page)
	} else {
		err = s.searchByTime(ctx, tx, q, m, cur, page)
	}
	if err != nil {
		return err
	}
	return highlight(ctx, tx, q.Workspace, ts, page.Items)
}

// bound adds the filter's times and the cursor to a search, so that the index
// is read no further than it must be.
func (s *Store) bound(q *CallQuery, m matching, beyond string, ord int64) matching {
	m.args = slices.Clone(m.args)
	w := &where{args: m.args}
	if !q.StartedAfter.IsZero() {
		w.add("%s >= %s", s.key(), w.arg(OrdAt(q.StartedAfter)))
	}
	if !q.StartedBefore.IsZero() {
		w.add("%s < %s", s.key(), w.arg(OrdAt(q.StartedBefore)))
	}
	if beyond != "" {
		w.add("%s %s %s", s.key(), beyond, w.arg(ord))
	}
	if len(w.conds) > 0 {
		m.sql += " AND " + w.String()
	}
	m.args = w.args
	return m
}

func (s *Store) searchByTime(ctx context.Context, tx Tx, q CallQuery, m matching, cur *cursor, page *CallPage) error {
	if err := s.countMatches(ctx, tx, &q, m, page); err != nil {
		return err
	}
	op, dir := "<", "DESC"
	if q.Sort == SortOldest {
		op, dir = ">", "ASC"
	} else if q.Sort != SortNewest {
		return ringside.Invalidf("sort", "a search is sorted by time or by relevance")
	}
	in := s.bound(&q, m, "", 0)
	if cur != nil {
		in = s.bound(&q, m, op, cur.Ord)
	}
	limit := q.Limit + 1
	if q.narrow() {
		limit = maxCandidates
	}
	in.sql += fmt.Sprintf(" ORDER BY %s %s LIMIT %d", s.key(), dir, limit)
	w := q.build()
	shift := len(w.args)
	sql := "SELECT " + callColumns + " FROM calls c WHERE " + w.String() + " AND c.ord IN (" + renumber(in.sql, shift) + ")" +
		" ORDER BY c.ord " + dir + fmt.Sprintf(" LIMIT %d", q.Limit+1)
	if err := scanItems(ctx, tx, sql, append(w.args, in.args...), page); err != nil {
		return err
	}
	page.cut(q.Limit, func(it *CallItem) cursor { return cursor{Sort: q.Sort, Ord: it.ord} })
	return nil
}

// countMatches counts the matches among the newest ones.
func (s *Store) countMatches(ctx context.Context, tx Tx, q *CallQuery, m matching, page *CallPage) error {
	if q.uncounted {
		return nil
	}
	in := s.bound(q, m, "", 0)
	if !q.narrow() {
		n, err := countUpTo(ctx, tx, in.sql, in.args)
		page.Total, page.TotalIsLowerBound = min(n, maxTotal), n > maxTotal
		return err
	}
	in.sql += fmt.Sprintf(" ORDER BY %s DESC LIMIT %d", s.key(), maxCandidates)
	candidates, err := countUpTo(ctx, tx, "SELECT 1 FROM ("+in.sql+") AS candidates", in.args)
	if err != nil {
		return err
	}
	w := q.build()
	n, err := countUpTo(ctx, tx, "SELECT 1 FROM calls c WHERE "+w.String()+" AND c.ord IN ("+renumber(in.sql, len(w.args))+")", append(w.args, in.args...))
	page.Total, page.TotalIsLowerBound = min(n, maxTotal), n > maxTotal || candidates > maxTotal
	return err
}

// searchByRank gives the best of the newest matches, one page of them.
func (s *Store) searchByRank(ctx context.Context, tx Tx, q CallQuery, m matching, ts []string, page *CallPage) error {
	if err := s.countMatches(ctx, tx, &q, m, page); err != nil {
		return err
	}
	in := s.bound(&q, m, "", 0)
	newest := in.sql + fmt.Sprintf(" ORDER BY %s DESC LIMIT %d", s.key(), maxRanked)
	var oldest int64
	if err := tx.QueryRow(ctx, "SELECT COALESCE(MIN(ord), 0) FROM ("+newest+") AS newest", in.args...).Scan(&oldest); err != nil {
		return fmt.Errorf("find the newest matches: %w", err)
	}
	ranked := s.bound(&q, m, ">=", oldest)
	w := q.build()
	rank := "bm25(search)"
	if s.Engine == Postgres {
		rank = "-ts_rank(words, websearch_to_tsquery('simple', $2))"
	}
	inner := strings.Replace(ranked.sql, " AS ord FROM", " AS ord, "+rank+" AS score FROM", 1)
	if s.Engine == Postgres {
		inner = strings.Replace(ranked.sql, "SELECT ord FROM", "SELECT ord, "+rank+" AS score FROM", 1)
	}
	sql := "SELECT " + prefixed(callColumns, "c.") + " FROM calls c JOIN (" + renumber(inner, len(w.args)) + ") AS hit ON hit.ord = c.ord WHERE " + w.String() +
		fmt.Sprintf(" ORDER BY hit.score, c.ord DESC LIMIT %d", q.Limit)
	return scanItems(ctx, tx, sql, append(w.args, ranked.args...), page)
}

func prefixed(columns, prefix string) string {
	names := strings.Split(columns, ",")
	for i, n := range names {
		names[i] = prefix + strings.TrimSpace(n)
	}
	return strings.Join(names, ", ")
}

// renumber shifts a query's placeholders behind n others.
func renumber(sql string, n int) string {
	var b strings.Builder
	for i := 0; i < len(sql); i++ {
		b.WriteByte(sql[i])
		if sql[i] != '$' {
			continue
		}
		v := 0
		for i+1 < len(sql) && sql[i+1] >= '0' && sql[i+1] <= '9' {
			i++
			v = v*10 + int(sql[i]-'0')
		}
		fmt.Fprint(&b, v+n)
	}
	return b.String()
}

// Index writes what can be searched of a call at its place.
func (s *Store) Index(ctx context.Context, tx Tx, c *ringside.Call, ord int64) error {
	text := searchText(c)
	if s.Engine == Postgres {
		_, err := tx.Exec(ctx, `
INSERT INTO search (ord, workspace_id, words) VALUES ($1, $2, to_tsvector('simple', $3))
ON CONFLICT (ord) DO UPDATE SET words = EXCLUDED.words`, ord, c.WorkspaceID, text)
		return err
	}
	if err := s.Unindex(ctx, tx, ord); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO search (rowid, ws, text) VALUES ($1, $2, $3)`, ord, wsToken(c.WorkspaceID), text)
	return err
}

// Unindex removes what can be searched at a place.
func (s *Store) Unindex(ctx context.Context, tx Tx, ord int64) error {
	_, err := tx.Exec(ctx, `DELETE FROM search WHERE `+s.key()+` = $1`, ord)
	return err
}

// maxSearchText bounds the words of one call: PostgreSQL refuses a tsvector
// over 1 MiB.
const maxSearchText = 400_000

// searchText is what a search looks through: what was said, by and with whom,
// and the vendor's summary.
func searchText(c *ringside.Call) string {
	var b strings.Builder
	for _, s := range []string{c.CustomerName, c.From, c.To, c.ProviderCallID} {
		b.WriteString(s)
		b.WriteByte('\n')
	}
	if a := c.Analysis.Provider; a != nil {
		b.WriteString(a.Summary)
		b.WriteByte('\n')
	}
	for i := range c.Turns {
		b.WriteString(c.Turns[i].Text)
		b.WriteByte('\n')
		if b.Len() > maxSearchText {
			break
		}
	}
	// A word of a document must be short for PostgreSQL; nobody searches for
	// a longer one.
	return limitWords(foldText(b.String()))
}

func limitWords(s string) string {
	words := strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	kept := words[:0]
	for _, w := range words {
		if len(w) <= 200 {
			kept = append(kept, w)
		}
	}
	text := strings.Join(kept, " ")
	return strings.ToValidUTF8(text[:min(len(text), maxSearchText)], "")
}
