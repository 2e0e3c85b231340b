package providertest

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"

	"github.com/ringsidehq/ringside/internal/provider"
)

var pcm16 = provider.Audio{Encoding: "pcm_s16le", SampleRate: 16000, Channels: 1}

// Vapi takes orders at the call's control URL, without a key.
var Vapi = Vendor{
	Name: "Vapi", ByURL: true, Bars: true, DialsSIP: true, Audio: pcm16,
	Error: func(status int, message string) string {
		return fmt.Sprintf(`{"message":[%q],"error":%q,"statusCode":%d}`, message, http.StatusText(status), status)
	},
	Serve: func(f *Fake) *http.ServeMux {
		mux := http.NewServeMux()
		mux.HandleFunc("POST /control-token/{id}", func(w http.ResponseWriter, r *http.Request) {
			var o struct {
				Type        string
				Content     string
				Destination struct{ Type, Number, SIPURI string }
				Message     struct{ Role, Content string }
				Respond     *bool `json:"triggerResponseEnabled"`
			}
			switch {
			case r.Header.Get("Authorization") != "":
				f.breach(w, "a key went to a control URL")
			case !f.read(w, r, &o):
			case r.PathValue("id") != LiveCall:
				f.fail(w, http.StatusNotFound, "Call not found")
			case o.Type == "say" && o.Content != "":
				f.took("say %s", o.Content)
			case o.Type == "add-message" && o.Message.Role == "system" && o.Message.Content != "" && o.Respond != nil && !*o.Respond:
				f.took("note %s", o.Message.Content)
			case o.Type == "transfer" && o.Destination.Number == Barred:
				f.fail(w, http.StatusBadRequest, "destination.number is not allowed")
			case o.Type == "transfer" && o.Destination.Type == "number" && o.Destination.Number != "":
				f.took("transfer %s", o.Destination.Number)
			case o.Type == "transfer" && o.Destination.Type == "sip" && o.Destination.SIPURI != "":
				f.took("transfer %s", o.Destination.SIPURI)
			case o.Type == "end-call":
				f.took("end")
			default:
				f.breach(w, "an order that Vapi does not know: %+v", o)
			}
		})
		return mux
	},
}

// Retell stops calls and takes words for the agent.
var Retell = Vendor{
	Name: "Retell", Key: "key_retell_secret",
	Error: func(_ int, message string) string { return fmt.Sprintf(`{"status":"error","message":%q}`, message) },
	Serve: func(f *Fake) *http.ServeMux {
		mux := http.NewServeMux()
		mux.HandleFunc("POST /v2/stop-call/{id}", func(w http.ResponseWriter, r *http.Request) {
			switch {
			case !f.known(w, r, "Authorization", "Bearer "+f.vendor.Key), !f.empty(w, r):
			case r.PathValue("id") != LiveCall:
				f.fail(w, http.StatusUnprocessableEntity, "Call is not ongoing")
			default:
				f.took("end")
				w.WriteHeader(http.StatusNoContent)
			}
		})
		mux.HandleFunc("PATCH /v2/update-live-call/{id}", func(w http.ResponseWriter, r *http.Request) {
			var o struct {
				Control struct {
					Context string `json:"additional_context"`
					Respond bool   `json:"trigger_response"`
				} `json:"call_control"`
			}
			switch {
			case !f.known(w, r, "Authorization", "Bearer "+f.vendor.Key), !f.read(w, r, &o):
			case r.PathValue("id") != LiveCall:
				f.fail(w, http.StatusNotFound, "Call not found")
			case o.Control.Context == "" || !o.Control.Respond:
				f.breach(w, "words that the agent would not speak of: %+v", o)
			default:
				_, words, _ := strings.Cut(o.Control.Context, "in these words: ")
				f.took("say %s", words)
				f.answer(w, http.StatusOK, `{"success":true}`)
			}
		})
		return mux
	},
}

