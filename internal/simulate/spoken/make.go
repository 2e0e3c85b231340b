//go:build ignore

// Make makes the recordings of the demo's spoken calls, and what is said in
// them and when, from the scripts below. It needs espeak-ng, sox and lame:
//
//	go run make.go
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// line is said so long after the line before it ended, in ms; before that when
// it is less than 0.
type line struct {
	role  string // user, bot, or beep
	after int
	text  string
	// raised is said in a raised voice: higher, and with more above 1 kHz.
	raised bool
}

var voices = map[string][]string{
	"bot":     {"-v", "en-us+f2", "-s", "165"},
	"user":    {"-v", "en-gb+m3", "-s", "160"},
	"machine": {"-v", "en-us+m7", "-s", "150"},
}

var calls = map[string][]line{
	"renewal": {
		{"bot", 600, "Fernside Insurance, this is Quill. How can I help you today?", false},
		{"user", 500, "Hi. My car insurance runs out on Friday, and I would like to know what it costs to renew.", false},
		{"bot", 1100, "I can look that up for you. May I have your policy number, please?", false},
		{"user", 900, "Sure, it is F S four four one nine.", false},
		{"bot", 1400, "Thank you. The renewal comes to four hundred and twelve dollars for the year, which is eight dollars less than before.", false},
		{"user", -500, "Okay.", false},
		{"bot", 600, "Would you like me to renew it today?", false},
		{"user", 700, "Yes please. Can you send the papers by e-mail?", false},
		{"bot", 1000, "Of course. Your policy is renewed, and the papers will be in your inbox within the hour. Is there anything else?", false},
		{"user", 600, "No, that was quick. Thank you very much.", false},
		{"bot", 800, "Thank you for staying with Fernside. Goodbye.", false},
		{"user", 400, "Bye.", false},
	},
	"claim": {
		{"bot", 600, "Fernside Insurance, this is Quill. How can I help you today?", false},
		{"user", 600, "I reported a claim two weeks ago and nobody has called me back.", false},
		{"bot", 4600, "I am sorry to hear that. May I have your policy number, please?", false},
		{"user", 700, "F S two zero seven seven. I gave it to your colleague last time, and the time before that, and", false},
		{"bot", -1300, "Thank you. May I have your date of birth, please?", false},
		{"user", 500, "Let me finish. I have been through this three times already.", false},
		{"bot", 3900, "I understand. May I have your policy number, please?", false},
		{"user", 900, "This is ridiculous. I just told you. I want to speak to a real person.", true},
		{"bot", 5200, "I am sorry, I did not catch that. May I have your policy number, please?", false},
		{"user", 400, "No. Get me a manager, now.", true},
		{"bot", 2800, "I will pass you on to a colleague. Please stay on the line.", false},
		{"user", 600, "Finally.", true},
	},
	"voicemail": {
		{"machine", 900, "You have reached the voice mailbox of Dana Field. I am not available right now. Please leave a message after the tone.", false},
		{"beep", 400, "", false},
		{"bot", 1200, "Hello Dana, this is Quill from Fernside Insurance. Your car policy ends on Friday. Please call us back on four one five, five five five, zero one six four. Thank you, and goodbye.", false},
	},
}

type said struct {
	Role  string `json:"role"`
	Text  string `json:"text"`
	Start int    `json:"start_ms"`
	End   int    `json:"end_ms"`
}

func main() {
	dir, err := os.MkdirTemp("", "spoken")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	for name, lines := range calls {
		record(dir, name, lines)
	}
}

func record(dir, name string, lines []line) {
	at, turns, clips := 0, []said{}, map[string][]string{}
	for i, l := range lines {
		clip := filepath.Join(dir, fmt.Sprintf("%s-%d.wav", name, i))
		if l.role == "beep" {
			run("sox", "-n", "-r", "16000", "-b", "16", clip, "synth", "0.6", "sine", "1000", "gain", "-12")
		} else {
			raw := clip + ".raw.wav"
			how := append([]string{"-w", raw}, voices[l.role]...)
			loudness := []string{"norm", "-6"}
			if l.raised {
				how, loudness = append(how, "-p", "82"), append([]string{"treble", "7", "1500"}, loudness...)
			}
			run("espeak-ng", append(how, l.text)...)
			run("sox", append([]string{"-D", raw, "-b", "16", "-r", "16000", "-c", "1", clip, "silence", "1", "0.01", "0.2%", "reverse", "silence", "1", "0.01", "0.2%", "reverse"}, loudness...)...)
		}
		long, err := strconv.ParseFloat(strings.TrimSpace(run("soxi", "-D", clip)), 64)
		if err != nil {
			log.Fatal(err)
		}
		start := at + l.after
		end := start + int(long*1000)
		at = max(at, end)
		padded := clip + ".at.wav"
		run("sox", "-D", clip, padded, "pad", fmt.Sprintf("%.3f", float64(start)/1000))
		side := map[string]string{"bot": "bot"}[l.role]
		clips[side] = append(clips[side], "-v", "1", padded)
		if l.role == "bot" || l.role == "user" {
			turns = append(turns, said{l.role, l.text, start, end})
		}
	}
	sides := []string{}
	for i, side := range []string{"", "bot"} {
		out := filepath.Join(dir, fmt.Sprintf("%s-side%d.wav", name, i))
		line := filepath.Join(dir, fmt.Sprintf("%s-line%d.wav", name, i))
		// The hiss of a phone line, as long as the call.
		run("sox", "-R", "-n", "-r", "16000", "-b", "16", line, "synth", fmt.Sprintf("%.3f", float64(at+700)/1000), "pinknoise", "gain", "-52")
		run("sox", append(append([]string{"-D", "-m"}, clips[side]...), "-v", "1", line, out)...)
		sides = append(sides, out)
	}
	both := filepath.Join(dir, name+".wav")
	run("sox", "-D", "-M", sides[0], sides[1], both)
	run("lame", "--quiet", "-b", "24", "-m", "s", "--resample", "16", both, name+".mp3")
	if name == "voicemail" { // it comes without a transcript
		turns = []said{}
	}
	b, err := json.MarshalIndent(map[string]any{"duration_ms": at + 700, "turns": turns}, "", "  ")
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(name+".json", append(b, '\n'), 0o644); err != nil {
		log.Fatal(err)
	}
}

func run(name string, args ...string) string {
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		log.Fatalf("%s %v: %v", name, args, err)
	}
	return string(out)
}
