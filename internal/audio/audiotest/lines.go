package audiotest

// What is said. Each side draws from its own, so that voices are heard on all
// sounds of English.
var agentLines = []string{
	"I can help you with that.",
	"Let me look at the calendar for you.",
	"We have an opening on Tuesday at ten fifteen, or on Thursday in the afternoon.",
	"Could you give me your date of birth, please?",
	"Thank you. And what is the best number to reach you at?",
	"The earliest appointment with Doctor Meyer would be on the ninth of March.",
	"I have moved your cleaning to Friday morning, and you will get a text message as a reminder.",
	"Your insurance covers two visits a year, so there is nothing to pay for this one.",
	"Please bring a list of the medicines that you take, and come ten minutes early.",
	"The office is on the second floor, right across from the pharmacy.",
	"I am sorry to hear that. Does it hurt when you drink something cold?",
	"Would you like me to put you on the waiting list as well?",
	"We close at five, but somebody answers the emergency line at any hour.",
	"To confirm, that is Wednesday the fourteenth at half past three with the hygienist.",
	"I see two accounts under that name. Could you spell the street for me?",
	"Is there anything else that I can do for you today?",
}

var customerLines = []string{
	"Hi, I would like to move my appointment to next week.",
	"It's the twenty third of June, nineteen eighty four.",
	"Thursday would work better for me, but not before noon.",
	"My tooth has been hurting since the weekend.",
	"Can you tell me whether my insurance pays for that?",
	"No, I don't think that I got a letter about it.",
	"Let me check. Five five five, oh one seven nine.",
	"Do you have something later in the day?",
	"I am calling for my daughter, she is eleven.",
	"How long does it usually take?",
	"That sounds good, let's do that one.",
	"I have already told that to the person before you.",
	"Sorry, could you say that again? The line is bad.",
	"Yes, the same address as last time.",
	"What happens when I have to cancel?",
	"Alright, and where do I park?",
}

var customerCuts = []string{
	"Wait, no, that is not what I asked for.",
	"Sorry, can I stop you there for a second?",
	"Actually, I would rather have another day.",
	"Hold on, I need to write that down first.",
	"No, no, my name is spelled with a K.",
}

var agentCuts = []string{
	"I understand, so let me look that up for you right away.",
	"Okay, I can certainly change that date for you now.",
	"Thank you, I have found your record in the system.",
}

var backchannels = []string{"mm hmm", "okay", "right", "yeah", "uh huh", "sure"}

const greeting = "Thank you for calling the dental office, this is Ava. How can I help you today?"

const machine = "Hello, you have reached the voice mail of Jordan Bell. I can't come to the phone right now. " +
	"Please leave your name and your number after the tone, and I will call you back."

var message = []string{
	"Hello, this is Ava from the dental office.",
	"I am calling about your appointment on Monday. Please call us back when you have a moment.",
	"Thank you, and goodbye.",
}
