package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/ringsidehq/ringside"
)

// DeliveryItem is a delivery as lists show it.
type DeliveryItem struct {
	ID         string           `json:"id"`
	ReceivedAt time.Time        `json:"received_at"`
	Provider   string           `json:"provider"`
	Source     string           `json:"source" doc:"The webhook source it came by; empty when it came with a key"`
	Event      string           `json:"event"`
	State      DeliveryState    `json:"state" enum:"stored,quarantined,ignored"`
	Reason     string           `json:"reason" doc:"Why it was not folded into a call"`
	Pointer    string           `json:"pointer" doc:"JSON pointer to the field that could not be read"`
	Size       int              `json:"size" doc:"Bytes of the body"`
	CallID     *ringside.CallID `json:"call_id"`

	seq      int64
	Context  DeliveryContext `json:"-"`
	sourceID string
}

const deliveryColumns = `i.seq, i.id, i.received_us, i.provider, i.source_id, COALESCE(s.name, ''), i.event, i.state, i.reason, i.pointer, i.size, i.call_id, i.context`

const deliveryFrom = ` FROM inbox i LEFT JOIN sources s ON s.id = i.source_id `

func scanDelivery(r Row, more ...any) (*DeliveryItem, error) {
	var d DeliveryItem
	var received int64
	var call []byte
	var context string
	dst := append([]any{&d.seq, &d.ID, &received, &d.Provider, &d.sourceID, &d.Source, &d.Event, &d.State, &d.Reason, &d.Pointer, &d.Size, &call, &context}, more...)
	if err := r.Scan(dst...); err != nil {
		return nil, err
	}
	d.ReceivedAt = time.UnixMicro(received).UTC()
	if call != nil {
		d.CallID = new(ringside.CallID(call))
	}
	if err := json.Unmarshal([]byte(context), &d.Context); err != nil {
		return nil, fmt.Errorf("decode context of delivery %s: %w", d.ID, err)
	}
	return &d, nil
}

// SourceID is the id of the source that a delivery came by.
func (d *DeliveryItem) SourceID() string { return d.sourceID }

// Cursor is where the page ends that a delivery is the last of.
func (d *DeliveryItem) Cursor() string { return pageEnd{d.seq, d.ID}.String() }

