package secret

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// fileName is the key's name in the data directory.
const fileName = "secret.key"

// fileKey reads the key from its file and makes it on the first start.
func fileKey(dir string) (string, error) {
	path := filepath.Join(dir, fileName)
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeFile(dir, path); err != nil {
			return "", fmt.Errorf("make %s: %w", path, err)
		}
		// Another process may have made it in the same moment: what is there
		// now is the key.
		b, err = os.ReadFile(path)
	}
	if err != nil {
		return "", fmt.Errorf("read secret key: %w", err)
	}
	if err := onlyOwner(path); err != nil {
		return "", err
	}
	return strings.TrimSpace(string(b)), nil
}

// makeFile writes a new key beside its place, to disk, and links it there: the
// file is never seen half written, and one that is there is never replaced.
func makeFile(dir, path string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, fileName+".*") // O_EXCL and 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if _, err := f.WriteString(newKey() + "\n"); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(dir)
}

// newKey draws 32 bytes that judge accepts, as hex.
func newKey() string {
	for {
		var b [32]byte
		rand.Read(b[:])
		key := hex.EncodeToString(b[:])
		if _, err := judge(key); err == nil {
			return key
		}
	}
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// onlyOwner refuses a key file that everybody on the machine can read. A group
// may: that is how orchestrators mount secrets.
func onlyOwner(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o007 != 0 {
		return fmt.Errorf("%s can be read by everybody on this machine: chmod 600 it, and consider the secrets sealed with it known", path)
	}
	return nil
}
