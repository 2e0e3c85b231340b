package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ringsidehq/ringside"
)

// AppendKey is what must be looked up before a delivery can be folded.
type AppendKey struct {
	Workspace      string
	Provider       string
	ProviderCallID string
	Call           ringside.CallID // zero when the delivery tells of no call
	Dedupe         []byte
	Seq, Events    int64 // what the caller has of the call: its number, how many events; 0 when nothing
}

// Prior is what the database knows before a delivery is folded.
type Prior struct {
	DeliveryID string         // an earlier delivery with the same body
	Deleted    bool           // the call was deleted
	Erased     bool           // for good
	Call       *ringside.Call // nil when there is none yet
	Ord        int64          // its place, 0 when there is none
	Seq        int64          // its number in the tables behind it
	Clash      bool           // another call of the workspace has the same short id, or would
	AgentID    string
	Events     int64    // how many the call has
	Names      []string // of the events of a call without a stored state
	Current    bool     // the caller has the call as it is: it is not loaded
	short      string
	state      []byte
}

// Empty dedupe and call ids match nothing: no row has them. Adding an empty
// text to the workspace keeps the planner off the indices that begin with it,
// where it would read every call: the range of ids is a handful.
const priorSQL = `
SELECT COALESCE((SELECT id FROM inbox WHERE dedupe = $2), ''),
       EXISTS (SELECT 1 FROM tombstones WHERE hash = $3), EXISTS (SELECT 1 FROM tombstones WHERE hash = $3 AND erased),
       COALESCE(c.ord, 0), COALESCE(c.seq, 0), COALESCE(c.short_id, ''), COALESCE(c.agent_id, ''), s.state,
       (SELECT COUNT(*) FROM events e WHERE e.call_seq = c.seq),
       EXISTS (SELECT 1 FROM calls x WHERE x.id >= $5 AND x.id < $6 AND x.id <> $4 AND x.workspace_id || '' = $1)
FROM (SELECT 1) AS one
LEFT JOIN calls c ON c.id = $4
LEFT JOIN call_states s ON s.seq = c.seq`

