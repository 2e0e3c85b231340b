package secret

import (
	"errors"
	"math"
	"strings"
)

// Where a key comes from.
const (
	FromEnvironment = "RINGSIDE_SECRET_KEY"
	FromFile        = fileName
)

// Strength is what can be told of a key by looking at it.
type Strength struct {
	Origin string // FromEnvironment or FromFile
	Length int    // characters
	Bits   int    // at most this much entropy, by how its characters are spread
}

// What a key must have. A key of 32 random hex digits has 128 bits and, all
// but surely, ten different digits.
const (
	minLength   = 32
	minDistinct = 10
)

// advice ends the refusal of a weak key.
const advice = "; make one with: openssl rand -hex 32"

// judge measures a key and refuses one that was not drawn at random.
func judge(key string) (Strength, error) {
	counts := map[byte]int{}
	for i := range len(key) {
		counts[key[i]]++
	}
	s := Strength{Length: len(key), Bits: int(entropy(counts, len(key)))}
	switch {
	case len(key) < minLength:
		return s, errors.New("it is shorter than 32 characters" + advice)
	case len(counts) == 1:
		return s, errors.New("it is one character repeated" + advice)
	case len(counts) < minDistinct:
		return s, errors.New("it has fewer than 10 different characters" + advice)
	case repeats(key):
		return s, errors.New("it is a short text repeated" + advice)
	case climbs(key):
		return s, errors.New("it is a row of characters in order" + advice)
	case namesItself(key):
		return s, errors.New("it is a text from an example" + advice)
	}
	return s, nil
}

// entropy is Shannon's, over the characters, in bits for the whole key.
func entropy(counts map[byte]int, n int) float64 {
	var bits float64
	for _, c := range counts {
		bits -= float64(c) * math.Log2(float64(c)/float64(n))
	}
	return bits
}

// repeats tells whether the key is its own beginning over and over.
func repeats(key string) bool {
	for unit := 1; unit <= len(key)/2; unit++ {
		if strings.HasPrefix(key, key[unit:]) {
			return true
		}
	}
	return false
}

// climbs tells whether most characters follow the one before them.
func climbs(key string) bool {
	steps := 0
	for i := 1; i < len(key); i++ {
		if d := int(key[i]) - int(key[i-1]); d == 1 || d == -1 {
			steps++
		}
	}
	return steps*2 > len(key)
}

// namesItself tells whether the key holds a word that random text does not.
func namesItself(key string) bool {
	key = strings.ToLower(key)
	for _, word := range []string{"changeme", "change-me", "change_me", "password", "secretkey", "secret-key", "secret_key", "example", "ringside"} {
		if strings.Contains(key, word) {
			return true
		}
	}
	return false
}
