import { Select, Switch, TextInput } from "@mantine/core";
import type { Signing } from "./queries";
import classes from "./settings.module.css";
import { signingDefaults } from "./signing";

interface SigningFieldsProps {
	value: Signing;
	onChange: (value: Signing) => void;
	problems: Record<string, string>;
}

/** A signature scheme as it stands in the vendor's own settings; what is left alone keeps the vendor's default. */
export function SigningFields({ value, onChange, problems }: SigningFieldsProps) {
	const set = (change: Partial<Signing>) => onChange({ ...value, ...change });
	const text = (
		name: "signature_header" | "timestamp_header" | "prefix" | "format",
		label: string,
		hint: string,
	) => (
		<TextInput
			label={label}
			placeholder={hint}
			spellCheck={false}
			value={value[name] ?? ""}
			error={problems[`/hmac/${name}`]}
			onChange={(e) => set({ [name]: e.currentTarget.value })}
		/>
	);
	return (
		<details className={classes.disclosure} open={value.enabled || undefined}>
			<summary>Signature settings (HMAC)</summary>
			<div className={classes.form}>
				<Switch
					label="The platform signs with HMAC"
					description="Off: the secret itself comes in a header. On: what comes is a signature made with it, in the scheme below."
					checked={value.enabled ?? false}
					onChange={(e) => set({ enabled: e.currentTarget.checked })}
				/>
				{value.enabled && (
					<>
						<div className={classes.pair}>
							<Select
								label="Algorithm"
								allowDeselect={false}
								data={["sha256", "sha512", "sha1"].map((v) => ({
									value: v,
									label: v.toUpperCase().replace("SHA", "SHA-"),
								}))}
								value={value.algorithm || signingDefaults.algorithm}
								error={problems["/hmac/algorithm"]}
								onChange={(v) => set({ algorithm: v ?? "" })}
							/>
							<Select
								label="Encoding"
								allowDeselect={false}
								data={[
									{ value: "hex", label: "Hexadecimal" },
									{ value: "base64", label: "Base64" },
								]}
								value={value.encoding || signingDefaults.encoding}
								error={problems["/hmac/encoding"]}
								onChange={(v) => set({ encoding: v ?? "" })}
							/>
							{text("signature_header", "Signature header", signingDefaults.signature_header)}
							{text("timestamp_header", "Timestamp header", signingDefaults.timestamp_header)}
							{text("prefix", "Before the signature", "Nothing; often sha256=")}
							{text("format", "What is signed", signingDefaults.format)}
						</div>
						<Switch
							label="The secret is base64"
							checked={value.secret_is_base64 ?? false}
							onChange={(e) => set({ secret_is_base64: e.currentTarget.checked })}
						/>
						<Switch
							label="Deliveries carry no timestamp"
							description="Then a delivery that somebody recorded and sends again can't be told from a new one."
							checked={value.no_timestamp ?? false}
							onChange={(e) => set({ no_timestamp: e.currentTarget.checked })}
						/>
					</>
				)}
			</div>
		</details>
	);
}