// Bland stops, transfers and lets people listen. It has two forms of errors,
// and one of them comes with 200.
var Bland = Vendor{
	Name: "Bland", Key: "org_bland_secret", Bars: true, Audio: pcm16,
	Error: func(status int, message string) string {
		code := map[int]string{401: "AUTH_FAILURE", 404: "NOT_FOUND", 400: "VALIDATION_ERROR", 500: "INTERNAL_SERVER_ERROR"}[status]
		if code == "" {
			return fmt.Sprintf(`{"status":"error","message":%q}`, message)
		}
		return fmt.Sprintf(`{"data":null,"errors":[{"error":%q,"message":%q}]}`, code, message)
	},
	Serve: func(f *Fake) *http.ServeMux {
		mux := http.NewServeMux()
		mux.HandleFunc("POST /v1/calls/{id}/stop", func(w http.ResponseWriter, r *http.Request) {
			switch {
			case !f.known(w, r, "Authorization", f.vendor.Key), !f.read(w, r, &struct{}{}):
			case r.PathValue("id") != LiveCall:
				f.answer(w, http.StatusOK, `{"status":"error","message":"SID not found for the given c_id."}`)
			default:
				f.took("end")
				f.answer(w, http.StatusOK, `{"status":"success","message":"Call ended."}`)
			}
		})
		mux.HandleFunc("POST /v1/calls/active/transfer", func(w http.ResponseWriter, r *http.Request) {
			var o struct {
				Call string `json:"call_id"`
				To   string `json:"transfer_number"`
			}
			switch {
			case !f.known(w, r, "Authorization", f.vendor.Key), !f.read(w, r, &o):
			case o.Call != LiveCall:
				f.fail(w, http.StatusNotFound, "Call not found or already completed")
			case o.To == Barred:
				f.fail(w, http.StatusBadRequest, "transfer_number is not allowed")
			default:
				f.took("transfer %s", o.To)
				f.answer(w, http.StatusOK, `{"data":{"message":"transferred"},"errors":null}`)
			}
		})
		mux.HandleFunc("POST /v1/calls/{id}/listen", func(w http.ResponseWriter, r *http.Request) {
			switch {
			case !f.known(w, r, "Authorization", f.vendor.Key), !f.read(w, r, &struct{}{}):
			case r.PathValue("id") != LiveCall:
				f.answer(w, http.StatusBadRequest, `{"status":"error","data":null,"errors":[{"error":"INVALID_CALL_STATUS","message":"Call is not in progress"}]}`)
			default:
				f.answer(w, http.StatusOK, `{"status":"success","data":{"url":"wss://sound.example.com/listen"},"errors":null}`)
			}
		})
		return mux
	},
}

// Twilio updates a call by a form.
var Twilio = Vendor{
	Name: "Twilio", Key: "AC0123456789:token_twilio_secret", DialsSIP: true,
	Error: func(status int, message string) string {
		return fmt.Sprintf(`{"code":%d,"message":%q,"more_info":"https://www.twilio.com/docs","status":%d}`, 20000+status, message, status)
	},
	Serve: func(f *Fake) *http.ServeMux {
		mux := http.NewServeMux()
		mux.HandleFunc("POST /2010-04-01/Accounts/{account}/Calls/{file}", func(w http.ResponseWriter, r *http.Request) {
			user, token, _ := r.BasicAuth()
			var twiml struct {
				XMLName xml.Name `xml:"Response"`
				Number  string   `xml:"Dial>Number"`
				SIP     string   `xml:"Dial>Sip"`
			}
			switch id, _ := strings.CutSuffix(r.PathValue("file"), ".json"); {
			case user+":"+token != f.vendor.Key || r.PathValue("account") != user:
				f.fail(w, http.StatusUnauthorized, "Authenticate")
			case r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" || r.ParseForm() != nil || len(r.PostForm) != 1:
				f.breach(w, "no form with one parameter")
			case id != LiveCall && r.PostForm.Has("Status"):
				f.fail(w, http.StatusNotFound, "The requested resource was not found")
			case id != LiveCall:
				f.answer(w, http.StatusBadRequest, `{"code":21220,"message":"Call is not in-progress. Cannot redirect.","status":400}`)
			case r.PostForm.Get("Status") == "completed":
				f.took("end")
			case xml.Unmarshal([]byte(r.PostForm.Get("Twiml")), &twiml) == nil && twiml.Number+twiml.SIP != "":
				f.took("transfer %s", twiml.Number+twiml.SIP)
			default:
				f.breach(w, "an update that Twilio does not know: %v", r.PostForm)
			}
		})
		return mux
	},
}

// OpenAI hangs up and refers.
var OpenAI = Vendor{
	Name: "OpenAI Realtime", Key: "sk-openai-secret", DialsSIP: true, Bars: true,
	Error: func(_ int, message string) string {
		return fmt.Sprintf(`{"error":{"message":%q,"type":"invalid_request_error","param":null,"code":null}}`, message)
	},
	Serve: func(f *Fake) *http.ServeMux {
		mux := http.NewServeMux()
		mux.HandleFunc("POST /v1/realtime/calls/{id}/hangup", func(w http.ResponseWriter, r *http.Request) {
			switch {
			case !f.known(w, r, "Authorization", "Bearer "+f.vendor.Key), !f.empty(w, r):
			case r.PathValue("id") != LiveCall:
				f.fail(w, http.StatusNotFound, "No session found for the given call_id")
			default:
				f.took("end")
			}
		})
		mux.HandleFunc("POST /v1/realtime/calls/{id}/refer", func(w http.ResponseWriter, r *http.Request) {
			var o struct {
				Target string `json:"target_uri"`
			}
			switch {
			case !f.known(w, r, "Authorization", "Bearer "+f.vendor.Key), !f.read(w, r, &o):
			case r.PathValue("id") != LiveCall:
				f.fail(w, http.StatusNotFound, "No session found for the given call_id")
			case o.Target == "tel:"+Barred:
				f.fail(w, http.StatusBadRequest, "target_uri is not allowed")
			case !strings.HasPrefix(o.Target, "tel:+") && !strings.HasPrefix(o.Target, "sip:"):
				f.breach(w, "refers to %q", o.Target)
			default:
				f.took("transfer %s", strings.TrimPrefix(o.Target, "tel:"))
			}
		})
		return mux
	},
}
