package notifytest

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/mail"
	"slices"
	"strings"
)

// session is one connection to the mail server.
type session struct {
	server *SMTP
	conn   net.Conn
	in     *bufio.Reader
	secure bool
	named  bool // the client has said who it is
	known  bool // it has authenticated
	from   string
	to     []string
}

func (s *SMTP) session(c net.Conn) {
	s.tried()
	x := &session{server: s, conn: c, in: bufio.NewReader(c)}
	if s.Security == "tls" {
		x.encrypt()
	}
	err := x.say(220, "mail.example.com ready")
	for err == nil {
		var line string
		if line, err = x.line(1000); err == nil {
			err = x.command(line)
		}
	}
}

func (x *session) encrypt() {
	x.conn = tls.Server(x.conn, x.server.trust)
	x.in = bufio.NewReader(x.conn)
	x.secure = true
}

func (x *session) say(code int, lines ...string) error {
	for i, l := range lines {
		sep := "-"
		if i == len(lines)-1 {
			sep = " "
		}
		if _, err := fmt.Fprintf(x.conn, "%d%s%s\r\n", code, sep, l); err != nil {
			return err
		}
	}
	return nil
}

// line reads one, which has to end in CRLF and hold neither by itself.
func (x *session) line(most int) (string, error) {
	raw, err := x.in.ReadSlice('\n')
	if err != nil {
		return "", err
	}
	text, whole := bytes.CutSuffix(raw, []byte("\r\n"))
	if !whole || bytes.ContainsAny(text, "\r\x00") || len(raw) > most {
		x.say(500, "a line that is none")
		return "", errQuit
	}
	return string(text), nil
}

// fault does what is to go wrong at a command, or at the end of a mail, which
// is then kept where the fault says so; done tells that something did.
func (x *session) fault(at string, taken ...Got) (done bool, err error) {
	f := x.server.strike(at)
	if f != nil && (f.Lose || f.Flood) {
		for _, g := range taken {
			x.server.keep(g)
		}
	}
	switch {
	case f == nil:
		return false, nil
	case f.Hang != nil:
		close(f.Hang)
		io.Copy(io.Discard, x.conn)
		return true, errQuit
	case f.Lose:
		return true, errQuit
	case f.Flood:
		for err == nil {
			_, err = io.WriteString(x.conn, "250-"+strings.Repeat("x", 1000)+"\r\n")
		}
		return true, err
	}
	return true, x.say(f.Status, strings.Split(f.Body, "\n")...)
}

func (x *session) command(line string) error {
	verb, rest, _ := strings.Cut(line, " ")
	verb = strings.ToUpper(verb)
	if done, err := x.fault(verb); done {
		return err
	}
	switch verb {
	case "EHLO":
		return x.hello(rest)
	case "STARTTLS":
		if x.server.Security != "starttls" || x.secure {
			return x.say(503, "not now")
		}
		if err := x.say(220, "go ahead"); err != nil {
			return err
		}
		x.encrypt()
		x.named = false
		return nil
	case "AUTH":
		return x.authenticate(rest)
	case "MAIL", "RCPT", "DATA":
		return x.mail(verb, rest)
	case "NOOP", "RSET":
		return x.say(250, "fine")
	case "QUIT":
		x.say(221, "bye")
		return errQuit
	}
	return x.say(502, "not known here")
}

func (x *session) hello(who string) error {
	if who == "" {
		return x.say(501, "who?")
	}
	x.named = true
	all := []string{"mail.example.com", "PIPELINING", "8BITMIME", fmt.Sprintf("SIZE %d", x.server.MaxSize)}
	if x.server.Security == "starttls" && !x.secure {
		return x.say(250, append(all, "STARTTLS")...)
	}
	if x.server.Ways != "" {
		all = append(all, "AUTH "+x.server.Ways)
	}
	return x.say(250, all...)
}

func (x *session) authenticate(rest string) error {
	way, initial, _ := strings.Cut(rest, " ")
	switch {
	case !x.secure:
		return x.say(538, "only encrypted")
	case !slices.Contains(strings.Fields(x.server.Ways), way):
		return x.say(504, "not that way")
	}
	var name, password string
	switch way {
	case "PLAIN":
		parts := strings.Split(decoded(initial), "\x00")
		if len(parts) != 3 {
			return x.say(501, "no answer to that")
		}
		name, password = parts[1], parts[2]
	case "LOGIN":
		for _, ask := range []struct {
			prompt string
			into   *string
		}{{"VXNlcm5hbWU6", &name}, {"UGFzc3dvcmQ6", &password}} {
			if err := x.say(334, ask.prompt); err != nil {
				return err
			}
			line, err := x.line(1000)
			if err != nil {
				return err
			}
			*ask.into = decoded(line)
		}
	}
	if name != mailUser || password != mailPassword {
		return x.say(535, "5.7.8 the password "+password+" is not right")
	}
	x.known = true
	return x.say(235, "welcome")
}

func decoded(s string) string {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return ""
	}
	return string(b)
}

// mail takes one, command by command.
func (x *session) mail(verb, rest string) error {
	switch {
	case !x.named:
		return x.say(503, "who?")
	case x.server.Security != "none" && !x.secure:
		return x.say(530, "begin with STARTTLS")
	case x.server.Ways != "" && !x.known:
		return x.say(530, "authentication is required")
	case verb == "MAIL":
		a, ok := path(rest, "FROM:")
		if !ok || a != mailUser {
			return x.say(553, "not your address")
		}
		x.from, x.to = a, nil
		return x.say(250, "fine")
	case x.from == "" || verb == "DATA" && len(x.to) == 0:
		return x.say(503, "not in this order")
	case verb == "RCPT":
		a, ok := path(rest, "TO:")
		if reply := x.server.Refuses[a]; reply != "" || !ok {
			_, err := fmt.Fprintf(x.conn, "%s\r\n", reply)
			return err
		}
		x.to = append(x.to, a)
		return x.say(250, "fine")
	}
	return x.data()
}

// path is the address of a command.
func path(rest, prefix string) (string, bool) {
	rest, ok := strings.CutPrefix(rest, prefix)
	if !ok || !strings.HasPrefix(rest, "<") {
		return "", false
	}
	a, _, ok := strings.Cut(rest[1:], ">")
	_, err := mail.ParseAddress(a)
	return a, ok && err == nil
}

func (x *session) data() error {
	if err := x.say(354, "go on"); err != nil {
		return err
	}
	var raw bytes.Buffer
	for {
		line, err := x.line(1000)
		if err != nil {
			return err
		}
		if line == "." {
			break
		}
		raw.WriteString(strings.TrimPrefix(line, ".") + "\r\n")
	}
	if raw.Len() > x.server.MaxSize {
		return x.say(552, "too large")
	}
	got, err := read(raw.Bytes())
	if err != nil {
		return x.say(554, "5.6.0 "+err.Error())
	}
	got.To = x.to
	if done, err := x.fault("", got); done {
		return err
	}
	x.server.keep(got)
	x.from = ""
	return x.say(250, "taken")
}
