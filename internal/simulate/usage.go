package simulate

import (
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// usage is what a process has used, as Linux counts it.
type usage struct {
	cpu           time.Duration // user and system
	rssMB, peakMB float64
}

// tick is Linux's unit of CPU time in /proc: the kernel's USER_HZ is 100 on
// every architecture that Go runs on.
const tick = 10 * time.Millisecond

// usageOf reads /proc; it is zero for a process that is not there, and on
// systems without /proc.
func usageOf(pid int) usage {
	var u usage
	dir := "/proc/" + strconv.Itoa(pid)
	stat, err := os.ReadFile(dir + "/stat")
	if pid == 0 || err != nil {
		return u
	}
	// The second field is the name in brackets and may hold spaces.
	f := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	if len(f) > 12 {
		user, _ := strconv.Atoi(f[11])
		system, _ := strconv.Atoi(f[12])
		u.cpu = time.Duration(user+system) * tick
	}
	status, _ := os.ReadFile(dir + "/status")
	for row := range strings.Lines(string(status)) {
		name, rest, _ := strings.Cut(row, ":")
		kb, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 64)
		switch name {
		case "VmRSS":
			u.rssMB = kb / 1024
		case "VmHWM":
			u.peakMB = kb / 1024
		}
	}
	return u
}

// ownCPU is what this process has used.
func ownCPU() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// treeBytes is how much the files below a directory hold; 0 without one.
func treeBytes(dir string) (n int64) {
	if dir == "" {
		return 0
	}
	_ = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return nil //nolint:nilerr // a file that has just gone counts for nothing
		}
		if info, err := e.Info(); err == nil {
			n += info.Size()
		}
		return nil
	})
	return n
}
