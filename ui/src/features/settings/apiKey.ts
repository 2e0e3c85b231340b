import type { Provider } from "./queries";

/** What a key is good for, each as the end of a sentence. */
function uses({ key_gives: g, follows }: Provider): string[] {
	const all: [boolean, string][] = [
		[g.calls, "import past calls and fetch those whose webhook never came"],
		[g.agents, "list agents and note when they change"],
		[g.webhook, "set the webhook"],
		[g.step_in, "step into calls in progress"],
		[g.listen, "listen to them"],
		[follows, "follow them word by word"],
		[g.recordings, "fetch recordings"],
	];
	return all.filter(([is]) => is).map(([, words]) => words);
}

/** Whether a platform's API key is good for anything here. */
export function takesApiKey(provider: Provider | undefined): boolean {
	return provider !== undefined && uses(provider).length > 0;
}

/** What the key is for, in sentences. */
export function keyWords(provider: Provider): string {
	const all = uses(provider);
	const last = all.length > 1 ? ` and ${all.at(-1)}` : "";
	const list = (all.length > 1 ? all.slice(0, -1) : all).join(", ") + last;
	const form = provider.id === "twilio" ? " The account's SID, a colon and the auth token." : "";
	return `To ${list}.${form} Not needed to receive calls.`;
}

/** What goes without while there is no key. */
export function withoutKeyWords(provider: Provider | undefined): string {
	if (provider?.key_gives.calls) return "None: past calls, agents and missed calls are not read";
	return "None: nobody can step into its calls";
}
