package auth

import (
	"crypto/sha256"
	"sync"
	"sync/atomic"
	"time"
)

// How long a key is believed without asking the database. From refreshAfter
// on, one caller asks again while the others go on with what is known.
const (
	keyLife       = 5 * time.Second
	refreshAfter  = 4 * time.Second
	maxCachedKeys = 4096
)

// knownKey is a key as the cache holds it.
type knownKey struct {
	principal Principal
	expires   time.Time // zero: never
	loaded    time.Time
	asking    atomic.Bool  // somebody asks the database again
	used      atomic.Int64 // when its use was last noted, Unix milliseconds
}

// keyCache remembers keys by their hash.
type keyCache struct {
	mu         sync.RWMutex
	known      map[[sha256.Size]byte]*knownKey // guarded by mu
	generation int                             // guarded by mu; counts calls of forget
}

func newKeyCache() *keyCache {
	return &keyCache{known: map[[sha256.Size]byte]*knownKey{}}
}

// get gives a key that is still believed, or nil. The generation belongs to
// the put that follows.
func (c *keyCache) get(h [sha256.Size]byte, now time.Time) (*knownKey, int) {
	c.mu.RLock()
	k, generation := c.known[h], c.generation
	c.mu.RUnlock()
	if k == nil {
		return nil, generation
	}
	age := now.Sub(k.loaded)
	if age >= keyLife || age >= refreshAfter && k.asking.CompareAndSwap(false, true) {
		return nil, generation
	}
	return k, generation
}

// put remembers a key, unless keys were revoked since it was looked up: then
// what was read may be of before.
func (c *keyCache) put(h [sha256.Size]byte, k *knownKey, generation int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.generation != generation {
		return
	}
	if len(c.known) >= maxCachedKeys && c.known[h] == nil {
		clear(c.known)
	}
	if old := c.known[h]; old != nil { // its last use may not be written yet
		k.used.Store(max(k.used.Load(), old.used.Load()))
	}
	c.known[h] = k
}

func (c *keyCache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.known)
	c.generation++
}
