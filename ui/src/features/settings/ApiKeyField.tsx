import { Checkbox, PasswordInput } from "@mantine/core";
import type { Provider } from "./queries";
import classes from "./settings.module.css";

/** Vapi takes orders at the control URL that each call brings, and an agent of one's own at its own. */
const withoutKey = ["vapi", "custom"];

/** Whether a vendor takes orders for calls in progress by an API key. */
export function takesApiKey(provider: string): boolean {
	return provider !== "" && !withoutKey.includes(provider);
}

interface ApiKeyProps {
	provider: Provider;
	/** Whether the server holds one. */
	held: boolean;
	value: string;
	removed: boolean;
	error?: string;
	onChange: (change: { apiKey?: string; dropKey?: boolean }) => void;
}

/** The vendor's key, to step into calls with; written and never shown. */
export function ApiKeyField({ provider, held, value, removed, error, onChange }: ApiKeyProps) {
	const what =
		provider.id === "twilio"
			? "To step into calls in progress. The account's SID, a colon and the auth token."
			: `To step into calls in progress: say something, hand over, end.${provider.follows ? " Also to follow them word by word." : ""} Not needed to receive calls.`;
	return (
		<div className={classes.form}>
			<PasswordInput
				label="API key"
				description={held ? `${what} Set; never shown. Type a new one to replace it.` : what}
				placeholder={keyHint(provider.id, held)}
				autoComplete="new-password"
				maxLength={4096}
				disabled={removed}
				value={value}
				error={error}
				onChange={(e) => onChange({ apiKey: e.currentTarget.value })}
			/>
			{held && (
				<Checkbox
					label="Remove the API key"
					description="Nobody can step into calls of this source without it."
					checked={removed}
					onChange={(e) => onChange({ dropKey: e.currentTarget.checked, apiKey: "" })}
				/>
			)}
		</div>
	);
}

function keyHint(provider: string, held: boolean): string | undefined {
	if (held) return "Kept as it is";
	return provider === "twilio" ? "AC…:auth token" : undefined;
}
