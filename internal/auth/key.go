package auth

import (
	"context"
	"crypto/rand"
	"hash/crc32"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/store"
)

// A key is rs_live_, 30 random characters and 6 of a checksum over all before
// it. The checksum tells a typo from a revoked key without a look-up, and lets
// scanners of leaked secrets be sure.
const (
	keyPrefix   = "rs_live_"
	keyRandom   = 30
	keyChecksum = 6
	keyLength   = len(keyPrefix) + keyRandom + keyChecksum
	keyPreview  = 12
)

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// randomText draws n base62 characters, each as likely as any other.
func randomText(n int) string {
	out := make([]byte, 0, n)
	var buf [64]byte
	for {
		rand.Read(buf[:])
		for _, b := range buf {
			if b >= 4*62 { // the rest would favour the first characters
				continue
			}
			if out = append(out, base62[b%62]); len(out) == n {
				return string(out)
			}
		}
	}
}

func checksum(s string) string {
	n := crc32.ChecksumIEEE([]byte(s))
	var out [keyChecksum]byte
	for i := keyChecksum - 1; i >= 0; i-- {
		out[i] = base62[n%62]
		n /= 62
	}
	return string(out[:])
}

// checkKey refuses what can't be a key at all.
func checkKey(key string) error {
	switch body := len(key) - keyChecksum; {
	case !strings.HasPrefix(key, keyPrefix):
		return unauthorized("key_malformed", "this is not a Ringside key: keys begin with rs_live_")
	case len(key) != keyLength:
		return unauthorized("key_malformed", "the key is cut off or has something added; copy all of it again")
	case checksum(key[:body]) != key[body:]:
		return unauthorized("key_malformed", "the key has a typo: its checksum is wrong; copy it again")
	}
	return nil
}

// maxName bounds the names that people give to things, in bytes.
const maxName = 200

// CheckName tidies a name that a person gave to something.
func CheckName(name string) (string, error) {
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return "", ringside.Invalidf("/name", "a name is needed")
	case len(name) > maxName:
		return "", ringside.Invalidf("/name", "a name has at most %d characters", maxName)
	case strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return "", ringside.Invalidf("/name", "a name is one line of text")
	}
	return name, nil
}

// NewKey draws a key. It must be stored to be good for anything, and plain is
// not kept anywhere. A zero time of expiry means never.
func NewKey(workspace, name string, scope Scope, expires time.Time) (plain string, k *store.Key, err error) {
	now := time.Now().UTC().Truncate(time.Millisecond)
	if name, err = CheckName(name); err != nil {
		return "", nil, err
	}
	if scope.rank() == 0 {
		return "", nil, ringside.Invalidf("/scope", "%q is no scope; choose ingest, read or admin", scope)
	}
	plain = keyPrefix + randomText(keyRandom)
	plain += checksum(plain)
	h := hash(plain)
	k = &store.Key{
		ID: ringside.NewID("key", now), Workspace: workspace, Name: name, Scope: string(scope),
		Preview: plain[:keyPreview], CreatedAt: now, Hash: h[:],
	}
	if !expires.IsZero() {
		if !expires.After(now) {
			return "", nil, ringside.Invalidf("/expires_at", "the key would have expired already")
		}
		if expires.UTC().Year() > 9999 { // no answer could hold it
			return "", nil, ringside.Invalidf("/expires_at", "is too far away; leave it out for a key that never expires")
		}
		k.ExpiresAt = new(expires.UTC())
	}
	return plain, k, nil
}

// CreateKey draws a key and stores it, for the command line: nobody is signed
// in there, so that is what the audit names.
func (a *Auth) CreateKey(ctx context.Context, workspace, name string, scope Scope, expires time.Time) (plain string, k *store.Key, err error) {
	plain, k, err = NewKey(workspace, name, scope, expires)
	if err != nil {
		return "", nil, err
	}
	err = a.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := store.InsertKey(ctx, tx, k); err != nil {
			return err
		}
		return store.InsertAudit(ctx, tx, workspace, &store.AuditEntry{
			ID: ringside.NewID("audit", k.CreatedAt), At: k.CreatedAt, Actor: "command line", Action: "key.create", Subject: k.Name + " (" + k.ID + ")",
		})
	})
	return plain, k, err
}

// Forget drops what is remembered of keys. Call it after keys were revoked, or
// they go on working here for up to five seconds, as they do in other
// processes.
func (a *Auth) Forget() { a.keys.forget() }

// ByKey says whose key this is. The answer is remembered for a few seconds, as
// every delivery asks.
func (a *Auth) ByKey(ctx context.Context, key string) (*Principal, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	now, h := a.now(), hash(key)
	k, generation := a.keys.get(h, now)
	if k == nil {
		var err error
		if k, err = a.loadKey(ctx, h[:]); err != nil {
			return nil, err
		}
		k.loaded = now
		a.keys.put(h, k, generation)
	}
	if !k.expires.IsZero() && !now.Before(k.expires) {
		return nil, unauthorized("key_expired", "the key has expired; make a new one in Settings, Keys")
	}
	a.seen.key(k, now)
	p := k.principal
	return &p, nil
}

func (a *Auth) loadKey(ctx context.Context, hash []byte) (*knownKey, error) {
	var row *store.Key
	err := a.store.Read(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		row, err = store.KeyByHash(ctx, tx, hash)
		return err
	})
	if ringside.KindOf(err) == ringside.NotFound {
		return nil, unauthorized("key_unknown", "the key is not known: it was revoked, or it is another server's")
	}
	if err != nil {
		return nil, err
	}
	k := &knownKey{principal: Principal{WorkspaceID: row.Workspace, Scope: Scope(row.Scope), KeyID: row.ID, Name: row.Name}}
	if row.ExpiresAt != nil {
		k.expires = *row.ExpiresAt
	}
	if row.LastUsedAt != nil {
		k.used.Store(row.LastUsedAt.UnixMilli())
	}
	return k, nil
}
