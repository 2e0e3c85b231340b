package provider

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// PromptHash is what tells one system prompt from another: the first 16 hex
// digits of its SHA-256; "" for none.
func PromptHash(prompt string) string {
	if strings.TrimSpace(prompt) == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(prompt))
	return hex.EncodeToString(sum[:8])
}