// LoadPriors looks up every key. On PostgreSQL it first takes a lock for each
// call, in one order everywhere, that holds until the transaction ends: two
// processes fold one call one after the other.
func LoadPriors(ctx context.Context, tx Tx, keys []AppendKey) ([]Prior, error) {
	out := make([]Prior, len(keys))
	if pg := PgxTx(tx); pg != nil {
		if err := loadPriorsBatch(ctx, pg, keys, out); err != nil {
			return nil, err
		}
	} else {
		for i, k := range keys {
			if err := out[i].scan(tx.QueryRow(ctx, priorSQL, priorArgs(k)...)); err != nil {
				return nil, fmt.Errorf("look up call: %w", err)
			}
		}
	}
	for i, k := range keys {
		if err := out[i].restore(ctx, tx, k); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func priorArgs(k AppendKey) []any {
	lo, hi := k.Call.ShortRange()
	return []any{k.Workspace, k.Dedupe, Tombstone(k.Call), k.Call[:], lo, hi}
}

func (p *Prior) scan(r Row) error {
	return r.Scan(&p.DeliveryID, &p.Deleted, &p.Erased, &p.Ord, &p.Seq, &p.short, &p.AgentID, &p.state, &p.Events, &p.Clash)
}

// restore makes the call again, if there is one.
func (p *Prior) restore(ctx context.Context, tx Tx, k AppendKey) (err error) {
	if p.Current = p.Seq != 0 && p.Seq == k.Seq && p.Events == k.Events; p.Seq == 0 || p.Current {
		return nil
	}
	name := func(e *ringside.Event) {
		if n := EventName(e); n != "" {
			p.Names = append(p.Names, n)
		}
	}
	if p.Call, err = restoreCall(ctx, tx, k.Workspace, k.Provider, k.ProviderCallID, p.Seq, p.state, name); err != nil {
		return fmt.Errorf("load call %s: %w", k.Call, err)
	}
	p.Call.ShortID, p.state = p.short, nil
	return nil
}

// EventName is what an event is known by in its call: the name that its sender
// gave it, or that we gave to a finding of ours. Empty for one that goes by its
// delivery.
func EventName(e *ringside.Event) string {
	if e.Facts.Key == "" && e.Facts.Ours {
		return e.ID
	}
	return e.Facts.Key
}

// EventNames lists what the events of a call are known by, by its number.
func EventNames(ctx context.Context, tx Tx, seq int64) ([]string, error) {
	var out []string
	rows, err := tx.Query(ctx, `SELECT id, name, authority, at_ms, received_us, facts FROM events WHERE call_seq = $1`, seq)
	err = each(rows, err, func(r Rows) error {
		var e ringside.Event
		err := scanEvent(r, &e)
		if n := EventName(&e); n != "" {
			out = append(out, n)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the names of a call's events: %w", err)
	}
	return out, nil
}

func loadPriorsBatch(ctx context.Context, tx pgx.Tx, keys []AppendKey, out []Prior) error {
	var locks []int64
	for _, k := range keys {
		if !k.Call.IsZero() {
			locks = append(locks, int64(binary.BigEndian.Uint64(k.Call[:8]))) //nolint:gosec // any 64 bits will do
		}
	}
	slices.Sort(locks)
	locks = slices.Compact(locks)
	b := &pgx.Batch{}
	for _, l := range locks {
		b.Queue(`SELECT pg_advisory_xact_lock($1)`, l)
	}
	for _, k := range keys {
		b.Queue(priorSQL, priorArgs(k)...)
	}
	res := tx.SendBatch(ctx, b)
	defer res.Close()
	for range locks {
		if _, err := res.Exec(); err != nil {
			return fmt.Errorf("lock call: %w", err)
		}
	}
	for i := range keys {
		if err := out[i].scan(res.QueryRow()); err != nil {
			return fmt.Errorf("look up call: %w", err)
		}
	}
	return res.Close()
}

// Tombstone is the hash that a deleted call leaves behind.
func Tombstone(id ringside.CallID) []byte {
	h := sha256.Sum256(id[:])
	return h[:]
}

// Stmt is one statement to run.
type Stmt struct {
	SQL  string
	Args []any
}

// Conflict tells whether an error of ExecGroups is a clash of unique values
// that another choice of them would avoid.
func Conflict(err error) bool { return isConflict(err) }

// ExecGroups runs groups of statements, each under a savepoint. It stops at
// the first group that fails and undoes that group alone: done groups were run,
// and bad is why the next was not. err means that the transaction is lost.
//
// On SQLite savepoints cost a copy of every page that is written, and nearly
// always all goes well: a bold run does without, and is lost with ErrBold when
// a statement fails.
func ExecGroups(ctx context.Context, tx Tx, groups [][]Stmt, bold bool) (done int, bad, err error) {
	if pg := PgxTx(tx); pg != nil {
		return execGroupsBatch(ctx, pg, groups)
	}
	for i, g := range groups {
		if bold {
			if err := execAll(ctx, tx, g); err != nil {
				return 0, nil, fmt.Errorf("%w: %w", ErrBold, err)
			}
			continue
		}
		if bad := execGroup(ctx, tx, g); bad != nil {
			if _, err := tx.Exec(ctx, `ROLLBACK TO item`); err != nil {
				return i, bad, fmt.Errorf("undo item: %w (after %w)", err, bad)
			}
			return i, bad, nil
		}
	}
	return len(groups), nil, nil
}

// ErrBold is that of a transaction which would have needed its savepoints.
var ErrBold = errors.New("a statement failed outside of a savepoint")

func execGroup(ctx context.Context, tx Tx, g []Stmt) error {
	if _, err := tx.Exec(ctx, `SAVEPOINT item`); err != nil {
		return err
	}
	if err := execAll(ctx, tx, g); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `RELEASE item`)
	return err
}

func execAll(ctx context.Context, tx Tx, g []Stmt) error {
	for _, s := range g {
		if _, err := tx.Exec(ctx, s.SQL, s.Args...); err != nil {
			return err
		}
	}
	return nil
}

// execGroupsBatch sends all groups in one round trip. After a failure the
// server skips the rest, and the savepoint of the failed group is still open.
func execGroupsBatch(ctx context.Context, tx pgx.Tx, groups [][]Stmt) (done int, bad, err error) {
	b := &pgx.Batch{}
	for _, g := range groups {
		b.Queue(`SAVEPOINT item`)
		for _, s := range g {
			b.Queue(s.SQL, s.Args...)
		}
		b.Queue(`RELEASE SAVEPOINT item`)
	}
	res := tx.SendBatch(ctx, b)
	for i, g := range groups {
		for range len(g) + 2 {
			if _, bad := res.Exec(); bad != nil {
				_ = res.Close() // says the same error again
				if _, err := tx.Exec(ctx, `ROLLBACK TO SAVEPOINT item`); err != nil {
					return i, bad, fmt.Errorf("undo item: %w (after %w)", err, bad)
				}
				return i, bad, nil
			}
		}
	}
	return len(groups), nil, res.Close()
}

// Delivery is a row of the inbox.
type Delivery struct {
	ID         string
	Workspace  string
	Call       ringside.CallID // zero when it tells of none
	Provider   string
	SourceID   string
	Dedupe     []byte
	ReceivedAt time.Time
	Event      string
	State      DeliveryState
	Reason     string
	Pointer    string
	Context    DeliveryContext
	Size       int
	Packed     []byte
}

// Tick is how exactly a time of receipt is kept.
const Tick = time.Microsecond

// DeliveryState is what became of a delivery.
type DeliveryState string

// The states. Stored deliveries were folded; quarantined ones could not be
// decoded; ignored ones tell of no call.
const (
	Stored      DeliveryState = "stored"
	Quarantined DeliveryState = "quarantined"
	Ignored     DeliveryState = "ignored"
)

// DeliveryContext is what the door knew beside the body and a replay needs.
type DeliveryContext struct {
	LinkedAgent string          `json:"linked_agent,omitempty"`
	AgentName   string          `json:"agent_name,omitempty"`
	Metadata    ringside.Values `json:"metadata,omitempty"`

	// The call's id at its provider, where it stood in the address.
	CallID       string `json:"call_id,omitempty"`
	CallProvider string `json:"call_provider,omitempty"`

	Imported bool `json:"imported,omitempty"` // read at the vendor long after the call
}

// InsertDelivery is the statement that keeps a delivery.
func InsertDelivery(d *Delivery) (Stmt, error) {
	ctx := []byte("{}")
	if c := &d.Context; c.LinkedAgent != "" || c.AgentName != "" || c.CallID != "" || len(c.Metadata) > 0 {
		var err error
		if ctx, err = json.Marshal(d.Context); err != nil {
			return Stmt{}, fmt.Errorf("encode delivery context: %w", err)
		}
	}
	var call []byte
	if !d.Call.IsZero() {
		call = d.Call[:]
	}
	return Stmt{
		`
INSERT INTO inbox (id, workspace_id, call_id, provider, source_id, dedupe, received_us, event, state, reason, pointer, context, size, body)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		[]any{
			d.ID, d.Workspace, call, d.Provider, d.SourceID, d.Dedupe, d.ReceivedAt.UnixMicro(), d.Event,
			string(d.State), d.Reason, d.Pointer, string(ctx), d.Size, d.Packed,
		},
	}, nil
}

// InsertEvent is the statement that keeps an event of the call with a number;
// facts are PackJSON's.
func InsertEvent(workspace string, seq int64, e *ringside.Event, facts []byte) Stmt {
	var at int64
	if !e.At.IsZero() {
		at = e.At.UnixMilli()
	}
	return Stmt{
		`
INSERT INTO events (id, workspace_id, call_seq, name, authority, at_ms, received_us, facts)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, authority = EXCLUDED.authority, at_ms = EXCLUDED.at_ms, facts = EXCLUDED.facts`,
		[]any{e.ID, workspace, seq, e.Name, int(e.Authority), at, e.ReceivedAt.UnixMicro(), facts},
	}
}

// ordHash is how many bits of a call's ord tell calls of one millisecond apart.
const ordHash = 22

// Ord is the place of a call in every list: the time it stands at, then bits
// of its id. n picks other bits after a clash.
func Ord(c *ringside.Call, n int) int64 {
	bits := binary.BigEndian.Uint32(c.ID[n%12:]) & (1<<ordHash - 1)
	return OrdAt(c.Sort()) | int64(bits)
}

// NewSeq makes a number for a new call: the time in microseconds, then random
// bits for those of the same one.
func NewSeq(now time.Time) int64 {
	return now.UnixMicro()<<12 | rand.Int64N(1<<12)
}

// AddProvider is the statement that notes a provider of a workspace.
func AddProvider(workspace, provider string) Stmt {
	return Stmt{`INSERT INTO providers (workspace_id, provider) VALUES ($1, $2) ON CONFLICT DO NOTHING`, []any{workspace, provider}}
}

// SameMoment tells whether an ord is of the time that the call now stands at.
func SameMoment(c *ringside.Call, ord int64) bool {
	return ord>>ordHash == OrdAt(c.Sort())>>ordHash
}

// OrdAt is the least ord that a call at a time can have.
func OrdAt(t time.Time) int64 {
	return max(0, min(t.UnixMilli(), 1<<(63-ordHash)-1)) << ordHash
}

// Change is a call to write.
type Change struct {
	Call    *ringside.Call
	Ord     int64
	Was     int64 // its ord before; 0 for a new call
	Seq     int64 // its number in the tables behind it
	AgentID string
	Before  []Entry // what it could be found by before, when Was is not 0
	Whole   bool    // its events are its state, and none is stored: it is on, or one event tells all of it
	Quiet   bool    // nothing has changed that a projection should see
}

// WriteCall gives the statements that write a call's row, state, metadata and
// outbox row.
func WriteCall(ch *Change) ([]Stmt, error) {
	row, err := callRow(ch)
	if err != nil {
		return nil, err
	}
	c := ch.Call
	entries := Entries(c)
	out := make([]Stmt, 0, 4+2*len(entries))
	if ch.Was == 0 {
		out = append(out, Stmt{insertCallSQL, row})
	} else {
		out = append(out, Stmt{updateCallSQL, row})
	}
	if !ch.Whole {
		state, err := PackJSON(c.State().Fold())
		if err != nil {
			return nil, err
		}
		out = append(out, Stmt{
			`INSERT INTO call_states (seq, state) VALUES ($1, $2) ON CONFLICT (seq) DO UPDATE SET state = EXCLUDED.state`,
			[]any{ch.Seq, state},
		})
	}
	out = append(out, entryStmts(ch, entries)...)
	if ch.Quiet {
		return out, nil
	}
	return append(out, Stmt{
		`INSERT INTO outbox (workspace_id, call_id, was) VALUES ($1, $2, $3)`,
		[]any{c.WorkspaceID, c.ID[:], ch.Was},
	}), nil
}
