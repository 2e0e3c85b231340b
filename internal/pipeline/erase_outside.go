package pipeline

import (
	"context"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
)

// outside removes what names a person and is of no call of theirs: notes,
// saved views, and deliveries that made no call.
func (w *erase) outside(ctx context.Context, e *store.Erasure, s *Subject) error {
	for _, remove := range []func(context.Context, *store.Erasure, *Subject) error{w.notes, w.views, w.deliveries} {
		if err := remove(ctx, e, s); err != nil {
			return err
		}
	}
	return nil
}

// drop removes some rows in one transaction, and counts them.
func (w *erase) drop(ctx context.Context, e *store.Erasure, ids []string, count *int64, remove func(context.Context, store.Tx, string, string) error) error {
	if len(ids) == 0 {
		return nil
	}
	*count += int64(len(ids))
	return w.cfg.write(ctx, func(ctx context.Context, tx store.Tx) error {
		for _, id := range ids {
			if err := remove(ctx, tx, e.Workspace, id); err != nil && ringside.KindOf(err) != ringside.NotFound {
				return err
			}
		}
		return store.UpdateErasure(ctx, tx, e)
	})
}

func (w *erase) notes(ctx context.Context, e *store.Erasure, s *Subject) error {
	for after := ""; ; {
		var notes []store.NoteText
		err := w.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
			notes, err = store.NoteTexts(ctx, tx, e.Workspace, after, erasePage)
			return err
		})
		if err != nil || len(notes) == 0 {
			return err
		}
		var ids []string
		for _, n := range notes {
			if s.In(n.Text) {
				ids = append(ids, n.ID)
			}
			after = n.ID
		}
		if err := w.drop(ctx, e, ids, &e.Removed.Notes, store.DropNote); err != nil {
			return err
		}
	}
}

func (w *erase) views(ctx context.Context, e *store.Erasure, s *Subject) error {
	var ids []string
	err := w.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) error {
		views, err := store.Views(ctx, tx, e.Workspace)
		for _, v := range views {
			if s.inQuery(v.Query) || s.In(v.Name) {
				ids = append(ids, v.ID)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return w.drop(ctx, e, ids, &e.Removed.Views, store.DeleteView)
}

// bodiesPage is how many bodies are unpacked at once: each may have 10 MiB.
const bodiesPage = 20

func (w *erase) deliveries(ctx context.Context, e *store.Erasure, s *Subject) error {
	for _, state := range []store.DeliveryState{store.Quarantined, store.Ignored} {
		q := store.ReplayQuery{Workspace: e.Workspace, State: state}
		for after := int64(0); ; {
			var rows []store.ReplayRow
			err := w.cfg.Store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
				rows, after, err = store.Replayable(ctx, tx, q, after, bodiesPage)
				return err
			})
			if err != nil {
				return err
			}
			if len(rows) == 0 {
				break
			}
			var ids []string
			for _, r := range rows {
				if s.In(unescape(string(r.Body))) {
					ids = append(ids, r.ID)
				}
			}
			if err := w.drop(ctx, e, ids, &e.Removed.Deliveries, store.DropDelivery); err != nil {
				return err
			}
		}
	}
	return nil
}
