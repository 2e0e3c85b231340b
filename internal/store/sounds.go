package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/ringsidehq/ringside"
)

// SaveSound keeps what was heard in a call's recording, and its figures, in place
// of what was heard before. The call must be there.
func SaveSound(ctx context.Context, tx Tx, call ringside.CallID, report any, figures any) error {
	short, err := json.Marshal(figures)
	if err != nil {
		return fmt.Errorf("encode what is heard in call %s: %w", call, err)
	}
	packed, err := PackJSON(report)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `INSERT INTO sounds (call_id, report) SELECT id, $2 FROM calls WHERE id = $1
ON CONFLICT (call_id) DO UPDATE SET report = EXCLUDED.report`, call[:], packed)
	if err != nil {
		return fmt.Errorf("save what is heard in call %s: %w", call, err)
	}
	if n == 0 {
		return ringside.Errorf(ringside.NotFound, "there is no call %q", call)
	}
	_, err = tx.Exec(ctx, `INSERT INTO sound_figures (call_id, figures) VALUES ($1, $2)
ON CONFLICT (call_id) DO UPDATE SET figures = EXCLUDED.figures`, call[:], string(short))
	if err != nil {
		return fmt.Errorf("save the figures of call %s: %w", call, err)
	}
	return nil
}

// ReplaceSound puts another report in place of what was heard in a call's
// recording; its figures stay.
func ReplaceSound(ctx context.Context, tx Tx, call ringside.CallID, report any) error {
	packed, err := PackJSON(report)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE sounds SET report = $2 WHERE call_id = $1`, call[:], packed); err != nil {
		return fmt.Errorf("replace what is heard in call %s: %w", call, err)
	}
	return nil
}

// DropSound forgets what was heard in a call's recording.
func DropSound(ctx context.Context, tx Tx, call ringside.CallID) error {
	for _, table := range []string{"sounds", "sound_figures"} {
		if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE call_id = $1`, call[:]); err != nil {
			return fmt.Errorf("forget what is heard in call %s: %w", call, err)
		}
	}
	return nil
}

// AgentSound is the figures of what was heard in one of an agent's calls, as they
// were saved, and the median of the response times that its vendor claims.
type AgentSound struct {
	Figures   json.RawMessage
	ClaimedMS *float64
}

// AgentSounds gives the newest of an agent's calls from a time up to another
// whose recording was heard, at most limit.
func AgentSounds(ctx context.Context, tx Tx, workspace, agent string, from, to time.Time, limit int) ([]AgentSound, error) {
	// The call's place in time is its ord: no column of its own is needed.
	rows, err := tx.Query(ctx, `SELECT f.figures, c.response_ms FROM calls c JOIN sound_figures f ON f.call_id = c.id
WHERE c.workspace_id = $1 AND c.agent_id = $2 AND c.ord >= $3 AND c.ord < $4
ORDER BY c.ord DESC LIMIT $5`, workspace, agent, OrdAt(from), OrdAt(to), limit)
	if err != nil {
		return nil, fmt.Errorf("list sounds of agent %s: %w", agent, err)
	}
	defer rows.Close()
	var out []AgentSound
	for rows.Next() {
		var s AgentSound
		var figures string
		if err := rows.Scan(&figures, &s.ClaimedMS); err != nil {
			return nil, fmt.Errorf("read sounds of agent %s: %w", agent, err)
		}
		s.Figures = json.RawMessage(figures)
		out = append(out, s)
	}
	return out, rows.Err()
}

// Sound reads into report what was heard in a call's recording; NotFound when
// none was heard.
func Sound(ctx context.Context, tx Tx, call ringside.CallID, report any) error {
	var packed []byte
	if err := tx.QueryRow(ctx, `SELECT report FROM sounds WHERE call_id = $1`, call[:]).Scan(&packed); err != nil {
		return orNotFound(err, "no recording of this call has been heard")
	}
	return UnpackJSON(packed, report)
}
