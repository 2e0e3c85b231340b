package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/crypto/argon2"

	"github.com/ringsidehq/ringside"
)

// What OWASP's cheat sheet on storing passwords names first for argon2id: 19
// MiB, two passes, one lane. maxHashing keeps sign-ins from taking all memory
// and every core.
const (
	hashMemory = 19 * 1024 // KiB
	hashTime   = 2
	hashLanes  = 1
	hashSize   = 32
	saltSize   = 16
	maxHashing = 2
)

// What a password must be. The upper bound only keeps hashing short.
const (
	minPassword = 10
	maxPassword = 256
)

// worst are passwords of enough length that everybody tries first.
var worst = []string{
	"1234567890", "0123456789", "12345678910", "123456789a", "1234567890a", "qwertyuiop", "qwerty12345", "qwerty123456",
	"password12", "password123", "password1234", "passw0rd123", "changeme123", "changemenow", "iloveyou123", "1q2w3e4r5t",
	"1qaz2wsx3edc", "administrator", "ringside123", "letmein123", "welcome123", "abcdefghij", "abc1234567",
}

// CheckPassword refuses passwords that are guessed first. email may be empty.
func CheckPassword(password, email string) error {
	low := strings.ToLower(password)
	switch name, _, _ := strings.Cut(email, "@"); {
	case len([]rune(password)) < minPassword:
		return ringside.Invalidf("/password", "a password has at least %d characters", minPassword)
	case len(password) > maxPassword:
		return ringside.Invalidf("/password", "a password has at most %d bytes", maxPassword)
	case strings.Trim(password, password[:1]) == "", slices.Contains(worst, low):
		return ringside.Invalidf("/password", "this password is among the first that anybody tries; choose another")
	case email != "" && (low == strings.ToLower(email) || len(name) >= minPassword && low == strings.ToLower(name)):
		return ringside.Invalidf("/password", "the password must not be the e-mail address")
	}
	return nil
}

// NewPassword draws a password to be handed over once.
func NewPassword() string { return randomText(20) }

// HashPassword hashes a password in the PHC string format. It waits while
// others hash.
func (a *Auth) HashPassword(ctx context.Context, password string) (string, error) {
	var salt [saltSize]byte
	rand.Read(salt[:])
	sum, err := a.derive(ctx, password, salt[:], hashMemory, hashTime, hashLanes)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashMemory, hashTime, hashLanes,
		base64.RawStdEncoding.EncodeToString(salt[:]), base64.RawStdEncoding.EncodeToString(sum)), nil
}

// nobody is the hash that is checked for an unknown e-mail address, so that
// the answer takes as long as for a known one. No password gives it.
const nobody = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// VerifyPassword tells whether a password gives a hash.
func (a *Auth) VerifyPassword(ctx context.Context, password, phc string) (bool, error) {
	var version, memory, passes, lanes uint32
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, errMalformedHash
	}
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &passes, &lanes); err != nil {
		return false, errMalformedHash
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if errors.Join(err1, err2) != nil || version != argon2.Version || len(want) != hashSize ||
		memory > 1<<20 || passes < 1 || passes > 16 || lanes < 1 || lanes > 16 {
		return false, errMalformedHash
	}
	if len(password) > maxPassword {
		return false, nil
	}
	got, err := a.derive(ctx, password, salt, memory, passes, uint8(lanes))
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

var errMalformedHash = errors.New("the stored password hash is malformed")

func (a *Auth) derive(ctx context.Context, password string, salt []byte, memory, passes uint32, lanes uint8) ([]byte, error) {
	select {
	case a.hashing <- struct{}{}:
		defer func() { <-a.hashing }()
	case <-ctx.Done():
		return nil, ringside.Errorf(ringside.Unavailable, "too many people are signing in at once; try again")
	}
	return argon2.IDKey([]byte(password), salt, passes, memory, lanes, hashSize), nil
}
