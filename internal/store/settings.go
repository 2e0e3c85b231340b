package store

import (
	"context"
	"database/sql"
	"errors"
)

// SetSetting keeps a value of the installation under a name.
func SetSetting(ctx context.Context, tx Tx, name, value string) error {
	_, err := tx.Exec(ctx, `INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value`, name, value)
	return err
}

// Setting gives the value kept under a name; empty when there is none.
func Setting(ctx context.Context, tx Tx, name string) (string, error) {
	var v string
	err := tx.QueryRow(ctx, `SELECT value FROM settings WHERE name = $1`, name).Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return v, err
}

// OnceSetting keeps a value under a name unless there is one, and gives the one
// that is kept: of several at once all get the same.
func OnceSetting(ctx context.Context, tx Tx, name, value string) (string, error) {
	if _, err := tx.Exec(ctx, `INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, name, value); err != nil {
		return "", err
	}
	return Setting(ctx, tx, name)
}

// TakeSetting removes a value of the installation if it is still what the
// caller thinks, and tells whether it was. Of several at once, one takes it.
func TakeSetting(ctx context.Context, tx Tx, name, value string) (bool, error) {
	n, err := tx.Exec(ctx, `DELETE FROM settings WHERE name = $1 AND value = $2`, name, value)
	return n == 1, err
}
