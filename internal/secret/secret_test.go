package secret_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/ringsidehq/ringside/internal/secret"
)

const good = "f3b1c9d07a5e4428916b0dc7e2a8f5643d90b17ce6f24a58"

func open(t *testing.T, dir, key string) *secret.Box {
	t.Helper()
	b, err := secret.Open(dir, key)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSealedOpensOnlyForItsPurpose(t *testing.T) {
	t.Parallel()
	b := open(t, t.TempDir(), good)
	sealed := b.Seal("source:a", []byte("hush"))
	if bytes.Contains(sealed, []byte("hush")) {
		t.Fatal("the secret stands in the sealed value")
	}
	if plain, err := b.Open("source:a", sealed); err != nil || string(plain) != "hush" {
		t.Fatalf("unseal: %q, %v", plain, err)
	}
	if _, err := b.Open("source:b", sealed); !errors.Is(err, secret.ErrDamaged) {
		t.Errorf("another purpose: %v", err)
	}
	if bytes.Equal(sealed, b.Seal("source:a", []byte("hush"))) {
		t.Error("two seals of one secret are the same")
	}
	if plain, err := b.Open("x", b.Seal("x", nil)); err != nil || len(plain) != 0 {
		t.Errorf("an empty secret: %q, %v", plain, err)
	}
}

func TestEveryChangedByteIsNoticed(t *testing.T) {
	t.Parallel()
	b := open(t, t.TempDir(), good)
	sealed := b.Seal("p", []byte("hush"))
	for i := range sealed {
		bad := bytes.Clone(sealed)
		bad[i] ^= 1
		if _, err := b.Open("p", bad); err == nil {
			t.Errorf("byte %d was changed and nobody noticed", i)
		}
		if _, err := b.Open("p", sealed[:i]); err == nil {
			t.Errorf("cut to %d bytes and nobody noticed", i)
		}
	}
}

func TestAnotherKeyIsNamedAsTheReason(t *testing.T) {
	t.Parallel()
	sealed := open(t, t.TempDir(), "").Seal("p", []byte("hush"))
	if _, err := open(t, t.TempDir(), "").Open("p", sealed); !errors.Is(err, secret.ErrOtherKey) {
		t.Errorf("got %v", err)
	}
}

func TestFileIsMadeOnceAndKept(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	boxes := make([]*secret.Box, 8)
	var wg sync.WaitGroup
	for i := range boxes {
		wg.Go(func() { boxes[i], _ = secret.Open(dir, "") })
	}
	wg.Wait()
	for i, b := range boxes {
		if b == nil {
			t.Fatalf("start %d failed", i)
		}
		if _, err := b.Open("p", boxes[0].Seal("p", nil)); err != nil {
			t.Errorf("start %d has another key: %v", i, err)
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	info, err := files[0].Info()
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	s := boxes[0].Strength()
	if s.Origin != secret.FromFile || s.Length != 64 || s.Bits < 128 {
		t.Errorf("strength %+v", s)
	}
}

func TestFileThatEverybodyReadsIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	open(t, dir, "")
	if err := os.Chmod(filepath.Join(dir, secret.FromFile), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := secret.Open(dir, ""); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("got %v", err)
	}
}

func TestWeakKeysAreRefused(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]string{
		"short":            "f3b1c9d07a5e4428916b0dc7e2a8f56",
		"one character":    strings.Repeat("x", 64),
		"few characters":   strings.Repeat("aab", 10) + "ccdeeffaabb",
		"repeated":         strings.Repeat("f3b1c9d07a5e", 4),
		"in order":         "abcdefghijklmnopqrstuvwxyz0123456789",
		"from an example":  "ChangeMe-f3b1c9d07a5e4428916b0dc7e2a8",
		"password with it": "correct-horse-password-staple-81726354",
	} {
		if _, err := secret.Open(t.TempDir(), key); err == nil || !strings.Contains(err.Error(), secret.FromEnvironment) {
			t.Errorf("%s: %v", name, err)
		}
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, secret.FromFile), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := secret.Open(dir, ""); err == nil {
		t.Error("an empty key file was taken")
	}
}
