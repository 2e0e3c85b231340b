package store

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/ringsidehq/ringside"
)

// Entry is something beside its columns that a call can be found by: a piece
// of metadata, or a label of ours.
type Entry struct {
	table *entryTable
	name  string
	value string
}

// entryTable is where entries of a sort stand. An insert is followed by its
// rows, whose first two values are all the same.
type entryTable struct{ insert, remove string }

var (
	metadataEntries = &entryTable{
		`INSERT INTO call_metadata (workspace_id, ord, name, value) VALUES `,
		`DELETE FROM call_metadata WHERE workspace_id = $1 AND ord = $2 AND name = $3 AND value = $4`,
	}
	labelEntries = &entryTable{
		`INSERT INTO call_labels (workspace_id, ord, kind, value) VALUES `,
		`DELETE FROM call_labels WHERE workspace_id = $1 AND ord = $2 AND kind = $3 AND value = $4`,
	}
)

// entryRows bounds the rows of one statement, and with them how many texts of
// it there are to prepare.
const entryRows = 8

// The kinds of label.
const (
	labelTag     = "tag"
	labelFinding = "finding"
)

// maxEntryText is how much of a value can be filtered on, in bytes.
const maxEntryText = 200

// Entries gives what a call can be found by, in the order in which it is
// written: the same in every transaction, so that two with the same keys don't
// wait for each other crosswise.
func Entries(c *ringside.Call) []Entry {
	out := make([]Entry, 0, len(c.Metadata)+len(c.Tags)+len(c.Findings))
	for k, v := range c.Metadata {
		if s, ok := MetadataText(v); ok && len(k) <= maxEntryText {
			out = append(out, Entry{metadataEntries, k, s})
		}
	}
	for _, t := range c.Tags {
		out = append(out, Entry{labelEntries, labelTag, cut(t)})
	}
	for i := range c.Findings {
		out = append(out, Entry{labelEntries, labelFinding, string(c.Findings[i].Kind)})
	}
	slices.SortFunc(out, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.table.insert, b.table.insert), cmp.Compare(a.name, b.name), cmp.Compare(a.value, b.value))
	})
	return slices.Compact(out)
}

// entryStmts keeps the entries true: they move with the call.
func entryStmts(ch *Change, now []Entry) []Stmt {
	moved := ch.Was != ch.Ord
	var out []Stmt
	for _, e := range ch.Before {
		if moved || !slices.Contains(now, e) {
			out = append(out, Stmt{e.table.remove, []any{ch.Call.WorkspaceID, ch.Was, e.name, e.value}})
		}
	}
	var last *Stmt
	var table *entryTable
	for _, e := range now {
		if !moved && slices.Contains(ch.Before, e) {
			continue
		}
		if e.table != table || len(last.Args) == 2+2*entryRows {
			out = append(out, Stmt{e.table.insert, []any{ch.Call.WorkspaceID, ch.Ord}})
			last, table = &out[len(out)-1], e.table
		} else {
			last.SQL += ", "
		}
		last.SQL += fmt.Sprintf("($1, $2, $%d, $%d)", len(last.Args)+1, len(last.Args)+2)
		last.Args = append(last.Args, e.name, e.value)
	}
	return out
}

// MetadataText is a metadata value as filters compare it; lists and objects
// are not compared.
func MetadataText(v any) (string, bool) {
	var s string
	switch v := v.(type) {
	case string:
		s = v
	case bool, float64, int, int64, json.Number:
		b, err := json.Marshal(v)
		if err != nil {
			return "", false
		}
		s = string(bytes.TrimSpace(b))
	default:
		return "", false
	}
	return cut(s), true
}

func cut(s string) string {
	if len(s) <= maxEntryText {
		return s
	}
	return strings.ToValidUTF8(s[:maxEntryText], "")
}
