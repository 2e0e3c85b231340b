package jobs

import (
	"time"

	"github.com/riverqueue/river"
)

// maxConnecting is how many sources are read at their vendors at a time by one
// process.
const maxConnecting = 4

// reconcileEvery is how often calls are looked for whose webhook never came.
const reconcileEvery = 15 * time.Minute

// ImportCalls asks for a source's past calls to be read at its vendor. It goes
// on where the import stands.
type ImportCalls struct {
	WorkspaceID string `json:"workspace_id"`
	SourceID    string `json:"source_id"`
	Run         string `json:"run"` // which import
}

// Kind implements river.JobArgs.
func (ImportCalls) Kind() string { return "import_calls" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (ImportCalls) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: QueueConnect, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: open}}
}

// KeepInStep asks for a source to be compared with its vendor: the agents, and
// the calls whose webhook never came.
type KeepInStep struct {
	WorkspaceID string `json:"workspace_id"`
	SourceID    string `json:"source_id"`
}

// Kind implements river.JobArgs.
func (KeepInStep) Kind() string { return "keep_in_step" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (KeepInStep) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 2, Queue: QueueConnect, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: open}}
}

// Reconcile asks for every source that has a key to be kept in step.
type Reconcile struct{}

// Kind implements river.JobArgs.
func (Reconcile) Kind() string { return "reconcile" }
