package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ringsidehq/ringside"
)

// CRMSync is what became of a call in a CRM.
type CRMSync struct {
	CRM         string    `json:"crm" enum:"hubspot,salesforce,custom"`
	ExternalID  string    `json:"external_id" doc:"The call's id there; empty when it was not made"`
	ExternalURL string    `json:"external_url"`
	ContactID   string    `json:"contact_id" doc:"Whom it was put with; empty for nobody"`
	Error       string    `json:"error" doc:"Why the last try failed, in the CRM's words"`
	SyncedAt    time.Time `json:"synced_at" doc:"When it was last tried"`
}

// CRMSyncs lists what became of a call, by CRM.
func CRMSyncs(ctx context.Context, tx Tx, call ringside.CallID) ([]*CRMSync, error) {
	out := []*CRMSync{}
	rows, err := tx.Query(ctx, `SELECT crm, external_id, external_url, contact_id, error, synced_ms FROM crm_syncs WHERE call_id = $1 ORDER BY crm`, call[:])
	err = each(rows, err, func(r Rows) error {
		var s CRMSync
		var at int64
		err := r.Scan(&s.CRM, &s.ExternalID, &s.ExternalURL, &s.ContactID, &s.Error, &at)
		s.SyncedAt = time.UnixMilli(at).UTC()
		out = append(out, &s)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list CRM syncs of call %s: %w", call, err)
	}
	return out, nil
}

// PutCRMSync writes what became of a call in a CRM.
func PutCRMSync(ctx context.Context, tx Tx, workspace string, call ringside.CallID, s *CRMSync) error {
	_, err := tx.Exec(ctx, `
INSERT INTO crm_syncs (call_id, crm, workspace_id, external_id, external_url, contact_id, error, synced_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (call_id, crm) DO UPDATE SET external_id = EXCLUDED.external_id, external_url = EXCLUDED.external_url,
 contact_id = EXCLUDED.contact_id, error = EXCLUDED.error, synced_ms = EXCLUDED.synced_ms`,
		call[:], s.CRM, workspace, s.ExternalID, s.ExternalURL, s.ContactID, s.Error, s.SyncedAt.UnixMilli())
	if err != nil {
		return fmt.Errorf("keep CRM sync of call %s: %w", call, err)
	}
	return nil
}
