package llm

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
)

// maxText is how much of an answer is searched for JSON, and maxTries how many
// beginnings in it are tried.
const (
	maxText  = 1 << 20
	maxTries = 64
)

var fence = regexp.MustCompile("(?s)```[A-Za-z0-9]*[ \t]*\r?\n?(.*?)```")

// thought ends what a reasoning model thinks aloud; where it begins is often
// in the template and not in the answer.
const thought = "</think>"

// JSON finds the JSON object in a model's answer: all of it, else what stands
// in a fence, else the longest object within prose. What a reasoning model
// thinks aloud before it is no part of the answer.
func JSON(text string) (json.RawMessage, bool) {
	text = text[:min(len(text), maxText)]
	text = strings.TrimSpace(strings.TrimPrefix(text, "\ufeff"))
	if object([]byte(text)) {
		return json.RawMessage(text), true
	}
	if i := strings.LastIndex(text, thought); i >= 0 && strings.Contains(text[i:], "{") {
		text = text[i+len(thought):]
	}
	for _, m := range fence.FindAllStringSubmatch(text, maxTries) {
		if inner := strings.TrimSpace(m[1]); object([]byte(inner)) {
			return json.RawMessage(inner), true
		}
	}
	return longest([]byte(text))
}

func object(b []byte) bool { return len(b) > 0 && b[0] == '{' && json.Valid(b) }

// longest finds the longest object that stands in text.
func longest(text []byte) (found json.RawMessage, ok bool) {
	for range maxTries {
		at := bytes.IndexByte(text, '{')
		if at < 0 {
			break
		}
		text = text[at:]
		var v json.RawMessage
		if json.NewDecoder(bytes.NewReader(text)).Decode(&v) != nil {
			text = text[1:]
			continue
		}
		if len(v) > len(found) {
			found, ok = v, true
		}
		text = text[len(v):]
	}
	return found, ok
}
