package store

import (
	"context"
	"fmt"
	"os"
	"sync/atomic"
	"time"
)

// SQLite writes its log into the database in the middle of a commit, once the
// log is long: then every sender waits for thousands of pages that lie anywhere
// in a file. Here they are written and synced beside the ledger, again and
// again, until so little has come meanwhile that the log can begin anew.
const (
	logDue   = 16_000  // statements committed after which the log is written: some 100 MB of calls
	logLong  = 50_000  // pages, 200 MB, from which it is to begin anew, and not only when nobody writes for a moment
	logRest  = 300     // pages that the ledger waits for then
	logTries = 8       // to come down to these
	logLimit = 128_000 // pages at which SQLite does it after all

	// logPace is what each transaction waits while the log is to begin anew: a
	// disk that writes here and there is no faster than a ledger that writes on.
	logPace = 10 * time.Millisecond
)

// checkpointer writes the log into the database while others write to it.
type checkpointer struct {
	due  int64 // statements
	long int   // pages

	// database is only synced, and stays open for as long as the connections
	// do: closing it would drop their locks. For the same reason a process opens
	// a data directory once.
	database *os.File

	ran   atomic.Int64 // statements since it last was due
	hurry atomic.Bool  // the log is to begin anew
	wake  chan struct{}
	stop  context.CancelFunc
	ended chan struct{}
}

func newCheckpointer(database string) (*checkpointer, error) {
	f, err := os.Open(database)
	if err != nil {
		return nil, err
	}
	return &checkpointer{due: logDue, long: logLong, database: f, wake: make(chan struct{}, 1), ended: make(chan struct{})}, nil
}

// follow writes the log whenever it is due, until stop.
func (c *checkpointer) follow(s *Store) {
	ctx, cancel := context.WithCancel(context.Background())
	c.stop = cancel
	go func() {
		defer close(c.ended)
		for {
			select {
			case <-ctx.Done():
				return
			case <-c.wake:
			}
			c.ran.Store(0)
			_ = s.shortenLog(ctx) // what it could not write waits for the next time, or for the limit
		}
	}()
}

// close ends follow.
func (c *checkpointer) close() {
	c.stop()
	<-c.ended
}

// pace holds a transaction up while the log is to begin anew.
func (c *checkpointer) pace() {
	if c.hurry.Load() {
		time.Sleep(logPace)
	}
}

// note counts the statements of a transaction that was committed.
func (c *checkpointer) note(statements int64) {
	if c.ran.Add(statements) < c.due {
		return
	}
	select {
	case c.wake <- struct{}{}:
	default: // it is awake
	}
}

// shortenLog writes the log into the database. With the next transaction the
// log begins anew by itself, if nothing came meanwhile and nobody reads from it;
// a long one is ended.
func (s *Store) shortenLog(ctx context.Context) error {
	defer s.log.hurry.Store(false)
	for was, try := 0, 0; try < logTries; try++ {
		pages, moved, err := s.moveLog(ctx)
		if err != nil {
			return err
		}
		s.log.hurry.Store(pages >= s.log.long)
		// SQLite syncs only when nothing came meanwhile.
		if err := s.log.database.Sync(); err != nil || pages < s.log.long {
			return err
		}
		if moved-was <= logRest {
			_, err := s.endLog(ctx, "RESTART")
			return err
		}
		was = moved
	}
	return nil
}

// moveLog writes the log into the database by a reader's connection, beside
// which the ledger goes on. It tells how long the log was, in pages, and how
// many of them are in the database: not those after what is being read.
func (s *Store) moveLog(ctx context.Context) (pages, moved int, err error) {
	var busy int
	if err := s.reader.QueryRowContext(ctx, `PRAGMA wal_checkpoint(PASSIVE)`).Scan(&busy, &pages, &moved); err != nil {
		return 0, 0, fmt.Errorf("write the log into the database: %w", err)
	}
	return pages, moved, nil
}

// endLog writes the end of the log into the database by the writer's
// connection, beside which nothing comes. After a RESTART the log begins anew;
// a TRUNCATE empties its file. It tells whether it is done: while somebody
// reads what was, the log stays.
func (s *Store) endLog(ctx context.Context, how string) (done bool, err error) {
	c, err := s.writer.Conn(ctx)
	if err != nil {
		return false, err
	}
	defer c.Close()
	if _, err := c.ExecContext(ctx, `PRAGMA busy_timeout(20)`); err != nil {
		return false, err
	}
	defer func() { _, _ = c.ExecContext(context.WithoutCancel(ctx), `PRAGMA `+busyTimeout) }()
	var busy, pages, moved int
	if err := c.QueryRowContext(ctx, fmt.Sprintf(`PRAGMA wal_checkpoint(%s)`, how)).Scan(&busy, &pages, &moved); err != nil {
		return false, fmt.Errorf("end the log: %w", err)
	}
	return busy == 0, nil
}
