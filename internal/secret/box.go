// Package secret keeps vendors' secrets sealed at rest: AES-256-GCM under one
// key, which comes from the environment or from a file in the data directory.
package secret

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
)

// A sealed value is the version, a mark of the key, the nonce and what GCM
// gives. The mark tells a lost key from a damaged value.
const (
	version   = 1
	markSize  = 4
	nonceSize = 12
	headSize  = 1 + markSize + nonceSize
)

// Box seals and opens secrets. It is safe for concurrent use.
type Box struct {
	aead     cipher.AEAD
	mark     []byte
	stamping []byte // the key of Stamp
	strength Strength
}

// The errors of Open.
var (
	ErrOtherKey = errors.New("sealed with another key: give Ringside the RINGSIDE_SECRET_KEY or the secret.key that it had, or enter the secret again")
	ErrDamaged  = errors.New("the sealed secret is damaged or was moved from another place: enter it again")
)

// Lost tells whether an error is that a sealed secret can't be opened any more:
// somebody has to enter it again, or give the key back.
func Lost(err error) bool { return errors.Is(err, ErrOtherKey) || errors.Is(err, ErrDamaged) }

// Open makes a box from key, the text of RINGSIDE_SECRET_KEY, or when that is
// empty from secret.key in dir, which it makes when there is none. A weak key
// is refused.
func Open(dir, key string) (*Box, error) {
	origin := FromEnvironment
	key = strings.TrimSpace(key)
	if key == "" {
		var err error
		if key, err = fileKey(dir); err != nil {
			return nil, err
		}
		origin = FromFile
	}
	s, err := judge(key)
	if err != nil {
		return nil, fmt.Errorf("secret key from %s: %w", origin, err)
	}
	s.Origin = origin
	return newBox(key, s)
}

func newBox(text string, s Strength) (*Box, error) {
	key, err := hkdf.Key(sha256.New, []byte(text), nil, "ringside sealed secrets v1", 32)
	if err != nil {
		return nil, fmt.Errorf("derive key: %w", err)
	}
	mark, err := hkdf.Key(sha256.New, []byte(text), nil, "ringside key mark v1", markSize)
	if err != nil {
		return nil, fmt.Errorf("derive key mark: %w", err)
	}
	stamping, err := hkdf.Key(sha256.New, []byte(text), nil, "ringside stamps v1", 32)
	if err != nil {
		return nil, fmt.Errorf("derive key of stamps: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return &Box{aead: aead, mark: mark, stamping: stamping, strength: s}, nil
}

// Seal encrypts a secret for one purpose, such as "source:" and the source's
// id. It opens only for the same purpose, so a sealed value copied to another
// row is useless there.
func (b *Box) Seal(purpose string, plain []byte) []byte {
	out := make([]byte, headSize, headSize+len(plain)+b.aead.Overhead())
	out[0] = version
	copy(out[1:], b.mark)
	// crypto/rand.Read never fails: it crashes the program instead.
	rand.Read(out[1+markSize : headSize])
	return b.aead.Seal(out, out[1+markSize:headSize], plain, []byte(purpose))
}

// Open decrypts what Seal made for the same purpose. It fails with
// ErrOtherKey or ErrDamaged.
func (b *Box) Open(purpose string, sealed []byte) ([]byte, error) {
	if len(sealed) < headSize || sealed[0] != version {
		return nil, ErrDamaged
	}
	if !bytes.Equal(sealed[1:1+markSize], b.mark) {
		return nil, ErrOtherKey
	}
	plain, err := b.aead.Open(nil, sealed[1+markSize:headSize], sealed[headSize:], []byte(purpose))
	if err != nil {
		return nil, ErrDamaged
	}
	return plain, nil
}

// Stamp gives 16 bytes that are the same for the same value and purpose, and tell
// nobody of it who has not the key: values can be compared that are not kept.
func (b *Box) Stamp(purpose string, value []byte) []byte {
	h := hmac.New(sha256.New, b.stamping)
	h.Write([]byte(purpose))
	h.Write([]byte{0})
	h.Write(value)
	return h.Sum(nil)[:16]
}

// Strength says how good the key is, for the doctor.
func (b *Box) Strength() Strength { return b.strength }
