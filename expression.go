package ringside

// VocalTurn is how the customer's voice is in one turn that is heard in the kept
// recording, against the caller's own first turns. It is an estimate.
type VocalTurn struct {
	Turn       *int    `json:"turn" doc:"Index of the customer's turn in the transcript; null where none is at that time"`
	AtMS       int64   `json:"at_ms" doc:"Milliseconds from the start of the recording"`
	EndMS      int64   `json:"end_ms"`
	Arousal    float64 `json:"arousal" doc:"How much higher and sharper than usual: 0 as usual, 1 clearly more"`
	RangeZ     float64 `json:"range_z" doc:"How much livelier the melody is"`
	Confidence string  `json:"confidence" enum:"medium,low"`
	// Scores are those of a service that names expressions itself; without any
	// they are worked out from the arousal and the turn's words.
	Scores []ExpressionScore `json:"scores,omitempty" doc:"Of an external service, where one is asked"`
}

// The expressions that are estimated.
const (
	ExpressionFrustration = "frustration"
	ExpressionAnger       = "anger"
	ExpressionSadness     = "sadness"
	ExpressionCalm        = "calm"
	ExpressionExcitement  = "excitement"
)

// ExpressionScore is how far one customer turn sounds like something: an
// estimate, not what somebody feels.
type ExpressionScore struct {
	Name       string  `json:"name" doc:"frustration, anger, sadness, calm or excitement"`
	Score      float64 `json:"score" doc:"0 to 1: an estimate"`
	Method     string  `json:"method" doc:"voice and words: pitch and spectral tilt against the caller's first turns, with the feeling of the turn's words; voice: without words that tell a feeling"`
	Confidence string  `json:"confidence" enum:"medium,low" doc:"Never high. Low in noise, in short turns, and for what a voice alone does not tell apart"`
}

// Expression is how one customer turn sounds.
type Expression struct {
	Turn   *int              `json:"turn" doc:"Index of the turn in the transcript; null where none is at that time"`
	AtMS   int64             `json:"at_ms" doc:"Milliseconds from the start of the recording"`
	EndMS  int64             `json:"end_ms"`
	Scores []ExpressionScore `json:"scores" doc:"Estimates, the strongest first"`
}

// ExpressionSummary is what the estimates of a call come to. Each turn's are at
// …/audio.
type ExpressionSummary struct {
	Estimated int    `json:"estimated" doc:"Customer turns that have an estimate"`
	Upset     []int  `json:"upset" doc:"Indexes of the turns that sound frustrated or angry by voice and by words"`
	Method    string `json:"method" enum:"estimate"`
}

// upsetAt is the score from which a turn sounds frustrated or angry. Words alone
// do not reach it.
const upsetAt = 0.65

// Upset tells whether a turn sounds frustrated or angry, with more than low
// confidence.
func (e *Expression) Upset() bool {
	for _, s := range e.Scores {
		if (s.Name == ExpressionFrustration || s.Name == ExpressionAnger) && s.Score >= upsetAt && s.Confidence != "low" {
			return true
		}
	}
	return false
}
