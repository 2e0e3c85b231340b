// What personal data is hidden in an agent's calls.

import { field, type Group, option } from "./field";

export const redaction: Group = {
	id: "redaction",
	title: "Redaction",
	lead: "Personal data that is hidden in the agent's calls: in the transcript, tool calls, metadata and received bodies. Rules find it by its form; names and addresses they do not find.",
	acts: true,
	fields: [
		field(
			"choice",
			"/redactionMode",
			"When",
			"Strict: before anything is stored; nothing brings it back. After the call: everything can be read while the call is on.",
			{
				options: [option("off", "Off"), option("analysis", "After the call"), option("strict", "Strict")],
			},
		),
		field("many", "/redactionKinds", "What", "What is hidden; all of it when none is ticked.", {
			options: [
				option("card", "Card numbers"),
				option("ssn", "Social security numbers"),
				option("iban", "IBANs"),
				option("email", "E-mail addresses"),
				option("phone", "Phone numbers"),
				option("birthdate", "Dates of birth"),
				option("number", "Other numbers read out"),
			],
		}),
		field(
			"switch",
			"/redactionKeepAudio",
			"Leave the recording as it is",
			"Else the same words are muted in the recording that Ringside keeps.",
		),
	],
};
