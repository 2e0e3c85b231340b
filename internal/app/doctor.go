package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/ringsidehq/ringside/internal/bus/nats"
	"github.com/ringsidehq/ringside/internal/config"
	"github.com/ringsidehq/ringside/internal/secret"
	"github.com/ringsidehq/ringside/internal/store"
)

// Check is one thing that the doctor looked at.
type Check struct {
	Name    string
	Found   string
	Problem string // empty: fine
}

// The least that a server can do with.
const (
	minFreeBytes = 1 << 30
	minFiles     = 4096
	maxFsync     = 50 * time.Millisecond
	minYear      = 2025
)

// Doctor looks at everything that an installation depends on.
func Doctor(ctx context.Context, c config.Common) []Check {
	return []Check{
		checkDisk(c.Data), checkFsync(c.Data), checkFiles(), checkClock(time.Now()), checkDatabase(ctx, c), checkSecrets(c), checkBus(c),
	}
}

func problem(name string, err error) Check { return Check{Name: name, Problem: err.Error()} }

func checkDisk(dir string) Check {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return problem("disk", err)
	}
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return problem("disk", err)
	}
	free := st.Bavail * uint64(st.Bsize) //nolint:gosec // a block size is positive
	k := Check{Name: "disk", Found: fmt.Sprintf("%.1f GiB free at %s", float64(free)/(1<<30), dir)}
	if free < minFreeBytes {
		k.Problem = "— less than 1 GiB: deliveries will be refused when it is full"
	}
	return k
}

// checkFsync times what every acknowledged batch waits for.
func checkFsync(dir string) Check {
	f, err := os.CreateTemp(dir, ".fsync-*")
	if err != nil {
		return problem("fsync", err)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	var took []time.Duration
	for range 20 {
		started := time.Now()
		if _, err := f.Write(make([]byte, 4096)); err != nil {
			return problem("fsync", err)
		}
		if err := f.Sync(); err != nil {
			return problem("fsync", err)
		}
		took = append(took, time.Since(started))
	}
	slices.Sort(took)
	median := took[len(took)/2]
	k := Check{Name: "fsync", Found: fmt.Sprintf("%.2f ms median for 4 KiB", float64(median.Microseconds())/1000)}
	if median > maxFsync {
		k.Problem = "— slow: each batch of deliveries waits this long; use a local disk"
	}
	return k
}

func checkFiles() Check {
	var lim syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &lim); err != nil {
		return problem("open files", err)
	}
	k := Check{Name: "open files", Found: fmt.Sprintf("at most %d", lim.Cur)}
	if lim.Cur < minFiles {
		k.Problem = fmt.Sprintf("— fewer than %d: raise it with ulimit -n", minFiles)
	}
	return k
}

func checkClock(now time.Time) Check {
	k := Check{Name: "clock", Found: now.UTC().Format(time.RFC3339)}
	if now.Year() < minYear {
		k.Problem = "— wrong: signatures of vendors will be refused"
	}
	return k
}

func checkDatabase(ctx context.Context, c config.Common) Check {
	s, err := store.Connect(ctx, store.Options{URL: c.DatabaseURL, Dir: c.Data})
	if err != nil {
		return problem("database", err)
	}
	defer s.Close()
	pending, err := s.Pending(ctx)
	if err != nil {
		return problem("database", err)
	}
	found, err := s.CheckIntegrity(ctx)
	if err != nil {
		return problem("database", err)
	}
	k := Check{Name: "database", Found: string(s.Engine) + ": " + found}
	if len(pending) > 0 {
		k.Found += fmt.Sprintf(", %d migrations wait for the next start", len(pending))
	}
	if found != "ok" {
		k.Problem = "— damaged: restore a backup"
	}
	return k
}

func checkBus(c config.Common) Check {
	if c.NATS == "" {
		return Check{Name: "bus", Found: "none is set: each process shows the calls whose events come in at it"}
	}
	found, err := nats.Check(natsServer(c))
	if c.DatabaseURL == "" {
		err = errBusAlone
	}
	if err != nil {
		return problem("bus", err)
	}
	return Check{Name: "bus", Found: found}
}

func checkSecrets(c config.Common) Check {
	if c.SecretKey == "" {
		if _, err := os.Stat(filepath.Join(c.Data, "secret.key")); os.IsNotExist(err) {
			return Check{Name: "secret key", Found: "none yet; the first start makes one"}
		}
	}
	box, err := secret.Open(c.Data, c.SecretKey)
	if err != nil {
		return problem("secret key", err)
	}
	return Check{Name: "secret key", Found: fmt.Sprint(box.Strength())}
}
