package store

import (
	"context"
	"fmt"

	"github.com/ringsidehq/ringside"
)

// SaveSound keeps what was heard in a call's recording, in place of what was
// heard before. The call must be there.
func SaveSound(ctx context.Context, tx Tx, call ringside.CallID, report any) error {
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
	return nil
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