// Deliveries lists a workspace's deliveries in a state, newest first, from
// behind a cursor; an empty state means those that made no call.
func Deliveries(ctx context.Context, tx Tx, workspace string, state DeliveryState, cursor string, limit int) ([]*DeliveryItem, error) {
	w := &where{}
	w.add("i.workspace_id = %s", w.arg(workspace))
	if state == "" {
		w.add("i.state IN ('quarantined', 'ignored')")
	} else {
		w.add("i.state = %s", w.arg(string(state)))
	}
	if cursor != "" {
		end, err := parsePageEnd(cursor)
		if err != nil {
			return nil, err
		}
		w.add("i.seq < %s", w.arg(end.at))
	}
	out := []*DeliveryItem{}
	rows, err := tx.Query(ctx, "SELECT "+deliveryColumns+deliveryFrom+"WHERE "+w.String()+fmt.Sprintf(" ORDER BY i.seq DESC LIMIT %d", limit), w.args...)
	err = each(rows, err, func(r Rows) error {
		d, err := scanDelivery(r)
		out = append(out, d)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list deliveries: %w", err)
	}
	return out, nil
}

// CountDeliveries counts a workspace's deliveries in a state, up to 10,000.
func CountDeliveries(ctx context.Context, tx Tx, workspace string, state DeliveryState) (int, error) {
	return countUpTo(ctx, tx, `SELECT 1 FROM inbox WHERE workspace_id = $1 AND state = $2`, []any{workspace, string(state)})
}

// DeliveryBody loads a delivery with its body.
func DeliveryBody(ctx context.Context, tx Tx, workspace, id string) (*DeliveryItem, []byte, error) {
	var packed []byte
	d, err := scanDelivery(tx.QueryRow(ctx, "SELECT "+deliveryColumns+", i.body"+deliveryFrom+"WHERE i.workspace_id = $1 AND i.id = $2", workspace, id), &packed)
	if err != nil {
		return nil, nil, orNotFound(err, "there is no delivery %q in this workspace", id)
	}
	body, err := Unpack(packed)
	if err != nil {
		return nil, nil, fmt.Errorf("unpack delivery %s: %w", id, err)
	}
	return d, body, nil
}

// CallDeliveries loads what was received about a call, in order, with the
// bodies.
func CallDeliveries(ctx context.Context, tx Tx, workspace string, id ringside.CallID) (items []*DeliveryItem, bodies [][]byte, err error) {
	rows, err := tx.Query(ctx, "SELECT "+deliveryColumns+", i.body"+deliveryFrom+"WHERE i.id IN (SELECT "+deliveryOfEvent+" FROM events WHERE call_seq = (SELECT seq FROM calls WHERE id = $1)) AND i.workspace_id = $2 ORDER BY i.seq LIMIT 500", id[:], workspace)
	err = each(rows, err, func(r Rows) error {
		var packed []byte
		d, err := scanDelivery(r, &packed)
		if err != nil {
			return err
		}
		body, err := Unpack(packed)
		if err != nil {
			return fmt.Errorf("unpack delivery %s: %w", d.ID, err)
		}
		items, bodies = append(items, d), append(bodies, body)
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("load deliveries of call %s: %w", id, err)
	}
	return items, bodies, nil
}

// ReplayQuery says which deliveries to fold again: those in a state, received
// from a time on. Workspace may be empty: all of them.
type ReplayQuery struct {
	Workspace string
	State     DeliveryState
	Since     time.Time
}

// ReplayRow is a delivery to fold again.
type ReplayRow struct {
	*DeliveryItem
	Workspace string
	Body      []byte
}

// Replayable lists deliveries after a place in the inbox, in order.
func Replayable(ctx context.Context, tx Tx, q ReplayQuery, after int64, limit int) (out []ReplayRow, last int64, err error) {
	w := &where{}
	w.add("i.seq > %s", w.arg(after))
	if q.Workspace != "" {
		w.add("i.workspace_id = %s", w.arg(q.Workspace))
	}
	if q.State != "" {
		w.add("i.state = %s", w.arg(string(q.State)))
	}
	if !q.Since.IsZero() {
		w.add("i.received_us >= %s", w.arg(q.Since.UnixMicro()))
	}
	rows, err := tx.Query(ctx, "SELECT "+deliveryColumns+", i.workspace_id, i.body"+deliveryFrom+"WHERE "+w.String()+fmt.Sprintf(" ORDER BY i.seq LIMIT %d", limit), w.args...)
	err = each(rows, err, func(r Rows) error {
		var row ReplayRow
		var packed []byte
		d, err := scanDelivery(r, &row.Workspace, &packed)
		if err != nil {
			return err
		}
		row.DeliveryItem, last = d, d.seq
		if row.Body, err = Unpack(packed); err != nil {
			return fmt.Errorf("unpack delivery %s: %w", d.ID, err)
		}
		out = append(out, row)
		return nil
	})
	return out, last, err
}

// SettleDelivery notes what became of a delivery that was looked at again.
func SettleDelivery(ctx context.Context, tx Tx, id string, state DeliveryState, reason, pointer string, call ringside.CallID) error {
	var raw []byte
	if !call.IsZero() {
		raw = call[:]
	}
	_, err := tx.Exec(ctx, `UPDATE inbox SET state = $2, reason = $3, pointer = $4, call_id = $5 WHERE id = $1`, id, string(state), reason, pointer, raw)
	if err != nil {
		return fmt.Errorf("settle delivery %s: %w", id, err)
	}
	return nil
}

// EmptyDelivery leaves of a delivery that was looked at again why it is not kept.
func EmptyDelivery(ctx context.Context, tx Tx, id, reason string) error {
	_, err := tx.Exec(ctx, `UPDATE inbox SET state = $2, reason = $3, pointer = '', call_id = NULL, context = '{}', size = 0, body = $4 WHERE id = $1`,
		id, string(Ignored), reason, Pack(nil))
	if err != nil {
		return fmt.Errorf("empty delivery %s: %w", id, err)
	}
	return nil
}

// DropDelivery removes a delivery that made no call.
func DropDelivery(ctx context.Context, tx Tx, workspace, id string) error {
	n, err := tx.Exec(ctx, `DELETE FROM inbox WHERE workspace_id = $1 AND id = $2 AND state <> 'stored'`, workspace, id)
	if err == nil && n == 0 {
		return ringside.Errorf(ringside.NotFound, "there is no quarantined or ignored delivery %q in this workspace", id)
	}
	return err
}

// deliveryOfEvent is the delivery's id in an event's: what stands before the
// slash, always as long.
const deliveryOfEvent = `substr(id, 1, 30)`

// deliveriesOfCall are the ids of all that was received about the call $1: what
// its events came in, and what it took no more.
const deliveriesOfCall = `SELECT ` + deliveryOfEvent + ` FROM events WHERE call_seq = (SELECT seq FROM calls WHERE id = $1)
UNION ALL SELECT id FROM inbox WHERE state <> 'stored' AND call_id = $1`

// EventRow is an event as it was folded.
type EventRow struct {
	ID         string             `json:"id"`
	Name       string             `json:"name"`
	Authority  ringside.Authority `json:"authority" doc:"1 guess, 2 live, 3 report, 4 analysed"`
	At         *time.Time         `json:"at" doc:"The vendor's time; null when it gives none"`
	ReceivedAt time.Time          `json:"received_at"`
	Facts      ringside.Facts     `json:"-"`
	FactNames  []string           `json:"facts" doc:"What the event said something about"`
}

// CallEvents loads the events of a call in the order they were received.
func CallEvents(ctx context.Context, tx Tx, workspace string, id ringside.CallID) ([]*EventRow, error) {
	out := []*EventRow{}
	rows, err := tx.Query(ctx, `SELECT id, name, authority, at_ms, received_us, facts FROM events
WHERE call_seq = (SELECT seq FROM calls WHERE id = $1) AND workspace_id = $2 ORDER BY received_us, id`, id[:], workspace)
	err = each(rows, err, func(r Rows) error {
		var e EventRow
		var at, received int64
		var packed []byte
		if err := r.Scan(&e.ID, &e.Name, &e.Authority, &at, &received, &packed); err != nil {
			return err
		}
		if at != 0 {
			e.At = new(time.UnixMilli(at).UTC())
		}
		e.ReceivedAt = time.UnixMicro(received).UTC()
		if err := UnpackJSON(packed, &e.Facts); err != nil {
			return err
		}
		var names map[string]json.RawMessage
		if err := UnpackJSON(packed, &names); err != nil {
			return err
		}
		e.FactNames = sortedKeys(names)
		out = append(out, &e)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("load events of call %s: %w", id, err)
	}
	return out, nil
}

// QuarantinedAll counts the quarantined deliveries of all workspaces, up to
// one past 10,000.
func QuarantinedAll(ctx context.Context, tx Tx) (int64, error) {
	n, err := countUpTo(ctx, tx, `SELECT 1 FROM inbox WHERE state = 'quarantined'`, nil)
	return int64(n), err
}
