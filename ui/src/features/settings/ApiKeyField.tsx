import { Checkbox, PasswordInput } from "@mantine/core";
import { keyWords } from "./apiKey";
import type { Provider } from "./queries";
import classes from "./settings.module.css";

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
	const what = keyWords(provider);
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
					description="What it is for stops at once; the calls stay."
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
