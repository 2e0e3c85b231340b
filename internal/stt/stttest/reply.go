package stttest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Reply answers a request.
type Reply func(http.ResponseWriter, Request)

// Said is a stretch of speech, in seconds. Its words share its time evenly.
type Said struct {
	Start, End float64
	Text       string
}

func (s Said) words(name string) []map[string]any {
	all := strings.Fields(s.Text)
	out := make([]map[string]any, len(all))
	for i, w := range all {
		each := (s.End - s.Start) / float64(len(all))
		out[i] = map[string]any{name: w, "start": s.Start + float64(i)*each, "end": s.Start + float64(i+1)*each}
	}
	return out
}

func text(said []Said) string {
	parts := make([]string, len(said))
	for i := range said {
		parts[i] = said[i].Text
	}
	return strings.Join(parts, " ")
}

// Verbose is OpenAI's answer: words at the top where they were asked for, and
// null where not. What was asked as json is answered so.
func Verbose(said ...Said) Reply {
	return verbose(said, func(q Request, a map[string]any, _ []map[string]any) {
		if slices.Contains(q.Granularities, "word") {
			words := []map[string]any{}
			for _, s := range said {
				words = append(words, s.words("word")...)
			}
			a["words"] = words
		}
	})
}

// Tokens is whisper.cpp's answer: tokens inside the segments, with a blank
// before those that begin a word.
func Tokens(said ...Said) Reply {
	return verbose(said, func(_ Request, a map[string]any, segments []map[string]any) {
		delete(a, "words")
		for i, s := range said {
			var tokens []map[string]any
			for _, w := range s.words("word") {
				word, from, to := w["word"].(string), w["start"].(float64), w["end"].(float64)
				half := (len(word) + 1) / 2
				tokens = append(tokens, map[string]any{"word": " " + word[:half], "start": from, "end": (from + to) / 2, "t_dtw": -1, "probability": 0.9})
				if half < len(word) {
					tokens = append(tokens, map[string]any{"word": word[half:], "start": (from + to) / 2, "end": to, "t_dtw": -1, "probability": 0.8})
				}
			}
			segments[i]["words"] = tokens
		}
	})
}

// Segments is an answer of a server that gives no words.
func Segments(said ...Said) Reply {
	return verbose(said, func(_ Request, a map[string]any, _ []map[string]any) { delete(a, "words") })
}

func verbose(said []Said, more func(Request, map[string]any, []map[string]any)) Reply {
	return func(w http.ResponseWriter, q Request) {
		if q.Format != "verbose_json" {
			Text(text(said))(w, q)
			return
		}
		segments := make([]map[string]any, len(said))
		for i, s := range said {
			segments[i] = map[string]any{
				"id": i, "seek": 0, "start": s.Start, "end": s.End, "text": " " + s.Text, "tokens": []int{50364}, "temperature": 0,
				"avg_logprob": -0.3, "compression_ratio": 1.2, "no_speech_prob": 0.01,
			}
		}
		a := map[string]any{
			"task": "transcribe", "language": "english", "duration": q.Seconds(), "text": text(said), "segments": segments, "words": nil,
			"usage": map[string]any{"type": "duration", "seconds": int(q.Seconds())},
		}
		more(q, a, segments)
		send(w, http.StatusOK, a)
	}
}

// Text is an answer without times.
func Text(text string) Reply {
	return func(w http.ResponseWriter, _ Request) {
		send(w, http.StatusOK, map[string]any{"text": text, "usage": map[string]any{"type": "tokens", "total_tokens": 12}})
	}
}

// Listen is Deepgram's answer.
func Listen(said ...Said) Reply {
	return func(w http.ResponseWriter, q Request) {
		words, utterances := []map[string]any{}, []map[string]any{}
		for i, s := range said {
			own := s.words("punctuated_word")
			for _, x := range own {
				x["word"], x["confidence"] = strings.ToLower(strings.Trim(x["punctuated_word"].(string), ".,?!")), 0.97
			}
			words = append(words, own...)
			utterances = append(utterances, map[string]any{
				"start": s.Start, "end": s.End, "confidence": 0.97, "channel": 0, "transcript": s.Text, "words": own, "id": "u" + strconv.Itoa(i),
			})
		}
		send(w, http.StatusOK, map[string]any{
			"metadata": map[string]any{"request_id": "r1", "duration": q.Seconds(), "channels": 1, "models": []string{"m1"}},
			"results": map[string]any{
				"channels": []map[string]any{{"alternatives": []map[string]any{{"transcript": text(said), "confidence": 0.97, "words": words}}}}, "utterances": utterances,
			},
		})
	}
}

// Body is an answer as it is.
func Body(code int, body string) Reply {
	return func(w http.ResponseWriter, _ Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		_, _ = w.Write([]byte(body))
	}
}

// Problem is an error as OpenAI words it.
func Problem(code int, param, message string) Reply {
	return func(w http.ResponseWriter, _ Request) {
		send(w, code, map[string]any{"error": map[string]any{"message": message, "type": "invalid_request_error", "param": param, "code": nil}})
	}
}

// DeepgramProblem is an error as Deepgram words it.
func DeepgramProblem(code int, name, message string) Reply {
	return func(w http.ResponseWriter, _ Request) {
		send(w, code, map[string]any{"err_code": name, "err_msg": message, "request_id": "r1"})
	}
}

// Busy asks to be left alone for a while.
func Busy(after time.Duration) Reply {
	return func(w http.ResponseWriter, q Request) {
		w.Header().Set("Retry-After", strconv.Itoa(int(after.Seconds())))
		Problem(http.StatusTooManyRequests, "", "Rate limit reached.")(w, q)
	}
}

// RejectsVerbose is a model that gives text alone. A request that asks for no more
// gets a 500, which no client takes for an answer.
func RejectsVerbose() Reply {
	return func(w http.ResponseWriter, q Request) {
		if q.Format != "verbose_json" {
			Problem(http.StatusInternalServerError, "", "the request does not have what is to be rejected")(w, q)
			return
		}
		Problem(http.StatusBadRequest, "response_format", "response_format 'verbose_json' is not compatible with model '"+q.Model+"'. Use 'json' or 'text' instead.")(w, q)
	}
}

// RejectsGranularities is a server that does not know times of words.
func RejectsGranularities() Reply {
	return func(w http.ResponseWriter, q Request) {
		if len(q.Granularities) == 0 {
			Problem(http.StatusInternalServerError, "", "the request does not have what is to be rejected")(w, q)
			return
		}
		send(w, http.StatusUnprocessableEntity, map[string]any{"detail": []map[string]any{{
			"type": "extra_forbidden", "loc": []string{"body", "timestamp_granularities"}, "msg": "Extra inputs are not permitted",
		}}})
	}
}

func send(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(v)
}
