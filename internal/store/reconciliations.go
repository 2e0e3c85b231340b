package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/ringsidehq/ringside"
)

// Reconciliation is how keeping in step with a source's vendor goes.
type Reconciliation struct {
	Source    string     `json:"-"`
	Workspace string     `json:"-"`
	Until     time.Time  `json:"-"` // calls that began before were looked at
	Deep      time.Time  `json:"-"` // when the last days were looked at once more
	LookedAt  *time.Time `json:"looked_at" doc:"When the vendor's calls were last compared with those here; null before the first time"`
	Words     string     `json:"trouble,omitempty" doc:"What went wrong since; empty for nothing"`
	Fetched   int        `json:"fetched" doc:"Calls whose webhook had not come and that were fetched, ever"`
	Agents    int        `json:"agents" doc:"Agents at the vendor, when last looked"`
}

// ReconciliationOf tells how keeping in step with a source's vendor goes; nil
// before the first look.
func ReconciliationOf(ctx context.Context, tx Tx, workspace, source string) (*Reconciliation, error) {
	r := &Reconciliation{Source: source, Workspace: workspace}
	var until, deep, looked int64
	err := tx.QueryRow(ctx, `SELECT until_ms, deep_ms, looked_ms, words, fetched, agents FROM reconciliations WHERE source_id = $1 AND workspace_id = $2`,
		source, workspace).Scan(&until, &deep, &looked, &r.Words, &r.Fetched, &r.Agents)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // not yet
	}
	if err != nil {
		return nil, fmt.Errorf("load the reconciliation of source %s: %w", source, err)
	}
	r.Until, r.Deep, r.LookedAt = time.UnixMilli(until).UTC(), time.UnixMilli(deep).UTC(), orNoTime(looked)
	return r, nil
}

// PutReconciliation writes how it goes.
func PutReconciliation(ctx context.Context, tx Tx, r *Reconciliation) error {
	_, err := tx.Exec(ctx, `
INSERT INTO reconciliations (source_id, workspace_id, until_ms, deep_ms, looked_ms, words, fetched, agents) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (source_id) DO UPDATE SET until_ms = EXCLUDED.until_ms, deep_ms = EXCLUDED.deep_ms, looked_ms = EXCLUDED.looked_ms,
 words = EXCLUDED.words, fetched = EXCLUDED.fetched, agents = EXCLUDED.agents`,
		r.Source, r.Workspace, r.Until.UnixMilli(), r.Deep.UnixMilli(), millisOr0(r.LookedAt), r.Words, r.Fetched, r.Agents)
	if err != nil {
		return fmt.Errorf("put the reconciliation of source %s: %w", r.Source, err)
	}
	return nil
}

// KeyedSources lists the sources of all workspaces that have a vendor's key.
func KeyedSources(ctx context.Context, tx Tx) ([]*Source, error) {
	out, err := sources(ctx, tx, `SELECT `+sourceColumns+` FROM sources s JOIN source_keys k ON k.source_id = s.id ORDER BY s.id`)
	if err != nil {
		return nil, fmt.Errorf("list sources with a key: %w", err)
	}
	return out, nil
}

// Held is what is here of a call at its vendor.
type Held struct {
	Whole bool      // it has ended by its vendor's word, or was deleted and is not to come back
	Since time.Time // when the first delivery about it came; zero when it was deleted
}

// soundAlone is ElevenLabs' delivery of what a call sounded like. It says that
// the call is over, and nothing of what else its vendor tells at the end.
const soundAlone = "post_call_audio"

// HeldOf tells what is here of some calls; those that are not in it are not
// here.
func HeldOf(ctx context.Context, tx Tx, ids []ringside.CallID) (map[ringside.CallID]Held, error) {
	out := map[ringside.CallID]Held{}
	for _, id := range ids {
		var status string
		var received int64
		var heard bool
		err := tx.QueryRow(ctx, `SELECT status, received_ms, last_event = $2 AND header NOT LIKE '%"t":%' FROM calls WHERE id = $1`, id[:], soundAlone).
			Scan(&status, &received, &heard)
		switch {
		case err == nil:
			out[id] = Held{ringside.Status(status).Ended() && !heard, time.UnixMilli(received)}
		case errors.Is(err, sql.ErrNoRows):
			var deleted bool
			if err := tx.QueryRow(ctx, `SELECT COUNT(*) > 0 FROM tombstones WHERE hash = $1`, Tombstone(id)).Scan(&deleted); err != nil {
				return nil, fmt.Errorf("ask whether call %s was deleted: %w", id, err)
			}
			if deleted {
				out[id] = Held{Whole: true}
			}
		default:
			return nil, fmt.Errorf("ask what is here of call %s: %w", id, err)
		}
	}
	return out, nil
}

// Completeness is how much of its calls a source brought.
type Completeness struct {
	Calls             int `json:"calls" doc:"Calls of the time that a delivery of the source told of: of the newest 10,000 of its provider"`
	WithoutEnd        int `json:"without_end" doc:"Calls that are over for all that is known, and whose end was not told"`
	WithoutTranscript int `json:"without_transcript" doc:"Calls that ended and have no word of transcript; those that nobody answered are not counted"`
	WithoutRecording  int `json:"without_recording" doc:"The same of recordings"`
}

// maxComplete bounds the calls that completeness is counted over.
const maxComplete = 10_000

// CompletenessOf counts the calls of a time that a source brought.
func CompletenessOf(ctx context.Context, tx Tx, s *Source, from, to time.Time) (Completeness, error) {
	var out Completeness
	// A call that was never on has nothing to write down or to hear. What a
	// header holds is read as text: how many turns there are stands in it under t.
	err := tx.QueryRow(ctx, `
SELECT COUNT(*), COUNT(CASE WHEN n.status = 'unknown' THEN 1 END),
 COUNT(CASE WHEN n.status IN ('completed', 'failed') AND n.duration_ms > 0 AND n.header NOT LIKE '%"t":%' THEN 1 END),
 COUNT(CASE WHEN n.status IN ('completed', 'failed') AND n.duration_ms > 0 AND NOT n.has_recording THEN 1 END)
FROM (
 SELECT c.status, c.duration_ms, c.header, c.has_recording FROM (
  SELECT seq, status, duration_ms, header, has_recording, provider FROM calls
  WHERE workspace_id = $1 AND provider = $2 AND ord >= $3 AND ord < $4 ORDER BY ord DESC LIMIT $6
 ) AS c
 WHERE EXISTS (SELECT 1 FROM inbox i WHERE i.source_id = $5 AND i.id IN (SELECT `+deliveryOfEvent+` FROM events WHERE call_seq = c.seq))
) AS n`,
		s.Workspace, s.Provider, OrdAt(from), OrdAt(to), s.ID, maxComplete).
		Scan(&out.Calls, &out.WithoutEnd, &out.WithoutTranscript, &out.WithoutRecording)
	if err != nil {
		return out, fmt.Errorf("count what is missing of source %s: %w", s.ID, err)
	}
	return out, nil
}
