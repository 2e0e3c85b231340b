package connect

import (
	"cmp"
	"context"
	"strings"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/store"
)

// maxText is how much of an agent's texts at the vendor is kept, in bytes.
const maxText = 200

func clip(s string) string {
	if s = strings.TrimSpace(s); len(s) <= maxText {
		return s
	}
	return strings.ToValidUTF8(s[:maxText], "")
}

// agents takes the vendor's agents over, and gives how many there are.
func (r *reading) agents(ctx context.Context) (int, error) {
	n := 0
	for cursor := ""; r.pull.Agents != nil; {
		page, err := r.pull.Agents(ctx, r.on, cursor)
		if err != nil {
			return n, err
		}
		changed := false
		err = r.c.cfg.Store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
			for i := range page.Agents {
				did, err := r.agent(ctx, tx, &page.Agents[i])
				if err != nil {
					return err
				}
				changed = changed || did
			}
			return nil
		})
		if changed {
			r.c.cfg.AgentsChanged()
		}
		if err != nil {
			return n, err
		}
		n += len(page.Agents)
		switch page.Next {
		case "":
			return n, nil
		case cursor:
			return n, provider.Unset(r.c.cfg.Providers[r.source.Provider].Name, "its list of agents goes round in a circle: the page behind this one is this one again")
		}
		cursor = page.Next
		if err := r.c.pace(ctx, r.pull); err != nil {
			return n, err
		}
	}
	return n, nil
}

// agent takes one over: it is made where there is none, its name follows the
// vendor's unless somebody gave it another, and another prompt, model or voice
// is a version of its own.
func (r *reading) agent(ctx context.Context, tx store.Tx, v *provider.VendorAgent) (changed bool, err error) {
	source, name := clip(v.ID), clip(v.Name)
	if source == "" {
		return false, nil
	}
	id, _, err := store.AgentBySource(ctx, tx, r.source.Workspace, source)
	if err != nil {
		return false, err
	}
	if id == "" {
		a := &ringside.Agent{
			ID: ringside.NewID("agent", r.now), Name: cmp.Or(name, source), SourceID: source, Provider: r.source.Provider,
			Discovered: true, CreatedAt: r.now, UpdatedAt: r.now,
		}
		if err := store.InsertAgent(ctx, tx, r.source.Workspace, a, nil); err != nil {
			return false, err
		}
		if id, _, err = store.AgentBySource(ctx, tx, r.source.Workspace, source); err != nil {
			return false, err
		}
		changed = true
	}
	before, err := store.NoteAgentVersion(ctx, tx, r.source.Workspace, id, store.AgentVersion{
		Name: name, PromptHash: v.PromptHash, Model: clip(v.Model), Voice: clip(v.Voice), VendorVersion: clip(v.Version), Since: r.now,
	})
	if err != nil || name == "" {
		return changed, err
	}
	row, err := store.Agent(ctx, tx, r.source.Workspace, id)
	if err != nil || row.Name == name {
		return changed, err
	}
	if theirs := before == nil && row.Discovered || before != nil && row.Name == cmp.Or(before.Name, source); !theirs {
		return changed, nil
	}
	row.Name, row.UpdatedAt = name, r.now
	return true, store.UpdateAgent(ctx, tx, r.source.Workspace, row)
}
